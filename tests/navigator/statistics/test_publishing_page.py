"""The page on which an administrator chooses what is public."""

import pytest
from django.utils import timezone

from navigator.accounts import log
from navigator.accounts.models import AuditEntry
from navigator.statistics import publishing
from navigator.statistics.publishing import Published
from navigator.statistics.reports import TABLES
from tests import people

PAGE = "/en/beheer/cijfers/"


@pytest.fixture
def administrator(world):
    return people.administrator()


@pytest.fixture
def admin_client(client, administrator):
    return people.log_in(client, administrator)


def test_at_first_nothing_is_ticked_but_hiding(admin_client):
    html = admin_client.get(PAGE).text

    assert html.count('name="tables"') == len(TABLES)
    assert html.count(" checked") == 1
    assert 'name="sure"' not in html


def test_what_is_ticked_is_public(admin_client):
    response = admin_client.post(PAGE, {"tables": ["channels", "destinations"], "hide_small": "on"})

    assert (response.status_code, response["Location"]) == (303, PAGE)
    assert publishing.published_tables() == Published(("destinations", "channels"), True)


def test_it_is_written_down_once_for_each_change(admin_client, administrator):
    for _ in range(2):
        admin_client.post(PAGE, {"tables": ["channels"], "hide_small": "on"})

    entry = AuditEntry.objects.get(what="figures_published")
    assert (entry.who, entry.about) == (administrator, "channels")
    assert entry.what in log.WORDS


def test_showing_small_numbers_asks_whether_one_is_sure(admin_client):
    response = admin_client.post(PAGE, {"tables": ["channels"]})

    assert response.status_code == 400
    assert 'name="sure"' in response.text
    assert response.context["form"]["tables"].value() == ["channels"]
    assert publishing.published_tables() == Published()


def test_who_is_sure_shows_small_numbers(admin_client):
    admin_client.post(PAGE, {"tables": ["channels"], "sure": "on"})

    assert publishing.published_tables() == Published(("channels",), False)
    assert "small numbers shown" in AuditEntry.objects.get(what="figures_published").about
    assert 'name="sure"' in admin_client.get(PAGE).text


def test_without_a_table_nothing_is_public_and_hiding_is_on_again(admin_client, administrator):
    publishing.publish(["channels"], hide_small=False, by=administrator, at=timezone.now())

    admin_client.post(PAGE, {})

    assert publishing.published_tables() == Published((), True)


def test_an_unknown_table_is_refused(admin_client):
    response = admin_client.post(PAGE, {"tables": ["salaries"], "hide_small": "on"})

    assert response.status_code == 400
    assert publishing.published_tables() == Published()


def test_administration_leads_to_it(admin_client):
    assert f'href="{PAGE}"' in admin_client.get("/en/beheer/").text


def test_advisors_do_not_choose(client, world):
    people.log_in(client, people.advisor())

    assert client.get(PAGE).status_code == 403
    assert client.post(PAGE, {"tables": ["channels"], "hide_small": "on"}).status_code == 403
    assert publishing.published_tables() == Published()
