import gzip
from datetime import UTC, datetime

import brotli
import pytest

from navigator import ready
from tests import factories

BODY = ("Wie helpt jou aan een baan in het onderwijs? " * 50).encode()


@pytest.fixture
def made():
    return ready.make_ready(BODY)


@pytest.mark.parametrize(
    ("accepted", "encoding", "unpack"),
    [
        ("gzip, deflate, br, zstd", "br", brotli.decompress),
        ("gzip, deflate", "gzip", gzip.decompress),
        ("GZIP;q=0.5", "gzip", gzip.decompress),
        ("br;q=0, gzip", "gzip", gzip.decompress),
        ("br; q=0.0, gzip;q=0", None, bytes),
        ("identity", None, bytes),
        ("", None, bytes),
    ],
)
def test_a_body_is_sent_in_the_best_form_that_is_understood(rf, made, accepted, encoding, unpack):
    response = ready.send(rf.get("/", headers={"accept-encoding": accepted}), made)

    assert response.headers.get("Content-Encoding") == encoding
    assert unpack(response.content) == BODY
    assert response.headers["Content-Length"] == str(len(response.content))
    assert response.headers["Vary"] == "Accept-Encoding"


def test_without_an_opinion_the_body_is_plain(rf, made):
    response = ready.send(rf.get("/"), made)

    assert response.content == BODY


@pytest.fixture
def hours(world):
    """Two offices: one open on Tuesday from 9 to 17, another until 12."""
    for slug, closes in (("long", "17:00"), ("short", "12:00")):
        office = world.office(slug, serves=["3011"], phone="+31302270374")
        factories.PhoneHoursFactory(office=office, weekday=2, closes=closes)
    world.publish()


@pytest.mark.parametrize(
    ("at", "until"),
    [
        ((2026, 11, 24, 7), (2026, 11, 24, 8)),  # 9:00 in Amsterdam
        ((2026, 11, 24, 8), (2026, 11, 24, 11)),  # the short one closes
        ((2026, 11, 24, 11), (2026, 11, 24, 16)),
        ((2026, 11, 24, 16), (2026, 11, 24, 23)),  # midnight: another day is today
        ((2026, 10, 25, 0), (2026, 10, 25, 23)),  # a day of 25 hours
        ((2026, 3, 29, 0), (2026, 3, 29, 22)),  # a day of 23 hours
    ],
)
def test_what_is_said_of_hours_is_true_until_the_first_office_opens_or_closes(hours, at, until):
    assert ready.unchanged_until(datetime(*at, tzinfo=UTC)) == datetime(*until, tzinfo=UTC)


def test_when_that_moment_comes_the_next_one_is_looked_up(hours):
    first = ready.unchanged_until(datetime(2026, 11, 24, 8, tzinfo=UTC))

    assert ready.unchanged_until(datetime(2026, 11, 24, 10, 59, tzinfo=UTC)) == first
    assert ready.unchanged_until(first) > first
