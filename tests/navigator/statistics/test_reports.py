"""The figures of advice on a month of the campaign, and their corners."""

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from navigator.advice import registration
from navigator.advice.facts import Facts, ReferralFacts
from navigator.advice.models import Referral, Slip, SlipOffice, SlipOutcome
from navigator.statistics import tables
from navigator.statistics.periods import Period
from navigator.statistics.reports import advice_report
from navigator.statistics.values import Count, DayCount, change, share
from regions import sheets, versions
from regions.models import RegionalOffice
from tests import advice_month, people

MARCH = Period(date(2026, 3, 1), date(2026, 3, 31))
OFFICES = ("derde", "eerste", "tweede")


@pytest.fixture
def offices(world):
    with world.at_once():
        made = {slug: world.office(slug, name=slug.title()) for slug in OFFICES}
    versions.current()
    return made


def register(entries):
    return registration.register_many(entries, by=None, at=advice_month.AFTERWARDS).stored


def conversation(moment, *referrals, outcome="referred", channel="phone", interests=()):
    if outcome != "referred":
        referrals = ()
    facts = Facts(moment, channel, outcome, tuple(interests), referrals)
    return uuid4(), facts


def to_offices(*slugs):
    return ReferralFacts("regional-office", offices=slugs)


def at(day, month=3, year=2026, hour=12):
    return datetime(year, month, day, hour, tzinfo=UTC)


def numbers(table, column="now"):
    return {line.code: getattr(line.count, column) for line in table.lines}


def slip(stored, *offices, at, told=()):
    referral = Referral.objects.get(conversation=stored)
    made = Slip.objects.create(referral=referral, category="training", language="nl", made_at=at)
    for office in offices:
        there = SlipOffice.objects.create(slip=made, office=office)
        for outcome, moment in told:
            SlipOutcome.objects.create(
                slip_office=there, outcome=outcome, at=moment, day=moment.date(), teller="link"
            )
    return made


def test_a_month_of_the_campaign_is_reported_as_it_was_registered(offices):
    register(advice_month.month(1, offices=OFFICES))

    report = advice_report(MARCH)

    told = [(line.code, line.count.now, line.share) for line in report.tables["destinations"].lines]
    assert (report.conversations, report.with_outcome) == (Count(611), Count(611))
    assert report.referrals == Count(1078)
    assert report.record_day == DayCount(date(2026, 3, 11), 52)
    assert told == [
        ("training-institute", 248, Decimal("40.6")),
        ("regional-office", 221, Decimal("36.2")),
        ("own-website", 208, Decimal("34.0")),
        ("information-website", 149, Decimal("24.4")),
        ("school", 85, Decimal("13.9")),
        ("vacancy-site", 72, Decimal("11.8")),
        ("government-agency", 42, Decimal("6.9")),
        ("trade-union", 16, Decimal("2.6")),
        ("central-government", 20, Decimal("3.3")),
        ("contact-person", 17, Decimal("2.8")),
        ("not-referred", 0, Decimal("0.0")),
    ]
    assert numbers(report.tables["offices"]) == {
        "derde": 108,
        "eerste": 109,
        "tweede": 109,
        "not-registered": 49,
    }
    assert numbers(report.tables["months"]) == {"2026-03": 611}


def test_the_report_takes_the_same_queries_for_10_and_611_conversations(offices):
    entries = advice_month.month(1, offices=OFFICES)
    counts = []

    for part in (entries[:10], entries[10:]):
        register(part)
        with CaptureQueriesContext(connection) as queries:
            advice_report(MARCH)
        counts.append(len(queries))

    assert counts == [6, 6]


@pytest.mark.parametrize("days", [1, 31, 365, 1096])
def test_the_report_takes_the_same_queries_for_every_period(
    offices, django_assert_num_queries, days
):
    period = Period(date.fromordinal(MARCH.last.toordinal() - days + 1), MARCH.last)

    with django_assert_num_queries(6):
        advice_report(period)


def test_each_number_stands_beside_those_of_before_and_of_a_year_before(offices):
    register(
        [
            *(conversation(at(day), to_offices("eerste")) for day in (2, 3, 4)),
            *(conversation(at(day, month=2), to_offices()) for day in (1, 28)),
            conversation(at(31, year=2025), outcome="not-referred"),
            # outside all three
            conversation(at(28, month=1), outcome="not-referred"),
            conversation(at(1, month=4, year=2025), outcome="not-referred"),
        ]
    )

    report = advice_report(MARCH)

    by_code = {line.code: line for line in report.tables["destinations"].lines}
    assert report.conversations == Count(3, 2, 1)
    assert report.referrals == Count(3, 2, 0)
    assert by_code["regional-office"].count == Count(3, 2, 0)
    assert by_code["not-referred"].count == Count(0, 0, 1)
    assert report.conversations.change_before == Decimal("50.0")
    assert report.conversations.change_year == Decimal("200.0")
    assert report.referrals.change_year is None


def test_a_referral_that_names_two_offices_counts_for_both_and_once_in_the_total(offices):
    register(
        [conversation(at(2), to_offices("eerste", "derde")), conversation(at(2), to_offices())]
    )

    report = advice_report(MARCH)

    assert numbers(report.tables["offices"]) == {
        "derde": 1,
        "eerste": 1,
        "tweede": 0,
        "not-registered": 1,
    }
    assert report.referrals.now == 2


def test_an_archived_office_has_a_line_where_it_was_referred_to(offices):
    register([conversation(at(2), to_offices("eerste"))])
    RegionalOffice.objects.filter(slug__in=["eerste", "derde"]).update(state="archived")

    report = advice_report(MARCH)

    assert list(numbers(report.tables["offices"])) == ["eerste", "tweede", "not-registered"]


def test_what_was_withdrawn_does_not_count(offices):
    by = people.advisor()
    _stays, goes = registration.register_many(
        [conversation(at(2), to_offices("eerste"), interests=["po"]) for _ in range(2)],
        by=by,
        at=advice_month.AFTERWARDS,
    ).stored
    registration.withdraw(goes, by=by, at=advice_month.AFTERWARDS, seen=1)

    report = advice_report(MARCH)

    assert report.conversations.now == report.referrals.now == 1
    for code, line in (("offices", "eerste"), ("sectors", "po"), ("channels", "phone")):
        assert numbers(report.tables[code])[line] == 1
    assert numbers(report.tables["days"])["2026-03-02"] == 1


def test_the_record_day_is_the_earliest_of_the_highest(offices):
    days = (9, 5, 5, 9, 2)
    register([conversation(at(day), outcome="not-referred") for day in days])

    assert advice_report(MARCH).record_day == DayCount(date(2026, 3, 5), 2)


def test_without_conversations_everything_is_zero_and_there_is_no_record(offices):
    report = advice_report(MARCH)

    shares = {line.share for line in report.tables["destinations"].lines}
    assert report.conversations == report.referrals == Count(0)
    assert report.record_day is None
    assert shares == {None}


def test_slips_tell_per_office_what_became_of_them_and_how_soon(offices):
    first, second, third = register([conversation(at(2), to_offices("eerste")) for _ in range(3)])
    friday = at(6)
    slip(first, offices["eerste"], at=friday, told=[("contacted", at(10)), ("helped", at(12))])
    slip(second, offices["eerste"], at=friday, told=[("not-reached", at(9)), ("waiting", at(13))])
    slip(third, offices["eerste"], at=friday, told=[("not-yet-updated", at(9))])

    table = advice_report(MARCH).tables["slips"]

    by_code = {line.code: line for line in (*table.lines, *table.totals)}
    assert by_code["eerste"].count == by_code["total"].count == Count(3)
    assert by_code["eerste"].detail == {
        "known": 2,
        "contacted": 2,
        "median_days": Decimal("3.5"),
        "mean_days": Decimal("3.5"),
        "helped": 1,
    }
    assert by_code["tweede"].detail["median_days"] is None


def test_a_slip_counts_on_the_day_it_was_made_in_amsterdam(offices):
    first, second, third = register([conversation(at(2), to_offices("eerste")) for _ in range(3)])
    last_second = datetime(2026, 3, 31, 21, 59, 59, tzinfo=UTC)
    slip(first, offices["eerste"], at=last_second)
    slip(second, offices["eerste"], at=datetime(2026, 3, 31, 22, 0, tzinfo=UTC))
    withdrawn = slip(third, offices["eerste"], at=last_second)
    Slip.objects.filter(pk=withdrawn.pk).update(withdrawn_at=last_second)

    assert numbers(advice_report(MARCH).tables["slips"])["eerste"] == 1


def test_nobody_called_is_no_known_outcome(offices):
    (stored,) = register([conversation(at(2), to_offices("eerste"))])
    slip(stored, offices["eerste"], at=at(2), told=[("nobody-called", at(9))])

    (total,) = advice_report(MARCH).tables["slips"].totals

    assert total.detail["known"] == total.detail["contacted"] == 0


def test_editors_see_the_referrals_to_their_own_offices_alone(offices, django_assert_num_queries):
    own = offices["eerste"]
    _first, second, _ = register(
        [
            conversation(at(2), to_offices("eerste", "derde"), ReferralFacts("school")),
            conversation(at(3), to_offices("derde")),
            conversation(at(3), to_offices()),
        ]
    )
    slip(second, offices["derde"], at=at(3))

    with django_assert_num_queries(4):
        report = advice_report(MARCH, offices={own.pk})

    assert list(report.tables) == ["offices", "days", "months", "slips"]
    assert report.conversations.now == report.referrals.now == 1
    assert numbers(report.tables["offices"]) == {"eerste": 1}
    assert numbers(report.tables["slips"]) == {"eerste": 0}
    assert report.tables["slips"].totals[0].count == Count(0)


def test_percentages_are_rounded_half_up_to_one_decimal():
    assert share(1, 16) == Decimal("6.3")  # 6.25
    assert share(1, 0) is None
    assert change(0, 3) == Decimal("-100.0")
    assert str(change(9999, 10000)) == "0.0"
    assert change(3, 0) is None


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_downloaded_table_reads_back_as_its_rows(offices, kind):
    register(advice_month.month(2, offices=OFFICES))
    table = advice_report(MARCH).tables["destinations"]

    read = sheets.read(tables.file(table, kind))

    rows = tables.rows(table)
    assert list(read.headers) == [column.title for column in table.columns]
    assert [row[2] for row in read] == [str(row["now"]) for row in rows]
    assert [Decimal(row[3]) if row[3] else None for row in read] == [row["share"] for row in rows]
    assert [row["code"] for row in rows[-3:]] == [
        "total-referrals",
        "with-outcome",
        "conversations",
    ]
