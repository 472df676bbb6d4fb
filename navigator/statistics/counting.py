"""A Visit -> rows, on disk before the answer leaves.

One statement does it, so that neither two processes nor a reload can count double: a row is
inserted unless the same visitor has one of the last 30 minutes, or enough of that day, and its
ordinal, which is unique, decides between two that arrive at the same moment. It needs no
transaction and no look beforehand.

What is left out is counted too, by why, in a total of its day. Whatever fails is logged and shown
in the metrics, and never reaches the page.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, Final

import structlog
from django.conf import settings
from django.db import Error, connection, models

from navigator import metrics
from navigator.statistics.models import (
    Click,
    Counted,
    LeftOutTotal,
    ProfileView,
    Search,
    SupportAsked,
)
from navigator.statistics.visits import LeftOut, Visit
from regions.answers import Answer, Outcome

log = structlog.get_logger(__name__)

ONCE_EVERY: Final = timedelta(minutes=30)
Same = Mapping[str, Any]  # the values by which a row is the same question by the same visitor


def record_profile_view(visit: Visit, *, office_id: int, province: str = "") -> bool:
    """Count a look at an office's page; answers whether a row was written.

    `province` is the code of the province that was searched, empty when there was no search. A
    failure is logged and never reaches the page.
    """
    return _record(ProfileView, visit, {"office_id": office_id}, {"province": province})


def record_click(visit: Visit, office_id: int, target: str) -> bool:
    """Count that somebody followed a link of an office, a `Click.Target`; whether a row was
    written.
    """
    return _record(Click, visit, {"office_id": office_id, "target": target}, {"province": ""})


def record_search(visit: Visit, answer: Answer) -> bool:
    """Count a search that found a place where people live, and the support that it asked for;
    answers whether a row was written for the search.

    Support that is asked for in a search that was counted before is counted all the same: a choice
    in the answer asks the same question again.
    """
    if answer.outcome not in (Outcome.FOUND, Outcome.NO_OFFICE):
        return False
    area = answer.municipality
    where = {"postcode": answer.postcode, "municipality": area.code if area else ""}
    province = area.province if area else ""
    serving = [
        match
        for match in answer.serving
        if not answer.sector or answer.sector in match.office.sectors
    ]
    is_new = _record(
        Search,
        visit,
        {**where, "sector": answer.sector},
        {"province": province, "serving": len(serving)},
    )
    # In one order, so that no two wait for each other.
    asked = [{**where, "support": code} for code in sorted(set(answer.support))]
    if asked and not visit.left_out:  # a request is left out once, as a search
        _insert(SupportAsked, visit, asked, {"province": province})
    return is_new


def _record(model: type[Counted], visit: Visit, same: Same, facts: Mapping[str, Any]) -> bool:
    """Insert a row, or count why it is left out; whether it was inserted."""
    if visit.left_out:
        _leave_out(visit.day, model, visit.left_out)
        return False
    inserted = _insert(model, visit, [same], facts)
    if inserted == 0:
        _leave_out_counted_before(model, visit, same)
    return bool(inserted)


def _insert(
    model: type[Counted], visit: Visit, asked: Sequence[Same], facts: Mapping[str, Any]
) -> int | None:
    """Insert a row for each of `asked` that the visitor did not just ask, and not too often today.

    How many were inserted, in one statement; None when it failed.
    """
    if visit.is_lost:
        metrics.count_failed(_word(model))
        return None
    origin = visit.origin
    row = {
        "at": connection.ops.adapt_datetimefield_value(visit.at),
        "day": connection.ops.adapt_datefield_value(visit.day),
        "visitor": visit.visitor,
        "source": origin.source.value,
        "source_host": origin.host,
        "utm_source": origin.utm_source,
        "utm_medium": origin.utm_medium,
        "utm_campaign": origin.utm_campaign,
        "utm_content": origin.utm_content,
        "utm_term": origin.utm_term,
        **facts,
    }
    since = connection.ops.adapt_datetimefield_value(visit.at - ONCE_EVERY)
    most = settings.VIEWS_A_VISITOR_A_DAY
    values: list[Any] = []
    for same in asked:
        identity = (row["day"], visit.visitor, *same.values())
        values += [*row.values(), *same.values(), *identity, most, since]
    statement = _statement(model, tuple(row), tuple(asked[0]), len(asked))
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
            inserted = int(cursor.rowcount)
    except Error as error:
        _failed(model, error)
        return None
    metrics.count_written(_word(model), inserted)
    return inserted


def _leave_out_counted_before(model: type[Counted], visit: Visit, same: Same) -> None:
    """The visitor has such a row: of the last half hour, or enough of today. One query more."""
    rows = model._default_manager.filter(day=visit.day, visitor=visit.visitor, **same)
    try:
        is_repeat = rows.filter(at__gt=visit.at - ONCE_EVERY).exists()
    except Error as error:
        _failed(model, error)
        return
    _leave_out(visit.day, model, LeftOut.REPEAT if is_repeat else LeftOut.CEILING)


def _leave_out(day: date, model: type[Counted], why: LeftOut) -> None:
    """Count a request that is left out. One statement; a failure is logged, no more."""
    row = [connection.ops.adapt_datefield_value(day), model._meta.model_name, why.value]
    try:
        with connection.cursor() as cursor:
            cursor.execute(_left_out_statement(), row)
    except Error as error:
        _failed(model, error)
        return
    metrics.count_left_out(_word(model), why.value)


def _failed(model: type[Counted], error: Error) -> None:
    metrics.count_failed(_word(model))
    log.error("count_failed", what=_word(model), error=type(error).__name__)


def _word(model: type[Counted]) -> str:
    """What the metrics and the log call it."""
    return "support" if model is SupportAsked else str(model._meta.model_name)


for _model in (ProfileView, Search, Click):
    metrics.expect(_word(_model), list(LeftOut))
metrics.expect(_word(SupportAsked), ())


@lru_cache(maxsize=1)
def _left_out_statement() -> str:
    table = connection.ops.quote_name(LeftOutTotal._meta.db_table)
    return (
        f"INSERT INTO {table} (day, what, why, requests) "  # noqa: S608  # a name only
        f"VALUES (%s, %s, %s, 1) "
        f"ON CONFLICT (day, what, why) DO UPDATE SET requests = {table}.requests + 1"
    )


@lru_cache(maxsize=64)
def _statement(
    model: type[models.Model], columns: tuple[str, ...], same: tuple[str, ...], rows: int
) -> str:
    """The insert of so many rows. All names are the model's own; every value is a parameter.

    The values of a row are those of `columns`, of `same`, of the identity (day, visitor, `same`),
    how many rows of it a day is the most, and since when there may be none.
    """
    table = connection.ops.quote_name(model._meta.db_table)
    names = ", ".join(map(connection.ops.quote_name, (*columns, *same, "ordinal")))
    values = ", ".join(["%s"] * len((*columns, *same)))
    identity = ("day", "visitor", *same)
    is_same = " AND ".join(f"{connection.ops.quote_name(column)} = %s" for column in identity)
    row = (
        f"SELECT {values}, earlier.times FROM "  # noqa: S608  # names only, see above
        f"(SELECT COUNT(*) AS times, MAX(at) AS latest FROM {table} WHERE {is_same}) AS earlier "
        f"WHERE earlier.times < %s AND (earlier.latest IS NULL OR earlier.latest <= %s)"
    )
    return (
        f"INSERT INTO {table} ({names}) {' UNION ALL '.join([row] * rows)} ON CONFLICT DO NOTHING"
    )
