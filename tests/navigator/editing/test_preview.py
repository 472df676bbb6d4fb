"""The page as it will be: for who edits it, and for whom they give its address."""

import secrets

import pytest
from django.utils import timezone

from navigator.statistics.models import ProfileView
from regions import revisions, versions
from regions.models import EducationRegion, RegionalOffice
from tests.navigator.editing.changes import (
    NOW,
    boss,
    me,
    my_browser,
    office,
    planned,
    propose,
    publish_now,
)
from tests.people import editor, log_in

__all__ = ["boss", "me", "my_browser", "office"]

OWN = "/mijn-regio/loketten/rotterdam/voorbeeld/"


@pytest.fixture
def key(office, me):
    return revisions.share(propose(office, me, description="Zo wordt het"))


def shared(key):
    return f"/voorbeeld/{key}/"


def test_an_editor_sees_the_page_as_it_will_be(my_browser, office, me):
    propose(office, me, name="Nieuwe naam", description="Zo **wordt** het")

    page = my_browser.get(OWN)

    text = page.content.decode()
    assert page.status_code == 200
    assert "<h1>Nieuwe naam</h1>" in text
    assert "<strong>wordt</strong>" in text
    assert "revision-banner" in text


def test_the_planned_page_is_seen_too(my_browser, office, me):
    planned(office, me, description="Gepland")
    propose(office, me, description="Bezig")

    assert "Bezig" in my_browser.get(OWN).content.decode()
    assert "Gepland" in my_browser.get(f"{OWN}?welke=gepland").content.decode()


def test_without_a_change_there_is_no_preview(my_browser, office):
    answer = my_browser.get(OWN)

    assert (answer.status_code, answer["Location"]) == (
        302,
        "/mijn-regio/loketten/rotterdam/voorstel/",
    )


def test_who_does_not_edit_it_does_not_find_it(client, office, me):
    propose(office, me)
    stranger = editor(EducationRegion.objects.create(name="Breda", slug="breda"))

    assert client.get(OWN)["Location"].startswith("/inloggen/")
    assert log_in(client, stranger).get(OWN).status_code == 404


def test_whoever_has_the_address_sees_it_without_an_account(client, key):
    page = client.get(shared(key))

    text = page.content.decode()
    assert page.status_code == 200
    assert "Zo wordt het" in text
    assert "revision-banner" in text
    assert "/mijn-regio/" not in text


@pytest.mark.parametrize("address", ["own", "shared"])
def test_nobody_keeps_it_lists_it_or_learns_where_it_is(client, key, me, address):
    there = OWN if address == "own" else shared(key)
    if address == "own":
        log_in(client, me)

    page = client.get(there)

    assert page["X-Robots-Tag"] == "noindex"
    assert page["Referrer-Policy"] == "no-referrer"
    assert "no-store" in page["Cache-Control"]
    assert "private" in page["Cache-Control"]
    assert b'<meta name="robots" content="noindex">' in page.content
    assert b"canonical" not in page.content


def test_looking_at_it_is_not_counted(client, key, me):
    client.get(shared(key))
    log_in(client, me).get(OWN)

    assert not ProfileView.objects.exists()


def test_a_key_that_is_not_known_is_not_found(client, key):
    for other in (secrets.token_urlsafe(32), key[:-1], key.swapcase(), "None"):
        assert client.get(shared(other)).status_code == 404


@pytest.mark.parametrize(
    "end",
    [
        lambda draft: revisions.publish(draft, by=None, at=NOW),
        lambda draft: revisions.withdraw(draft, by=None, at=NOW),
        lambda draft: revisions.unshare(draft),
        lambda draft: revisions.propose(
            subject=draft.subject, values={"description": "Oud"}, by=None, at=NOW
        ),
        lambda draft: RegionalOffice.objects.update(state="archived"),
    ],
)
def test_the_address_is_dead_when_the_change_is_over(client, office, key, end):
    end(revisions.open_revision(office))

    assert client.get(shared(key)).status_code == 404


def test_a_withdrawn_change_that_is_gone_on_with_has_no_old_address(client, office, key):
    draft = revisions.open_revision(office)
    revisions.withdraw(draft, by=None, at=NOW)

    revisions.resume(draft, by=None, at=NOW)

    assert client.get(shared(key)).status_code == 404


def test_the_key_says_nothing_and_can_not_be_guessed(office, key):
    assert len(key) == 43
    assert office.slug not in key


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_it_can_only_be_looked_at(client, key, method):
    assert getattr(client, method)(shared(key)).status_code == 405


def test_it_stands_under_english_addresses_too(client, key):
    page = client.get(f"/en{shared(key)}")

    assert "Preview: not public." in page.content.decode()


def test_a_new_area_is_counted(world, client, me):
    world.postcode("3012")
    office = world.office("gebied", serves=["3011"])
    draft = propose(office, me, municipalities=["GM3011", "GM3012"])

    page = client.get(shared(revisions.share(draft)))

    assert page.context["office"].served_postcodes == 2


def test_an_office_that_is_not_public_yet_has_a_preview(world, client, me):
    office = world.office("nieuw", state="draft", serves=["3011"], description="Oud")
    draft = propose(office, me, description="Straks", state="published")

    page = client.get(shared(revisions.share(draft)))

    assert "Straks" in page.content.decode()
    assert page.context["office"].served_postcodes == 1


def test_a_region_has_a_preview_too(my_browser, client, office, me):
    region = EducationRegion.objects.get()
    draft = propose(region, me, description="Over de *regio*")

    own = my_browser.get("/mijn-regio/regios/rotterdam/voorbeeld/").content.decode()
    page = client.get(shared(revisions.share(draft))).content.decode()

    assert "<em>regio</em>" in own
    assert "<em>regio</em>" in page
    assert "Loket Rotterdam" in page


@pytest.mark.parametrize("field", ["name", "description", "phone_note", "visiting_address"])
def test_what_somebody_typed_stays_a_text(client, office, me, field):
    draft = propose(office, me, **{field: "<script>alert(1)</script>"})

    page = client.get(shared(revisions.share(draft))).content.decode()

    assert "<script>alert" not in page


# A draft is nowhere else

PUBLIC = [
    "/",
    "/regioloketten/",
    "/regioloketten/rotterdam/",
    "/onderwijsregios/",
    "/onderwijsregios/rotterdam/",
    "/sitemap.xml",
    "/zoeken/?postcode=3011",
    "/api/v1/offices",
    "/api/v1/offices/rotterdam",
    "/api/v1/regions",
    "/api/v1/searches",
]


def ask(client, address):
    if address == "/api/v1/searches":
        return client.post(address, {"postcode": "3011"}, "application/json")
    return client.get(address)


@pytest.mark.parametrize("address", PUBLIC)
@pytest.mark.parametrize("make", [propose, planned])
def test_the_public_sees_nothing_of_what_is_not_published(world, client, me, office, address, make):
    world.postcode("3011")
    region = EducationRegion.objects.get()
    publish_now(office, municipalities=["GM3011"])
    before = ask(client, address).content
    for subject in (office, region):
        draft = make(subject, me, name="Geheime naam", description="Geheime tekst")
        revisions.share(draft)
    versions.forget()

    after = ask(client, address)

    assert after.status_code == 200
    assert b"Geheime" not in after.content
    assert revisions.fingerprint(after.content.decode()) == revisions.fingerprint(before.decode())


def test_an_office_in_draft_is_nowhere(world, client, me):
    world.office("verborgen", state="draft", regions=["Rotterdam"], serves=["3011"])

    for address in PUBLIC:
        assert b"verborgen" not in client.get(address.replace("/rotterdam", "/")).content
    assert client.get("/regioloketten/verborgen/").status_code == 404
    assert client.get("/api/v1/offices/verborgen").status_code == 404


@pytest.mark.parametrize("state", ["draft", "archived"])
def test_a_region_that_is_not_published_is_nowhere(world, client, office, state):
    hidden = EducationRegion.objects.create(name="Verborgen regio", slug="verborgen", state=state)
    office.regions.add(hidden)
    world.publish()

    for address in PUBLIC:
        assert b"erborgen" not in client.get(address).content, address
    assert client.get("/onderwijsregios/verborgen/").status_code == 404


def test_what_is_published_is_public_at_once(
    client, office, me, django_capture_on_commit_callbacks
):
    draft = propose(office, me, description="Nu openbaar")
    before = client.get("/regioloketten/rotterdam/").content

    with django_capture_on_commit_callbacks(execute=True):
        revisions.publish(draft, by=me, at=timezone.now())

    assert b"Nu openbaar" not in before
    assert b"Nu openbaar" in client.get("/regioloketten/rotterdam/").content
    assert "Nu openbaar" in client.get("/api/v1/offices/rotterdam").json()["description"]
