"""The desk on the real directory: errors in real names, and what an answer costs."""

import random

import pytest

from navigator.advice import names
from navigator.advice.found import State
from navigator.advice.lookup import look_up
from navigator.advice.names import SHORTEST_WITH_ERROR, Kind
from regions.answers import Outcome
from regions.models import Place
from regions.places import name_key

pytestmark = pytest.mark.django_db
LETTERS = "abcdefghijklmnopqrstuvwxyz"


@pytest.fixture(autouse=True)
def _directory(real_directory, db):
    pass


def with_an_error(key, chance):
    """A key with one letter less, more, other, or two swapped."""
    at = chance.randrange(len(key) - 1)
    letter = chance.choice(LETTERS)
    return chance.choice(
        [
            key[:at] + key[at + 1 :],
            key[:at] + letter + key[at:],
            key[:at] + letter + key[at + 1 :],
            key[:at] + key[at + 1] + key[at] + key[at + 2 :],
        ]
    )


def shown(found):
    """The names that an advisor can see or choose."""
    readings = {(each.kind, each.text) for each in (*found.choices, *found.also)}
    answered = {(Kind.PLACE, found.answer.place)} if found.answer else set()
    return readings | answered | {(Kind.OFFICE, match.office.name) for match in found.matches}


def test_a_real_place_is_found_with_any_typing_error():
    chance = random.Random(20)
    known = names.current()
    places = list(Place.objects.order_by("pk").values_list("name", flat=True))
    missed = []
    for name in chance.sample(places, 150):
        typed = with_an_error(name_key(name), chance)
        if len(name_key(name)) <= SHORTEST_WITH_ERROR or typed in known.exact:
            continue
        found = look_up(typed=typed)
        if (Kind.PLACE, name) not in shown(found) and len(found.choices) < 12:
            missed.append((name, typed, found.state))

    assert missed == []


def test_a_real_office_is_found_with_an_error_in_any_long_word_of_its_name():
    chance = random.Random(21)
    known = names.current()
    offices = {name for each in known.exact.values() for name in each if name.kind is Kind.OFFICE}
    missed = []
    for office in sorted(offices, key=lambda name: name.text):
        word = max(office.text.split(), key=len)
        typed = with_an_error(name_key(word), chance)
        found = look_up(typed=typed)
        if any(typed in key for key in known.exact):  # an error that makes another name
            continue
        if (Kind.OFFICE, office.text) not in shown(found) and not found.answer:
            missed.append((office.text, typed))

    assert missed == []


def test_every_choice_of_a_shared_name_leads_to_one_place():
    known = names.current()
    shared = [
        key
        for key, each in known.exact.items()
        if len([name for name in each if name.kind is Kind.PLACE]) > 1
    ]
    assert len(shared) > 50
    for key in shared:
        for choice in look_up(typed=key).choices:
            found = look_up(typed=choice.typed)

            assert found.state is State.ANSWER, choice.typed
            assert found.answer.outcome in (Outcome.FOUND, Outcome.NO_OFFICE)
            assert found.answer.place == choice.text


def test_every_region_and_office_is_found_by_its_own_name():
    known = names.current()
    for name in {name for each in known.exact.values() for name in each}:
        if name.kind is Kind.OFFICE:
            found = look_up(typed=name.text)

            assert name.slug in {match.office.slug for match in found.matches}, name.text
        elif name.kind is Kind.REGION:
            found = look_up(typed=name.text)
            regions = {each.text for each in (*found.also, *found.choices)} | {found.name}

            assert name.text in regions


@pytest.mark.parametrize(
    ("typed", "first", "again"),
    [
        ("3011 AB", 1, 0),
        ("Rotterdam", 2, 0),
        ("Roterdam", 2, 0),
        ("Hengelo", 1, 0),
        ("Hengelo, Bronckhorst", 3, 1),
        ("Limburg", 0, 0),
        ("flevowjs", 0, 0),
        ("zzzzzz", 0, 0),
        ("", 0, 0),
    ],
)
def test_an_answer_takes_a_known_number_of_queries(django_assert_num_queries, typed, first, again):
    names.current()

    with django_assert_num_queries(first):
        look_up(typed=typed)
    with django_assert_num_queries(again):
        look_up(typed=typed)


def test_all_names_are_read_in_one_query(django_assert_num_queries):
    look_up(typed="3011")

    with django_assert_num_queries(1):
        names.current()
    with django_assert_num_queries(0):
        names.current()
