"""A Visit -> one row, on disk before the answer leaves.

One statement does it, so that neither two processes nor a reload can count double: the row is
inserted unless the same visitor has one of the last 30 minutes, and its ordinal, which is unique,
decides between two that arrive at the same moment. It needs no transaction and no look beforehand.

What is left out is counted too, by why, in a total of its day.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

import structlog
from django.db import Error, connection, models

from navigator.statistics.models import Counted, LeftOutTotal, ProfileView, Search
from navigator.statistics.visits import LeftOut, Visit
from regions.answers import Answer, Outcome

log = structlog.get_logger(__name__)

ONCE_EVERY = timedelta(minutes=30)


def record_profile_view(visit: Visit, *, office_id: int, province: str = "") -> bool:
    """Count a look at an office's page; answers whether a row was written.

    `province` is the code of the province that was searched, empty when there was no search. A
    failure is logged and never reaches the page.
    """
    return _record(ProfileView, visit, {"office_id": office_id}, {"province": province})


def record_search(visit: Visit, answer: Answer) -> bool:
    """Count a search that found a place where people live; answers whether a row was written."""
    if answer.outcome not in (Outcome.FOUND, Outcome.NO_OFFICE):
        return False
    area = answer.municipality
    question = {
        "postcode": answer.postcode,
        "municipality": area.code if area else "",
        "sector": answer.sector,
    }
    serving = [
        match
        for match in answer.serving
        if not answer.sector or answer.sector in match.office.sectors
    ]
    return _record(
        Search,
        visit,
        question,
        {"province": area.province if area else "", "serving": len(serving)},
    )


def _record(
    model: type[Counted], visit: Visit, same: Mapping[str, Any], facts: Mapping[str, Any]
) -> bool:
    """Insert a row unless the visitor has one of the last 30 minutes with the `same` values."""
    if visit.left_out:
        _leave_out(visit.day, model, visit.left_out)
        return False
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
        **same,
    }
    identity = [row["day"], visit.visitor, *same.values()]
    since = connection.ops.adapt_datetimefield_value(visit.at - ONCE_EVERY)
    statement = _statement(model, tuple(row), ("day", "visitor", *same))
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement, [*row.values(), *identity, *identity, since])
            is_new = bool(cursor.rowcount)
    except Error as error:
        log.error("count_failed", what=model._meta.model_name, error=type(error).__name__)
        return False
    if not is_new:
        _leave_out(visit.day, model, LeftOut.REPEAT)
    return is_new


def _leave_out(day: date, model: type[Counted], why: LeftOut) -> None:
    """Count a request that is left out. One statement; a failure is logged, no more."""
    row = [connection.ops.adapt_datefield_value(day), model._meta.model_name, why.value]
    try:
        with connection.cursor() as cursor:
            cursor.execute(_left_out_statement(), row)
    except Error as error:
        log.error("count_failed", what="left_out", error=type(error).__name__)


@lru_cache(maxsize=1)
def _left_out_statement() -> str:
    table = connection.ops.quote_name(LeftOutTotal._meta.db_table)
    return (
        f"INSERT INTO {table} (day, what, why, requests) "  # noqa: S608  # a name only
        f"VALUES (%s, %s, %s, 1) "
        f"ON CONFLICT (day, what, why) DO UPDATE SET requests = {table}.requests + 1"
    )


@lru_cache(maxsize=32)
def _statement(model: type[models.Model], columns: tuple[str, ...], same: tuple[str, ...]) -> str:
    """The insert for `columns`. All names are the model's own; every value is a parameter."""
    table = connection.ops.quote_name(model._meta.db_table)
    names = ", ".join(connection.ops.quote_name(column) for column in (*columns, "ordinal"))
    values = ", ".join(["%s"] * len(columns))
    is_same = " AND ".join(f"{connection.ops.quote_name(column)} = %s" for column in same)
    return (
        f"INSERT INTO {table} ({names}) "  # noqa: S608  # names only, see above
        f"SELECT {values}, (SELECT COUNT(*) FROM {table} WHERE {is_same}) "
        f"WHERE NOT EXISTS (SELECT 1 FROM {table} WHERE {is_same} AND at > %s) "
        f"ON CONFLICT DO NOTHING"
    )
