"""Two that total the same day at the same moment."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from navigator.statistics import totals
from navigator.statistics.models import ProfileView, TotalledDay, ViewTotal
from tests.at_once import at_once

YESTERDAY = date(2026, 11, 23)
NOON = datetime(2026, 11, 24, 12, tzinfo=ZoneInfo("Europe/Amsterdam"))


def test_two_runs_at_once_total_a_day_once(shared_world):
    office = shared_world.office("flevowijs")
    for number in range(20):
        ProfileView.objects.create(
            at=NOON - timedelta(days=1),
            day=YESTERDAY,
            visitor=f"{number}",
            ordinal=0,
            office=office,
            source="direct",
        )

    def run():
        return totals.roll_up(at=NOON, keep_days=90).totalled

    done = at_once(run, run)

    assert sorted(done) == [0, 1]
    assert TotalledDay.objects.count() == ViewTotal.objects.count() == 1
    assert ViewTotal.objects.get().views == 20
