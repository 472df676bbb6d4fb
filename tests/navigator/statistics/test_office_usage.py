"""The figures of one office: its own, beside the average, and no small postcode told apart."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from navigator.statistics import totals
from navigator.statistics.models import Exclusion
from navigator.statistics.office_usage import OfficeAverage, office_usage, office_usage_titles
from navigator.statistics.periods import Period
from navigator.statistics.values import Count, Hidden
from regions.models import RegionalOffice
from tests.navigator.statistics.events import NOON, TODAY, click, search, support, view

WEEK = Period(TODAY - timedelta(days=6), TODAY)
LAST_WEEK = TODAY - timedelta(days=7)


@pytest.fixture
def own(world):
    """An office that serves two postcodes, beside two others of which one isn't published."""
    with world.at_once():
        world.postcode("1315", place="Almere")
        world.office("eigen", serves=["1315"], part=["1316"])
        world.office("ander", serves=["4331"])
        world.office("oud", state="archived")
    return RegionalOffice.objects.get(slug="eigen")


@pytest.fixture
def other(own):
    return RegionalOffice.objects.get(slug="ander")


def table(office, code, period=WEEK):
    return {line.code: line for line in office_usage(office.pk, period).tables[code].lines}


def times(number, postcode, *, day=TODAY, serving=1):
    for each in range(number):
        search(f"{each}", postcode, day=day, serving=serving)


def test_the_figures_are_those_of_the_office_alone(own, other):
    view(own, "a")
    view(own, "a", minute=40, source="social", province="flevoland")
    view(own, "b", day=LAST_WEEK)
    view(other, "c")
    click(own, "a", "phone")
    click(other, "c", "phone")

    found = office_usage(own.pk, WEEK)

    assert tuple(found.tables) == tuple(office_usage_titles())
    assert (found.views, found.visitors, found.clicks) == (
        Count(2, 1, 0),
        Count(1, 1, 0),
        Count(1),
    )
    assert table(own, "days")[TODAY.isoformat()].counts == {
        "views": Count(2, 1, 0),
        "visitors": Count(1, 1, 0),
    }
    assert table(own, "sources")["social"].counts["views"] == Count(1)
    assert table(own, "provinces")["flevoland"].counts["views"] == Count(1)
    assert table(own, "provinces")["none"].counts["views"] == Count(1, 1, 0)
    assert table(own, "clicks")["phone"].counts["clicks"] == Count(1)
    assert table(own, "clicks")["website"].counts["clicks"] == Count(0)


def test_the_average_is_of_all_published_offices_also_those_without_views(own, other):
    view(own, "a")
    view(own, "a", minute=40)
    view(own, "b", day=LAST_WEEK)
    view(RegionalOffice.objects.get(slug="oud"), "a")
    click(other, "a", "phone")

    found = office_usage(own.pk, WEEK)

    assert found.average == OfficeAverage(Decimal("1.0"), Decimal("0.5"), Decimal("0.5"))
    clicks = {line.code: line.detail["average"] for line in found.tables["clicks"].lines}
    assert clicks == {
        "website": Decimal("0.0"),
        "phone": Decimal("0.5"),
        "email": Decimal("0.0"),
        "booking": Decimal("0.0"),
    }


def test_a_postcode_stands_apart_from_five_searches_on(own):
    times(5, "1315")
    times(4, "1316", serving=0)
    times(9, "4331")  # another office's

    found = office_usage(own.pk, WEEK).tables["postcodes"]

    assert {line.code: line.counts["searches"].now for line in found.lines} == {
        "1315": 5,
        "other": 4,
    }
    assert found.lines[0].name == "1315 Almere"
    assert found.lines[1].counts["without_office"].now == 4
    assert found.totals[0].counts["searches"].now == 9


def test_a_period_beside_it_with_too_few_searches_is_hidden_and_stands_with_the_others(own):
    times(6, "1315")
    times(3, "1315", day=LAST_WEEK)

    found = table(own, "postcodes")

    assert found["1315"].counts["searches"] == Count(6, Hidden.SMALL, 0)
    assert found["1315"].counts["without_office"] == Count(0, Hidden.SMALL, 0)
    assert found["other"].counts["searches"] == Count(0, 3, 0)


def test_support_is_that_which_was_asked_for_where_the_office_serves(own):
    support("a", "vacancies")
    support("b", "vacancies", day=LAST_WEEK)
    support("a", "vacancies", "4331")

    assert {code: line.counts["times"] for code, line in table(own, "support").items()} == {
        "vacancies": Count(1, 1, 0)
    }


def test_what_was_excluded_is_no_figure_and_no_average(own):
    exclusion = Exclusion.objects.create(
        office=own, first=NOON, last=NOON + timedelta(hours=1), views=1, made_at=NOON
    )
    view(own, "a", exclusion=exclusion)

    found = office_usage(own.pk, WEEK)

    assert found.views == found.visitors == Count(0)
    assert found.average.views == 0


def queries(office, period):
    with CaptureQueriesContext(connection) as found:
        office_usage(office.pk, period)
    return len(found)


def test_the_number_of_queries_grows_with_nothing(own):
    three_years = Period(TODAY - timedelta(days=1094), TODAY)
    office_usage(own.pk, WEEK)  # now the process knows the directory
    few = queries(own, Period(TODAY, TODAY))

    for ago in (0, 1, 2, 40, 500):
        view(own, "a", day=TODAY - timedelta(days=ago))
        times(2, "1315", day=TODAY - timedelta(days=ago))
    untotalled = queries(own, three_years)
    before = office_usage(own.pk, three_years)
    totals.roll_up(at=NOON, keep_days=90)

    assert few == untotalled == queries(own, three_years) == 15
    assert office_usage(own.pk, three_years) == before
