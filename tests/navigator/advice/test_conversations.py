"""Registering, looking back, correcting and withdrawing: pages, and answers for the desk."""

from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.asserts import assertNumQueries

from navigator import kept
from navigator.advice import registration, words
from navigator.advice.facts import Facts, ReferralFacts
from navigator.advice.models import AdviceConversation, ConversationChange, Slip
from tests import people

ADDRESS = "/en/advies/gesprekken/"
JSON = {"Accept": "application/json"}
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
pytestmark = pytest.mark.django_db


@pytest.fixture
def advisor(world):
    world.office("rotterdam", name="Loket Rotterdam")
    return people.advisor()


@pytest.fixture
def desk(client, advisor):
    return people.log_in(client, advisor)


def typed(**fields):
    """A conversation as the form posts it."""
    return {
        "key": str(uuid4()),
        "moment": "2026-11-20T10:30",
        "channel": "phone",
        "interests": ["po"],
        "destination": ["training-institute", "regional-office"],
        "name-training-institute": "Pabo",
        "offices": ["rotterdam"],
        "note": "Wil in deeltijd.",
        **fields,
    }


def registered(advisor, *, at=None, destination="school", name="", **fields):
    at = at or timezone.now()
    facts = Facts(at, "phone", "referred", referrals=(ReferralFacts(destination, name),), **fields)
    conversation, _new = registration.register(key=uuid4(), facts=facts, by=advisor, at=at)
    return conversation


def of(conversation):
    return f"{ADDRESS}{conversation.pk}/"


# Registering


def test_a_conversation_is_registered_and_the_desk_says_so(desk, advisor):
    answer = desk.post(ADDRESS, typed())

    conversation = AdviceConversation.objects.get()
    assert answer.status_code == 303
    assert answer["Location"] == f"/en/advies/?geregistreerd={conversation.pk}"
    assert conversation.advisor == advisor
    assert {each.destination: each.name for each in conversation.referrals.all()} == {
        "training-institute": "Pabo",
        "regional-office": "",
    }


def test_the_desk_offers_to_correct_and_to_make_a_slip_of_what_was_registered(desk):
    after = desk.post(ADDRESS, typed())["Location"]

    page = desk.get(after)

    panel = page.context["panel"]
    assert panel.registered.conversation == AdviceConversation.objects.get()
    assert panel.registered.slip_for.destination == "regional-office"
    assert of(panel.registered.conversation) in page.content.decode()


@pytest.mark.parametrize("number", ["0", "x", "²", "9" * 30])
def test_the_desk_says_nothing_of_a_conversation_that_is_not_there(desk, number):
    page = desk.get(f"/en/advies/?geregistreerd={number}")

    assert page.context["panel"].registered is None


def test_the_desk_says_nothing_of_a_conversation_of_somebody_else(desk):
    of_another = registered(people.advisor())

    page = desk.get(f"/en/advies/?geregistreerd={of_another.pk}")

    assert page.context["panel"].registered is None


def test_a_wrong_form_is_shown_again_with_all_that_was_typed(desk):
    page = desk.post(ADDRESS, typed(destination=[], note="Bel 06-12345678"))

    form = page.context["form"]
    assert page.status_code == 400
    assert set(form.errors) == {"destination", "note"}
    assert form["note"].value() == "Bel 06-12345678"
    assert [each.chosen for each in form.marked] == [True]
    assert [each.label for each in form.marked] == ["Loket Rotterdam"]
    assert not AdviceConversation.objects.exists()


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"channel": ""}, "channel"),
        ({"channel": "pigeon"}, "channel"),
        ({"destination": ["not-referred", "school"]}, "destination"),
        ({"destination": ["nowhere"]}, "destination"),
        ({"interests": ["po", "unknown"]}, "interests"),
        ({"offices": ["no-such-office"]}, "offices"),
        ({"name-training-institute": "jan@school.example"}, "name-training-institute"),
        ({"note": "BSN 111222333"}, "note"),
        ({"note": "x" * 1001}, "note"),
        ({"moment": "2999-01-01T10:00"}, "moment"),
        ({"moment": "2026-03-29T02:30"}, "moment"),
        ({"key": "x"}, "key"),
    ],
)
def test_what_is_wrong_is_told_to_the_script_by_field(desk, fields, wrong):
    answer = desk.post(ADDRESS, typed(**fields), headers=JSON)

    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == [wrong]


def test_sent_twice_it_is_registered_once(desk):
    conversation = typed()

    first = desk.post(ADDRESS, conversation, headers=JSON)
    second = desk.post(ADDRESS, conversation, headers=JSON)

    stored = AdviceConversation.objects.get()
    referral = stored.referrals.get(destination="regional-office")
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    assert first.json() == {
        "id": stored.pk,
        "key": conversation["key"],
        "url": of(stored),
        "referral": referral.pk,
    }


def test_something_else_under_the_same_key_clashes_and_gets_another_key(desk):
    conversation = typed()
    desk.post(ADDRESS, conversation)

    page = desk.post(ADDRESS, {**conversation, "note": "Toch niet."})
    told = desk.post(ADDRESS, {**conversation, "note": "Toch niet."}, headers=JSON)

    assert (page.status_code, told.status_code) == (409, 409)
    assert page.context["form"]["key"].value() != conversation["key"]
    assert page.context["form"]["note"].value() == "Toch niet."
    assert AdviceConversation.objects.get().note == conversation["note"]


def test_what_waited_for_somebody_else_in_this_browser_is_not_taken(desk):
    answer = desk.post(ADDRESS, typed(who="999999"), headers=JSON)

    assert answer.status_code == 403
    assert not AdviceConversation.objects.exists()


def test_after_midnight_in_the_netherlands_it_is_another_day(desk):
    desk.post(ADDRESS, typed(moment="2026-07-01T00:30"))

    assert AdviceConversation.objects.get().day.isoformat() == "2026-07-01"


def test_a_conversation_survives_an_expired_session_without_scripts(desk, advisor):
    page = desk.get("/en/advies/")
    base = page.context["panel"].form["base"].value()
    desk.session.flush()

    away = desk.post(ADDRESS, typed(base=base, typed_by=page.context["typed_by"]()))
    people.log_in(desk, advisor)
    session = desk.session
    back = desk.get(parse_qs(urlsplit(away["Location"]).query)["next"][0])

    assert away.status_code == 302
    assert kept._KEY in session
    assert back.context["form"]["note"].value() == "Wil in deeltijd."
    assert back.context["kept_at"]
    desk.post(ADDRESS, typed(key=back.context["form"]["key"].value()))
    assert AdviceConversation.objects.get().note == "Wil in deeltijd."
    assert kept._KEY not in desk.session or not desk.session[kept._KEY]


def test_what_the_script_sends_is_not_kept_on_the_server(desk):
    desk.session.flush()

    answer = desk.post(ADDRESS, typed(), headers=JSON)

    assert answer.status_code == 302
    assert kept._KEY not in desk.session


def test_a_script_without_the_secret_of_its_session_is_refused(advisor):
    client = people.log_in(Client(enforce_csrf_checks=True), advisor)

    answer = client.post(ADDRESS, typed(), headers={**JSON, "Origin": "http://testserver"})

    assert answer.status_code == 403
    assert not AdviceConversation.objects.exists()


# Today


def test_my_conversations_of_today_are_mine_and_of_today(desk, advisor):
    now = timezone.now()
    mine = registered(advisor)
    registered(advisor, at=now - timedelta(days=3))
    registered(people.advisor())

    page = desk.get(ADDRESS)

    assert [line.conversation for line in page.context["lines"]] == [mine]


def test_what_was_registered_today_of_another_day_is_there_too(desk):
    desk.post(ADDRESS, typed(moment="2026-07-01T00:30"))
    stored = AdviceConversation.objects.get()

    today = desk.get(ADDRESS)
    then = desk.get(f"{ADDRESS}?dag=2026-07-01")

    assert [line.conversation for line in today.context["lines"]] == [stored]
    assert [line.conversation for line in then.context["lines"]] == [stored]


def test_the_first_minutes_of_a_day_belong_to_it(desk, advisor):
    night = datetime(2026, 7, 1, 0, 10, tzinfo=AMSTERDAM)
    registered(advisor, at=night)

    assert desk.get(f"{ADDRESS}?dag=2026-07-01").context["page"].paginator.count == 1
    assert desk.get(f"{ADDRESS}?dag=2026-06-30").context["page"].paginator.count == 0


@pytest.mark.parametrize("day", ["", "x", "2026-02-30", "0001-01-01", "9999-12-31"])
def test_a_day_that_is_none_is_today(desk, day):
    page = desk.get(f"{ADDRESS}?dag={day}")

    assert page.context["day"] == timezone.localdate()


def test_administrators_see_the_conversations_of_everybody(client, advisor):
    registered(advisor)
    registered(people.advisor())

    page = people.log_in(client, people.administrator()).get(ADDRESS)

    assert len(page.context["lines"]) == 2


@pytest.mark.parametrize("many", [1, 12])
def test_the_page_of_today_takes_as_many_queries_whatever_their_number(desk, advisor, many):
    for _each in range(many):
        desk_facts = Facts(
            timezone.now(),
            "phone",
            "referred",
            ("po",),
            (ReferralFacts("regional-office", "", ("rotterdam",)),),
        )
        registration.register(key=uuid4(), facts=desk_facts, by=advisor, at=timezone.now())
    desk.get(ADDRESS)

    with assertNumQueries(11):
        desk.get(ADDRESS)


# Names


def test_names_that_were_given_before_are_suggested_most_used_first(desk, advisor):
    for name in ("Pabo Zuid", "Pabo Noord", "Pabo Noord", "Hogeschool"):
        registered(advisor, destination="training-institute", name=name)
    registered(advisor, destination="school", name="Pabo als school")
    withdrawn = registered(advisor, destination="training-institute", name="Pabo Fout")
    registration.withdraw(withdrawn, by=advisor, at=timezone.now(), seen=1)

    answer = desk.get(f"{ADDRESS}namen/?soort=training-institute&q=pabo")

    assert answer.json() == {"names": ["Pabo Noord", "Pabo Zuid"]}


def test_at_most_ten_names_are_suggested(desk, advisor):
    for number in range(12):
        registered(advisor, destination="school", name=f"School {number}")

    answer = desk.get(f"{ADDRESS}namen/?soort=school")

    assert len(answer.json()["names"]) == 10


def test_names_of_an_unknown_kind_are_none(desk):
    assert desk.get(f"{ADDRESS}namen/?soort=moon&q=%00").json() == {"names": []}


def test_a_null_character_in_a_question_for_names_means_nothing(desk, advisor):
    registered(advisor, destination="school", name="De Bron")

    answer = desk.get(f"{ADDRESS}namen/?soort=school%00&q=bro%00n")

    assert answer.json() == {"names": ["De Bron"]}


@pytest.mark.parametrize("slugs", [["\0"], ["a\0b", "\0"]])
def test_a_null_character_in_the_name_of_an_office_is_never_asked_of_the_database(world, slugs):
    with assertNumQueries(0):
        assert words.office_names(slugs) == {}


# Correcting


def test_a_correction_takes_its_place_and_the_history_tells_both(desk, advisor):
    conversation = registered(advisor)

    answer = desk.post(of(conversation), typed(seen="1", destination=["not-referred"], note=""))

    conversation.refresh_from_db()
    page = desk.get(of(conversation))
    corrected, first = page.context["history"]
    assert answer.status_code == 303
    assert conversation.outcome == "not-referred"
    assert corrected.who == str(advisor)
    assert ("School or school board", "Not referred") in [
        (each.before, each.after) for each in corrected.differences
    ]
    assert first.differences == ()


def test_an_office_can_be_added_afterwards(desk, world):
    world.office("flevowijs")
    desk.post(ADDRESS, typed())
    conversation = AdviceConversation.objects.get()
    page = desk.get(of(conversation))

    desk.post(of(conversation), typed(seen="1", offices=["rotterdam", "flevowijs"]))

    assert [choice.value for choice in page.context["form"].others] == ["flevowijs"]
    referral = conversation.referrals.get(destination="regional-office")
    assert {each.office.slug for each in referral.offices.all()} == {"rotterdam", "flevowijs"}


def test_an_office_that_is_not_added_is_none(desk):
    desk.post(ADDRESS, typed(offices=["rotterdam", ""]))

    referral = AdviceConversation.objects.get().referrals.get(destination="regional-office")
    assert [each.office.slug for each in referral.offices.all()] == ["rotterdam"]


def test_saving_without_a_change_changes_nothing(desk, advisor):
    conversation = registered(advisor)
    form = desk.get(of(conversation)).context["form"]

    desk.post(
        of(conversation),
        {
            "seen": "1",
            "moment": form["moment"].value(),
            "channel": "phone",
            "destination": ["school"],
        },
    )

    conversation.refresh_from_db()
    assert conversation.edition == 1


def test_a_wrong_correction_is_shown_again(desk, advisor):
    conversation = registered(advisor)

    page = desk.post(of(conversation), typed(seen="1", note="jan@school.example"))

    assert page.status_code == 400
    assert set(page.context["form"].errors) == {"note"}
    assert page.context["form"]["note"].value() == "jan@school.example"
    assert page.context["seen"] == 1


@pytest.mark.parametrize("seen", ["", "x", "0", "2", "9" * 30])
def test_what_somebody_else_changed_meanwhile_is_shown_beside_mine(desk, advisor, seen):
    conversation = registered(advisor)

    page = desk.post(of(conversation), typed(seen=seen, note="Van mij."))

    conversation.refresh_from_db()
    assert page.status_code == 409
    assert conversation.note == ""
    assert page.context["form"]["note"].value() == "Van mij."
    assert "Van mij." in [each.after for each in page.context["clash"]]
    again = desk.post(of(conversation), typed(seen=page.context["seen"], note="Van mij."))
    conversation.refresh_from_db()
    assert (again.status_code, conversation.note) == (303, "Van mij.")


def test_only_what_really_differs_is_shown_side_by_side(desk, world):
    world.office("flevowijs", name="FlevoWijs")
    first = typed(interests=["po", "mbo"], offices=["rotterdam", "flevowijs"])
    desk.post(ADDRESS, first)
    conversation = AdviceConversation.objects.get()

    other_order = {**first, "interests": ["mbo", "po"], "offices": ["flevowijs", "rotterdam"]}
    page = desk.post(of(conversation), {**other_order, "seen": "9", "note": "Van mij."})

    assert [(each.before, each.after) for each in page.context["clash"]] == [
        ("Wil in deeltijd.", "Van mij.")
    ]


def test_what_was_typed_is_not_lost_when_it_was_withdrawn_meanwhile(desk, advisor):
    conversation = registered(advisor)
    registration.withdraw(conversation, by=people.administrator(), at=timezone.now(), seen=1)

    page = desk.post(of(conversation), typed(seen="1", note="Van mij."))

    assert page.status_code == 409
    assert "Van mij." in page.content.decode()


def test_a_slip_keeps_its_offices(desk, advisor):
    desk.post(ADDRESS, typed())
    conversation = AdviceConversation.objects.get()
    slip(conversation)

    page = desk.post(of(conversation), typed(seen="1", destination=["school"]))

    assert page.status_code == 400
    assert page.context["form"].non_field_errors()
    assert page.context["slip_for"] is None


def slip(conversation):
    return Slip.objects.create(
        referral=conversation.referrals.get(destination="regional-office"),
        key="a-key",
        code="C3D4F6H",
        category="money",
        language="nl",
        made_at=timezone.now(),
    )


def test_a_correction_survives_an_expired_session(desk, advisor):
    conversation = registered(advisor)
    page = desk.get(of(conversation))
    base, who = page.context["form"]["base"].value(), page.context["typed_by"]()
    desk.session.flush()

    desk.post(of(conversation), typed(base=base, typed_by=who, seen="1", note="Van mij."))
    people.log_in(desk, advisor)
    page = desk.get(of(conversation))

    assert page.context["form"]["note"].value() == "Van mij."
    assert page.context["seen"] == 1
    desk.post(of(conversation), {"do": "forget", "base": base})
    assert desk.get(of(conversation)).context["form"]["note"].value() == ""


def test_after_thirty_days_only_administrators_correct(desk, advisor):
    conversation = registered(advisor, at=timezone.now() - timedelta(days=31))
    administrator = people.log_in(Client(), people.administrator())

    assert desk.get(of(conversation)).status_code == 404
    assert desk.post(f"{of(conversation)}intrekken/").status_code == 404
    assert administrator.get(of(conversation)).status_code == 200


def test_a_conversation_page_takes_a_fixed_number_of_queries(desk, advisor):
    conversation = registered(advisor)
    for note in ("a", "b", "c"):
        conversation.refresh_from_db()
        desk.post(of(conversation), typed(seen=conversation.edition, note=note))
    desk.get(of(conversation))

    with assertNumQueries(12):
        desk.get(of(conversation))


# Withdrawing


def test_a_conversation_is_withdrawn_and_brought_back(desk, advisor):
    conversation = registered(advisor)

    desk.post(f"{of(conversation)}intrekken/", {"seen": "1"})
    assert not AdviceConversation.objects.standing().exists()
    withdrawn = desk.get(of(conversation))
    desk.post(f"{of(conversation)}terughalen/")

    assert b'name="channel"' not in withdrawn.content
    assert AdviceConversation.objects.standing().exists()
    assert list(ConversationChange.objects.values_list("what", flat=True)) == [
        "registered",
        "withdrawn",
        "brought-back",
    ]


def test_what_was_changed_meanwhile_is_not_withdrawn_unseen(desk, advisor):
    conversation = registered(advisor)

    answer = desk.post(f"{of(conversation)}intrekken/", {"seen": "2"})

    assert answer.status_code == 303
    assert AdviceConversation.objects.standing().exists()


def test_a_conversation_with_a_slip_is_not_withdrawn(desk):
    desk.post(ADDRESS, typed())
    conversation = AdviceConversation.objects.get()
    slip(conversation)

    desk.post(f"{of(conversation)}intrekken/", {"seen": "1"})

    assert AdviceConversation.objects.standing().exists()


def test_the_note_is_shown_as_text(desk, advisor):
    registered(advisor, note="<b>x</b>")

    assert b"<b>x</b>" not in desk.get(ADDRESS).content
