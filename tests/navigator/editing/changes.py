"""Changes for the tests of their pages: an office with an editor, and what they propose."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from regions import revisions
from regions.models import EducationRegion, RegionalOffice, Revision
from tests.people import administrator, editor, log_in

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)
PAGE = "/mijn-regio/loketten/rotterdam/voorstel/"
State = Revision.State


@pytest.fixture
def office(world):
    return world.office(
        "rotterdam", name="Loket Rotterdam", description="Oud", regions=["Rotterdam"]
    )


@pytest.fixture
def me(office):
    """An editor whose changes are reviewed."""
    return editor(EducationRegion.objects.get(), email="editor@rotterdam.example")


@pytest.fixture
def boss(db):
    return administrator(email="administrator@navigator.example")


@pytest.fixture
def my_browser(client, me):
    return log_in(client, me)


@pytest.fixture
def boss_browser(boss):
    return log_in(Client(), boss)


def without_review():
    EducationRegion.objects.update(review_required=False)


def propose(office, by=None, *, at=NOW, **values):
    return revisions.propose(
        subject=office, values=values or {"description": "Nieuw"}, by=by, at=at
    )


def waiting(office, by=None, *, at=NOW, **values):
    return revisions.submit(propose(office, by, at=at, **values), by=by, at=at, note="Graag")


def planned(office, by=None, *, publish_at=NOW + timedelta(days=9999), **values):
    return revisions.plan(propose(office, by, **values), by=by, at=NOW, publish_at=publish_at)


def publish_now(office, by=None, *, at=NOW, **values):
    return revisions.publish_now(subject=office, values=values, by=by, at=at)


def description():
    """What is stored, and so public."""
    return RegionalOffice.objects.get(slug="rotterdam").description


def do(browser, what, revision, page=PAGE, **more):
    """Press a button of the page of a change."""
    data = {"do": what, "revision": revision.pk, "seen": revision.edition, **more}
    return browser.post(page, data)
