"""The browser that the stories are told with, and the site that it looks at."""

import os
import time

import pytest
from allauth.mfa.totp.internal import auth as totp
from playwright.sync_api import expect

from tests import people
from tests.browser import pictures
from tests.browser.chromium import launch_arguments
from tests.browser.people_steps import ADMINISTRATOR, Clock, Somebody
from tests.browser.watching import asked_elsewhere, complaints_of

# Playwright's synchronous interface keeps a loop running in the thread of the test, and Django
# then refuses to touch the database in it, though nothing here is asynchronous.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@pytest.fixture(scope="session")
def browser_type_launch_args():
    return launch_arguments()


@pytest.fixture(scope="session")
def base_url():
    """None; the plugin's own fixture is written in a way that pytest is about to drop."""


@pytest.fixture
def site(live_directory, live_server):
    """The address of the running site, with the real directory."""
    return live_server.url


@pytest.fixture
def elsewhere(context, site):
    """The addresses of other sites that a page asked for; none of them is answered."""
    return asked_elsewhere(context, site)


@pytest.fixture
def complaints(page):
    """What the browser complains of: scripts that fail, and what the content policy blocks."""
    return complaints_of(page)


@pytest.fixture
def clock(monkeypatch):
    """The clock of the second factor."""
    clock = Clock(time.time())
    monkeypatch.setattr(totp, "time", clock)
    return clock


@pytest.fixture
def somebody(site, settings, new_context):
    """Makes people, each with a browser of their own, in which nothing goes wrong."""
    settings.SITE_URL = site
    came = []

    def come(**context):
        known = {"viewport": pictures.VIEWPORT, "color_scheme": "light", "locale": "nl-NL"}
        context = new_context(**known, **context)
        came.append(Somebody(context, site))
        return came[-1]

    # Much is calculated with the real directory, on a machine that may be busy.
    expect.set_options(timeout=20_000)
    yield come
    expect.set_options(timeout=5_000)
    assert [person.complaints for person in came if person.complaints] == []
    assert [person.elsewhere for person in came if person.elsewhere] == []


@pytest.fixture
def administrator(somebody, clock):
    """An administrator who is logged in, with the second step."""
    user = people.administrator(email=ADMINISTRATOR, first_name="Landelijk beheer")
    secret = people.second_factor(user)
    person = somebody()
    person.log_in(ADMINISTRATOR, people.PASSWORD, code=clock.code(secret))
    person.is_at("/beheer/")
    return person


@pytest.fixture
def album(tmp_path):
    """Where the pictures of the handbook are taken."""
    return pictures.Album(pictures.folder(tmp_path / "pictures"))
