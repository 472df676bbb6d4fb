"""What every test can ask for."""

import os
from collections import defaultdict
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.utils import translation
from hypothesis import settings as hypothesis_settings

from navigator.statistics import known_sources, visits
from regions import derived, versions
from tests.real_directory import fill

pytest_plugins = ["tests.worlds"]

hypothesis_settings.register_profile("ci", deadline=None, derandomize=True)
hypothesis_settings.register_profile("here", deadline=None)
hypothesis_settings.load_profile("ci" if os.environ.get("CI") else "here")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Refuse a module that mixes the real directory with others: it would be there for all."""
    uses = defaultdict(set)
    for item in items:
        names = set(getattr(item, "fixturenames", ()))
        if "db" in names or item.get_closest_marker("django_db"):
            uses[item.path].add("real_directory" in names)
    if mixed := [str(path) for path, answers in uses.items() if len(answers) > 1]:
        raise pytest.UsageError(
            f"Tests with real_directory stand in a module of their own: {', '.join(mixed)}"
        )


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix, tmp_path_factory):
    """SQLite in a file, since servers and browsers in threads need the same database."""
    if connection.vendor == "sqlite":
        file = tmp_path_factory.mktemp("database") / "tests.sqlite3"
        connection.settings_dict["TEST"]["NAME"] = str(file)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """The database, without the connections that a browser which left too early leaves behind."""
    yield
    if connection.vendor == "postgresql":
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


def _forget() -> None:
    versions.forget()
    visits.forget()
    known_sources.forget()


class _StoppedClock:
    """For exact numbers of queries: no second passes in which something is looked up again."""

    @staticmethod
    def monotonic() -> float:
        return 0.0


@pytest.fixture(autouse=True)
def _no_memory_of_other_tests(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What a process keeps belongs to its database; every test has another.

    A request leaves its thread in the language of its page.
    """
    monkeypatch.setattr(versions, "time", _StoppedClock)
    monkeypatch.setattr(known_sources, "time", _StoppedClock)
    translation.activate(settings.LANGUAGE_CODE)
    _forget()
    yield
    _forget()


@pytest.fixture
def publish(db: None) -> Callable[[], None]:
    """Makes what a test stored public."""

    def rebuild() -> None:
        derived.rebuild()
        _forget()  # the test's own transaction never commits

    return rebuild


@pytest.fixture(scope="module")
def real_directory(django_db_setup, django_db_blocker):
    """The real directory, for all tests of a module; rolled back after the last of them.

    Each test runs in a transaction within, so what one changes another doesn't see. Not together
    with `live_directory` in one module, since that commits.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        fill()
        # Now rather than at the end of each test; and PostgreSQL took the tables for empty.
        connection.check_constraints()
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")
        yield
        transaction.set_rollback(True)


@pytest.fixture
def live_directory(transactional_db: None) -> None:
    """The real directory, committed, for tests with a server or a browser; emptied afterwards."""
    fill()
