"""Everything that changed can be read, and any earlier state brought back in one step."""

from datetime import timedelta

import pytest

from regions import revisions
from regions.models import EducationRegion, RegionalOffice, Revision
from tests.navigator.editing.changes import (
    NOW,
    State,
    boss,
    boss_browser,
    description,
    me,
    my_browser,
    office,
    planned,
    propose,
    publish_now,
    without_review,
)
from tests.people import editor, log_in

__all__ = ["boss", "boss_browser", "me", "my_browser", "office"]

LIST = "/mijn-regio/loketten/rotterdam/geschiedenis/"
FIRST = f"{LIST}begin/"


def page_of(revision):
    return f"{LIST}{revision.pk}/"


def bring_back(browser, address):
    """Look at the page and press its button."""
    seen = browser.get(address).context["seen"]
    return browser.post(address, {"seen": seen})


def test_the_last_change_comes_first_with_who_and_how(my_browser, office, me, boss):
    publish_now(office, me, description="Een")
    publish_now(office, boss, at=NOW + timedelta(days=1), website="https://twee.nl/")
    revisions.confirm(office, by=me, at=NOW + timedelta(days=2))

    page = my_browser.get(LIST)

    changed = [list(line.revision.changes) for line in page.context["lines"]]
    assert changed == [["confirmed_on"], ["website"], ["description"]]
    text = page.content.decode()
    assert "administrator@navigator.example" in text
    assert "editor@rotterdam.example" in text


def test_what_is_under_way_and_what_was_withdrawn_stand_there_too(my_browser, office, me):
    withdrawn = propose(office, me)
    revisions.withdraw(withdrawn, by=me, at=NOW)
    planned(office, me, name="Gepland")
    propose(office, me, description="Bezig")

    states = {line.revision.state for line in my_browser.get(LIST).context["lines"]}

    assert states == {State.WITHDRAWN, State.PLANNED, State.DRAFT}


def test_a_change_of_which_nothing_is_left_does_not_stand_there(my_browser, office, me):
    draft = propose(office, me, description="Van mij")
    publish_now(office, me, description="Van hen")
    revisions.settle(draft, by=me, at=NOW, keep_mine=[])

    assert len(my_browser.get(LIST).context["lines"]) == 1
    assert my_browser.get(page_of(draft)).status_code == 404


def test_a_long_history_has_pages_and_takes_no_more_queries(
    my_browser, office, me, django_assert_max_num_queries, django_assert_num_queries
):
    publish_now(office, me, description="0")
    my_browser.get(LIST)
    with django_assert_max_num_queries(14) as few:
        my_browser.get(LIST)
    count = len(few)
    for number in range(1, 30):
        publish_now(office, me, description=str(number), sectors=["vo"])

    with django_assert_num_queries(count):
        first = my_browser.get(LIST)
    second = my_browser.get(f"{LIST}?page=2")

    assert [len(page.context["lines"]) for page in (first, second)] == [25, 5]
    assert 'href="?page=2"' in first.content.decode()


@pytest.mark.parametrize("page", ["0", "99", "x", "-1"])
def test_a_page_that_is_not_there_is_the_nearest(my_browser, office, me, page):
    publish_now(office, me, description="Een")

    assert my_browser.get(LIST, {"page": page}).status_code == 200


def test_who_does_not_edit_it_does_not_find_it(client, office, me):
    stranger = editor(EducationRegion.objects.create(name="Breda", slug="breda"))
    published = publish_now(office, me, description="Een")
    log_in(client, stranger)

    for address in (LIST, FIRST, page_of(published)):
        assert client.get(address).status_code == 404
    for address in (FIRST, page_of(published)):
        assert client.post(address, {"seen": "x"}).status_code == 404


def test_the_history_of_another_office_is_not_reached_through_mine(world, my_browser, me):
    other = world.office("ander", description="Oud")
    published = publish_now(other, me, description="Een")

    assert my_browser.get(page_of(published)).status_code == 404
    assert my_browser.post(page_of(published), {"seen": "x"}).status_code == 404


def test_a_change_shows_from_what_to_what(my_browser, office, me):
    published = publish_now(office, me, description="Nieuw")

    page = my_browser.get(page_of(published))

    assert [each.field for each in page.context["differences"]] == ["description"]
    assert "<del>" in page.content.decode()


def test_who_may_publish_brings_back_a_state_at_once(my_browser, office, me):
    without_review()
    first = publish_now(office, me, description="Een")
    publish_now(office, me, description="Twee", name="Nieuwe naam")

    answer = bring_back(my_browser, page_of(first))

    assert (answer.status_code, answer["Location"]) == (303, LIST)
    office.refresh_from_db()
    assert (office.description, office.name) == ("Een", "Loket Rotterdam")
    last = Revision.objects.published().first()
    assert (last.origin, last.restores, last.author) == ("restore", first, me)


def test_who_is_reviewed_brings_it_back_as_a_draft(my_browser, office, me):
    first = publish_now(office, me, description="Een")
    publish_now(office, me, description="Twee")

    answer = bring_back(my_browser, page_of(first))

    assert answer["Location"] == "/mijn-regio/loketten/rotterdam/voorstel/"
    assert revisions.open_revision(office).changes == {"description": ["Twee", "Een"]}
    assert description() == "Twee"


def test_it_is_brought_back_as_it_was_at_first(my_browser, office, me):
    without_review()
    publish_now(office, me, description="Een")

    bring_back(my_browser, FIRST)

    assert description() == "Oud"


def test_an_editor_brings_back_nothing_that_is_for_administrators(
    my_browser, boss_browser, office, me, boss
):
    without_review()
    first = publish_now(office, me, description="Een")
    publish_now(office, boss, slug="verhuisd", description="Twee", nationwide=True)
    there = page_of(first).replace("rotterdam", "verhuisd")

    bring_back(my_browser, there)
    by_editor = RegionalOffice.objects.get()
    bring_back(boss_browser, there)
    by_administrator = RegionalOffice.objects.get()

    assert (by_editor.description, by_editor.slug, by_editor.nationwide) == (
        "Een",
        "verhuisd",
        True,
    )
    assert (by_administrator.slug, by_administrator.nationwide) == ("rotterdam", False)


def test_nothing_is_brought_back_over_what_was_not_seen(my_browser, office, me):
    without_review()
    first = publish_now(office, me, description="Een")
    publish_now(office, me, description="Twee")
    seen = my_browser.get(page_of(first)).context["seen"]
    publish_now(office, me, description="Drie")

    my_browser.post(page_of(first), {"seen": seen})

    assert description() == "Drie"


def test_the_present_state_needs_no_bringing_back(my_browser, office, me):
    last = publish_now(office, me, description="Een")

    page = my_browser.get(page_of(last))

    assert page.context["to_restore"] == ()
    assert b'name="seen"' not in page.content


@pytest.mark.parametrize("make", [propose, planned])
def test_what_was_never_public_can_not_be_brought_back(my_browser, office, me, make):
    never = make(office, me)

    page = my_browser.get(page_of(never))

    assert b'name="seen"' not in page.content
    assert my_browser.post(page_of(never), {"seen": page.context["seen"]}).status_code == 404


def test_what_was_withdrawn_can_be_gone_on_with(my_browser, office, me):
    draft = propose(office, me)
    revisions.withdraw(draft, by=me, at=NOW)

    page = my_browser.get(page_of(draft)).content.decode()

    assert 'value="resume"' in page
    assert 'action="/mijn-regio/loketten/rotterdam/voorstel/"' in page


def test_regions_have_a_history_too(my_browser, office, me):
    region = EducationRegion.objects.get()
    without_review()
    first = publish_now(region, me, description="Een")
    publish_now(region, me, description="Twee")

    bring_back(my_browser, f"/mijn-regio/regios/rotterdam/geschiedenis/{first.pk}/")

    region.refresh_from_db()
    assert region.description == "Een"
