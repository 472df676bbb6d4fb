"""The page on which views that no people made are left out and brought back."""

from datetime import UTC, datetime, timedelta
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from django.utils import timezone

from navigator.accounts import log
from navigator.accounts.models import AuditEntry
from navigator.statistics import totals
from navigator.statistics.models import Exclusion, ProfileView
from tests import people
from tests.navigator.statistics.suspicious import views

PAGE = "/en/beheer/weergaven/"
AT = datetime(2026, 11, 24, 11, 30, tzinfo=UTC)
NOON = datetime(2026, 11, 20, 11, tzinfo=UTC)
TYPED = {
    "office": "flevowijs",
    "first": "2026-11-20T12:00",  # in Amsterdam
    "last": "2026-11-20T13:00",
    "reason": "A program looked every second",
}


@pytest.fixture(autouse=True)
def _now(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: AT)


@pytest.fixture
def office(world):
    return world.office("flevowijs")


def exclude(client, **more):
    return client.post(PAGE, {**TYPED, "do": "exclude", **more})


def told_after(client, response):
    """The words with which the next page begins."""
    assert (response.status_code, response["Location"]) == (303, PAGE)
    return [str(message) for message in client.get(PAGE).context["messages"]]


def counted():
    return sum(totals.of_period(NOON.date(), NOON.date()).views.values())


def test_a_suspicious_run_fills_the_form(admin_client, office):
    views(office, 30, source="other-site", host="bots.example")

    page = admin_client.get(PAGE)
    ((_run, address),) = page.context["runs"]
    form = admin_client.get(address).context["form"]

    assert "bots.example" in page.text
    assert address in unescape(page.text)
    asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    assert asked == {name: TYPED[name] for name in ("office", "first", "last")}
    assert {name: form[name].value() for name in asked} == asked


def test_at_first_it_is_shown_what_would_go(admin_client, office):
    views(office, 30)

    page = admin_client.post(PAGE, TYPED)

    found = page.context["found"]
    assert (page.status_code, found.views, found.visitors, found.days) == (200, 30, 30, 1)
    assert "30 views would be left out" in page.text
    assert counted() == 30


def test_what_was_shown_is_left_out(admin_client, administrator, office):
    views(office, 30)
    page = admin_client.post(PAGE, TYPED)
    hidden = {
        name: page.context["form"][name].value() or "" for name in page.context["form"].fields
    }

    told = told_after(admin_client, exclude(admin_client, **hidden))

    assert told == ["30 views are left out. You can bring them back here."]
    exclusion = Exclusion.objects.get()
    assert (exclusion.first, exclusion.last) == (NOON, NOON + timedelta(hours=1))
    assert (exclusion.made_by, exclusion.made_at, exclusion.views) == (administrator, AT, 30)
    assert counted() == 0


def test_all_can_see_who_left_out_what_and_why_and_bring_it_back(admin_client, office):
    views(office, 30)
    exclude(admin_client)
    other = people.administrator(email="other@navigator.example")
    people.log_in(admin_client, other)

    page = admin_client.get(PAGE).text
    back = admin_client.post(f"{PAGE}{Exclusion.objects.get().pk}/terughalen/")
    told = told_after(admin_client, back)

    for words in (TYPED["reason"], "administrator@navigator.example", ">30<", "Bring back"):
        assert words in page
    assert told == ["30 views count again."]
    assert Exclusion.objects.get().withdrawn_by == other
    assert counted() == 30
    again = admin_client.get(PAGE).text
    assert "Brought back by other@navigator.example" in again
    assert "/terughalen/" not in again


def test_it_is_written_down(admin_client, administrator, office):
    views(office, 30)
    exclude(admin_client)
    admin_client.post(f"{PAGE}{Exclusion.objects.get().pk}/terughalen/")

    entries = AuditEntry.objects.order_by("pk").values_list("who", "what", "about")
    assert list(entries) == [
        (administrator.pk, "views_excluded", "regionaloffice flevowijs"),
        (administrator.pk, "views_brought_back", "regionaloffice flevowijs"),
    ]
    assert {"views_excluded", "views_brought_back"} <= set(log.WORDS)


@pytest.mark.parametrize("do", ["", "exclude"])
@pytest.mark.parametrize(
    ("typed", "where"),
    [
        ({"office": ""}, "office"),
        ({"office": "nowhere"}, "office"),
        ({"first": ""}, "first"),
        ({"first": "yesterday"}, "first"),
        ({"first": "0001-01-01T00:00"}, "first"),
        ({"first": "2026-11-20T13:00"}, "last"),
        ({"last": "2026-11-24T12:31"}, "last"),
        ({"source": "nowhere"}, "source"),
        ({"source_host": "no host"}, "source_host"),
        ({"reason": "  "}, "reason"),
        ({"reason": "x" * 301}, "reason"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(admin_client, office, do, typed, where):
    views(office, 30)

    page = admin_client.post(PAGE, {**TYPED, "do": do, **typed})

    assert page.status_code == 400
    assert set(page.context["form"].errors) == {where}
    assert page.context["form"]["reason"].value() == typed.get("reason", TYPED["reason"])
    assert counted() == 30


@pytest.mark.parametrize("do", ["", "exclude"])
def test_where_nothing_is_that_is_told(admin_client, office, do):
    page = admin_client.post(PAGE, {**TYPED, "do": do})

    assert page.status_code == 400
    assert "There are no views here that count" in page.text


def test_what_is_too_old_is_told(admin_client, office):
    views(office, 30)
    totals.roll_up(at=AT, keep_days=90)
    ProfileView.objects.all().delete()

    page = admin_client.post(PAGE, TYPED)

    assert "The single views of these days are gone" in page.text
    assert counted() == 30


def test_of_a_site_its_address_can_be_pasted(admin_client, office):
    views(office, 5, source="other-site", host="bots.example", by="a")
    views(office, 5, by="b")

    exclude(admin_client, source_host="https://www.Bots.example/page")

    assert Exclusion.objects.get().views == 5


def test_the_hour_that_comes_twice_is_left_out_wholly(admin_client, office):
    once, again = (datetime(2026, 10, 25, hour, tzinfo=UTC) for hour in (0, 1))
    views(office, 3, at=once, by="a")
    views(office, 4, at=again, by="b")

    exclude(admin_client, first="2026-10-25T02:00", last="2026-10-25T02:59")

    assert Exclusion.objects.get().views == 7


def test_what_is_not_there_is_not_brought_back(admin_client, office):
    assert admin_client.post(f"{PAGE}1/terughalen/").status_code == 404


def test_the_page_asks_as_much_however_much_there_is(
    admin_client, world, office, django_assert_max_num_queries
):
    for number in range(6):
        views(world.office(f"loket-{number}"), 30)
        views(office, 1, at=NOON + timedelta(hours=number), by=f"{number}")
    for number in range(6):
        at = f"2026-11-20T{12 + number}:"
        exclude(admin_client, first=f"{at}00", last=f"{at}05")

    with django_assert_max_num_queries(14):
        page = admin_client.get(PAGE)

    assert len(page.context["runs"]) == len(page.context["lines"]) == 6
