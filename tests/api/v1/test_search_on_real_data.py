"""Page and API answer alike, whatever is asked."""

import re

import pytest

from regions.search import find_offices

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("real_directory")]

QUESTIONS = [
    {"postcode": "3011"},
    {"postcode": "3011", "sector": "po", "support": ["vacancies"]},
    {"postcode": "1011", "sector": "vo"},
    {"postcode": "1911"},
    {"postcode": "9411", "sector": "ho"},
    {"postcode": "6961"},
    {"postcode": "6961", "sector": "so"},
    {"postcode": "5911", "sector": "po"},
    {"postcode": "1791", "sector": "vavo"},
    {"place": "Rotterdam", "sector": "mbo"},
    {"place": "Den Bosch"},
]


def in_order(answer) -> list[str]:
    matches = (*answer.serving, *answer.nearby, *answer.nationwide)
    return [match.office.slug for match in matches]


@pytest.mark.parametrize("question", QUESTIONS, ids=str)
def test_the_api_answers_what_the_search_found(ask, question):
    expected = find_offices(**question)

    found = ask(question).json()

    assert found["outcome"] == expected.outcome
    matches = [*found["serving"], *found["nearby"], *found["nationwide"]]
    assert [match["slug"] for match in matches] == in_order(expected)
    assert found["gaps"] == list(expected.gaps)
    assert [match["matches"] for match in found["serving"]] == [
        match.matches for match in expected.serving
    ]


@pytest.mark.parametrize("question", QUESTIONS, ids=str)
def test_page_and_api_show_the_same_offices_in_the_same_order(client, ask, question):
    page = client.get("/zoeken/", question)

    found = ask(question).json()

    matches = [*found["serving"], *found["nearby"], *found["nationwide"]]
    assert matches
    assert in_order(page.context["answer"]) == [match["slug"] for match in matches]
    linked = re.findall(r'href="/regioloketten/([a-z0-9-]+)/', page.content.decode())
    assert {match["slug"] for match in matches} <= set(linked)
