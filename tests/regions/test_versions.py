"""Which state of the directory is public, and what this process has prepared for it."""

import threading

import pytest

from regions import derived, versions
from regions.models import DirectoryVersion, RegionalOffice


class Clock:
    """A monotonic clock that goes when a test says so."""

    now = 1000.0

    def monotonic(self):
        return self.now


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(versions, "time", clock)
    return clock


def elsewhere(**fields):
    """Another process publishes."""
    RegionalOffice.objects.filter(slug="here").update(**fields)
    stored = DirectoryVersion.objects.get()
    stored.document["profiles"][0] |= fields
    stored.number += 1
    stored.save()


def test_an_empty_database_has_an_empty_directory(world):
    directory = versions.current()

    assert directory.number == 0
    assert (directory.profiles, directory.sectors, directory.support_types) == ({}, {}, {})
    assert (directory.region_count, directory.postcode_count) == (0, 0)


def test_the_version_is_looked_up_at_most_once_a_second(world, clock, django_assert_num_queries):
    world.office("here")
    versions.current()
    clock.now += 0.99

    with django_assert_num_queries(0):
        versions.current()
    clock.now += 0.02
    with django_assert_num_queries(1):
        versions.current()
    with django_assert_num_queries(0):
        versions.current()


def test_what_another_process_publishes_is_seen_after_a_second(
    world, clock, django_assert_num_queries
):
    world.office("here", name="Oud")
    before = versions.current()
    elsewhere(name="Nieuw")
    clock.now += 0.5
    meanwhile = versions.current()
    clock.now += 0.6

    with django_assert_num_queries(2):
        after = versions.current()

    assert meanwhile is before
    assert after.number == before.number + 1
    assert after.profiles["here"].name == "Nieuw"


def test_a_directory_that_did_not_change_is_kept(world, clock):
    world.office("here")
    before = versions.current()
    clock.now += 60

    assert versions.current() is before


def test_the_process_that_publishes_sees_it_when_the_transaction_commits(
    world, clock, django_capture_on_commit_callbacks
):
    world.office("here", name="Oud")
    versions.current()
    RegionalOffice.objects.filter(slug="here").update(name="Nieuw")

    with django_capture_on_commit_callbacks(execute=True):
        derived.rebuild()
        during = versions.current().profiles["here"].name
    after = versions.current().profiles["here"].name

    assert (during, after) == ("Oud", "Nieuw")


def test_publishing_raises_the_number_by_one_and_answers_it(world):
    world.office("here")
    before = DirectoryVersion.objects.get().number

    number = versions.publish({"profiles": []})

    stored = DirectoryVersion.objects.get()
    assert number == stored.number == before + 1
    assert stored.document == {"profiles": []}


def test_what_is_prepared_is_made_once_for_a_version(world):
    made = []
    world.office("here")

    for _ in range(3):
        versions.prepared("key", lambda: made.append("value") or len(made))

    assert made == ["value"]
    assert versions.prepared("key", lambda: 99) == 1
    assert versions.prepared("other", lambda: 99) == 99


def test_what_is_prepared_goes_with_its_version(world, clock):
    world.office("here", name="Oud")
    versions.prepared("key", lambda: "old")
    elsewhere(name="Nieuw")
    still = versions.prepared("key", lambda: "new")
    clock.now += 2

    assert (still, versions.prepared("key", lambda: "new")) == ("old", "new")


def test_nothing_is_kept_of_what_failed_to_be_made(world):
    with pytest.raises(ZeroDivisionError):
        versions.prepared("key", lambda: 1 / 0)

    assert versions.prepared("key", lambda: "made") == "made"


def test_even_none_is_made_once(world):
    made = []

    for _ in range(2):
        assert versions.prepared("key", lambda: made.append(1)) is None

    assert made == [1]


def test_the_least_recently_used_goes_when_there_is_too_much(world, monkeypatch):
    monkeypatch.setattr(versions, "KEEP_PREPARED", 3)
    for key in "abc":
        versions.prepared(key, lambda: "first")

    versions.prepared("a", lambda: "never made")
    versions.prepared("d", lambda: "first")

    kept = {key: versions.prepared(key, lambda: "made again") for key in "adc"}
    assert kept == {"a": "first", "d": "first", "c": "first"}
    assert versions.prepared("b", lambda: "made again") == "made again"


def test_a_value_made_for_an_old_version_is_not_given_for_the_new_one(world):
    """It was being made when another thread moved on."""
    world.office("here")

    def slow():
        versions.forget()
        return "of the old version"

    versions.prepared("key", slow)

    assert versions.prepared("key", lambda: "of the new version") == "of the new version"


def test_many_threads_get_the_same_value(world):
    versions.prepared("key", lambda: "value")
    got = []

    def ask():
        got.append(versions.prepared("key", lambda: "another"))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert got == ["value"] * 8
