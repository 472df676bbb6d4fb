"""The form of a conversation: from what is posted to what is registered."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.http import QueryDict

from navigator.advice import registration
from navigator.advice.facts import Facts, Mistake, ReferralFacts, clean, mistakes_in
from navigator.advice.forms import ConversationForm
from tests import people

AT = datetime(2026, 11, 24, 9, 30, 15, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def posted(**fields):
    data = QueryDict(mutable=True)
    for name, value in {"key": str(uuid4()), "channel": "phone", **fields}.items():
        data.setlist(name.replace("__", "-"), value if isinstance(value, list) else [value])
    return data


def read(**fields):
    form = ConversationForm(posted(**fields), at=AT)
    assert form.is_valid(), form.errors
    return form.facts()


def test_what_is_posted_becomes_facts():
    facts = read(
        moment="2026-11-24T09:15",
        interests=["po", "vo"],
        destination=["training-institute", "regional-office"],
        name__training__institute="Pabo",
        offices=["rotterdam", "flevowijs"],
        note="Wil in deeltijd.",
    )

    assert facts == Facts(
        moment=datetime(2026, 11, 24, 8, 15, tzinfo=UTC),
        channel="phone",
        outcome="referred",
        interests=("po", "vo"),
        referrals=(
            ReferralFacts("training-institute", "Pabo"),
            ReferralFacts("regional-office", "", ("rotterdam", "flevowijs")),
        ),
        note="Wil in deeltijd.",
    )


def test_an_empty_moment_is_now():
    assert read(moment="").moment == AT


def test_not_referred_is_an_outcome_without_referrals():
    facts = read(destination="not-referred")

    assert (facts.outcome, facts.referrals) == ("not-referred", ())


def test_not_referred_with_another_is_left_for_registration_to_refuse():
    facts = read(destination=["not-referred", "school"])
    wrong = mistakes_in(clean(facts), at=AT, offices={})

    assert [mistake.code for mistake in wrong] == ["not_referred_alone"]


def test_offices_and_names_of_what_is_not_ticked_are_left_out():
    facts = read(destination="school", offices="rotterdam", name__trade__union="A union")

    assert facts.referrals == (ReferralFacts("school"),)


@pytest.mark.parametrize(
    ("typed", "code"), [("2026-03-29T02:30", "skipped"), ("tomorrow", "unreadable")]
)
def test_a_moment_that_does_not_exist_is_told_at_its_field(typed, code):
    form = ConversationForm(posted(moment=typed), at=AT)

    assert not form.is_valid()
    assert [error.code for error in form.errors.as_data()["moment"]] == [code]


@pytest.mark.parametrize("key", ["", "1", "not-a-key"])
def test_a_form_without_its_key_is_refused(key):
    assert not ConversationForm(posted(key=key), at=AT).is_valid()


@pytest.mark.parametrize(
    ("mistake", "field"),
    [
        ("outcome", "destination"),
        ("referrals", "destination"),
        ("name.training-institute", "name-training-institute"),
        ("offices", "offices"),
        ("note", "note"),
        ("name.contact-person", "__all__"),
    ],
)
def test_mistakes_stand_at_their_fields(mistake, field):
    form = ConversationForm(posted(), at=AT)
    form.is_valid()

    form.tell([Mistake(mistake, "email")])

    assert list(form.errors) == [field]


def test_what_is_wrong_as_a_whole_has_no_name_in_json():
    form = ConversationForm(posted(moment="tomorrow"), at=AT)
    form.add_error(None, "Not like this.")

    assert form.as_json()[""] == ["Not like this."]
    assert len(form.as_json()["moment"]) == 1


def test_a_conversation_that_is_not_touched_keeps_its_seconds_and_its_second_hour(world):
    second_half_past_two = datetime(2025, 10, 26, 1, 30, 59, tzinfo=UTC)
    facts = Facts(second_half_past_two, "phone", "not-referred")
    conversation, _new = registration.register(key=uuid4(), facts=facts, by=people.advisor(), at=AT)
    empty = ConversationForm(at=AT, conversation=conversation)

    form = ConversationForm(
        posted(moment=empty["moment"].value(), destination="not-referred"),
        at=AT,
        conversation=conversation,
    )

    assert empty["moment"].value() == "2025-10-26T02:30"
    assert form.is_valid()
    assert form.facts() == facts


def test_a_conversation_fills_its_form(world):
    world.office("rotterdam")
    facts = Facts(
        AT,
        "chat",
        "referred",
        ("po",),
        (
            ReferralFacts("training-institute", "Pabo"),
            ReferralFacts("regional-office", "", ("rotterdam",)),
        ),
        "Note",
    )
    made, _new = registration.register(key=uuid4(), facts=facts, by=people.advisor(), at=AT)

    form = ConversationForm(at=AT, conversation=made, names={"rotterdam": "Loket"})

    assert [each.value for each in form.channels if each.chosen] == ["chat"]
    assert [each.value for each in form.sectors if each.chosen] == ["po"]
    assert [each.value for each in form.destinations if each.chosen] == [
        "training-institute",
        "regional-office",
    ]
    assert [(each.value, each.label, each.chosen) for each in form.marked] == [
        ("rotterdam", "Loket", True)
    ]
    assert form["name-training-institute"].value() == "Pabo"


def test_each_choice_of_a_group_has_a_key_of_its_own(world):
    form = ConversationForm(at=AT)

    for group in (form.channels, form.sectors, form.destinations):
        digits = [choice.digit for choice in group]
        assert all(digits)
        assert len(set(digits)) == len(digits)


def test_what_stands_alone_says_so(world):
    form = ConversationForm(at=AT)

    assert [each.value for each in form.destinations if each.alone] == ["not-referred"]
    assert {each.value for each in form.sectors if each.alone} == {
        "undecided",
        "unknown",
        "not-applicable",
    }
