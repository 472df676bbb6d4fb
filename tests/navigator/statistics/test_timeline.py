"""Days become steps that fit in a chart."""

from datetime import date, timedelta

import pytest

from navigator.statistics import timeline
from navigator.statistics.timeline import DAY, MONTH, WEEK, YEAR
from navigator.statistics.values import Count, Hidden


def days(first, *numbers):
    return [(first + timedelta(days=ahead), Count(n, n + 1)) for ahead, n in enumerate(numbers)]


@pytest.mark.parametrize(
    ("length", "unit"), [(1, DAY), (45, DAY), (46, WEEK), (366, WEEK), (371, WEEK), (372, MONTH)]
)
def test_the_longer_the_period_the_longer_the_steps(length, unit):
    assert timeline.unit_for(length) == unit


def test_very_many_months_become_years():
    assert (timeline.unit_for_months(40), timeline.unit_for_months(41)) == (MONTH, YEAR)


def test_a_week_begins_on_monday_and_one_that_is_cut_after_its_first_day():
    friday = date(2026, 3, 6)

    steps = timeline.steps(days(friday, 1, 2, 3, 10, 20), WEEK)

    assert [step.count.now for step in steps] == [6, 30]
    assert [step.count.before for step in steps] == [9, 32]
    assert [step.label.split()[0] for step in steps] == ["6", "9"]


def test_no_day_is_lost():
    numbers = range(800)
    for unit in (DAY, WEEK, MONTH, YEAR):
        steps = timeline.steps(days(date(2024, 11, 5), *numbers), unit)

        assert sum(step.count.now for step in steps) == sum(numbers)


def test_a_step_with_a_hidden_day_is_hidden_too():
    monday = date(2026, 3, 2)
    counts = [(monday, Count(7, 3)), (monday + timedelta(days=1), Count(Hidden.SMALL, 4))]

    (step,) = timeline.steps(counts, WEEK)

    assert step.count.now is Hidden.WITHHELD
    assert step.count.before == 7
