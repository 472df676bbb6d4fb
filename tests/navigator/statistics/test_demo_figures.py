"""A demo has figures to show; a real site never gets such ones."""

import io

import pytest
from django.core.management import CommandError, call_command

from navigator.advice.models import AdviceConversation
from navigator.statistics import demo
from navigator.statistics.models import ProfileView, Search, ViewTotal
from regions.models import RegionalOffice

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("real_directory")]


@pytest.fixture(autouse=True)
def shorter(monkeypatch):
    """A hundred days show the same: some in the totals alone, and some with their single rows."""
    monkeypatch.setattr(demo, "DAYS", 100)
    monkeypatch.setattr(demo, "_PLACES", 8)


def made():
    output = io.StringIO()
    call_command("demo_figures", stdout=output)
    return output.getvalue()


def test_a_demo_has_visits_of_long_ago_and_of_now_and_conversations(settings):
    settings.DEMO = True

    assert made()

    assert ViewTotal.objects.exists()
    assert ProfileView.objects.exists()
    assert Search.objects.filter(serving=0).exists()
    assert AdviceConversation.objects.exists()


def test_made_twice_they_are_there_once(settings):
    settings.DEMO = True
    made()
    before = ProfileView.objects.count(), Search.objects.count()

    assert made() == ""

    assert (ProfileView.objects.count(), Search.objects.count()) == before


def test_beside_a_single_real_view_nothing_is_invented(settings):
    settings.DEMO = True
    office = RegionalOffice.objects.first()
    ProfileView.objects.create(
        at="2026-11-24T10:00:00Z", day="2026-11-24", ordinal=0, source="direct", office=office
    )

    made()

    assert ProfileView.objects.count() == 1


def test_without_a_demo_it_refuses(settings):
    settings.DEMO = False

    with pytest.raises(CommandError):
        made()

    assert not ProfileView.objects.exists()
