"""An advisor hears that something is wrong, and those who keep the office right decide."""

from datetime import UTC, datetime
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.utils.html import escape

from navigator.accounts import rules
from navigator.accounts.models import AuditEntry
from navigator.editing.views import corrections as views
from regions import records, revisions, suggestions
from regions.models import RegionalOffice, Revision
from tests.navigator.editing.changes import (
    boss,
    boss_browser,
    me,
    my_browser,
    office,
    propose,
    publish_now,
    without_review,
)
from tests.people import advisor, editor, log_in
from tests.security.pages import danger_in

__all__ = ["boss", "boss_browser", "me", "my_browser", "office"]

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)
PAGE = "/en/advies/verbeteringen/rotterdam/"
LIST = "/en/advies/verbeteringen/"
SUBJECT = "/en/mijn-regio/loketten/rotterdam/"
NEW, OTHER = "+31302270375", "+31302270376"
State = Revision.State


@pytest.fixture
def listener(db):
    return advisor(email="advisor@navigator.example")


@pytest.fixture
def desk(listener):
    """The browser of the advisor."""
    return log_in(Client(), listener)


def opened(browser, page=PAGE):
    """The form as a browser would post it."""
    form = browser.get(page).context["form"]
    data = {"base": form["base"].value()}
    for name, field in form.fields.items():
        if hasattr(field, "weekday"):
            typed = form[name].value()
            data |= {f"{name}.{part}": typed[part] for part in ("from1", "until1", "from2")}
        elif name not in ("base", "seen"):
            data[name] = form[name].value() or ""
    return data


def send(browser, page=PAGE, **typed):
    return browser.post(page, {**opened(browser, page.partition("?")[0]), **typed})


def suggest(office, by, **values):
    values = values or {"phone": NEW}
    return suggestions.suggest(office, values, by=by, at=NOW, note="Nummer dood").revision


def suggestion_page(revision):
    return f"/en/mijn-regio/verbeteringen/{revision.pk}/"


def wrong(response):
    return {name: list(errors) for name, errors in response.context["form"].errors.items()}


# The form


def test_the_form_shows_what_is_public_and_not_what_is_worked_on(desk, office):
    publish_now(office, phone=NEW)
    propose(office, phone=OTHER)

    typed = opened(desk)

    assert typed["phone"] == "030 227 0375"


@pytest.mark.parametrize(
    ("query", "focus"),
    [
        ("", "phone"),
        ("?veld=email", "email"),
        ("?veld=phone_hours", "phone_hours.1"),
        ("?veld=name", "phone"),
    ],
)
def test_typing_begins_in_the_field_that_is_asked(desk, office, query, focus):
    form = desk.get(PAGE + query).context["form"]

    assert [name for name, field in form.fields.items() if getattr(field, "has_focus", 0)] == [
        focus
    ]


def test_a_correction_waits_and_the_advisor_is_back_at_the_desk(desk, office, listener):
    answer = send(desk, phone="030 227 0375", note="De beller zei: dood nummer.")

    assert answer.status_code == 303
    assert answer["Location"] == "/en/advies/"
    waiting = Revision.objects.get()
    assert (waiting.state, waiting.author) == (State.SUGGESTED, listener)
    assert waiting.changes == {"phone": ["", NEW]}
    assert waiting.note == "De beller zei: dood nummer."
    assert AuditEntry.objects.get(what="correction_suggested").who == listener


@pytest.mark.parametrize(
    ("back", "there"),
    [
        ("/en/advies/?q=3011&support=webinar", "/en/advies/?q=3011&support=webinar"),
        ("https://evil.example/en/advies/?q=1", "/en/advies/"),
        ("//evil.example/en/advies/?q=1", "/en/advies/"),
        ("/en/advies/../uitloggen/?q=1", "/en/advies/"),
        ("/en/advies/gesprekken/?q=1", "/en/advies/"),
        ("/en/advies/?" + "q" * 3000, "/en/advies/"),
        ("javascript:alert(1)", "/en/advies/"),
    ],
)
def test_the_way_back_is_the_desk_alone(desk, office, back, there):
    page = f"{PAGE}?{urlencode({'terug': back})}"

    shown = desk.get(page)
    answer = send(desk, page, phone="030 227 0375")

    assert shown.context["back"] == there
    assert answer["Location"] == there


@pytest.mark.parametrize(
    ("came_from", "there"),
    [
        ("http://testserver/en/advies/?q=Almere", "/en/advies/?q=Almere"),
        ("https://evil.example/en/advies/?q=Almere", "/en/advies/"),
        ("http://testserver/en/account/", "/en/advies/"),
    ],
)
def test_without_a_way_back_it_is_the_desk_as_it_was(desk, office, came_from, there):
    page = desk.get(PAGE, headers={"Referer": came_from})

    assert page.context["back"] == there
    assert f'action="?{urlencode({"terug": there})}"' in page.content.decode()


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"phone": "030"}, "phone"),
        ({"email": "no address"}, "email"),
        ({"phone_hours.1.from1": "17:00", "phone_hours.1.until1": "9:00"}, "phone_hours.1"),
        ({"website": "javascript:alert(1)"}, "website"),
        ({"phone_note": "Bel [dag]"}, "phone_note"),
        ({"phone": "030 227 0375", "note": "Bel mij op 06 12345678"}, "note"),
        ({"phone": "030 227 0375", "note": "Mail a.b@kandidaat.example"}, "note"),
        ({}, "__all__"),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_what_was_typed_stays(desk, office, typed, field):
    answer = send(desk, **typed)

    assert answer.status_code == 400
    assert list(wrong(answer)) == [field]
    for name, text in typed.items():
        assert f'value="{escape(text)}"' in answer.content.decode(), name
    assert danger_in(answer.content.decode()) == []
    assert not Revision.objects.exists()


def test_a_form_that_was_not_handed_out_suggests_nothing(desk, office):
    publish_now(office, phone=NEW)

    answer = desk.post(PAGE, {"phone": "", "email": "x@evil.example", "base": "made:up"})

    assert answer.status_code == 400
    assert not Revision.objects.suggested().exists()


def test_fields_that_the_form_has_not_are_left_alone(desk, office):
    send(desk, phone="030 227 0375", name="Anders", slug="x", state="archived", visiting_point="1")

    assert set(Revision.objects.get().changes) == {"phone"}


def test_what_another_put_right_meanwhile_is_left_alone(desk, office):
    typed = opened(desk)
    publish_now(office, email="info@loket.example")

    desk.post(PAGE, {**typed, "phone": "030 227 0375"})

    assert Revision.objects.suggested().get().changes == {"phone": ["", NEW]}


def test_what_another_changed_in_the_same_field_is_told_first(desk, office):
    typed = opened(desk)
    publish_now(office, phone=OTHER)

    answer = desk.post(PAGE, {**typed, "phone": "030 227 0375"})

    assert answer.status_code == 400
    [told] = wrong(answer)["phone"]
    assert OTHER in told
    again = {**typed, "phone": "030 227 0375", "base": answer.context["form"]["base"].value()}
    assert desk.post(PAGE, again).status_code == 303
    assert Revision.objects.suggested().get().changes == {"phone": [OTHER, NEW]}


def test_an_address_takes_no_old_point_along(desk, office):
    publish_now(office, visiting_address="Oud 1, Rotterdam", visiting_point=[51.92, 4.48])

    send(desk, visiting_address="Nieuw 2, Rotterdam")

    assert Revision.objects.suggested().get().changes == {
        "visiting_address": ["Oud 1, Rotterdam", "Nieuw 2, Rotterdam"],
        "visiting_point": [[51.92, 4.48], None],
    }


def test_an_office_that_can_be_visited_keeps_an_address(desk, office):
    publish_now(office, visiting_address="Oud 1, Rotterdam", has_visiting_location=True)

    answer = send(desk, visiting_address="")

    assert list(wrong(answer)) == ["visiting_address"]


def test_corrections_have_a_brake_since_each_is_a_mail(desk, office, monkeypatch):
    cache.clear()
    monkeypatch.setattr(views, "MOST_AN_HOUR", 1)

    sent, refused = send(desk, phone=NEW), send(desk, phone=OTHER)

    assert (sent.status_code, refused.status_code) == (303, 429)
    assert OTHER in refused.context["form"]["phone"].value()
    assert Revision.objects.suggested().count() == 1


def test_the_same_twice_waits_once(desk, office):
    first = send(desk, phone="030 227 0375")
    again = send(desk, phone="030 227 0375")

    assert (first.status_code, again.status_code) == (303, 303)
    assert Revision.objects.count() == 1


def test_what_waits_already_is_shown_with_the_form(desk, office, boss):
    waiting = suggest(office, boss)

    page = desk.get(PAGE)

    assert [each.revision for each in page.context["waiting"]] == [waiting]


@pytest.mark.parametrize("state", ["draft", "archived"])
def test_an_office_that_is_not_public_is_not_found(desk, office, state):
    RegionalOffice.objects.update(state=state)

    assert desk.get(PAGE).status_code == 404


def test_a_field_can_be_checked_while_typing(desk, office):
    answer = send(desk, phone="030", do="check", field="phone")

    assert answer.json()["errors"]
    assert not Revision.objects.exists()


def test_what_is_typed_survives_an_expired_session(desk, office, listener):
    typed = {**opened(desk), "phone": "030 227 0375", "note": "Dood nummer"}
    typed["typed_by"] = desk.get(PAGE).context["typed_by"]()
    desk.session.flush()

    sent_away = desk.post(f"{PAGE}?veld=phone", typed)
    after = parse_qs(urlsplit(sent_away["Location"]).query)["next"][0]
    log_in(desk, listener)
    form = desk.get(after).context["form"]

    assert after == f"{PAGE}?veld=phone"
    assert (form["phone"].value(), form["note"].value()) == ("030 227 0375", "Dood nummer")


def test_the_form_takes_a_known_number_of_queries(desk, office, django_assert_num_queries):
    desk.get(PAGE)

    with django_assert_num_queries(15):
        desk.get(PAGE)


def test_the_browser_forgets_what_was_sent(desk, office):
    send(desk, phone="030 227 0375")

    assert desk.get(PAGE).context["saved"] == PAGE
    assert desk.get(PAGE).context["saved"] == ""


# The mail


def test_administrators_are_mailed_where_changes_are_reviewed(
    desk, office, me, boss, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        send(desk, phone="030 227 0375", note="Dood nummer")

    assert [letter.to for letter in mail.outbox] == [[boss.email]]
    assert suggestion_page(Revision.objects.get()).removeprefix("/en") in mail.outbox[0].body
    assert "Dood nummer" in mail.outbox[0].body


def test_editors_are_mailed_where_they_publish_themselves(
    desk, office, me, boss, listener, django_capture_on_commit_callbacks
):
    without_review()

    with django_capture_on_commit_callbacks(execute=True):
        send(desk, phone="030 227 0375")
        send(desk, phone="030 227 0375")

    assert [letter.to for letter in mail.outbox] == [[me.email]]


def test_administrators_decide_where_nobody_edits(office, boss):
    without_review()

    assert list(rules.deciders_of(office)) == [boss]


# Deciding


def test_an_editor_who_publishes_directly_takes_it_over(my_browser, office, me, listener):
    without_review()
    waiting = suggest(office, listener)

    page = my_browser.get(SUBJECT)
    answer = my_browser.post(suggestion_page(waiting), {"do": "take_over", "back": "subject"})

    assert page.context["may_decide"]
    assert answer["Location"] == SUBJECT
    waiting.refresh_from_db()
    assert (waiting.state, waiting.reviewer) == (State.PUBLISHED, me)
    assert records.read(office)["phone"] == NEW
    assert AuditEntry.objects.get(what="correction_taken_over").who == me


def test_an_editor_whose_changes_are_reviewed_sees_it_and_does_not_decide(
    my_browser, office, listener
):
    waiting = suggest(office, listener)

    page = my_browser.get(SUBJECT)
    answer = my_browser.post(suggestion_page(waiting), {"do": "take_over"})

    assert [each.revision for each, _form in page.context["suggestions"]] == [waiting]
    assert 'value="take_over"' not in page.content.decode()
    assert answer.status_code == 403
    assert records.read(office)["phone"] == ""


def test_not_right_needs_a_comment_which_the_advisor_reads(
    boss_browser, desk, office, listener, boss
):
    waiting = suggest(office, listener)

    without = boss_browser.post(suggestion_page(waiting), {"do": "decline"})
    answer = boss_browser.post(
        suggestion_page(waiting), {"do": "decline", "comment": "Het nummer werkt."}
    )

    assert (without.status_code, list(wrong(without))) == (400, ["comment"])
    assert answer["Location"] == "/en/beheer/beoordelen/"
    [line] = desk.get(LIST).context["lines"]
    assert (line.revision.state, line.revision.comment) == (State.DECLINED, "Het nummer werkt.")


def test_what_is_outdated_can_only_be_declined(boss_browser, office, listener):
    waiting = suggest(office, listener)
    publish_now(office, phone=OTHER)

    page = boss_browser.get(suggestion_page(waiting))
    answer = boss_browser.post(suggestion_page(waiting), {"do": "take_over"})

    assert page.context["correction"].outdated
    assert 'value="take_over"' not in page.content.decode()
    assert answer["Location"] == suggestion_page(waiting)
    assert records.read(office)["phone"] == OTHER


def test_what_is_public_already_is_closed_as_taken_over(boss_browser, desk, office, listener):
    waiting = suggest(office, listener)
    publish_now(office, phone=NEW)

    page = boss_browser.get(suggestion_page(waiting))
    boss_browser.post(suggestion_page(waiting), {"do": "take_over"})

    assert page.context["correction"].is_right_already
    [line] = desk.get(LIST).context["lines"]
    assert (line.revision.state, line.is_right_already) == (State.PUBLISHED, True)
    assert line.fields


def test_a_draft_of_the_same_field_is_told_about(boss_browser, office, listener, me):
    waiting = suggest(office, listener)
    propose(office, me, phone=OTHER)

    page = boss_browser.get(suggestion_page(waiting))
    boss_browser.post(suggestion_page(waiting), {"do": "take_over"})

    assert page.context["correction"].in_draft
    assert set(revisions.outdated(revisions.open_revision(office))) == {"phone"}


def test_what_is_decided_shows_how(boss_browser, office, listener):
    waiting = suggest(office, listener)
    boss_browser.post(suggestion_page(waiting), {"do": "take_over", "comment": "Dank!"})

    page = boss_browser.get(suggestion_page(waiting))
    again = boss_browser.post(suggestion_page(waiting), {"do": "take_over"})

    assert not page.context["is_waiting"]
    assert "Dank!" in page.content.decode()
    assert again.status_code in (303, 403)


def test_an_unknown_action_does_nothing(boss_browser, office, listener):
    waiting = suggest(office, listener)

    answer = boss_browser.post(suggestion_page(waiting), {"do": "delete"})

    assert answer.status_code == 400
    waiting.refresh_from_db()
    assert waiting.state == State.SUGGESTED


def test_a_change_of_an_editor_is_no_suggestion(boss_browser, office, me):
    draft = propose(office, me)

    assert boss_browser.get(suggestion_page(draft)).status_code == 404


def test_reviewers_find_it_beside_what_waits(boss_browser, office, listener):
    waiting = suggest(office, listener)

    page = boss_browser.get("/en/beheer/beoordelen/")
    led = boss_browser.get(f"/en/beheer/beoordelen/{waiting.pk}/")
    approved = boss_browser.post(
        f"/en/beheer/beoordelen/{waiting.pk}/", {"do": "approve", "seen": waiting.edition}
    )

    assert [line.revision for line in page.context["suggestions"]] == [waiting]
    assert led["Location"] == suggestion_page(waiting)
    assert approved.status_code == 303
    waiting.refresh_from_db()
    assert waiting.state == State.SUGGESTED


@pytest.mark.parametrize(
    "address",
    [
        "/en/mijn-regio/",
        "/en/mijn-regio/loketten/rotterdam/geschiedenis/",
        "/en/beheer/",
        "/en/beheer/logboek/",
    ],
)
@pytest.mark.parametrize("become", ["suggested", "taken_over", "declined"])
def test_every_page_of_changes_knows_it(boss_browser, office, listener, boss, address, become):
    waiting = suggest(office, listener)
    if become == "taken_over":
        suggestions.take_over(waiting, by=boss, at=NOW)
    if become == "declined":
        suggestions.decline(waiting, by=boss, at=NOW, comment="Nee.")

    assert boss_browser.get(address).status_code == 200
    of_it = f"{SUBJECT}geschiedenis/{waiting.pk}/"
    page = boss_browser.get(of_it)
    assert page.status_code == 200
    assert not page.context["may_resume"]


def test_the_api_tells_what_was_taken_over_in_the_history(boss_browser, office, listener, boss):
    suggestions.take_over(suggest(office, listener), by=boss, at=NOW)
    suggest(office, listener, phone=OTHER)

    told = boss_browser.get("/api/v1/my/offices/rotterdam/history").json()

    [one] = told["results"]
    assert (one["state"], one["origin"]) == ("published", "correction")


# My corrections


def test_my_list_has_mine_alone_the_newest_first(desk, office, listener, boss):
    first = suggest(office, listener)
    second = suggest(office, listener, email="info@loket.example")
    suggest(office, boss, phone=OTHER)

    lines = desk.get(LIST).context["lines"]

    assert [line.revision for line in lines] == [second, first]


def test_my_list_takes_as_many_queries_for_more(
    desk, office, world, listener, django_assert_num_queries
):
    for number in range(4):
        suggest(world.office(f"loket-{number}"), listener)
    desk.get(LIST)

    with django_assert_num_queries(7):
        page = desk.get(LIST)

    assert len(page.context["lines"]) == 4


def test_my_list_may_be_empty(desk):
    assert desk.get(LIST).status_code == 200


def test_editors_get_no_form_of_advisors(office):
    browser = log_in(Client(), editor(*office.regions.all()))

    assert browser.get(PAGE).status_code == 403
    assert browser.get(LIST).status_code == 403
