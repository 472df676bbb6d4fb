from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from navigator.accounts.models import AuditEntry
from navigator.editing import subjects
from navigator.statistics.models import ProfileView, Source
from regions import completeness, revisions
from regions.models import LinkCheck, RegionalOffice, Revision
from tests import people

OVERVIEW = "/mijn-regio/"


@pytest.fixture
def office(world):
    return world.office("rotterdam", name="Loket Rotterdam", regions=["Rijnmond"])


@pytest.fixture
def region(office):
    return office.regions.get()


@pytest.fixture
def editor(client, region):
    user = people.editor(region, email="editor@rotterdam.example")
    people.log_in(client, user)
    return user


def page(client, address=OVERVIEW):
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def seen(office, day, ordinal=0, **fields):
    return ProfileView.objects.create(
        at=timezone.now(),
        day=day,
        office=office,
        ordinal=ordinal,
        source=Source.DIRECT,
        visitor=None,
        **fields,
    )


def dead(url):
    now = timezone.now()
    return LinkCheck.objects.create(
        url=url,
        result=LinkCheck.Result.DEAD,
        reason="404",
        checked_at=now,
        failing_since=now - timedelta(days=2),
        failures=3,
    )


def test_an_editor_sees_the_own_offices_and_regions_and_no_others(client, world, editor):
    world.office("utrecht", name="Loket Utrecht", regions=["Utrecht"])

    shown = page(client)

    assert "Loket Rotterdam" in shown
    assert "Rijnmond" in shown
    assert "Utrecht" not in shown


def test_what_is_missing_comes_first_with_a_link_to_its_field(client, office, editor):
    shown = page(client)

    must = completeness.completeness(revisions.working_record(office)).missing[0]
    form = subjects.address("section", office, section=must.section)
    assert f'href="{form}#field-{must.field}"' in shown


def test_every_link_to_a_field_leads_to_one(client, office, editor):
    for must in completeness.MUST_HAVES:
        form = page(client, subjects.address("section", office, section=must.section))

        assert f'id="field-{must.field}"' in form, must.code


def test_a_profile_shows_how_complete_it_is_beside_the_middle_of_all(client, world, office, editor):
    world.office("vol", description="Wij helpen.", schools="Tien.", contact_team="Team")

    response = client.get(OVERVIEW)

    overview = response.context["overview"]
    [here] = overview.offices
    scores = completeness.published_scores()
    assert here.profile.score_percent == scores[office.pk]
    assert overview.middle_percent == completeness.middle(scores.values())


def test_views_of_the_last_30_days_are_counted(client, office, editor):
    today = timezone.localdate()
    for ordinal in range(3):
        seen(office, today, ordinal)
    seen(office, today - timedelta(days=29))
    seen(office, today - timedelta(days=30))

    [here] = client.get(OVERVIEW).context["overview"].offices

    assert here.view_count == 4


def test_dead_links_are_counted_and_shown_where_they_are_mended(client, world, office, editor):
    world.edit(
        "rotterdam", website="https://weg.example.nl/", calendar_url="https://er.example.nl/"
    )
    dead("https://weg.example.nl/")

    [here] = client.get(OVERVIEW).context["overview"].offices
    profile = page(client, subjects.address("subject", office))
    form = page(client, subjects.address("section", office, section="contact"))

    assert [link.field for link in here.dead] == ["website"]
    assert "https://weg.example.nl/" in profile
    assert f"{subjects.address('section', office, section='contact')}#field-website" in profile
    assert "Dead link" in form or "https://weg.example.nl/ (" in form


@pytest.mark.parametrize("state", ["draft", "waiting", "returned", "planned"])
def test_what_is_under_way_is_shown(client, office, editor, state):
    now = timezone.now()
    draft = revisions.propose(subject=office, values={"description": "Nieuw."}, by=editor, at=now)
    if state != "draft":
        draft = revisions.submit(draft, by=editor, at=now)
    if state == "returned":
        revisions.send_back(draft, by=None, at=now, seen=draft.edition, comment="Wie zijn *wij*?")
    if state == "planned":
        revisions.plan(draft, by=None, at=now, publish_at=now + timedelta(days=3))

    [here] = client.get(OVERVIEW).context["overview"].offices
    shown = page(client)

    assert (here.planned if state == "planned" else here.open).state == state
    assert ("Wie zijn *wij*?" in shown) == (state == "returned")
    assert 'class="notice' in shown


def test_one_click_says_that_everything_is_still_right(client, office, editor):
    answer = client.post(subjects.address("confirm", office))

    office.refresh_from_db()
    today = timezone.localdate()
    assert answer.status_code == 303
    assert answer["Location"] == OVERVIEW
    assert office.confirmed_on == today
    assert Revision.objects.get().author == editor
    assert AuditEntry.objects.get(what="profile_confirmed").about == "regionaloffice rotterdam"
    [here] = client.get(OVERVIEW).context["overview"].offices
    assert (here.confirmed_on, here.confirmed_by) == (today, "editor@rotterdam.example")


def test_confirming_leaves_the_draft_alone(client, office, editor):
    revisions.propose(
        subject=office, values={"description": "Nieuw."}, by=editor, at=timezone.now()
    )

    client.post(subjects.address("confirm", office), {"back": "subject"})

    office.refresh_from_db()
    assert office.description == ""
    assert set(revisions.open_revision(office).changes) == {"description"}


def test_who_confirmed_is_told_for_the_last_time_alone(client, office, editor):
    earlier = timezone.make_aware(datetime(2026, 1, 5, 12))
    revisions.confirm(office, by=editor, at=earlier)
    RegionalOffice.objects.update(confirmed_on="2026-03-01")  # by a refresh of the source

    [here] = client.get(OVERVIEW).context["overview"].offices

    assert here.confirmed_by == ""


def test_a_region_has_nothing_to_confirm(client, region, editor):
    assert client.post(subjects.address("confirm", region)).status_code == 404


def test_an_office_of_others_can_not_be_seen_or_confirmed(client, world, editor):
    other = world.office("utrecht", regions=["Utrecht"])

    assert client.get(subjects.address("subject", other)).status_code == 404
    assert client.post(subjects.address("confirm", other)).status_code == 404
    other.refresh_from_db()
    assert other.confirmed_on is None


def test_confirming_is_a_post(client, office, editor):
    assert client.get(subjects.address("confirm", office)).status_code == 405


def test_who_has_no_region_yet_reads_whom_to_ask(client, world):
    people.administrator(email="administrator@navigator.example")
    people.log_in(client, people.UserFactory())

    shown = page(client)

    assert "mailto:administrator@navigator.example" in shown


def test_nobody_gets_in_without_logging_in(client, office):
    for address in (OVERVIEW, subjects.address("subject", office)):
        answer = client.get(address)

        assert answer.status_code == 302
        assert answer["Location"].startswith(reverse("account_login"))


def test_an_administrator_gets_a_list_that_can_be_searched(client, world, office):
    world.office("utrecht", name="Loket Utrecht", regions=["Utrecht"])
    people.log_in(client, people.administrator())

    everything = page(client)
    found = client.get(OVERVIEW, {"q": "rotter"}).context["overview"]
    nothing = client.get(OVERVIEW, {"q": "zzz"})

    assert "Loket Utrecht" in everything
    assert "<table" in everything
    assert [str(here.subject) for here in found.offices] == ["Loket Rotterdam"]
    assert nothing.status_code == 200


def test_the_page_of_a_profile_names_all_sections(client, office, editor):
    shown = page(client, subjects.address("subject", office))

    for section in subjects.SECTION_SLUGS:
        there = f'href="{subjects.address("section", office, section=section)}"'
        assert (there in shown) == (section not in ("administration", "region")), section


def test_the_settings_stand_there_for_administrators(client, office):
    people.log_in(client, people.administrator())

    shown = page(client, subjects.address("subject", office))

    assert subjects.address("section", office, section="administration") in shown


def test_a_draft_counts_for_what_will_be_filled(client, office, editor):
    revisions.propose(
        subject=office, values={"description": "Wij helpen."}, by=editor, at=timezone.now()
    )

    here = client.get(subjects.address("subject", office)).context["here"]

    assert len(here.with_draft.filled) == len(here.profile.filled) + 1


def test_the_number_of_queries_stays_the_same_however_many_offices(client, world, office):
    people.log_in(client, people.administrator())
    page(client)
    with CaptureQueriesContext(connection) as few:
        page(client)
    for number in range(6):
        made = world.office(f"loket-{number}", regions=[f"Regio {number}"])
        revisions.propose(subject=made, values={"description": "x"}, by=None, at=timezone.now())
    page(client)  # what all pages know of the directory is looked up anew

    with CaptureQueriesContext(connection) as many:
        page(client)

    assert len(many) == len(few)
