"""Codes that are read aloud: whatever goes wrong once is noticed."""

import pytest
from hypothesis import assume, given, strategies as st

from navigator.advice import codes
from navigator.advice.codes import CHARACTERS, LENGTH, CodeError

OWN = st.text(CHARACTERS, min_size=LENGTH - 1, max_size=LENGTH - 1)
CODES = OWN.map(lambda own: own + codes.check_character(own))
PLACES = st.integers(0, LENGTH - 1)


def why_not(typed):
    with pytest.raises(CodeError) as raised:
        codes.read(typed)
    return raised.value.code


def test_a_new_code_is_one_that_can_be_read():
    made = {codes.make() for _time in range(50)}

    assert all(codes.read(code) == code for code in made)
    assert len(made) > 45


@given(CODES, PLACES, st.sampled_from(CHARACTERS))
def test_every_single_wrong_character_is_noticed(code, place, other):
    assume(code[place] != other)

    assert why_not(code[:place] + other + code[place + 1 :]) == "wrong_check"


@given(CODES, st.integers(0, LENGTH - 2))
def test_every_swap_of_two_neighbours_is_noticed(code, place):
    one, two = code[place : place + 2]
    assume(one != two)

    assert why_not(code[:place] + two + one + code[place + 2 :]) == "wrong_check"


def test_exactly_one_character_checks_the_others():
    for own in ("C3D4F6", "222222", "XXXXXX"):
        right = []
        for last in CHARACTERS:
            try:
                right.append(codes.read(own + last))
            except CodeError:
                continue

        assert right == [own + codes.check_character(own)]


@given(CODES, st.data())
def test_a_code_is_read_however_it_is_written(code, data):
    signs = st.sampled_from(["", " ", "-", "–", ". ", " - "])
    written = "".join(data.draw(signs) + character for character in code)

    assert codes.read(f" {written.lower()}\n") == code
    assert codes.read(codes.shown(code)) == code


@given(st.text())
def test_whatever_is_typed_is_a_code_or_explained(typed):
    try:
        told = codes.shown(codes.read(typed))
    except CodeError as error:
        told = error.message

    assert told


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "empty"),
        (" - ", "empty"),
        ("C3D4-F6O", "unknown_character"),
        ("C3D4-F60", "unknown_character"),
        ("C3D4F", "wrong_length"),
        ("C3D4F6HH", "wrong_length"),
    ],
)
def test_what_is_no_code_is_explained(typed, code):
    assert why_not(typed) == code


def test_the_character_that_does_not_occur_is_named():
    with pytest.raises(CodeError) as raised:
        codes.read("c3d4-b6h")

    assert "“B”" in raised.value.message


def test_characters_that_look_alike_do_not_occur():
    assert not set("0O1ILQ5S8BUYAEZNG") & set(CHARACTERS)
    assert len(CHARACTERS) == len(set(CHARACTERS)) == 19


def test_a_code_is_shown_in_two_parts():
    assert codes.shown("C3D4F6H") == "C3D4-F6H"


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_character_has_a_word_that_begins_with_it(language):
    words = {character: codes.SPOKEN[language][character] for character in CHARACTERS}

    assert all(word[0] == letter for letter, word in words.items() if letter.isalpha())
    assert len(set(words.values())) == len(CHARACTERS)


def test_a_code_is_read_aloud_character_by_character():
    told = codes.spoken("C3D4F6H", "nl")

    assert [each.word for each in told] == [
        "Cornelis",
        "drie",
        "Dirk",
        "vier",
        "Ferdinand",
        "zes",
        "Hendrik",
    ]
