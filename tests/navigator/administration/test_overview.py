from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from navigator.accounts.models import Invitation
from navigator.statistics.models import Search
from regions import revisions
from regions.models import LinkCheck, Revision
from tests import people

PAGES = ["overview", "gaps", "stale", "incomplete", "dead_links", "exchange", "arrangement"]


@pytest.fixture
def directory(world):
    """An office for primary schools in 3011; nobody for secondary schools."""
    world.postcode("3011", place="Rotterdam", municipality="Rotterdam")
    world.postcode("9711", place="Groningen", municipality="Groningen")
    return world.office("rijnmond", serves=["3011"], regions=["Rijnmond"], website="https://a.nl/")


def search(**fields):
    defaults = {"at": timezone.now(), "day": timezone.localdate(), "ordinal": 0, "serving": 0}
    return Search.objects.create(**{**defaults, "source": "direct", **fields})


@pytest.mark.parametrize("page", PAGES)
def test_the_pages_are_for_administrators_alone(client, world, page):
    region = world.office("a", regions=["A"]).regions.get()
    people.log_in(client, people.editor(region))

    response = client.get(reverse(f"administration:{page}"))

    assert response.status_code == 403


@pytest.mark.parametrize("page", PAGES)
def test_an_administrator_sees_the_page(admin_client, directory, page):
    response = admin_client.get(reverse(f"administration:{page}"))

    assert response.status_code == 200


def test_the_overview_shows_what_waits(admin_client, administrator, directory):
    now = timezone.now()
    change = revisions.propose(
        subject=directory, values={"description": "Nieuw"}, by=administrator, at=now
    )
    revisions.submit(change, by=administrator, at=now)
    LinkCheck.objects.create(url="https://a.nl/", result="dead", reason="404", checked_at=now)
    Invitation.objects.create(
        email="editor@rotterdam.example",
        created_at=now,
        sent_at=now,
        expires_at=now + timedelta(days=14),
        key_hash="0" * 64,
    )

    page = admin_client.get(reverse("administration:overview"))

    work = page.context["work"]
    assert [revision.pk for revision in work.reviews] == [change.pk]
    assert [state.office for state in work.stale] == [directory]
    assert [line.office for line in work.incomplete] == [directory]
    assert work.dead_link_count == 1
    assert [each.email for each in work.invitations] == ["editor@rotterdam.example"]
    assert reverse("administration:review", args=[change.pk]) in page.content.decode()


def test_the_number_of_queries_does_not_rise_with_what_waits(
    admin_client, administrator, world, directory, django_assert_num_queries
):
    admin_client.get(reverse("administration:overview"))

    def count():
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(
            connection,
        ) as queries:
            admin_client.get(reverse("administration:overview"))
        return len(queries)

    before = count()
    now = timezone.now()
    for number in range(4):
        office = world.office(f"loket-{number}", regions=[f"Regio {number}"])
        change = revisions.propose(
            subject=office, values={"description": "Nieuw"}, by=administrator, at=now
        )
        revisions.submit(change, by=administrator, at=now)
    admin_client.get(reverse("administration:overview"))

    assert count() == before


def test_postcodes_without_an_office_are_counted_by_sector(admin_client, directory):
    page = admin_client.get(reverse("administration:overview"))

    gaps = {each.sector.pk: each for each in page.context["work"].gaps}
    assert gaps["po"].postcode_count == 1
    assert gaps["vo"].nobody_anywhere


def test_the_list_can_be_narrowed_to_a_sector(admin_client, world, directory):
    world.office("noord", sectors=["vo"], serves=["9711"])

    primary = admin_client.get(reverse("administration:gaps"), {"sector": "po"})
    secondary = admin_client.get(reverse("administration:gaps"), {"sector": "vo"})

    assert [each.municipality.name for each in primary.context["page"]] == ["Groningen"]
    assert [each.municipality.name for each in secondary.context["page"]] == ["Rotterdam"]


def test_where_people_searched_most_comes_first(admin_client, world, directory):
    world.postcode("3311", place="Dordrecht", municipality="Dordrecht")
    for ordinal in range(3):
        search(postcode="9711", sector="po", ordinal=ordinal)
    search(postcode="3311")
    search(postcode="3011", sector="vo")
    search(postcode="9711", sector="po", ordinal=9, day=timezone.localdate() - timedelta(days=90))
    search(postcode="9711", sector="po", ordinal=10, serving=2)

    page = admin_client.get(reverse("administration:gaps"), {"sector": "po"})

    found = [(each.municipality.name, each.search_count) for each in page.context["page"]]
    assert found == [("Groningen", 3), ("Dordrecht", 1)]
    asked = [(each.postcode, each.count) for each in page.context["searched"]]
    assert asked == [("9711", 3), ("3011", 1), ("3311", 1)]


def test_an_unknown_sector_or_page_shows_the_first_page_of_all(admin_client, directory):
    page = admin_client.get(reverse("administration:gaps"), {"sector": "x", "pagina": "999"})

    assert page.status_code == 200
    assert page.context["chosen"] is None


def test_a_planned_change_is_on_the_overview(admin_client, administrator, directory):
    now = timezone.now()
    change = revisions.propose(
        subject=directory, values={"description": "Later"}, by=administrator, at=now
    )
    revisions.plan(change, by=administrator, at=now, publish_at=now + timedelta(days=1))

    page = admin_client.get(reverse("administration:overview"))

    assert [each.pk for each in page.context["work"].planned] == [change.pk]
    assert Revision.objects.planned().count() == 1
