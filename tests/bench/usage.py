"""`python -m tests.bench.usage`: what a report of usage on years of totals takes.

Fills a database of its own with three years of totals of 52 offices, with the single rows of the
last 90 days, and with those of today, which aren't totalled yet. Prints the time and the queries of
a report, and of one on an office, for a month, a year and three years: the best of five. On SQLite,
and on PostgreSQL when TEST_DATABASE_URL says so. Fails when a report takes longer than it should.
"""

# ruff: noqa: E402 - models can be imported once Django is set up

import os
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from random import Random

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django

django.setup()

from django.db import connection, transaction
from django.db.models import Model

from navigator.statistics import sums
from navigator.statistics.models import (
    Click,
    ClickTotal,
    ProfileView,
    Search,
    SearchTotal,
    Source,
    SupportTotal,
    TotalledDay,
    ViewTotal,
    VisitorTotal,
)
from navigator.statistics.office_usage import office_usage
from navigator.statistics.usage_report import usage_report
from regions.models import Municipality, Postcode, Province, Reach, RegionalOffice
from tests.bench.reports import DAYS, LAST, Reading, filled, measured
from tests.factories import square

OFFICES = 52
MUNICIPALITIES = 342
POSTCODES = 4_000
SEARCHES_A_DAY = 400  # rows: places, sectors and sources that differ
VIEWS_A_DAY = 600
SINGLE_DAYS = 90
PATTERN = 45  # days that differ; the others are copies of them
_BATCH = 5_000
_SECTORS = ("", "", "po", "vo", "mbo", "ho", "so", "pro", "vavo")
_SOURCES = [source for source in Source.values if source != Source.UNKNOWN]
_WEIGHTS = [23, 45, 8, 6, 5, 10, 2, 1]  # some sources bring far more people than others


def fill() -> None:
    """Three years of totals and the single rows beside them, the same every time."""
    chosen = Random(1)
    offices = RegionalOffice.objects.bulk_create(
        RegionalOffice(slug=f"loket-{number}", name=f"Loket {number}", state="published")
        for number in range(OFFICES)
    )
    postcodes = _fill_places(chosen, offices)
    days = [LAST - timedelta(days=ago) for ago in range(DAYS)]  # the first is today
    TotalledDay.objects.bulk_create([TotalledDay(day=day) for day in days[1:]])
    made, copied = days[1 : PATTERN + 1], days[PATTERN + 1 :]
    for model, rows in (
        (ViewTotal, (row for day in made for row in _views(chosen, day, offices))),
        (SearchTotal, (row for day in made for row in _searches(chosen, day, postcodes))),
        (VisitorTotal, (row for day in made for row in _visitors(chosen, day))),
        (ClickTotal, (row for day in made for row in _clicks(chosen, day, offices))),
        (SupportTotal, (row for day in made for row in _support(chosen, day, postcodes))),
    ):
        model.objects.bulk_create(rows, batch_size=_BATCH)
        _copy(model, [(day, made[place % PATTERN]) for place, day in enumerate(copied)])
    for model, rows in (
        (ProfileView, (row for day in days[:SINGLE_DAYS] for row in _looks(chosen, day, offices))),
        (Search, (row for day in days[:SINGLE_DAYS] for row in _asks(chosen, day, postcodes))),
    ):
        model.objects.bulk_create(rows, batch_size=_BATCH)
    sums.renew(days[1:])


def _copy(model: type[Model], days: list[tuple[date, date]]) -> None:
    """Fill days with the totals of another day, which is far quicker than making them."""
    fields = [field.column for field in model._meta.fields if field.name not in ("id", "day")]
    names = ", ".join(connection.ops.quote_name(name) for name in fields)
    table = connection.ops.quote_name(model._meta.db_table)
    statement = f"INSERT INTO {table} (day, {names}) SELECT %s, {names} FROM {table} WHERE day = %s"
    adapted = connection.ops.adapt_datefield_value
    with connection.cursor() as cursor, transaction.atomic():
        for day, like in days:
            cursor.execute(statement, [adapted(day), adapted(like)])


def _fill_places(chosen: Random, offices: list[RegionalOffice]) -> list[Postcode]:
    areas = Municipality.objects.bulk_create(
        Municipality(
            code=f"GM{number:04}",
            name=f"Gemeente {number}",
            province=Province.values[number % 12],
            boundary=square(52.0, 5.0),
        )
        for number in range(MUNICIPALITIES)
    )
    postcodes = Postcode.objects.bulk_create(
        (
            Postcode(
                code=f"{1000 + 2 * number}",
                place=f"Plaats {number}",
                municipality=areas[number % MUNICIPALITIES],
                latitude=52.0,
                longitude=5.0,
            )
            for number in range(POSTCODES)
        ),
        batch_size=_BATCH,
    )
    Reach.objects.bulk_create(
        (
            Reach(
                postcode=postcode,
                municipality=postcode.municipality,
                office=office,
                serves=True,
                by_list=True,
                by_polygon=False,
                distance_km=0,
            )
            for postcode in postcodes
            for office in chosen.sample(offices, 2)
        ),
        batch_size=_BATCH,
    )
    return postcodes


def _source(chosen: Random) -> str:
    return chosen.choices(_SOURCES, _WEIGHTS)[0]


def _views(chosen: Random, day: date, offices: list[RegionalOffice]) -> Iterator[ViewTotal]:
    """Six to eight rows an office."""
    for office in offices:
        keys = {
            (_source(chosen), chosen.choice(["", *Province.values[:3]]))
            for _ in range(chosen.choice((9, 10, 11)))
        }
        for source, province in keys:
            views = chosen.randint(1, 4)
            yield ViewTotal(
                day=day,
                office=office,
                source=source,
                province=province,
                views=views,
                visitors=chosen.randint(1, views),
            )


def _searches(chosen: Random, day: date, postcodes: list[Postcode]) -> Iterator[SearchTotal]:
    times = Counter(
        (chosen.choice(postcodes), chosen.choice(_SECTORS), _source(chosen))
        for _ in range(SEARCHES_A_DAY)
    )
    for (postcode, sector, source), number in times.items():
        yield SearchTotal(
            day=day,
            postcode=postcode.code,
            municipality=postcode.municipality.code,
            sector=sector,
            source=source,
            province=postcode.municipality.province,
            searches=number,
            without_office=number if chosen.random() < 0.1 else 0,
        )


def _visitors(chosen: Random, day: date) -> Iterator[VisitorTotal]:
    for source in _SOURCES:
        for province in ("", *Province.values):
            if chosen.random() < 0.7:
                yield VisitorTotal(
                    day=day, source=source, province=province, visitors=chosen.randint(1, 9)
                )


def _clicks(chosen: Random, day: date, offices: list[RegionalOffice]) -> Iterator[ClickTotal]:
    for office in offices:
        for target in Click.Target.values:
            if chosen.random() < 0.5:
                yield ClickTotal(day=day, office=office, target=target, clicks=1)


def _support(chosen: Random, day: date, postcodes: list[Postcode]) -> Iterator[SupportTotal]:
    for postcode in chosen.sample(postcodes, 60):
        yield SupportTotal(
            day=day,
            postcode=postcode.code,
            municipality=postcode.municipality.code,
            support=chosen.choice(("vacancies", "advice-conversation", "open-days")),
            times=1,
        )


def _row(chosen: Random, day: date, number: int) -> dict[str, object]:
    at = datetime(day.year, day.month, day.day, 5, tzinfo=UTC)
    return {
        "at": at + timedelta(seconds=60 * number),
        "day": day,
        "visitor": f"{number // 2:032}",
        "ordinal": number % 2,
        "source": _source(chosen),
    }


def _looks(chosen: Random, day: date, offices: list[RegionalOffice]) -> Iterator[ProfileView]:
    for number in range(VIEWS_A_DAY):
        yield ProfileView(office=chosen.choice(offices), **_row(chosen, day, number))


def _asks(chosen: Random, day: date, postcodes: list[Postcode]) -> Iterator[Search]:
    for number in range(SEARCHES_A_DAY):
        postcode = chosen.choice(postcodes)
        yield Search(
            postcode=postcode.code,
            municipality=postcode.municipality.code,
            province=postcode.municipality.province,
            sector=chosen.choice(_SECTORS),
            serving=chosen.choice((0, 1, 1, 2)),
            **_row(chosen, day, number),
        )


def main() -> int:
    """Prints the measurements; answers 1 when a report took too long."""
    with filled(fill):
        totals = sum(model.objects.count() for model in (ViewTotal, SearchTotal, VisitorTotal))
        print(f"reports of usage on {totals:,} totals ({connection.vendor})")
        office = RegionalOffice.objects.values_list("pk", flat=True).first() or 0
        readings = (
            Reading("all", lambda period: usage_report(period).views.now),
            Reading("one office", lambda period: office_usage(office, period).views.now),
        )
        return 0 if measured("views", readings) else 1


if __name__ == "__main__":
    sys.exit(main())
