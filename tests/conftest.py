"""What every test can ask for."""

import os
from collections.abc import Callable, Iterator

import pytest
from django.core.management import call_command
from django.db import transaction
from hypothesis import settings as hypothesis_settings

from navigator.statistics import visits
from regions import derived, versions

pytest_plugins = ["tests.worlds"]

hypothesis_settings.register_profile("ci", deadline=None, derandomize=True)
hypothesis_settings.register_profile("here", deadline=None)
hypothesis_settings.load_profile("ci" if os.environ.get("CI") else "here")


def _forget() -> None:
    versions.forget()
    visits.forget()


@pytest.fixture(autouse=True)
def _no_memory_of_other_tests() -> Iterator[None]:
    """What a process keeps belongs to its database; every test has another."""
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
def real_directory(django_db_setup, django_db_blocker) -> Iterator[None]:  # type: ignore[no-untyped-def]
    """The real directory, for all tests of a module; rolled back after the last of them.

    Each test runs in a transaction within, so what one changes another doesn't see.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_directory", verbosity=0)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def live_directory(transactional_db: None) -> None:
    """The real directory, committed, for tests with a server or a browser."""
    call_command("load_directory", verbosity=0)
