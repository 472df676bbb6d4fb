"""What holds of the figures whatever was registered, beside a naive count of the same facts."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings, strategies as st

from navigator.advice import registration
from navigator.advice.facts import Facts, Mistake, ReferralFacts, Refused
from navigator.advice.models import AdviceConversation, Channel, Destination, Interest
from navigator.statistics import tables
from navigator.statistics.periods import Period
from navigator.statistics.reports import advice_report
from navigator.statistics.values import Count

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
AFTERWARDS = datetime(2027, 6, 1, tzinfo=UTC)
OFFICES = ("eerste", "tweede", "derde")
SECTORS = ("po", "vo", "mbo")
# Around both changes of the clock, in two years, so that there is something to compare with.
DAYS = (
    *(date(2025, 3, 28) + timedelta(days=ahead) for ahead in range(4)),
    *(date(2026, 3, 25) + timedelta(days=ahead) for ahead in range(8)),
    *(date(2026, 10, 23) + timedelta(days=ahead) for ahead in range(4)),
)

local_moments = st.builds(
    lambda day, minutes, fold: datetime(
        day.year, day.month, day.day, *divmod(minutes, 60), tzinfo=AMSTERDAM, fold=fold
    ),
    st.sampled_from(DAYS),
    st.sampled_from((0, 30, 119, 120, 150, 180, 720, 23 * 60 + 59)),
    st.integers(0, 1),
)
interests = st.one_of(
    st.just(()),
    st.sampled_from(Interest.values).map(lambda code: (code,)),
    st.sets(st.sampled_from(SECTORS), min_size=1).map(lambda codes: tuple(sorted(codes))),
)
named_offices = st.sets(st.sampled_from(OFFICES)).map(lambda slugs: tuple(sorted(slugs)))


@st.composite
def facts(draw):
    """A conversation that can be registered."""
    outcome = draw(st.sampled_from(("", "referred", "not-referred", "referred")))
    kinds = st.sets(st.sampled_from(Destination.values), min_size=1, max_size=4)
    chosen = sorted(draw(kinds)) if outcome == "referred" else ()
    return Facts(
        moment=draw(local_moments).astimezone(UTC),
        channel=draw(st.sampled_from(Channel.values)),
        outcome=outcome,
        interests=draw(interests),
        referrals=tuple(
            ReferralFacts(
                kind, offices=draw(named_offices) if kind == Destination.REGIONAL_OFFICE else ()
            )
            for kind in chosen
        ),
    )


conversations = st.lists(st.tuples(facts(), st.booleans()), max_size=12)
periods = st.tuples(st.sampled_from(DAYS), st.sampled_from(DAYS)).map(
    lambda days: Period(min(days), max(days)) if max(days).year == min(days).year else None
)
some_periods = periods.filter(lambda period: period is not None)
quickly = settings(
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture
def three_offices(world):
    with world.at_once():
        for slug in OFFICES:
            world.office(slug, name=slug)


class Rollback(Exception):
    """Ends an example without a trace of it."""


def reported(told, *asked):
    """The reports on what is registered; pairs of facts and whether they were withdrawn."""
    reports = []
    try:
        with transaction.atomic():
            keys = [UUID(int=number + 1) for number in range(len(told))]
            entries = [(key, each) for key, (each, _withdrawn) in zip(keys, told, strict=True)]
            registration.register_many(entries, by=None, at=AFTERWARDS)
            gone = [key for key, (_each, withdrawn) in zip(keys, told, strict=True) if withdrawn]
            AdviceConversation.objects.filter(key__in=gone).update(withdrawn_at=AFTERWARDS)
            reports = [advice_report(period) for period in asked]
            raise Rollback
    except Rollback:
        return reports


def day_of(each):
    return each.moment.astimezone(AMSTERDAM).date()


def naive(told, period, what):
    """How often `what` of a conversation says each code, in the period and the two beside it."""
    counts = [
        Counter(
            code
            for each, withdrawn in told
            if not withdrawn and span.first <= day_of(each) <= span.last
            for code in what(each)
        )
        for span in (period, period.before, period.year_before)
    ]
    return lambda code: Count(*(counted[code] for counted in counts))


def lines(report, table):
    return {line.code: line for line in report.tables[table].lines}


def kinds_of(each):
    return [referral.destination for referral in each.referrals]


def offices_of(each):
    for referral in each.referrals:
        if referral.destination == Destination.REGIONAL_OFFICE:
            yield from referral.offices or ("not-registered",)


@quickly
@given(told=conversations, period=some_periods)
def test_every_figure_is_that_of_a_naive_count(three_offices, told, period):
    (report,) = reported(told, period)

    assert report.conversations == naive(told, period, lambda each: [""])("")
    assert report.with_outcome == naive(told, period, lambda each: [bool(each.outcome)])(True)
    for table, what in (
        ("destinations", lambda each: kinds_of(each) or [each.outcome]),
        ("offices", offices_of),
        ("sectors", lambda each: each.interests or ("not-registered",)),
        ("channels", lambda each: [each.channel]),
    ):
        expected = naive(told, period, what)
        for code, line in lines(report, table).items():
            assert (table, code, line.count) == (table, code, expected(code))
    per_day = naive(told, period, lambda each: [day_of(each).isoformat()])
    for code, line in lines(report, "days").items():
        assert line.count.now == per_day(code).now


@quickly
@given(told=conversations, period=some_periods)
def test_the_ten_kinds_add_up_to_the_total_and_not_referred_is_none_of_them(
    three_offices, told, period
):
    (report,) = reported(told, period)

    kinds = [line for code, line in lines(report, "destinations").items() if code in Destination]
    assert len(kinds) == 10
    for column in ("now", "before", "year_before"):
        total = sum(getattr(line.count, column) for line in kinds)
        assert total == getattr(report.referrals, column)


@quickly
@given(told=conversations, period=some_periods)
def test_shares_recompute_from_the_exported_rows(three_offices, told, period):
    (report,) = reported(told, period)

    rows = tables.rows(report.tables["destinations"])
    (base,) = [row["now"] for row in rows if row["code"] == "with-outcome"]
    for row in rows[:11]:
        exact = Decimal(row["now"]) * 100 / base if base else None
        assert row["share"] == (exact and exact.quantize(Decimal("0.1"), ROUND_HALF_UP) + 0)


@quickly
@given(told=conversations, period=some_periods.filter(lambda period: period.days <= 8))
def test_figures_of_a_period_are_the_sum_of_those_of_its_days(three_offices, told, period):
    whole, *days = reported(told, period, *(Period(day, day) for day in period))

    assert whole.conversations.now == sum(each.conversations.now for each in days)
    assert whole.referrals.now == sum(each.referrals.now for each in days)
    assert whole.conversations.now == sum(line.count.now for line in lines(whole, "days").values())
    assert whole.conversations.before == sum(
        line.count.before for line in lines(whole, "days").values()
    )
    for table in ("destinations", "offices", "sectors", "channels"):
        for code, line in lines(whole, table).items():
            assert line.count.now == sum(lines(each, table)[code].count.now for each in days)
    for column in ("now", "before", "year_before"):
        months = lines(whole, "months").values()
        total = getattr(whole.conversations, column)
        assert total == sum(getattr(line.count, column) for line in months)


@pytest.mark.parametrize(
    "day",
    [
        date(2026, 3, 29),
        date(2026, 10, 25),
        date(2026, 3, 30),
        date(2026, 10, 26),
        date(2026, 1, 1),
    ],
)
def test_half_past_midnight_in_amsterdam_is_on_the_day_that_began(three_offices, day):
    moment = datetime(day.year, day.month, day.day, 0, 30, tzinfo=AMSTERDAM).astimezone(UTC)
    (report,) = reported(
        [(Facts(moment, "phone", "not-referred"), False)],
        Period(day - timedelta(days=1), day + timedelta(days=1)),
    )

    assert [line.count.now for line in report.tables["days"].lines] == [0, 1, 0]
    assert report.record_day.day == day


@given(each=facts(), kind=st.sampled_from(Destination.values))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_not_referred_never_stands_with_another(three_offices, each, kind):
    both = replace(each, outcome="not-referred", referrals=(ReferralFacts(kind),))

    with pytest.raises(Refused) as refused:
        registration.register_many([(UUID(int=1), both)], by=None, at=AFTERWARDS)

    assert refused.value.mistakes == (Mistake("outcome", "not_referred_alone"),)
    assert not AdviceConversation.objects.exists()
