"""Campaigns and known sources, as administrators keep them under all data."""

from datetime import date

import pytest
from django.test import RequestFactory
from django.urls import reverse

from navigator.accounts import log
from navigator.accounts.models import AuditEntry
from navigator.statistics import campaigns, known_sources
from navigator.statistics.models import Campaign, KnownSource, Source
from navigator.statistics.periods import PRESETS
from navigator.statistics.sources import origin_of

CAMPAIGNS = "admin:statistics_campaign"
SOURCES = "admin:statistics_knownsource"
SPRING = {
    "name_nl": "Lentecampagne",
    "name_en": "",
    "code": "lente-2026",
    "first": "1-3-2026",
    "last": "31-3-2026",
}


def add(client, kind, posted):
    return client.post(reverse(f"{kind}_add"), posted)


def errors(page):
    assert page.status_code == 200
    return page.context["adminform"].form.errors


def source_of(referer):
    request = RequestFactory().get("/", headers={"referer": referer})
    return origin_of(request).source


def test_a_campaign_can_be_chosen_as_soon_as_it_is_named(admin_client):
    add(admin_client, CAMPAIGNS, SPRING | {"code": "Lente-2026"})

    (named,) = campaigns.named_periods()
    assert (named.code, named.name) == ("lente-2026", "Lentecampagne")
    assert (named.period.first, named.period.last) == (date(2026, 3, 1), date(2026, 3, 31))


@pytest.mark.parametrize("code", PRESETS)
def test_a_campaign_takes_no_code_of_a_period_that_is_always_there(admin_client, code):
    page = add(admin_client, CAMPAIGNS, SPRING | {"code": code})

    assert set(errors(page)) == {"code"}
    assert not Campaign.objects.exists()


@pytest.mark.parametrize(
    ("posted", "where"),
    [
        ({"last": "28-2-2026"}, "last"),
        ({"last": "1-3-2037"}, "last"),
        ({"first": "1-3-1999"}, "first"),
        ({"code": "lente 2026"}, "code"),
        ({"name_nl": ""}, "name_nl"),
    ],
)
def test_a_campaign_that_is_no_period_is_told_at_its_field(admin_client, posted, where):
    page = add(admin_client, CAMPAIGNS, SPRING | posted)

    assert where in errors(page)
    assert not Campaign.objects.exists()


def test_a_code_is_given_once_and_stays(admin_client):
    add(admin_client, CAMPAIGNS, SPRING)
    again = add(admin_client, CAMPAIGNS, SPRING)
    address = reverse(f"{CAMPAIGNS}_change", args=[Campaign.objects.get().pk])

    admin_client.post(address, SPRING | {"code": "anders", "name_nl": "Voorjaar"})

    assert set(errors(again)) == {"code"}
    assert Campaign.objects.values_list("code", "name_nl").get() == ("lente-2026", "Voorjaar")


def test_a_known_site_counts_at_once(admin_client, django_capture_on_commit_callbacks):
    before = source_of("https://actie.example.nl/")

    with django_capture_on_commit_callbacks(execute=True):
        add(
            admin_client,
            SOURCES,
            {"by": "host", "value": "https://www.Example.nl/pad?x", "source": "campaign"},
        )

    assert KnownSource.objects.values_list("by", "value", "source").get() == (
        "host",
        "example.nl",
        "campaign",
    )
    assert (before, source_of("https://actie.example.nl/")) == (
        Source.OTHER_SITE,
        Source.CAMPAIGN,
    )


def test_what_is_taken_from_the_list_counts_no_longer(
    admin_client, django_capture_on_commit_callbacks
):
    known = KnownSource.objects.create(by="host", value="example.nl", source="campaign")
    before = source_of("https://example.nl/")

    with django_capture_on_commit_callbacks(execute=True):
        admin_client.post(reverse(f"{SOURCES}_delete", args=[known.pk]), {"post": "yes"})

    assert (before, source_of("https://example.nl/")) == (Source.CAMPAIGN, Source.OTHER_SITE)


def test_the_same_site_is_in_the_list_once_however_it_is_written(admin_client):
    KnownSource.objects.create(by="host", value="example.nl", source="campaign")

    page = add(
        admin_client, SOURCES, {"by": "host", "value": "http://WWW.example.nl", "source": "partner"}
    )

    assert "already" in str(errors(page)["__all__"]) or "al in" in str(errors(page)["__all__"])
    assert KnownSource.objects.get().source == "campaign"


def test_one_name_can_be_a_site_and_a_utm_source(admin_client):
    for by in ("host", "utm_source"):
        add(admin_client, SOURCES, {"by": by, "value": "example.nl", "source": "campaign"})

    assert KnownSource.objects.count() == 2


@pytest.mark.parametrize("by", ["host", "utm_source"])
def test_what_is_no_source_is_told_at_its_field(admin_client, by):
    page = add(admin_client, SOURCES, {"by": by, "value": "utm_source=x&y", "source": "campaign"})

    assert set(errors(page)) == {"value"}
    assert not KnownSource.objects.exists()


def test_every_change_is_written_down(admin_client, administrator):
    add(admin_client, CAMPAIGNS, SPRING)
    add(admin_client, SOURCES, {"by": "utm_source", "value": "TVspot", "source": "campaign"})
    known = KnownSource.objects.get()
    admin_client.post(reverse(f"{SOURCES}_delete", args=[known.pk]), {"post": "yes"})

    told = AuditEntry.objects.order_by("pk").values_list("who", "what", "about")
    assert list(told) == [
        (administrator.pk, "campaigns_changed", "lente-2026"),
        (administrator.pk, "known_sources_changed", "utm_source: tvspot"),
        (administrator.pk, "known_sources_changed", "utm_source: tvspot"),
    ]
    assert {"campaigns_changed", "known_sources_changed"} <= set(log.WORDS)


def test_nothing_is_deleted_unseen_by_a_list(admin_client):
    known = KnownSource.objects.create(by="host", value="example.nl", source="campaign")
    chosen = {"_selected_action": [known.pk], "action": "delete_selected", "post": "yes"}

    admin_client.post(reverse(f"{SOURCES}_changelist"), chosen)

    assert KnownSource.objects.exists()
    assert known_sources.current().hosts
