"""What is personal data in a note, and what only looks like it. The numbers are made up."""

from datetime import date

import pytest
from hypothesis import assume, given, strategies as st

from navigator.advice.personal import Personal, found_in


@pytest.mark.parametrize(
    "text",
    [
        "Mailt liever: j.doe@voorbeeld.example",
        "JDOE@VOORBEELD.EXAMPLE.",
        "<iemand+werk@post.voorbeeld.example>",
        "iemand @ voorbeeld.example",
    ],
)
def test_an_e_mail_address_is_found(text):
    assert found_in(text) == [Personal.EMAIL]


@pytest.mark.parametrize(
    "text",
    [
        "Bel terug op 06 12345678",
        "bellen: 06-12 34 56 78.",
        "+31 6 12345678",
        "0031612345678",
        "030-2270374 na vijven",
        "(030) 227 03 74",
        "+32 2 555 12 12",
    ],
)
def test_a_phone_number_is_found(text):
    assert Personal.PHONE in found_in(text)


@pytest.mark.parametrize(
    "text", ["BSN 111222333", "bsn: 1112.22.333", "nr 123456782.", "11122233 3"]
)
def test_a_citizen_service_number_is_found(text):
    assert Personal.CITIZEN_NUMBER in found_in(text)


@pytest.mark.parametrize(
    "text",
    [
        "Woont op 3011 AB, nummer 12",
        "woont 3011ab",
        "3011 ab.",
        "Postcode:3011AB",
        "2025 VL Haarlem",
        "3011-AB",
    ],
)
def test_a_full_postcode_is_found(text):
    assert found_in(text) == [Personal.POSTCODE]


@pytest.mark.parametrize(
    "text",
    [
        "Woont in 3011.",
        "Start in 2027 op een school, of in 2028 in Ede",
        "Zij-instroom 2026 PO en 2027 VO",
        "Diploma 1998 HO; sinds 2014 is er niets veranderd",
        "Kost 2530 euro, of 1200 om te beginnen",
        "schooljaar 2026-2027",
    ],
)
def test_a_number_before_a_word_is_no_postcode(text):
    assert found_in(text) == []


def test_a_number_of_eight_digits_is_tested_with_a_zero_in_front():
    assert found_in("nummer 10000008") == [Personal.CITIZEN_NUMBER]
    assert found_in("nummer 10000009") == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Wil graag lesgeven in groep 3 tot 8, woont in 3011.",
        "Heeft 12 jaar ervaring, sinds 2014.",
        "Gesprek op 24-11-2026 om 10:30.",
        "Meedoen @ school: leuk",
        "Opleiding duurt 2 jaar en kost 2.530 euro.",
        "123456789",
        "Zij-instroom po/vo; 80 % diploma hbo",
    ],
)
def test_ordinary_notes_are_left_alone(text):
    assert found_in(text) == []


def remainder(digits):
    """What the last figure has to be, after these eight."""
    return sum(int(figure) * (9 - place) for place, figure in enumerate(digits)) % 11


@given(st.integers(min_value=1, max_value=99_999_999))
def test_every_number_that_passes_the_eleven_test_is_found(beginning):
    digits = f"{beginning:08}"
    rest = remainder(digits)
    assume(rest < 10)  # else no last figure makes this one valid

    found = found_in(f"nummer {digits}{rest} hoort erbij")

    assert Personal.CITIZEN_NUMBER in found


@given(st.integers(min_value=1, max_value=99_999_999), st.integers(min_value=1, max_value=9))
def test_a_number_with_one_wrong_last_figure_is_no_citizen_number(beginning, off):
    digits = f"{beginning:08}"
    rest = remainder(digits)
    assume(rest < 10)

    found = found_in(f"nummer {digits}{(rest + off) % 10} hoort erbij")

    assert Personal.CITIZEN_NUMBER not in found


@given(st.dates(min_value=date(1950, 1, 1), max_value=date(2099, 12, 31)))
@pytest.mark.parametrize("form", ["%d-%m-%Y", "%d/%m/%Y", "%d.%m.%Y", "%Y-%m-%d"])
def test_a_date_is_no_personal_data(form, day):
    assert found_in(f"Gesprek van {day.strftime(form)} en {day.strftime(form)}.") == []


@given(st.text(max_size=300))
def test_no_text_breaks_it(text):
    assert set(found_in(text)) <= set(Personal)
