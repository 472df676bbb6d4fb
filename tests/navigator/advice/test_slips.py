from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from navigator.advice import codes, handouts, outcome_brakes, outcomes, registration, slips
from navigator.advice.facts import ReferralFacts
from navigator.advice.models import AdviceConversation, Slip, SlipOffice, SlipOutcome
from navigator.advice.models.conversations import AdviceConversationQuerySet
from navigator.advice.slips import SlipError
from tests.navigator.advice.handing import AT, referral, slip
from tests.people import administrator, advisor, log_in

pytestmark = pytest.mark.django_db

PAGE = "/en/advies/briefjes/"
DAY = timedelta(days=1)


@pytest.fixture
def offices(world):
    with world.at_once():
        world.office("north", name="Office North", serves=["9711"], email="north@office.example")
        world.office("south", name="Office South", serves=["6211"], email="south@office.example")


@pytest.fixture
def somebody():
    return advisor()


@pytest.fixture
def desk(client, somebody):
    return log_in(client, somebody)


def refused(made_for, **given):
    whole = {"category": "money", "language": "nl", **given}
    with pytest.raises(SlipError) as raised:
        slips.make(made_for, **whole, by=advisor(), at=AT)
    assert not Slip.objects.exists()
    return raised.value.code


def complain(made, slug, at):
    receiver = made.offices.get(office__slug=slug)
    outcomes.tell_by_candidate(receiver, at=at)


def test_a_slip_has_a_code_an_address_and_the_offices_of_its_referral(offices, somebody):
    made = slip(somebody, "north", "south")

    assert codes.read(made.code) == made.code
    assert len(made.key) >= 22
    assert [each.office.slug for each in made.offices.all()] == ["north", "south"]


def test_the_offices_hear_of_a_slip_once_it_is_stored(
    offices, somebody, monkeypatch, django_capture_on_commit_callbacks
):
    heard = []
    monkeypatch.setattr(outcomes, "announce", lambda slip, at: heard.append((slip.pk, at)))

    with django_capture_on_commit_callbacks() as waiting:
        made = slip(somebody, "north")
    assert heard == []
    for tell in waiting:
        tell()

    assert heard == [(made.pk, AT)]


def test_a_referral_has_one_standing_slip(offices, somebody):
    referred = referral(somebody, "north")
    given = {"category": "money", "language": "nl", "by": somebody, "at": AT}

    first, is_new = slips.make(referred, **given)
    second, is_new_too = slips.make(referred, **given)

    assert (first, is_new, is_new_too) == (second, True, False)
    slips.withdraw(first, at=AT)
    third, is_new = slips.make(referred, **given)
    assert is_new
    assert third.code != first.code


def test_a_slip_belongs_to_a_referral_with_offices(offices, somebody):
    assert refused(referral(somebody)) == "no_offices"
    assert refused(referral(somebody, destination="school")) == "no_offices"


def test_a_referral_that_was_taken_out_meanwhile_gets_no_slip(offices, somebody):
    referred = referral(somebody, "north")
    conversation = referred.conversation
    facts = registration.facts_of(conversation)
    other = (ReferralFacts("school"),)
    registration.correct(
        conversation, facts=replace(facts, referrals=other), by=somebody, at=AT, seen=1
    )

    assert refused(referred) == "referral_gone"


def test_making_a_slip_waits_for_who_changes_the_conversation(offices, somebody, monkeypatch):
    referred = referral(somebody, "north")
    asked = []
    locked = AdviceConversationQuerySet.select_for_update
    monkeypatch.setattr(
        AdviceConversationQuerySet,
        "select_for_update",
        lambda self, **given: asked.append(self.model) or locked(self, **given),
    )

    slips.make(referred, category="money", language="nl", by=somebody, at=AT)

    assert asked == [AdviceConversation]


def test_slips_have_a_brake_since_each_is_a_mail(offices, desk, somebody, monkeypatch):
    cache.clear()
    monkeypatch.setattr(outcome_brakes, "MOST_SLIPS", 1)
    one, other = referral(somebody, "north"), referral(somebody, "south")
    rest = {"category": "money", "language": "nl"}

    made = desk.post(PAGE, {"referral": one.pk, **rest})
    refused = desk.post(PAGE, {"referral": other.pk, **rest})

    assert (made.status_code, refused.status_code) == (303, 429)
    assert Slip.objects.count() == 1


def test_a_conversation_that_was_withdrawn_gets_no_slip(offices, somebody):
    referred = referral(somebody, "north")
    registration.withdraw(referred.conversation, by=somebody, at=AT, seen=1)

    assert refused(referred) == "withdrawn"


def test_a_slip_needs_a_known_question_and_language(offices, somebody):
    referred = referral(somebody, "north")

    assert refused(referred, category="") == "unknown_category"
    assert refused(referred, language="fy") == "unknown_language"


def test_two_slips_never_have_the_same_code(offices, somebody, monkeypatch):
    first = slip(somebody, "north")
    other = codes.make()
    drawn = iter([first.code, first.code, other])
    monkeypatch.setattr(codes, "make", lambda: next(drawn))

    second = slip(somebody, "south")

    assert second.code == other


def test_withdrawing_tells_the_offices_once(offices, somebody, monkeypatch):
    told = []
    monkeypatch.setattr(outcomes, "withdrawn", lambda slip, at: told.append(at))
    made = slip(somebody, "north")

    assert slips.withdraw(made, at=AT + DAY)
    assert not slips.withdraw(made, at=AT + 2 * DAY)
    assert told == [AT + DAY]
    assert Slip.objects.get().withdrawn_at == AT + DAY


def test_a_slip_is_found_by_its_address_and_its_code(offices, somebody):
    made = slip(somebody, "north")

    assert slips.find_by_key(made.key, AT) == made
    assert slips.find_by_key(made.key + "x", AT) is None
    assert slips.find_by_code(codes.shown(made.code).lower(), AT) == made


def test_after_180_days_a_slip_is_found_no_more_also_before_it_was_forgotten(offices, somebody):
    made = slip(somebody, "north")
    last = AT + 180 * DAY

    assert slips.find_by_key(made.key, last) == made
    assert slips.find_by_key(made.key, last + timedelta(seconds=1)) is None
    assert slips.find_by_code(made.code, last + timedelta(seconds=1)) is None


def test_code_and_address_of_an_old_slip_are_forgotten_and_the_rest_stays(offices, somebody):
    old = slip(somebody, "north")
    young = slip(somebody, "south", at=AT + DAY)
    outcomes.tell(old.offices.get(), outcome="helped", teller="link", at=AT)

    forgotten = slips.forget_old(AT + 180 * DAY + timedelta(hours=1))

    old.refresh_from_db()
    young.refresh_from_db()
    assert forgotten == 1
    assert (old.key, old.code) == (None, None)
    assert None not in (young.key, young.code)
    assert SlipOffice.objects.count() == 2
    assert SlipOutcome.objects.count() == 1
    assert slips.forget_old(AT + 180 * DAY + timedelta(hours=1)) == 0


@pytest.mark.parametrize(("language", "path"), [("nl", "/briefje/"), ("en", "/en/briefje/")])
def test_the_address_leads_to_the_language_of_the_slip(offices, somebody, settings, language, path):
    settings.SITE_URL = "https://www.loketwijzer.example"
    made = slip(somebody, "north", language=language)

    handout = handouts.of_slip(made)

    assert handout.address == f"https://www.loketwijzer.example{path}{made.key}/"
    assert codes.shown(made.code) in handout.mail
    assert codes.shown(made.code) in handout.message
    assert "Office North" in handout.mail


def test_a_text_message_of_a_slip_is_one_message(offices, somebody, settings):
    settings.SITE_URL = "https://www.loketwijzer.example"

    handout = handouts.of_slip(slip(somebody, "north", language="en"))

    assert len(handout.message) <= 160
    assert handout.message.isascii()


def test_an_advisor_makes_a_slip_and_comes_to_its_page(desk, offices, somebody):
    referred = referral(somebody, "north", at=timezone.now())

    response = desk.post(PAGE, {"referral": referred.pk, "category": "returning", "language": "en"})

    made = Slip.objects.get()
    assert (response.status_code, response["Location"]) == (303, f"{PAGE}{made.pk}/")
    assert (made.category, made.language, made.made_by) == ("returning", "en", somebody)
    text = desk.get(response["Location"]).text
    assert codes.shown(made.code) in text
    assert codes.SPOKEN["en"][made.code[0]] in text
    assert f"/en/briefje/{made.key}/" in text
    assert "Office North" in text


def test_a_second_press_of_the_button_leads_to_the_same_slip(desk, offices, somebody):
    posted = {
        "referral": referral(somebody, "north", at=timezone.now()).pk,
        "category": "money",
        "language": "nl",
    }

    answers = {desk.post(PAGE, posted)["Location"] for _time in range(2)}

    assert len(answers) == Slip.objects.count() == 1


def test_a_slip_without_a_question_is_asked_for_again(desk, offices, somebody):
    referred = referral(somebody, "north", at=timezone.now())

    response = desk.post(PAGE, {"referral": referred.pk, "language": "en"})

    assert response.status_code == 400
    assert f'name="referral" value="{referred.pk}"' in response.text
    assert '<option value="en" selected' in response.text
    assert not Slip.objects.exists()


def test_a_referral_without_offices_says_so_in_the_form(desk, offices, somebody):
    referred = referral(somebody, at=timezone.now())

    response = desk.post(PAGE, {"referral": referred.pk, "category": "money", "language": "nl"})

    assert response.status_code == 400
    assert "no regional offices" in response.text


def test_a_slip_can_be_begun_by_an_address(desk, offices, somebody):
    referred = referral(somebody, "north", at=timezone.now())

    text = desk.get(PAGE, {"referral": referred.pk}).text

    assert f'name="referral" value="{referred.pk}"' in text
    assert "Office North" in text


def test_the_referral_of_somebody_else_is_not_found(desk, offices):
    referred = referral(advisor(), "north", at=timezone.now())
    posted = {"referral": referred.pk, "category": "money", "language": "nl"}

    assert desk.post(PAGE, posted).status_code == 404
    assert desk.get(PAGE, {"referral": referred.pk}).status_code == 404
    assert not Slip.objects.exists()


@pytest.mark.parametrize("number", ["", "-1", "x", "9" * 40, "²"])
def test_a_number_that_is_none_is_a_mistake(desk, offices, number):
    assert desk.post(PAGE, {"referral": number}).status_code == 400


def test_an_administrator_makes_a_slip_that_the_advisor_sees_too(client, offices, somebody):
    referred = referral(somebody, "north", at=timezone.now())
    posted = {"referral": referred.pk, "category": "money", "language": "nl"}
    address = log_in(client, administrator()).post(PAGE, posted)["Location"]

    log_in(client, somebody)

    assert client.get(address).status_code == 200
    assert address in client.get(PAGE).text


def test_the_page_of_a_slip_tells_what_the_offices_told(desk, offices, somebody):
    now = timezone.now()
    made = slip(somebody, "north", "south", at=now - 2 * DAY)
    north = made.offices.get(office__slug="north")
    outcomes.tell(north, outcome="waiting", teller="link", at=now - DAY)
    outcomes.tell(north, outcome="helped", teller="link", at=now)

    text = desk.get(f"{PAGE}{made.pk}/").text

    assert "Helped" in text
    assert "Waiting for the candidate" in text
    assert "nothing told yet" in text


def test_a_slip_is_withdrawn_on_its_page(desk, offices, somebody):
    made = slip(somebody, "north", at=timezone.now())

    response = desk.post(f"{PAGE}{made.pk}/")

    assert response.status_code == 303
    text = desk.get(response["Location"]).text
    assert made.key not in text
    assert codes.shown(made.code) not in text


def test_a_forgotten_slip_still_has_a_page_for_its_advisor(desk, offices, somebody):
    made = slip(somebody, "north", at=timezone.now() - 181 * DAY)

    before = desk.get(f"{PAGE}{made.pk}/").text
    slips.forget_old(timezone.now())
    after = desk.get(f"{PAGE}{made.pk}/").text

    assert codes.shown(made.code) not in before + after
    assert "180 days" in before
    assert "180 days" in after
    assert desk.get(PAGE).status_code == 200


def test_where_nobody_called_stands_first(desk, offices, somebody):
    now = timezone.now()
    forgotten = slip(somebody, "north", at=now - 9 * DAY)
    settled = slip(somebody, "north", "south", at=now - 8 * DAY)
    withdrawn = slip(somebody, "south", at=now - 7 * DAY)
    newest = slip(somebody, "south", at=now)
    complain(forgotten, "north", now - 2 * DAY)
    complain(settled, "north", now - 2 * DAY)
    outcomes.tell(
        settled.offices.get(office__slug="north"), outcome="contacted", teller="link", at=now - DAY
    )
    complain(withdrawn, "south", now - 2 * DAY)
    slips.withdraw(withdrawn, at=now)

    page = desk.get(PAGE)

    assert [line["slip"] for line in page.context["lines"]] == [
        forgotten,
        newest,
        withdrawn,
        settled,
    ]
    assert page.text.count("Nobody called</span>") == 1


def test_a_code_leads_to_its_slip(desk, offices, somebody):
    made = slip(somebody, "north", at=timezone.now())

    response = desk.get(PAGE, {"code": f" {made.code[:3].lower()} {made.code[3:].lower()}"})

    assert (response.status_code, response["Location"]) == (302, f"{PAGE}{made.pk}/")


@pytest.mark.parametrize(("typed", "status"), [("", 400), ("C3D4-F6O", 400), ("free", 404)])
def test_a_code_that_leads_nowhere_is_explained(desk, offices, somebody, typed, status):
    typed = codes.make() if typed == "free" else typed

    response = desk.get(PAGE, {"code": typed})

    assert response.status_code == status
    assert f'value="{typed}"' in response.text
    assert 'aria-invalid="true"' in response.text


def test_the_slip_of_somebody_else_is_not_found(desk, offices):
    made = slip(advisor(), "north", at=timezone.now())

    assert desk.get(PAGE, {"code": made.code}).status_code == 404
    assert desk.get(f"{PAGE}{made.pk}/").status_code == 404
    assert desk.post(f"{PAGE}{made.pk}/").status_code == 404


def test_a_page_of_slips_takes_as_many_queries_for_one_as_for_ten(
    desk, offices, somebody, django_assert_num_queries
):
    for count in (1, 9):
        for _time in range(count):
            slip(somebody, "north", "south", at=timezone.now())

        with django_assert_num_queries(LIST_QUERIES):
            desk.get(PAGE)


# Session, user, second step and menu; then slips and their number, their offices twice, outcomes.
LIST_QUERIES = 9
