"""Administrators look at what waits, and approve it or send it back."""

from datetime import timedelta

import pytest
from django.contrib.messages import get_messages

from regions import revisions
from regions.models import EducationRegion
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
    waiting,
)
from tests.people import advisor, log_in

__all__ = ["boss", "boss_browser", "me", "my_browser", "office"]

LIST = "/beheer/beoordelen/"


def page_of(revision):
    return f"{LIST}{revision.pk}/"


def decide(browser, what, revision, *, seen=None, comment="", **more):
    data = {"do": what, "seen": seen or revision.edition, "comment": comment, **more}
    return browser.post(page_of(revision), data)


def state(revision):
    revision.refresh_from_db()
    return revision.state


def said(response):
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


def test_the_longest_waiting_comes_first(world, boss_browser, office, me):
    other = world.office("ander", description="Oud")
    region = EducationRegion.objects.get()
    waiting(office, me, at=NOW)
    waiting(other, me, at=NOW - timedelta(days=1))
    waiting(region, me, at=NOW - timedelta(days=2))
    propose(world.office("nog-een", description="Oud"), me)

    page = boss_browser.get(LIST)

    subjects = [line.revision.subject for line in page.context["lines"]]
    assert subjects == [region, other, office]
    assert "editor@rotterdam.example" in page.content.decode()


def test_the_list_takes_as_many_queries_for_more(
    world, boss_browser, office, me, django_assert_num_queries, django_assert_max_num_queries
):
    waiting(office, me)
    waiting(EducationRegion.objects.get(), me)
    boss_browser.get(LIST)
    with django_assert_max_num_queries(12) as few:
        boss_browser.get(LIST)
    count = len(few)
    for number in range(3):
        waiting(world.office(f"loket-{number}", description="Oud"), me, sectors=["vo"])
    boss_browser.get(LIST)

    with django_assert_num_queries(count):
        boss_browser.get(LIST)


def test_without_anything_to_review_the_list_says_so(boss_browser):
    page = boss_browser.get(LIST)

    assert page.status_code == 200
    assert page.context["lines"] == []


@pytest.mark.parametrize("who", ["editor", "advisor"])
def test_nobody_else_reviews(client, office, me, who):
    sent = waiting(office, me)
    log_in(client, me if who == "editor" else advisor())

    assert client.get(LIST).status_code == 403
    assert client.get(page_of(sent)).status_code == 404
    assert decide(client, "approve", sent).status_code == 404
    assert state(sent) == State.WAITING


def test_who_is_not_logged_in_is_asked_to(client, office, me):
    sent = waiting(office, me)

    for address in (LIST, page_of(sent)):
        assert client.get(address)["Location"].startswith("/inloggen/")


def test_a_reviewer_sees_what_changes_by_whom_and_why(boss_browser, office, me):
    sent = waiting(office, me, description="Nieuw", website="https://nieuw.nl/")

    page = boss_browser.get(page_of(sent))

    assert [each.difference.field for each in page.context["work"].fields] == [
        "description",
        "website",
    ]
    text = page.content.decode()
    assert "Graag" in text
    assert "editor@rotterdam.example" in text
    assert "/mijn-regio/loketten/rotterdam/voorbeeld/" in text


def test_a_reviewer_sees_what_a_service_area_does(world, boss_browser, me):
    world.postcode("3012")
    office = world.office("gebied", serves=["3011"])
    sent = waiting(office, me, municipalities=["GM3012"])

    page = boss_browser.get(page_of(sent))

    assert page.context["effect"].gained == {"3012"}
    assert page.context["effect"].lost == {"3011"}


def test_what_is_approved_is_public(boss_browser, office, me, boss):
    sent = waiting(office, me)

    answer = decide(boss_browser, "approve", sent, comment="Mooi")

    assert (answer.status_code, answer["Location"]) == (303, LIST)
    assert description() == "Nieuw"
    assert state(sent) == State.PUBLISHED
    assert (sent.reviewer, sent.comment) == (boss, "Mooi")


def test_what_is_approved_for_later_is_planned(boss_browser, office, me):
    draft = propose(office, me)
    sent = revisions.submit(draft, by=me, at=NOW, publish_at=NOW + timedelta(days=9999))

    decide(boss_browser, "approve", sent)

    assert state(sent) == State.PLANNED
    assert description() == "Oud"


def test_what_is_sent_back_needs_a_comment(boss_browser, office, me):
    sent = waiting(office, me)

    without = decide(boss_browser, "send_back", sent, comment="  ")
    before = state(sent)
    answer = decide(boss_browser, "send_back", sent, comment="Korter graag")

    assert without.status_code == 400
    assert 'href="#id_comment"' in without.content.decode()
    assert before == State.WAITING
    assert answer.status_code == 303
    assert (state(sent), sent.comment) == (State.RETURNED, "Korter graag")


def test_a_comment_that_is_too_long_is_kept_and_refused(boss_browser, office, me):
    sent = waiting(office, me)

    answer = decide(boss_browser, "send_back", sent, comment="x" * 2001)

    assert answer.status_code == 400
    assert "x" * 2001 in answer.content.decode()
    assert state(sent) == State.WAITING


def test_what_changed_while_it_was_looked_at_is_shown_and_asked_again(boss_browser, office, me):
    sent = waiting(office, me)
    shown = boss_browser.get(page_of(sent)).context["shown"]
    propose(office, me, website="https://nieuw.nl/")

    answer = decide(boss_browser, "approve", sent, shown=shown, comment="Mooi")

    assert answer.status_code == 409
    assert answer.context["new"] == {"website"}
    assert answer.context["work"].revision.edition == 2
    assert "Mooi" in answer.content.decode()
    assert answer.content.decode().count("is-new") == 1
    assert description() == "Oud"
    assert decide(boss_browser, "approve", sent, seen=2).status_code == 303


@pytest.mark.parametrize("seen", ["", "x", "-1", "9" * 30, "²"])
def test_a_page_that_says_nothing_of_what_it_showed_decides_nothing(boss_browser, office, me, seen):
    sent = waiting(office, me)

    answer = boss_browser.post(page_of(sent), {"do": "approve", "seen": seen})

    assert answer.status_code == 409
    assert state(sent) == State.WAITING


def test_two_reviewers_decide_once(boss_browser, office, me):
    sent = waiting(office, me)
    decide(boss_browser, "approve", sent)

    again = decide(boss_browser, "send_back", sent, comment="Toch niet")

    assert again.status_code == 303
    assert said(again)
    assert state(sent) == State.PUBLISHED


def test_what_is_public_by_now_can_not_be_approved_over_it(boss_browser, office, me):
    sent = waiting(office, me)
    publish_now(office, description="Van hen")

    page = boss_browser.get(page_of(sent)).content.decode()
    decide(boss_browser, "approve", sent)

    assert 'value="approve"' not in page
    assert "/mijn-regio/loketten/rotterdam/voorstel/" in page
    assert (description(), state(sent)) == ("Van hen", State.WAITING)


def test_what_is_decided_already_has_no_buttons(boss_browser, office, me):
    page = boss_browser.get(page_of(planned(office, me))).content.decode()

    assert 'name="do"' not in page


def test_a_review_that_never_was_is_not_found(boss_browser):
    assert boss_browser.get(f"{LIST}12345/").status_code == 404


def test_comments_and_notes_stay_texts(boss_browser, office, me, boss):
    xss = "<script>alert(1)</script>"
    sent = revisions.submit(propose(office, me, description=xss), by=me, at=NOW, note=xss)
    revisions.send_back(sent, by=boss, at=NOW, seen=sent.edition, comment=xss)

    page = boss_browser.get(page_of(sent)).content.decode()

    assert "alert(1)" in page
    assert xss not in page
