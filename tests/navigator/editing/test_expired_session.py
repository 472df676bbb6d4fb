"""Somebody types, is logged out meanwhile, and saves: the text is still there."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from regions import records, revisions
from regions.models import EducationRegion, Revision
from tests import people
from tests.navigator.editing.pages import fields_in, opened, section, send

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(world):
    office = world.office("rotterdam", regions=["Rijnmond"], description="Wij helpen.")
    EducationRegion.objects.update(review_required=False)
    return office


@pytest.fixture
def editor(office):
    return people.editor(office.regions.get(), email="editor@rotterdam.example")


@pytest.fixture
def typing(client, editor):
    return people.log_in(client, editor)


def log_out_elsewhere(client):
    client.session.flush()


def log_in_by_form(client, user, after):
    return client.post(
        reverse("account_login"), {"login": user.email, "password": people.PASSWORD, "next": after}
    )


def test_after_logging_in_again_the_typed_text_is_in_the_form(typing, editor, office):
    typed = opened(typing, office, "introduction")
    log_out_elsewhere(typing)

    sent_away = send(
        typing, office, "introduction", typed, "publish", description="Lang over nagedacht."
    )
    after = parse_qs(urlsplit(sent_away["Location"]).query)["next"][0]
    back = log_in_by_form(typing, editor, after)
    page = typing.get(back["Location"])

    assert sent_away.status_code == 302
    assert back["Location"] == section(office, "introduction")
    assert fields_in(page)["description"] == ["Lang over nagedacht."]
    assert page.context["kept_at"]
    assert not Revision.objects.exists()


def test_the_text_can_be_saved_then_and_is_no_longer_kept(typing, editor, office):
    typed = opened(typing, office, "introduction")
    log_out_elsewhere(typing)
    send(typing, office, "introduction", typed, description="Lang over nagedacht.")
    people.log_in(typing, editor)

    answer = send(typing, office, "introduction", opened(typing, office, "introduction"), "publish")

    assert answer.status_code == 303
    assert records.read(office)["description"] == "Lang over nagedacht."
    assert typing.get(section(office, "introduction")).context["kept_at"] is None


def test_what_others_changed_meanwhile_is_not_overwritten(typing, editor, office):
    typed = opened(typing, office, "introduction")
    log_out_elsewhere(typing)
    send(typing, office, "introduction", typed, description="Van mij.")
    other = people.log_in(Client(), people.editor(office.regions.get()))
    send(other, office, "introduction", typed, "publish", description="Van een ander.")
    people.log_in(typing, editor)

    answer = send(typing, office, "introduction", opened(typing, office, "introduction"), "publish")

    assert answer.status_code == 409
    assert records.read(office)["description"] == "Van een ander."


def test_the_text_can_be_left_out(typing, editor, office):
    typed = opened(typing, office, "introduction")
    log_out_elsewhere(typing)
    send(typing, office, "introduction", typed, description="Lang over nagedacht.")
    people.log_in(typing, editor)

    answer = typing.post(section(office, "introduction"), {"do": "forget"})

    assert answer.status_code == 303
    assert opened(typing, office, "introduction")["description"] == ["Wij helpen."]


def test_only_the_fields_of_the_form_are_kept(typing, editor, office):
    typed = opened(typing, office, "introduction")
    log_out_elsewhere(typing)

    send(typing, office, "introduction", typed, description="Tekst.", password="geheim", slug="x")

    [kept] = typing.session["typed"].values()
    assert set(kept["typed"]) == {"base", "seen", "note", "name", "description"}


def test_of_a_form_that_this_site_did_not_hand_out_nothing_is_kept(client, office):
    client.post(section(office, "introduction"), {"description": "Geplant.", "base": "made-up"})

    assert "typed" not in client.session


def test_what_is_far_too_long_is_not_kept(typing, office):
    typed = opened(typing, office, "introduction")
    log_out_elsewhere(typing)

    send(typing, office, "introduction", typed, description="a" * 200_000)

    assert "typed" not in typing.session


def test_a_few_forms_are_kept_the_last_ones(typing, world, office):
    offices = [world.office(f"loket-{number}", regions=["Rijnmond"]) for number in range(7)]
    typed = opened(typing, office, "introduction")
    log_out_elsewhere(typing)

    for each in offices:
        send(typing, each, "introduction", typed, description="Tekst.")

    assert list(typing.session["typed"]) == [section(each, "introduction") for each in offices[-5:]]


def test_a_form_of_a_section_that_does_not_exist_is_no_reason_to_break(typing, office):
    typed = opened(typing, office, "introduction")
    log_out_elsewhere(typing)

    answer = typing.post(section(office, "region"), {**typed, "do": "draft"})

    assert answer.status_code == 302


def test_somebody_who_may_not_edit_it_sees_nothing_of_it(typing, world, office):
    world.office("utrecht", regions=["Utrecht"])
    typed = opened(typing, office, "introduction")
    log_out_elsewhere(typing)
    send(typing, office, "introduction", typed, description="Lang over nagedacht.")
    people.log_in(typing, people.editor(EducationRegion.objects.get(name="Utrecht")))

    answer = typing.get(section(office, "introduction"))

    assert answer.status_code == 404


def test_a_colleague_at_the_same_browser_does_not_see_it(typing, office):
    typed = opened(typing, office, "introduction")
    log_out_elsewhere(typing)
    send(typing, office, "introduction", typed, description="Lang over nagedacht.")
    colleague = people.editor(office.regions.get(), email="colleague@rotterdam.example")

    page = log_in_by_form(typing, colleague, section(office, "introduction"))
    page = typing.get(page["Location"])

    assert page.context["kept_at"] is None
    assert b"Lang over nagedacht." not in page.content


def test_of_a_form_that_does_not_say_whom_it_was_handed_to_nothing_is_kept(typing, office):
    typed = opened(typing, office, "introduction")
    log_out_elsewhere(typing)

    send(typing, office, "introduction", typed, description="Tekst.", typed_by="made-up")

    assert "typed" not in typing.session


# Logged in again in another tab: the form's secret is an old one.


@pytest.fixture
def checking(editor):
    """A browser whose forms need their secret."""
    return people.log_in(Client(enforce_csrf_checks=True), editor)


def post_with_old_secret(client, office, typed, **headers):
    return client.post(
        section(office, "introduction"),
        {**typed, "description": "Lang over nagedacht.", "do": "publish"},
        headers=headers,
    )


def test_a_form_with_an_old_secret_is_shown_again_and_saves_nothing(checking, office):
    typed = opened(checking, office, "introduction")

    answer = post_with_old_secret(checking, office, typed, origin="http://testserver")

    assert answer.status_code == 303
    assert answer["Location"] == section(office, "introduction")
    assert opened(checking, office, "introduction")["description"] == ["Lang over nagedacht."]
    assert revisions.open_revision(office) is None
    assert records.read(office)["description"] == "Wij helpen."


@pytest.mark.parametrize("headers", [{}, {"origin": "https://evil.example"}, {"origin": "null"}])
def test_what_may_come_from_another_site_is_refused_and_not_kept(checking, office, headers):
    typed = opened(checking, office, "introduction")

    answer = post_with_old_secret(checking, office, typed, **headers)

    assert answer.status_code == 403
    assert opened(checking, office, "introduction")["description"] == ["Wij helpen."]


def test_an_old_secret_when_logged_out_keeps_the_text_too(checking, editor, office):
    typed = opened(checking, office, "introduction")
    log_out_elsewhere(checking)

    answer = post_with_old_secret(checking, office, typed, origin="http://testserver")
    asked = checking.get(answer["Location"])
    people.log_in(checking, editor)

    assert asked.status_code == 302
    assert opened(checking, office, "introduction")["description"] == ["Lang over nagedacht."]


def test_other_forms_without_a_secret_get_a_page_with_words(checking):
    answer = checking.post("/mijn-regio/opmaak/", {}, headers={"origin": "http://testserver"})

    assert answer.status_code == 403
    assert "403_csrf.html" in [template.name for template in answer.templates]
