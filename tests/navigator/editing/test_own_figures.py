"""The figures of the own offices in My region."""

import re
from datetime import date

import pytest

from navigator.editing.own_figures import own_offices_context
from navigator.statistics.periods import Period
from regions.models import EducationRegion
from tests import people
from tests.navigator.statistics.talks import talk

MARCH = Period(date(2026, 3, 1), date(2026, 3, 31))


@pytest.fixture
def talks(world):
    """Two conversations led to the own office in March and one in February; one elsewhere."""
    with world.at_once():
        world.office("own", name="Own", regions=["Noord"])
        world.office("other", name="Other", regions=["Zuid"])
    advisor = people.advisor()
    talk(advisor, "2026-03-02", "regional-office", offices=["own"])
    talk(advisor, "2026-03-03", "regional-office", offices=["own", "other"])
    talk(advisor, "2026-02-20", "regional-office", offices=["own"])
    talk(advisor, "2026-03-04", "regional-office", offices=["other"])


@pytest.fixture
def editor(talks):
    return people.editor(EducationRegion.objects.get(name="Noord"))


def test_they_are_of_the_own_offices_alone(editor):
    figures = own_offices_context(editor, MARCH)["own_figures"]

    assert [(line.name, line.referrals.now) for line in figures.lines] == [("Own", 2)]
    assert figures.lines[0].referrals.before == 1
    assert figures.lines[0].slip_count == 0


def test_who_has_no_office_has_no_figures(talks):
    assert own_offices_context(people.UserFactory(), MARCH) == {"own_figures": None}


def test_they_take_a_known_number_of_queries(editor, django_assert_num_queries):
    with django_assert_num_queries(5):  # the offices, and the four of such a report
        own_offices_context(editor, MARCH)


def test_the_page_with_referrals_shows_them(client, editor):
    people.log_in(client, editor)

    html = client.get("/en/mijn-regio/doorverwijzingen/").text

    assert 'id="caption-referral-figures"' in html
    assert re.findall(r'<th scope="row">(\w+)</th>', html) == ["Own"]
