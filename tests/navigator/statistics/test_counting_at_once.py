"""The same visitor twice at the same moment, and half a day's ceiling that two reach together."""

from datetime import UTC, datetime, timedelta

import pytest

from navigator.statistics import salts
from navigator.statistics.counting import record_profile_view, record_search
from navigator.statistics.models import LeftOutTotal, ProfileView, Salt, Source, SupportAsked
from navigator.statistics.sources import Origin
from navigator.statistics.visits import Visit
from regions.answers import Answer, Area, Outcome
from regions.models import RegionalOffice
from tests.at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)

NOON = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)


def visit(at):
    return Visit(at, at.date(), "a" * 32, Origin(Source.DIRECT))


def test_of_views_of_one_visitor_at_once_one_counts_up_to_the_ceiling(settings):
    settings.VIEWS_A_VISITOR_A_DAY = 3
    office = RegionalOffice.objects.create(slug="here", name="Here")

    for hours in range(5):
        came = visit(NOON + timedelta(hours=hours))
        outcomes = at_once(*[lambda c=came: record_profile_view(c, office_id=office.pk)] * 3)
        assert sorted(outcomes) == [False, False, hours < 3]

    assert sorted(ProfileView.objects.values_list("ordinal", flat=True)) == [0, 1, 2]
    # Of the fourth and fifth hour none counts; before, two of three were reloads.
    left_out = {each.why: each.requests for each in LeftOutTotal.objects.all()}
    assert left_out == {"repeat": 6, "ceiling": 6}


def test_support_asked_for_at_once_is_one_row_a_type():
    municipality = Area("GM0599", "Rotterdam", "zuid-holland")
    answers = [
        Answer(Outcome.FOUND, postcode="3011", municipality=municipality, support=support)
        for support in (("vacancies", "webinar"), ("webinar", "vacancies"), ("webinar",))
    ]

    at_once(*[lambda a=answer: record_search(visit(NOON), a) for answer in answers])

    assert sorted(SupportAsked.objects.values_list("support", flat=True)) == [
        "vacancies",
        "webinar",
    ]


def test_processes_that_begin_a_day_together_agree_on_its_salt():
    found = at_once(*[lambda: salts._stored(NOON.date())] * 4)

    assert len(set(found)) == 1
    assert bytes(Salt.objects.get().value) == found[0].value
