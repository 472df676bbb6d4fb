"""The browser that the stories are told with, and the site that it looks at."""

import os

import pytest

from tests.browser.chromium import launch_arguments
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
