"""The figures of advice for programs: exact for who works with them, else what is published."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.utils import timezone

from navigator.accounts import tokens
from navigator.advice import registration
from navigator.advice.facts import Facts, ReferralFacts
from navigator.statistics import publishing
from tests import people
from tests.api.test_schema import check

SUMMARY = "/api/v1/statistics/advice"
MARCH = "from=2026-03-01&to=2026-03-31"
AT = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@pytest.fixture
def conversations(world):
    """Nine to a school, of which three also to the office; and one that led nowhere."""
    world.office("eerste")
    school, office = ReferralFacts("school"), ReferralFacts("regional-office", offices=("eerste",))
    told = [*[(school, office)] * 3, *[(school,)] * 6]
    entries = [(uuid4(), Facts(AT, "phone", "referred", ("po",), each)) for each in told]
    entries.append((uuid4(), Facts(AT, "chat", "not-referred")))
    registration.register_many(entries, by=None, at=AT)


def publish(*tables, hide_small=True):
    publishing.publish(tables, hide_small=hide_small, by=people.administrator(), at=AT)


def table(client, code, query=MARCH):
    answer = client.get(f"{SUMMARY}/{code}?{query}")
    assert answer.status_code == 200
    return {row["code"]: row for row in answer.json()["results"]}


def test_an_advisor_reads_the_exact_figures(client, conversations):
    people.log_in(client, people.advisor())

    answer = client.get(f"{SUMMARY}?{MARCH}")

    told = answer.json()
    check("get", "/api/v1/statistics/advice", answer)
    assert told["exact"] is True
    assert told["yearBefore"] == {"first": "2025-03-01", "last": "2025-03-31"}
    assert (told["conversations"]["now"], told["withOutcome"]["now"]) == (10, 10)
    assert told["referrals"]["now"] == 12
    assert told["recordDay"] == {"day": "2026-03-02", "count": 10}
    assert [each["code"] for each in told["tables"]] == [
        "destinations",
        "offices",
        "sectors",
        "channels",
        "days",
        "months",
        "slips",
    ]
    assert answer["Cache-Control"] == "no-store, private"
    assert {"Authorization", "Cookie"} <= set(answer["Vary"].split(", "))
    assert not answer.has_header("Access-Control-Allow-Origin")


def test_a_token_of_an_advisor_reads_them_too(client, conversations):
    advisor = people.advisor()
    people.second_factor(advisor)
    _token, key = tokens.make(advisor, name="figures", days=90, at=timezone.now())

    answer = client.get(f"{SUMMARY}/offices?{MARCH}", headers={"authorization": f"Bearer {key}"})

    assert answer.json()["results"][0]["now"] == 3


@pytest.mark.parametrize(
    "code", ["destinations", "offices", "sectors", "channels", "days", "months", "slips"]
)
def test_every_table_is_as_described(client, conversations, code):
    people.log_in(client, people.administrator())

    answer = client.get(f"{SUMMARY}/{code}?{MARCH}")

    check("get", "/api/v1/statistics/advice/{table}", answer)
    assert answer.json()["count"] > 0


def test_a_line_tells_its_share_and_the_totals_come_last(client, conversations):
    people.log_in(client, people.advisor())

    rows = table(client, "destinations")

    assert rows["school"]["share"] == 90.0
    assert [row["code"] for row in rows.values() if row["isTotal"]] == [
        "total-referrals",
        "with-outcome",
        "conversations",
    ]
    assert list(rows)[-1] == "conversations"


def test_nothing_is_told_to_everybody_before_it_is_published(client, conversations):
    answer = client.get(f"{SUMMARY}?{MARCH}")

    told = answer.json()
    check("get", "/api/v1/statistics/advice", answer)
    assert told["conversations"] is told["referrals"] is told["recordDay"] is None
    assert told["tables"] == []
    assert client.get(f"{SUMMARY}/channels?{MARCH}").status_code == 404


def test_everybody_reads_what_is_published_without_its_small_numbers(client, conversations):
    publish("destinations", "channels")

    answer = client.get(f"{SUMMARY}?{MARCH}")
    rows = table(client, "destinations")

    told = answer.json()
    check("get", "/api/v1/statistics/advice", answer)
    assert told["exact"] is False
    assert told["recordDay"] is None
    assert [each["code"] for each in told["tables"]] == ["destinations", "channels"]
    assert rows["regional-office"]["now"] == "<5"
    assert rows["regional-office"]["share"] is None
    assert rows["school"]["now"] == "x"
    assert client.get(f"{SUMMARY}/offices?{MARCH}").status_code == 404
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert {"Authorization", "Cookie"} <= set(answer["Vary"].split(", "))


def test_small_numbers_are_published_when_that_was_chosen(client, conversations):
    publish("destinations", hide_small=False)

    assert table(client, "destinations")["regional-office"]["now"] == 3


def test_an_editor_reads_what_everybody_reads(client, world, conversations):
    publish("channels")
    people.log_in(client, people.editor())

    answer = client.get(f"{SUMMARY}/channels?{MARCH}")

    assert answer.status_code == 200
    assert not answer.has_header("Cache-Control")
    assert client.get(f"{SUMMARY}/destinations?{MARCH}").status_code == 404


@pytest.mark.parametrize(
    ("query", "field", "code"),
    [
        ("from=2026-03-01", "to", "incomplete"),
        ("from=maart&to=2026-03-31", "from", "not_a_date"),
        ("from=2026-03-02&to=2026-03-01", "to", "end_before_begin"),
        ("from=1900-01-01&to=2026-03-01", "from", "out_of_range"),
        ("from=2001-01-01&to=2026-03-01", "to", "too_long"),
        ("period=ever", "period", "unknown_period"),
        ("period=last-7&from=2026-03-01", "period", "one_period"),
        ("office=eerste", "office", "unknown_parameter"),
        ("period=last-7&period=last-30", "period", "given_twice"),
    ],
)
@pytest.mark.parametrize("path", ["", "/channels"])
def test_what_is_no_period_is_refused(client, world, query, field, code, path):
    publish("channels")

    answer = client.get(f"{SUMMARY}{path}?{query}")

    assert answer.status_code == 400
    assert [(each["field"], each["code"]) for each in answer.json()["errors"]] == [(field, code)]


def test_a_wrong_token_is_no_visitor(client, world):
    answer = client.get(SUMMARY, headers={"authorization": "Bearer rn_wrong"})

    assert answer.status_code == 401


def test_a_link_to_a_table_keeps_the_days(client, conversations):
    people.log_in(client, people.advisor())

    told = client.get(f"{SUMMARY}?period=last-7").json()

    days = f"from={told['period']['first']}&to={told['period']['last']}"
    assert told["period"]["last"] == timezone.localdate().isoformat()
    assert told["tables"][0]["url"] == f"http://testserver{SUMMARY}/destinations?{days}"


def test_a_table_takes_eight_queries_for_everybody(
    client, conversations, django_assert_num_queries
):
    publish("channels")
    client.get(f"{SUMMARY}/channels")

    with django_assert_num_queries(7):
        client.get(f"{SUMMARY}/channels?{MARCH}")
