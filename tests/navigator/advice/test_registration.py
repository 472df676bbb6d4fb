"""What was told of a conversation is stored once, whole, with its history."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from uuid import UUID, uuid4

import pytest

from navigator.advice import registration
from navigator.advice.facts import MESSAGES, Facts, Mistake, ReferralFacts, Refused, clean
from navigator.advice.models import AdviceConversation, Referral, ReferralOffice, Slip
from navigator.advice.registration import HasSlip, KeyTaken
from tests import people

AT = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
KEY = UUID("4a5d2f4e-0a4b-4c7e-9c56-0f7b3f6f2a11")
NOT_REFERRED = Facts(AT, "phone", "not-referred")


@pytest.fixture
def advisor(db):
    return people.advisor()


@pytest.fixture
def offices(world):
    with world.at_once():
        world.office("drechtsteden")
        world.office("flevowijs")
    return world


def referred(*referrals, **more):
    return Facts(AT, "phone", "referred", referrals=referrals, **more)


def mistakes(facts, **more):
    """Field and code of what is refused."""
    with pytest.raises(Refused) as refused:
        registration.register(key=uuid4(), facts=facts, by=None, at=AT, **more)
    assert AdviceConversation.objects.count() == 0
    return [(each.field, each.code) for each in refused.value.mistakes]


def test_a_conversation_is_stored_with_all_that_was_told(offices, advisor):
    facts = referred(
        ReferralFacts("regional-office", offices=("flevowijs", "drechtsteden")),
        ReferralFacts("training-institute", name="Pabo Almere"),
        interests=("po", "so"),
        note="Wil in deeltijd.",
    )

    made, is_new = registration.register(key=KEY, facts=facts, by=advisor, at=AT)

    stored = AdviceConversation.objects.whole().get()
    assert is_new
    assert stored == made
    assert (stored.key, stored.advisor, stored.day) == (KEY, advisor, date(2026, 11, 24))
    assert registration.facts_of(stored) == clean(facts)


def test_the_same_sent_twice_is_stored_once(offices, advisor):
    facts = referred(ReferralFacts("regional-office", offices=("flevowijs",)))
    first, _new = registration.register(key=KEY, facts=facts, by=advisor, at=AT)

    again, is_new = registration.register(
        key=KEY, facts=facts, by=advisor, at=AT + timedelta(minutes=3)
    )

    assert not is_new
    assert again == first
    assert Referral.objects.count() == ReferralOffice.objects.count() == 1


def test_the_same_moment_in_another_zone_is_the_same_conversation(offices, advisor):
    registration.register(key=KEY, facts=NOT_REFERRED, by=advisor, at=AT)
    elsewhere = AT.astimezone(timezone(timedelta(hours=1)))

    _made, is_new = registration.register(
        key=KEY, facts=replace(NOT_REFERRED, moment=elsewhere), by=advisor, at=AT
    )

    assert not is_new


def test_what_was_corrected_since_is_still_known_by_its_key(offices, advisor):
    made, _new = registration.register(key=KEY, facts=NOT_REFERRED, by=advisor, at=AT)
    chat = replace(NOT_REFERRED, channel="chat")
    registration.correct(made, facts=chat, by=advisor, at=AT, seen=1)

    again, is_new = registration.register(key=KEY, facts=NOT_REFERRED, by=advisor, at=AT)

    assert (again.channel, is_new) == ("chat", False)


def test_a_key_that_stands_for_something_else_is_refused(offices, advisor):
    registration.register(key=KEY, facts=NOT_REFERRED, by=advisor, at=AT)

    with pytest.raises(KeyTaken):
        registration.register(
            key=KEY, facts=replace(NOT_REFERRED, channel="chat"), by=advisor, at=AT
        )

    assert AdviceConversation.objects.get().channel == "phone"


def test_the_key_of_somebody_else_is_refused_though_the_facts_are_the_same(offices, advisor):
    registration.register(key=KEY, facts=NOT_REFERRED, by=people.advisor(), at=AT)

    with pytest.raises(KeyTaken):
        registration.register(key=KEY, facts=NOT_REFERRED, by=advisor, at=AT)


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        (Facts(AT, "", "not-referred"), ("channel", "no_channel")),
        (Facts(AT, "fax", "not-referred"), ("channel", "unknown_channel")),
        (Facts(AT, "phone", ""), ("outcome", "no_outcome")),
        (Facts(AT, "phone", "perhaps"), ("outcome", "unknown_outcome")),
        (Facts(AT, "phone", "referred"), ("outcome", "no_destination")),
        (
            Facts(AT, "phone", "not-referred", referrals=(ReferralFacts("school"),)),
            ("outcome", "not_referred_alone"),
        ),
        (referred(ReferralFacts("moon")), ("referrals", "unknown_destination")),
        (
            referred(ReferralFacts("school", "A"), ReferralFacts("school", "B")),
            ("referrals", "destination_twice"),
        ),
        (
            referred(ReferralFacts("school", offices=("flevowijs",))),
            ("offices", "offices_elsewhere"),
        ),
        (
            referred(ReferralFacts("regional-office", offices=("nowhere",))),
            ("offices", "unknown_office"),
        ),
        (
            referred(ReferralFacts("contact-person", "Somebody")),
            ("name.contact-person", "no_name_here"),
        ),
        (replace(NOT_REFERRED, interests=("xx",)), ("interests", "unknown_interest")),
        (replace(NOT_REFERRED, interests=("po", "undecided")), ("interests", "not_alone")),
        (replace(NOT_REFERRED, interests=("unknown", "undecided")), ("interests", "not_alone")),
        (replace(NOT_REFERRED, moment=AT + timedelta(hours=1)), ("moment", "not_yet")),
        (replace(NOT_REFERRED, moment=datetime(1999, 1, 1, tzinfo=UTC)), ("moment", "too_old")),
        (replace(NOT_REFERRED, note="a" * 1001), ("note", "too_long")),
        (referred(ReferralFacts("school", "a" * 121)), ("name.school", "too_long")),
        (replace(NOT_REFERRED, note="mail@school.example"), ("note", "email")),
        (replace(NOT_REFERRED, note="bel 06 12345678"), ("note", "phone")),
        (replace(NOT_REFERRED, note="nummer 111222333"), ("note", "citizen_number")),
        (referred(ReferralFacts("school", "06 12345678")), ("name.school", "phone")),
    ],
)
def test_what_can_not_be_is_refused_at_its_place(offices, facts, told):
    assert told in mistakes(facts)


def test_every_mistake_has_words(offices):
    for code in MESSAGES:
        mistake = Mistake("note", code, {"over": 1, "most": 2, "name": "x"})

        assert str(mistake)


def test_an_import_may_leave_the_outcome_out(offices):
    made, _new = registration.register(
        key=KEY, facts=Facts(AT, "phone", ""), by=None, at=AT, origin="import"
    )

    assert made.outcome == ""


def test_of_many_with_one_mistake_none_is_stored(offices):
    entries = [(uuid4(), NOT_REFERRED), (uuid4(), Facts(AT, "fax", ""))]

    with pytest.raises(Refused):
        registration.register_many(entries, by=None, at=AT)

    assert AdviceConversation.objects.count() == 0


def test_a_night_conversation_stands_on_the_day_of_amsterdam(offices):
    night = datetime(2026, 7, 31, 22, 30, tzinfo=UTC)  # 00:30 on 1 August

    made, _new = registration.register(
        key=KEY, facts=replace(NOT_REFERRED, moment=night), by=None, at=AT
    )

    assert made.day == date(2026, 8, 1)


def test_a_correction_keeps_what_was_in_the_history(offices, advisor):
    facts = referred(ReferralFacts("school", "De Ark"), interests=("po",))
    made, _new = registration.register(key=KEY, facts=facts, by=advisor, at=AT)
    better = referred(ReferralFacts("regional-office", offices=("flevowijs",)), interests=("vo",))

    now = registration.correct(made, facts=better, by=advisor, at=AT, seen=made.edition)

    assert registration.facts_of(now) == clean(better)
    last = now.history.last()
    assert (last.what, last.who) == ("corrected", advisor)
    assert last.before["referrals"][0]["name"] == "De Ark"
    assert last.after["referrals"][0]["offices"] == ["flevowijs"]


def test_a_correction_that_changes_nothing_writes_nothing(offices, advisor):
    made, _new = registration.register(key=KEY, facts=NOT_REFERRED, by=advisor, at=AT)

    registration.correct(made, facts=NOT_REFERRED, by=advisor, at=AT, seen=1)

    made.refresh_from_db()
    assert (made.edition, made.history.count()) == (1, 1)


def test_a_correction_of_what_somebody_changed_meanwhile_is_refused(offices, advisor):
    made, _new = registration.register(key=KEY, facts=NOT_REFERRED, by=advisor, at=AT)
    chat, mail = (replace(NOT_REFERRED, channel=channel) for channel in ("chat", "email"))
    registration.correct(made, facts=chat, by=advisor, at=AT, seen=1)

    with pytest.raises(registration.ChangedSince):
        registration.correct(made, facts=mail, by=advisor, at=AT, seen=1)

    made.refresh_from_db()
    assert made.channel == "chat"


def test_a_withdrawn_conversation_counts_no_longer_and_comes_back(offices, advisor):
    made, _new = registration.register(key=KEY, facts=NOT_REFERRED, by=advisor, at=AT)

    registration.withdraw(made, by=advisor, at=AT, seen=1)
    assert not AdviceConversation.objects.standing().exists()
    registration.bring_back(made, by=advisor, at=AT)

    assert AdviceConversation.objects.standing().get() == made
    assert [each.what for each in made.history.all()] == [
        "registered",
        "withdrawn",
        "brought-back",
    ]


def test_a_withdrawn_conversation_can_not_be_corrected(offices, advisor):
    made, _new = registration.register(key=KEY, facts=NOT_REFERRED, by=advisor, at=AT)
    gone = registration.withdraw(made, by=advisor, at=AT, seen=1)

    with pytest.raises(registration.ChangedSince):
        registration.correct(
            gone, facts=replace(NOT_REFERRED, channel="chat"), by=advisor, at=AT, seen=2
        )


@pytest.fixture
def with_slip(offices, advisor):
    facts = referred(ReferralFacts("regional-office", offices=("flevowijs",)))
    made, _new = registration.register(key=KEY, facts=facts, by=advisor, at=AT)
    slip = Slip.objects.create(
        referral=made.referrals.get(), category="money", language="nl", made_at=AT
    )
    return made, slip


def test_a_referral_that_stays_keeps_its_slip(with_slip, advisor):
    made, slip = with_slip
    facts = replace(registration.facts_of(made), channel="chat")

    now = registration.correct(made, facts=facts, by=advisor, at=AT, seen=1)

    assert list(now.referrals.get().slips.all()) == [slip]


def test_the_offices_of_a_slip_stay_as_long_as_it_stands(with_slip, advisor):
    made, _slip = with_slip

    with pytest.raises(HasSlip):
        registration.correct(made, facts=NOT_REFERRED, by=advisor, at=AT, seen=1)
    with pytest.raises(HasSlip):
        registration.withdraw(made, by=advisor, at=AT, seen=1)


def test_after_the_slip_is_withdrawn_the_referral_can_go(with_slip, advisor):
    made, slip = with_slip
    Slip.objects.update(withdrawn_at=AT)

    registration.correct(made, facts=NOT_REFERRED, by=advisor, at=AT, seen=1)

    slip.refresh_from_db()
    assert slip.referral is None
    assert not Referral.objects.exists()


def test_the_history_is_only_added_to(offices, advisor):
    made, _new = registration.register(key=KEY, facts=NOT_REFERRED, by=advisor, at=AT)
    first = made.history.get()

    for wrong in (
        first.save,
        first.delete,
        made.history.all().delete,
        lambda: made.history.all().update(what="corrected"),
    ):
        with pytest.raises(TypeError):
            wrong()


def test_many_are_stored_in_a_few_queries(offices, django_assert_max_num_queries):
    facts = referred(
        ReferralFacts("regional-office", offices=("flevowijs",)), interests=("po", "vo")
    )
    entries = [(uuid4(), facts) for _number in range(60)]

    with django_assert_max_num_queries(14):
        registration.register_many(entries, by=None, at=AT)

    assert ReferralOffice.objects.count() == 60
