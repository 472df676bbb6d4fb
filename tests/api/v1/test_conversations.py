"""Other contact systems register conversations once, and advisors list them."""

import json
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.core.cache import cache
from django.db.models import QuerySet
from django.test import Client
from django.utils import timezone

from navigator.advice import registration
from navigator.advice.facts import Facts, ReferralFacts
from navigator.advice.models import AdviceConversation, ConversationChange, Slip
from regions.models import EducationRegion
from tests import people
from tests.api.test_schema import check
from tests.api.v1.my.conftest import Caller, key_of

HERE = "/api/v1/conversations"
ONE = f"{HERE}/{{key}}"
KEY = "4a5d2f4e-0a4b-4c7e-9c56-0f7b3f6f2a11"
NOT_REFERRED = {
    "channel": "phone",
    "outcome": "not-referred",
    "moment": "2025-11-24T14:05:00+01:00",
}
REFERRED = {
    "moment": "2025-11-24T14:05:00+01:00",
    "channel": "planned-call",
    "interests": ["vo", "po"],
    "referrals": [
        {"destination": "school", "name": "Basisschool  De Beuk"},
        {"destination": "regional-office", "offices": ["west", "oost"]},
    ],
    "note": "Vraagt naar zij-instroom",
}


@pytest.fixture(autouse=True)
def _directory(directory):
    cache.clear()


@pytest.fixture
def advisor(db):
    return people.advisor(email="advisor@navigator.example")


@pytest.fixture
def caller(client, advisor):
    return Caller(client, advisor)


@pytest.fixture
def register(caller):
    """Sends a conversation, under a new key unless told otherwise."""

    def post(body, *, key=None, path=HERE, by=None, **headers):
        return (by or caller).post(path, {"key": str(key or uuid4()), **body}, **headers)

    return post


def stored(by, *, at=None, **more):
    """A conversation of somebody."""
    facts = {"moment": datetime(2025, 11, 24, tzinfo=UTC), "channel": "phone"} | more
    facts.setdefault("outcome", "referred" if facts.get("referrals") else "not-referred")
    return registration.register(key=uuid4(), facts=Facts(**facts), by=by, at=at or timezone.now())[
        0
    ]


def keys(answer):
    assert answer.status_code == 200
    return [UUID(each["key"]) for each in answer.json()["results"]]


@pytest.mark.parametrize("path", [HERE, f"{HERE}/"])
def test_a_conversation_is_registered_and_told(caller, register, advisor, path):
    answer = register(REFERRED, key=KEY, path=path)

    made = AdviceConversation.objects.get()
    assert answer.status_code == 201
    assert answer["Location"] == f"http://testserver{HERE}/{KEY}"
    assert datetime.fromisoformat(answer.json()["registeredAt"]) == made.registered_at
    assert answer.json() == {
        "key": KEY,
        "url": f"http://testserver/advies/gesprekken/{made.pk}/",
        "moment": "2025-11-24T13:05:00Z",
        "day": "2025-11-24",
        "channel": "planned-call",
        "outcome": "referred",
        "interests": ["po", "vo"],
        "referrals": [
            {"destination": "regional-office", "name": None, "offices": ["oost", "west"]},
            {"destination": "school", "name": "Basisschool De Beuk", "offices": []},
        ],
        "note": "Vraagt naar zij-instroom",
        "origin": "api",
        "advisor": "advisor@navigator.example",
        "registeredAt": answer.json()["registeredAt"],
        "withdrawnAt": None,
    }
    assert (made.advisor, made.origin) == (advisor, "api")
    assert caller.get(answer["Location"]).json() == answer.json()


def test_what_is_told_can_be_sent_again(caller, register):
    told = register(REFERRED).json()

    names = ("moment", "channel", "outcome", "interests", "referrals", "note")
    again = caller.post(HERE, {"key": told["key"]} | {name: told[name] for name in names})

    assert (again.status_code, again.json()) == (200, told)


def test_the_same_sent_twice_is_stored_once(register):
    first = register(REFERRED, key=KEY)

    again = register(REFERRED | {"moment": "2025-11-24T13:05:00Z"}, key=KEY)

    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    assert again["Location"] == first["Location"]
    assert AdviceConversation.objects.count() == 1


def test_the_key_may_stand_in_the_header(caller):
    first = caller.post(HERE, NOT_REFERRED, Idempotency_Key=KEY)
    again = caller.post(HERE, NOT_REFERRED, Idempotency_Key=f'"{KEY.upper()}"')
    both = caller.post(HERE, {"key": KEY, **NOT_REFERRED}, Idempotency_Key=KEY)

    assert [each.status_code for each in (first, again, both)] == [201, 200, 200]


def test_without_a_moment_it_is_now_also_when_it_is_sent_again_later(caller, register):
    body = {name: value for name, value in NOT_REFERRED.items() if name != "moment"}
    before = timezone.now().replace(microsecond=0)
    first = register(body, key=KEY)
    earlier = before - timedelta(hours=2)
    AdviceConversation.objects.update(moment=earlier)
    _rewrite_history(earlier)

    again = register(body, key=KEY)

    assert first.status_code == 201
    assert datetime.fromisoformat(first.json()["moment"]) >= before
    assert (again.status_code, datetime.fromisoformat(again.json()["moment"])) == (200, earlier)


def _rewrite_history(moment):
    """As if it had been sent then; the history itself lets nobody do so."""
    change = ConversationChange.objects.get()
    QuerySet(ConversationChange).filter(pk=change.pk).update(
        after={**change.after, "moment": moment.isoformat()}
    )


def test_a_key_that_stands_for_something_else_is_refused(register, problem_of):
    register(NOT_REFERRED, key=KEY)

    answer = register(NOT_REFERRED | {"channel": "chat"}, key=KEY)

    assert answer.status_code == 409
    assert problem_of(answer) == ("conflict", [("key", "key_taken")])
    assert AdviceConversation.objects.get().channel == "phone"


@pytest.mark.parametrize("moment", [{}, {"moment": None}])
def test_the_key_of_somebody_else_is_refused(client, register, moment):
    register(NOT_REFERRED, key=KEY)
    other = Caller(client, people.advisor())

    answers = [
        register(NOT_REFERRED, key=KEY, by=other),
        register({"channel": "phone", "outcome": "not-referred", **moment}, key=KEY, by=other),
    ]

    assert [answer.status_code for answer in answers] == [409, 409]


def test_what_was_withdrawn_since_is_still_known_by_its_key(caller, register):
    made = register(NOT_REFERRED, key=KEY)
    caller("DELETE", made["Location"])

    again = register(NOT_REFERRED, key=KEY)

    assert again.status_code == 200
    assert again.json()["withdrawnAt"]


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ({"key": None}, [("key", "required")]),
        ({"key": 7}, [("key", "not_text")]),
        ({"key": "4a5d2f4e0a4b4c7e9c560f7b3f6f2a11"}, [("key", "not_a_uuid")]),
        ({"moment": "gisteren"}, [("moment", "not_a_moment")]),
        ({"moment": 1764000000}, [("moment", "not_text")]),
        ({"moment": "2025-11-24T14:05:00"}, [("moment", "no_offset")]),
        ({"moment": "0001-01-01T00:00:00+01:00"}, [("moment", "not_a_moment")]),
        ({"moment": "9999-12-31T23:59:59-01:00"}, [("moment", "not_a_moment")]),
        ({"moment": "1999-12-31T12:00:00Z"}, [("moment", "too_old")]),
        ({"moment": "2199-01-01T12:00:00Z"}, [("moment", "not_yet")]),
        ({"channel": None}, [("channel", "no_channel")]),
        ({"channel": "pigeon"}, [("channel", "unknown_channel")]),
        ({"channel": ["phone"]}, [("channel", "not_text")]),
        ({"outcome": None}, [("outcome", "no_outcome")]),
        ({"outcome": "lost"}, [("outcome", "unknown_outcome")]),
        ({"outcome": "referred"}, [("referrals", "no_destination")]),
        ({"interests": "po"}, [("interests", "not_a_list")]),
        ({"interests": [1]}, [("interests", "not_text")]),
        ({"interests": ["xx"]}, [("interests", "unknown_interest")]),
        ({"interests": ["po", "unknown"]}, [("interests", "not_alone")]),
        ({"interests": ["po"] * 101}, [("interests", "too_many")]),
        ({"note": 1}, [("note", "not_text")]),
        ({"note": "x" * 1001}, [("note", "too_long")]),
        ({"note": "mail a@b.example"}, [("note", "email")]),
        ({"note": "bel 06 12345678"}, [("note", "phone")]),
        ({"note": "bsn 111222333"}, [("note", "citizen_number")]),
        ({"note": "woont 3011 AB"}, [("note", "postcode")]),
        ({"candidate": "x"}, [("", "unknown_field")]),
        ({"referrals": {}}, [("referrals", "not_a_list")]),
        ({"referrals": [{"destination": "school"}]}, [("outcome", "not_referred_alone")]),
    ],
)
def test_what_can_not_be_is_refused_at_its_place(caller, problem_of, body, wrong):
    answer = caller.post(HERE, {"key": KEY, **NOT_REFERRED, **body})

    assert answer.status_code == 400
    assert problem_of(answer) == ("invalid-request", wrong)
    assert not AdviceConversation.objects.exists()


@pytest.mark.parametrize(
    ("referral", "wrong"),
    [
        ("school", [("referrals.1", "not_an_object")]),
        ({}, [("referrals.1.destination", "unknown_destination")]),
        ({"destination": "moon"}, [("referrals.1.destination", "unknown_destination")]),
        ({"destination": 3}, [("referrals.1.destination", "not_text")]),
        ({"destination": "own-website"}, [("referrals", "destination_twice")]),
        ({"destination": "school", "email": "x"}, [("referrals.1", "unknown_field")]),
        ({"destination": "school", "name": "x" * 121}, [("referrals.1.name", "too_long")]),
        ({"destination": "school", "name": "a@b.example"}, [("referrals.1.name", "email")]),
        (
            {"destination": "school", "offices": ["oost"]},
            [("referrals.1.offices", "offices_elsewhere")],
        ),
        ({"destination": "contact-person", "name": "X"}, [("referrals.1.name", "no_name_here")]),
        ({"destination": "regional-office", "name": "X"}, [("referrals.1.name", "no_name_here")]),
        (
            {"destination": "regional-office", "offices": ["nowhere"]},
            [("referrals.1.offices", "unknown_office")],
        ),
        (
            {"destination": "regional-office", "offices": ["concept"]},
            [("referrals.1.offices", "unknown_office")],
        ),
        (
            {"destination": "regional-office", "offices": "oost"},
            [("referrals.1.offices", "not_a_list")],
        ),
    ],
)
def test_a_referral_that_can_not_be_is_refused_at_its_place(caller, problem_of, referral, wrong):
    referrals = [{"destination": "own-website"}, referral]

    answer = caller.post(HERE, {"key": KEY, "channel": "chat", "referrals": referrals})

    assert answer.status_code == 400
    assert problem_of(answer) == ("invalid-request", wrong)


def test_all_mistakes_are_told_at_once(caller, problem_of):
    body = {
        "colour": "red",
        "moment": "never",
        "channel": "pigeon",
        "interests": ["xx"],
        "referrals": [{"destination": "school", "name": "y" * 200}, {"destination": "moon"}],
        "note": "bel 06 12345678",
    }

    answer = caller.post(HERE, body, Idempotency_Key="no-key")

    _type, mistakes = problem_of(answer)
    assert sorted(mistakes) == [
        ("", "unknown_field"),
        ("Idempotency-Key", "not_a_uuid"),
        ("channel", "unknown_channel"),
        ("interests", "unknown_interest"),
        ("moment", "not_a_moment"),
        ("note", "phone"),
        ("referrals.0.name", "too_long"),
        ("referrals.1.destination", "unknown_destination"),
    ]
    assert "12345678" not in answer.content.decode()


def test_two_keys_are_a_mistake(caller, problem_of):
    answer = caller.post(HERE, {"key": KEY, **NOT_REFERRED}, Idempotency_Key=str(uuid4()))

    assert problem_of(answer) == ("invalid-request", [("key", "two_keys")])


@pytest.mark.parametrize("sent", ["[]", "{", '{"key": 1, "key": 2}'])
def test_what_is_no_object_is_refused(client, advisor, problem_of, sent):
    people.second_factor(advisor)
    bearer = {"Authorization": f"Bearer {key_of(advisor)}"}

    answer = client.post(HERE, sent, content_type="application/json", headers=bearer)

    assert answer.status_code == 400
    assert problem_of(answer) == ("malformed-json", [])


def test_an_outcome_follows_from_the_referrals(register):
    told = register({"channel": "chat", "referrals": [{"destination": "contact-person"}]}).json()

    assert told["outcome"] == "referred"


# Who


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("path", [HERE, f"{HERE}/"])
def test_nobody_is_asked_who_they_are(client, problem_of, method, path):
    answer = client.generic(method, path, "{}", content_type="application/json")

    assert answer.status_code == 401
    assert problem_of(answer) == ("unauthenticated", [])


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_editors_may_not(client, problem_of, method):
    editor = Caller(client, people.editor(EducationRegion.objects.get(slug="midden")))

    answer = editor(method, HERE, {})

    assert answer.status_code == 403
    assert problem_of(answer) == ("forbidden", [])


def test_a_token_without_the_second_factor_registers_nothing(client, advisor):
    bearer = {"Authorization": f"Bearer {key_of(advisor)}"}
    body = json.dumps({"key": KEY, **NOT_REFERRED})

    answer = client.post(HERE, body, content_type="application/json", headers=bearer)

    assert answer.status_code == 403
    assert not AdviceConversation.objects.exists()


def test_a_session_registers_with_the_token_against_forgery_only(advisor):
    forged = people.log_in(Client(enforce_csrf_checks=True), advisor)
    body = json.dumps({"key": KEY, **NOT_REFERRED})

    answer = forged.post(HERE, body, content_type="application/json")

    assert answer.status_code == 403
    assert not AdviceConversation.objects.exists()


def test_no_answer_may_be_kept_or_read_by_another_site(caller, register):
    answers = [
        caller.get(HERE, Origin="https://elders.example"),
        register(NOT_REFERRED, Origin="https://elders.example"),
        caller("OPTIONS", HERE, Origin="https://elders.example"),
    ]

    for answer in answers:
        assert "Access-Control-Allow-Origin" not in answer
        assert "Access-Control-Allow-Methods" not in answer
        assert answer["Cache-Control"] == "no-store, private"


def test_advisors_list_their_own_and_administrators_all(client, caller, advisor):
    own = stored(advisor)
    other = stored(people.advisor(), moment=datetime(2025, 11, 25, tzinfo=UTC))
    imported = stored(None, moment=datetime(2025, 11, 26, tzinfo=UTC))
    administrator = people.administrator()
    theirs = stored(administrator, moment=datetime(2025, 11, 27, tzinfo=UTC))
    administering = Caller(client, administrator)

    assert keys(caller.get(HERE)) == [own.key]
    assert keys(administering.get(HERE)) == [each.key for each in (theirs, imported, other, own)]
    assert keys(administering.get(f"{HERE}?mine=true")) == [theirs.key]
    assert keys(caller.get(f"{HERE}?mine=false")) == [own.key]


def test_the_conversation_of_another_advisor_is_not_found(caller, problem_of):
    other = stored(people.advisor())

    answers = [caller(method, f"{HERE}/{other.key}") for method in ("GET", "DELETE")]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert problem_of(answers[0]) == ("not-found", [])
    assert AdviceConversation.objects.standing().exists()


# Lists


@pytest.fixture
def several(advisor):
    """By name, the last first."""
    to_oost = (ReferralFacts("regional-office", offices=("oost",)), ReferralFacts("school"))
    facts = {
        "night": {"moment": datetime(2025, 11, 29, 23, 30, tzinfo=UTC)},  # of the 30th
        "chat": {"moment": datetime(2025, 11, 20, tzinfo=UTC), "channel": "chat"},
        "oost": {"moment": datetime(2025, 11, 10, tzinfo=UTC), "referrals": to_oost},
        "po": {"moment": datetime(2025, 11, 5, tzinfo=UTC), "interests": ("po", "vo")},
        "unknown": {"moment": datetime(2025, 10, 31, tzinfo=UTC), "interests": ("unknown",)},
    }
    return {name: stored(advisor, **each) for name, each in facts.items()}


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ("", ["night", "chat", "oost", "po", "unknown"]),
        ("from=2025-11-05&to=2025-11-20", ["chat", "oost", "po"]),
        ("from=2025-11-30", ["night"]),
        ("to=2025-11-29&from=2025-11-21", []),
        ("channel=chat", ["chat"]),
        ("destination=school", ["oost"]),
        ("destination=not-referred", ["night", "chat", "po", "unknown"]),
        ("destination=trade-union", []),
        ("office=oost", ["oost"]),
        ("office=oost&destination=school", ["oost"]),
        ("office=west", []),
        ("sector=vo", ["po"]),
        ("sector=unknown", ["unknown"]),
        ("pageSize=2&page=2", ["oost", "po"]),
    ],
)
def test_a_list_holds_what_all_parameters_hold_for(caller, several, asked, names):
    assert keys(caller.get(f"{HERE}?{asked}")) == [several[name].key for name in names]


def test_withdrawn_ones_are_listed_when_they_are_asked_for(caller, register, several):
    gone = several["chat"]
    caller("DELETE", f"{HERE}/{gone.key}")

    assert gone.key not in keys(caller.get(HERE))
    assert keys(caller.get(f"{HERE}?withdrawn=true")) == [gone.key]


@pytest.mark.parametrize(
    ("asked", "wrong"),
    [
        ("colour=red", [("colour", "unknown_parameter")]),
        ("from=20251101", [("from", "not_a_day")]),
        ("from=2025-02-30&to=x", [("from", "not_a_day"), ("to", "not_a_day")]),
        ("from=2025-11-02&to=2025-11-01", [("to", "ends_before_it_begins")]),
        ("channel=pigeon", [("channel", "unknown_channel")]),
        ("destination=moon", [("destination", "unknown_destination")]),
        ("office=nowhere", [("office", "unknown_office")]),
        ("sector=xx", [("sector", "unknown_sector")]),
        ("mine=yes", [("mine", "not_a_boolean")]),
        ("withdrawn=", [("withdrawn", "empty")]),
        ("page=0", [("page", "not_a_number")]),
    ],
)
def test_a_parameter_that_can_not_be_is_refused(caller, problem_of, asked, wrong):
    answer = caller.get(f"{HERE}?{asked}")

    assert answer.status_code == 400
    assert problem_of(answer) == ("invalid-request", wrong)


def test_a_list_takes_a_fixed_number_of_queries(caller, advisor, django_assert_num_queries):
    to_both = (ReferralFacts("regional-office", offices=("oost", "west")),)
    # The token, the second factor, a count; the conversations and what belongs to them.
    for number in (2, 40):
        for _each in range(number):
            stored(advisor, referrals=to_both, interests=("po",))
        caller.get(HERE)

        with django_assert_num_queries(9):
            answer = caller.get(f"{HERE}?pageSize=100&destination=regional-office&sector=po")

        assert answer.json()["count"] >= number


# Withdrawing


def test_what_is_withdrawn_counts_no_longer_and_can_still_be_read(caller, register):
    made = register(NOT_REFERRED)

    answers = [caller("DELETE", made["Location"]) for _time in range(2)]

    assert [answer.status_code for answer in answers] == [204, 204]
    assert not AdviceConversation.objects.standing().exists()
    assert caller.get(made["Location"]).json()["withdrawnAt"]


def test_after_thirty_days_only_an_administrator_withdraws(client, caller, advisor, problem_of):
    old = stored(advisor, at=timezone.now() - timedelta(days=31))

    refused = caller("DELETE", f"{HERE}/{old.key}")
    done = Caller(client, people.administrator())("DELETE", f"{HERE}/{old.key}")

    assert (refused.status_code, done.status_code) == (403, 204)
    assert problem_of(refused) == ("forbidden", [])


def test_what_has_a_slip_is_not_withdrawn(caller, advisor, problem_of):
    made = stored(advisor, referrals=(ReferralFacts("regional-office", offices=("oost",)),))
    Slip.objects.create(
        referral=made.referrals.get(),
        key="key",
        code="C3D4F6H",
        category="money",
        language="nl",
        made_at=timezone.now(),
    )

    answer = caller("DELETE", f"{HERE}/{made.key}")

    assert answer.status_code == 409
    assert problem_of(answer) == ("conflict", [("", "has_slip")])


# The description


def test_what_is_answered_is_as_described(caller, register, problem_of):
    check("post", HERE, register(REFERRED, key=KEY))
    check("post", HERE, register(REFERRED, key=KEY))
    check("post", HERE, register(NOT_REFERRED, key=KEY))
    check("post", HERE, register({"channel": "pigeon"}))
    check("get", HERE, caller.get(HERE))
    check("get", HERE, caller.get(f"{HERE}?channel=pigeon"))
    check("get", ONE, caller.get(f"{HERE}/{KEY}"))
    check("get", ONE, caller.get(f"{HERE}/{uuid4()}"))
    caller("DELETE", f"{HERE}/{KEY}")
    check("get", ONE, caller.get(f"{HERE}/{KEY}"))
