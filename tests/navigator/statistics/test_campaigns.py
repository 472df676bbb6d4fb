from datetime import date

import pytest
from django.utils import translation

from navigator.statistics import campaigns, forms, periods
from navigator.statistics.models import Campaign
from navigator.statistics.periods import Period, PeriodError

TODAY = date(2026, 11, 24)
SPRING = Period(date(2026, 3, 1), date(2026, 3, 31))
WINTER = Period(date(2026, 11, 16), date(2026, 12, 13))


@pytest.fixture
def two(db):
    """The campaigns of two seasons, the older one stored last."""
    Campaign.objects.create(
        code="winter-2026", name_nl="Winter 2026", first=WINTER.first, last=WINTER.last
    )
    Campaign.objects.create(
        code="lente-2026",
        name_nl="Lentecampagne 2026",
        name_en="Spring campaign 2026",
        first=SPRING.first,
        last=SPRING.last,
    )
    return campaigns.named_periods()


def test_the_newest_campaign_comes_first_in_one_query(two, django_assert_num_queries):
    with django_assert_num_queries(1):
        found = campaigns.named_periods()

    assert [each.code for each in found] == ["winter-2026", "lente-2026"]


def test_a_campaign_is_named_in_the_language_of_the_page_and_in_dutch_when_it_has_no_other(two):
    with translation.override("nl"):
        dutch = [each.name for each in campaigns.named_periods()]
    with translation.override("en"):
        english = [each.name for each in campaigns.named_periods()]

    assert dutch == ["Winter 2026", "Lentecampagne 2026"]
    assert english == ["Winter 2026", "Spring campaign 2026"]


def test_a_campaign_is_asked_for_by_its_code(two):
    assert periods.read({"period": "lente-2026"}, today=TODAY, campaigns=two) == SPRING


def test_a_campaign_that_still_runs_ends_when_it_ends(two):
    assert periods.read({"period": "winter-2026"}, today=TODAY, campaigns=two) == WINTER


def test_presets_stay_beside_campaigns(two):
    last_week = periods.read({"period": "last-7"}, today=TODAY, campaigns=two)

    assert last_week == Period(date(2026, 11, 18), TODAY)


def test_a_code_that_is_no_campaign_is_refused(two):
    with pytest.raises(PeriodError) as raised:
        periods.read({"period": "zomer-2026"}, today=TODAY, campaigns=two)

    assert (raised.value.code, raised.value.name) == ("unknown_period", "period")


def test_an_address_keeps_the_code_of_the_campaign(two):
    asked = forms.asked({"period": "lente-2026"}, today=TODAY, campaigns=two)

    assert (asked.preset, asked.period) == ("lente-2026", SPRING)
    assert asked.question == {"period": "lente-2026"}
