"""The page of a change: what differs, what stands in its way, and what can be done with it."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.contrib.messages import get_messages
from django.utils import timezone

from navigator.editing.forms import publication as forms
from regions import revisions
from regions.models import EducationRegion, Revision
from tests.navigator.editing.changes import (
    PAGE,
    State,
    boss,
    boss_browser,
    description,
    do,
    me,
    my_browser,
    office,
    planned,
    propose,
    publish_now,
    waiting,
    without_review,
)
from tests.people import advisor, editor, log_in

__all__ = ["boss", "boss_browser", "me", "my_browser", "office"]

NOON = {"submit-day": "2031-05-01", "submit-time": "12:00"}


def said(response):
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


def state(revision):
    revision.refresh_from_db()
    return revision.state


# Looking


def test_without_a_change_the_page_says_so(my_browser):
    page = my_browser.get(PAGE)

    assert page.status_code == 200
    assert page.context["work"] is None
    assert b"<form" in page.content  # to log out; there is nothing else to press
    assert b'name="do"' not in page.content


def test_the_page_shows_what_differs_and_who_changed_it(my_browser, office, me):
    propose(office, me, description="Nieuw", website="https://nieuw.nl/")

    page = my_browser.get(PAGE)

    [first, second] = page.context["work"].fields
    assert (first.difference.field, first.by) == ("description", "editor@rotterdam.example")
    assert second.difference.after == "https://nieuw.nl/"
    assert "<del>" in page.content.decode()


def test_the_number_of_queries_does_not_grow_with_the_change(
    my_browser, office, me, django_assert_max_num_queries
):
    propose(office, me, description="Nieuw")
    my_browser.get(PAGE)
    with django_assert_max_num_queries(40) as few:
        my_browser.get(PAGE)
    count = len(few)
    propose(office, me, name="Naam", sectors=["vo", "ho"], phone="+31302270374")

    with django_assert_max_num_queries(count + 1):  # and the names of sectors
        my_browser.get(PAGE)


@pytest.mark.parametrize("method", ["get", "post"])
def test_who_does_not_edit_it_does_not_find_it(client, office, me, method):
    stranger = editor(EducationRegion.objects.create(name="Breda", slug="breda"))
    draft = propose(office, me)

    for user in (stranger, advisor()):
        log_in(client, user)
        data = {"do": "withdraw", "revision": draft.pk}
        assert getattr(client, method)(PAGE, data).status_code == 404
    assert state(draft) == State.DRAFT


def test_who_is_not_logged_in_is_asked_to(client, office):
    assert client.get(PAGE)["Location"].startswith("/inloggen/")


def test_a_change_of_another_office_is_not_touched(world, my_browser, me):
    other = world.office("ander", description="Oud")
    draft = propose(other, me)

    assert do(my_browser, "withdraw", draft).status_code == 404
    assert state(draft) == State.DRAFT


@pytest.mark.parametrize(
    "data", [{}, {"do": "delete"}, {"do": "submit"}, {"do": "submit", "revision": "x"}]
)
def test_what_nobody_can_press_is_refused(my_browser, office, data):
    assert my_browser.post(PAGE, data).status_code == 400


# Sending for review


def test_an_editor_sends_it_for_review(my_browser, office, me):
    draft = propose(office, me)

    answer = do(my_browser, "submit", draft, **{"submit-note": "Graag voor mei"}, **NOON)

    assert (answer.status_code, answer["Location"]) == (303, PAGE)
    draft.refresh_from_db()
    assert (draft.state, draft.note) == (State.WAITING, "Graag voor mei")
    assert draft.publish_at == datetime(2031, 5, 1, 10, tzinfo=UTC)


@pytest.mark.parametrize("what", ["publish", "plan"])
def test_an_editor_whose_changes_are_reviewed_publishes_nothing(my_browser, office, me, what):
    draft = propose(office, me)

    answer = do(my_browser, what, draft, **{"plan-day": "2031-05-01", "plan-time": "12:00"})

    assert answer.status_code == 403
    assert state(draft) == State.DRAFT


def test_buttons_are_those_that_work(my_browser, office, me):
    propose(office, me)
    before = my_browser.get(PAGE).content
    without_review()

    after = my_browser.get(PAGE).content

    assert b'value="submit"' in before
    assert b'value="publish"' not in before
    assert b'value="publish"' in after
    assert b'value="plan"' in after


def test_what_holds_placeholders_can_not_be_sent_and_says_where(my_browser, office, me):
    draft = propose(office, me, description="Bel [naam]")

    page = my_browser.get(PAGE)
    do(my_browser, "submit", draft)

    assert page.context["work"].fields[0].left == ("[naam]",)
    assert b'value="submit"' not in page.content
    assert state(draft) == State.DRAFT


def test_half_a_moment_is_asked_again_and_what_was_typed_stays(my_browser, office, me):
    draft = propose(office, me)

    answer = do(
        my_browser, "submit", draft, **{"submit-note": "Mijn uitleg", "submit-day": "2031-05-01"}
    )

    assert answer.status_code == 400
    assert "time" in answer.context["submit_form"].errors
    page = answer.content.decode()
    assert "Mijn uitleg" in page
    assert 'value="2031-05-01"' in page
    assert 'href="#id_submit-time"' in page


# Publishing


def test_who_may_publishes_at_once(my_browser, office, me):
    without_review()
    draft = propose(office, me)

    answer = do(my_browser, "publish", draft)

    assert answer.status_code == 303
    assert description() == "Nieuw"


def test_a_change_that_grew_meanwhile_is_looked_at_first(my_browser, office, me):
    without_review()
    draft = propose(office, me)
    propose(office, None, name="Erbij gekomen")

    answer = do(my_browser, "publish", draft)

    assert answer.status_code == 303
    assert said(answer)
    assert description() == "Oud"


def test_what_is_for_administrators_is_not_published_by_an_editor(my_browser, office, me, boss):
    without_review()
    draft = propose(office, boss, slug="gekaapt", regions=[])

    page = my_browser.get(PAGE)
    answer = do(my_browser, "publish", draft)

    assert not page.context["work"].may_publish
    assert answer.status_code == 403
    office.refresh_from_db()
    assert office.slug == "rotterdam"


def test_an_administrator_publishes_a_new_address_and_goes_on_there(boss_browser, office, boss):
    draft = propose(office, boss, slug="verhuisd")

    answer = do(boss_browser, "publish", draft)

    assert answer["Location"] == "/mijn-regio/loketten/verhuisd/voorstel/"


def test_the_same_button_twice_says_that_it_is_done(my_browser, office, me):
    without_review()
    draft = propose(office, me)
    do(my_browser, "publish", draft)

    again = do(my_browser, "publish", draft)

    assert again.status_code == 303
    assert said(again)


# Planning


def test_who_may_plans_it_in_the_time_of_the_netherlands(my_browser, office, me):
    without_review()
    draft = propose(office, me)

    answer = do(my_browser, "plan", draft, **{"plan-day": "2031-07-01", "plan-time": "09:30"})

    assert answer.status_code == 303
    assert "1 juli 2031 09:30" in said(answer)
    draft.refresh_from_db()
    assert draft.publish_at == datetime(2031, 7, 1, 7, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "hour", "field"),
    [
        ("2020-01-01", "12:00", "day"),
        ("2031-03-30", "02:30", "time"),  # the clock goes from two to three
        ("0001-01-01", "00:00", "time"),
        ("2031-02-30", "12:00", "day"),
        ("", "12:00", "day"),
        ("2031-05-01", "", "time"),
    ],
)
def test_a_moment_that_can_not_be_is_refused_at_its_field(my_browser, office, me, day, hour, field):
    without_review()
    draft = propose(office, me)

    answer = do(my_browser, "plan", draft, **{"plan-day": day, "plan-time": hour})

    assert answer.status_code == 400
    assert list(answer.context["plan_form"].errors) == [field]
    assert state(draft) == State.DRAFT


def test_an_hour_that_comes_twice_is_the_first_of_both():
    assert forms.moment(date(2031, 10, 26), time(2, 30)) == datetime(
        2031, 10, 26, 0, 30, tzinfo=UTC
    )


def test_a_planned_change_is_shown_and_published_before_its_moment(my_browser, office, me):
    without_review()
    revision = planned(office, me)

    page = my_browser.get(PAGE)
    do(my_browser, "publish", revision)

    assert page.context["planned"].revision == revision
    assert description() == "Nieuw"


def test_an_approved_plan_is_not_hurried_by_who_may_not_publish(my_browser, office, me):
    revision = planned(office, me)

    assert do(my_browser, "publish", revision).status_code == 403
    assert state(revision) == State.PLANNED


def test_a_planned_change_becomes_a_draft_again(my_browser, office, me):
    revision = planned(office, me)

    do(my_browser, "resume", revision)

    assert state(revision) == State.DRAFT


def test_a_change_that_failed_at_its_moment_says_so(my_browser, office, me):
    revision = planned(office, me, publish_at=timezone.now() - timedelta(hours=1))
    publish_now(office, description="Van hen")
    [due] = revisions.due(timezone.now())
    revisions.publish_if_due(due, timezone.now())

    page = my_browser.get(PAGE)

    assert state(revision) == State.RETURNED
    assert page.context["work"].clashes


# Withdrawing, and what moved on meanwhile


def test_it_is_withdrawn_and_gone_on_with(my_browser, office, me):
    draft = propose(office, me)

    do(my_browser, "withdraw", draft)
    gone = state(draft)
    do(my_browser, "resume", draft)

    assert (gone, state(draft)) == (State.WITHDRAWN, State.DRAFT)


def test_what_waits_for_review_can_be_withdrawn(my_browser, office, me):
    sent = waiting(office, me)

    do(my_browser, "withdraw", sent)

    assert state(sent) == State.WITHDRAWN


def test_what_moved_on_is_chosen_between(my_browser, office, me):
    without_review()
    draft = propose(office, me, description="Van mij", name="Naam van mij")
    publish_now(office, description="Van hen", name="Naam van hen")
    page = my_browser.get(PAGE)
    mark = page.context["work"].clash_mark

    do(my_browser, "publish", draft)
    refused = description()
    do(
        my_browser,
        "settle",
        draft,
        clash=mark,
        **{"keep.description": "mine", "keep.name": "theirs"},
    )
    draft.refresh_from_db()

    assert [each.difference.field for each in page.context["work"].clashes] == [
        "name",
        "description",
    ]
    assert refused == "Van hen"
    assert draft.changes == {"description": ["Van hen", "Van mij"]}


@pytest.mark.parametrize("choice", [{}, {"keep.description": "both"}])
def test_every_field_is_chosen(my_browser, office, me, choice):
    draft = propose(office, me, description="Van mij")
    publish_now(office, description="Van hen")
    mark = my_browser.get(PAGE).context["work"].clash_mark

    answer = do(my_browser, "settle", draft, clash=mark, **choice)

    assert said(answer)
    draft.refresh_from_db()
    assert draft.changes == {"description": ["Oud", "Van mij"]}


def test_a_choice_counts_for_what_was_seen(my_browser, office, me):
    draft = propose(office, me, description="Van mij")
    publish_now(office, description="Van hen")
    mark = my_browser.get(PAGE).context["work"].clash_mark
    publish_now(office, description="Nog later van hen")

    do(my_browser, "settle", draft, clash=mark, **{"keep.description": "mine"})

    draft.refresh_from_db()
    assert draft.changes == {"description": ["Oud", "Van mij"]}


# The address to share


def test_an_address_to_share_is_made_and_stopped(my_browser, office, me):
    draft = propose(office, me)

    do(my_browser, "share", draft)
    shared = my_browser.get(PAGE).content.decode()
    key = Revision.objects.get().preview_key
    do(my_browser, "unshare", draft)

    assert f"http://testserver/voorbeeld/{key}/" in shared
    assert Revision.objects.get().preview_key is None


def test_regions_have_the_same_page(client, office, me):
    region = EducationRegion.objects.get()
    propose(region, me, description="Over de regio")

    page = log_in(client, me).get("/mijn-regio/regios/rotterdam/voorstel/")

    assert [each.difference.field for each in page.context["work"].fields] == ["description"]


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>"])
def test_what_somebody_typed_stays_a_text(my_browser, office, me, text):
    revision = propose(office, me, description=text, phone_note=text)
    revisions.submit(revision, by=me, at=timezone.now(), note=text)

    page = my_browser.get(PAGE).content.decode()

    assert "alert(1)" in page
    assert text not in page
