"""What was not counted, told beside the counts."""

from datetime import timedelta

import pytest

from navigator.statistics.left_out import EXCLUDED, KINDS, left_out
from navigator.statistics.models import LeftOutTotal
from navigator.statistics.periods import Period
from navigator.statistics.values import Count
from navigator.statistics.visits import LeftOut
from tests.navigator.statistics.events import TODAY

WEEK = Period(TODAY - timedelta(days=6), TODAY)
LAST_WEEK = TODAY - timedelta(days=7)


def leave_out(what, why, requests, day=TODAY):
    LeftOutTotal.objects.create(day=day, what=what, why=why, requests=requests)


def by_why(lines):
    return {line.why: line.requests for line in lines if line.requests != Count(0)}


def test_every_reason_has_its_words():
    assert set(KINDS) == {*(why.value for why in LeftOut), EXCLUDED}


@pytest.mark.django_db
def test_requests_are_told_by_why_and_by_what_was_asked_for(django_assert_num_queries):
    leave_out("profileview", "bot", 3)
    leave_out("profileview", "bot", 2, day=LAST_WEEK)
    leave_out("search", "bot", 4)
    leave_out("profileview", "excluded", 7, day=TODAY - timedelta(days=1))
    leave_out("click", "repeat", 1)
    leave_out("supportasked", "repeat", 9)  # no figure of its own
    leave_out("profileview", "bot", 1, day=TODAY - timedelta(days=100))

    with django_assert_num_queries(1):
        report = left_out(WEEK)

    assert by_why(report.views) == {"bot": Count(3, 2, 0), "excluded": Count(7)}
    assert by_why(report.searches) == {"bot": Count(4)}
    assert by_why(report.clicks) == {"repeat": Count(1)}
    assert by_why(report.lines) == {"bot": Count(7, 2, 0), "excluded": Count(7)}
    assert report.total == Count(14, 2, 0)


@pytest.mark.django_db
def test_a_reason_without_requests_is_told_too():
    report = left_out(WEEK)

    assert [line.why for line in report.lines] == list(KINDS)
    assert all(line.requests == Count(0) and line.explanation for line in report.lines)
