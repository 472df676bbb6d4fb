import pytest
from django.db import DatabaseError, connection
from django.utils import translation

from navigator.statistics import known_sources
from navigator.statistics.known_sources import UnclearSource, cleaned
from navigator.statistics.models import KnownSource, Source

pytestmark = pytest.mark.django_db


class Clock:
    """A clock that the test moves."""

    now = 100.0

    @classmethod
    def monotonic(cls):
        return cls.now


@pytest.fixture
def clock(monkeypatch):
    monkeypatch.setattr(Clock, "now", 100.0)
    monkeypatch.setattr(known_sources, "time", Clock)
    return Clock


def found(host="", utm_source=""):
    return known_sources.current().source_of(host=host, utm_source=utm_source)


def test_the_list_is_read_once_a_second_at_most(clock, django_assert_num_queries):
    with django_assert_num_queries(1):
        known_sources.current()
        clock.now += 0.9
        known_sources.current()
    clock.now += 0.2
    with django_assert_num_queries(1):
        known_sources.current()


def test_what_another_process_changes_is_seen_within_a_second(clock):
    before = found(host="campaign.example")
    KnownSource.objects.create(by="host", value="campaign.example", source="campaign")

    clock.now += known_sources.LOOK_UP_EVERY_S

    assert (before, found(host="campaign.example")) == (None, Source.CAMPAIGN)


def test_while_the_database_fails_the_last_list_stands(clock, caplog):
    KnownSource.objects.create(by="utm_source", value="tvspot", source="campaign")
    known_sources.current()

    def fails(*_asked):
        raise DatabaseError

    clock.now += 5
    with connection.execute_wrapper(fails):
        assert found(utm_source="TVspot") == Source.CAMPAIGN
    assert "known_sources_failed" in caplog.text


def test_without_a_database_from_the_start_nothing_is_known():
    def fails(*_asked):
        raise DatabaseError

    with connection.execute_wrapper(fails):
        assert found(host="campaign.example", utm_source="tvspot") is None


@pytest.mark.parametrize(
    ("typed", "host"),
    [
        ("https://www.Example.nl/pad?x", "example.nl"),
        ("example.nl", "example.nl"),
        (" EXAMPLE.nl. ", "example.nl"),
        ("//example.nl:8443/pad", "example.nl"),
        ("www.example.nl/pad/", "example.nl"),
        ("campagne.example.nl", "campagne.example.nl"),
        ("https://café.example/", "xn--caf-dma.example"),
        ("android-app://com.linkedin.android/", "com.linkedin.android"),
    ],
)
def test_a_pasted_address_becomes_the_name_of_its_site(typed, host):
    assert cleaned("host", typed) == host
    assert cleaned("host", host) == host


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "nl",
        "www.nl",
        "twee woorden",
        "info@example.nl",
        "http://[bad",
        "a" * 101 + ".nl",
        "_.nl",
    ],
)
def test_what_is_no_site_is_refused(typed):
    with pytest.raises(UnclearSource) as raised:
        cleaned("host", typed)

    assert raised.value.code == "not_a_host"
    with translation.override("en"):
        assert "example.nl" in raised.value.message


@pytest.mark.parametrize(
    ("typed", "name"), [(" TVspot ", "tvspot"), ("nieuws/brief", "nieuws/brief"), ("é", "é")]
)
def test_a_utm_source_is_compared_in_small_letters(typed, name):
    assert cleaned("utm_source", typed) == name


@pytest.mark.parametrize("typed", ["", "\n", "utm_source=tvspot", "tvspot&utm_medium=tv"])
def test_what_is_no_utm_source_is_refused(typed):
    with pytest.raises(UnclearSource) as raised:
        cleaned("utm_source", typed)

    assert raised.value.code == "not_a_utm_source"
