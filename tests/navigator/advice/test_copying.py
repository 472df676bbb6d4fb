"""The text about an office for chat or mail."""

from datetime import time

import pytest
from django.utils import translation

from navigator.advice.copying import hours_in_words, text_about, texts_about
from regions import versions
from regions.opening import Hours
from tests import factories


def hours(*spans):
    return [
        Hours(day, time.fromisoformat(opens), time.fromisoformat(closes))
        for day, opens, closes in spans
    ]


@pytest.fixture
def office(world):
    stored = world.office(
        "here",
        name="Loket <Maas> & Waal",
        phone="+31102345678",
        email="here@loket.example",
        email_response="two-working-days",
        advice_url="https://loket.example/plan?a=1&b=2",
        website="https://loket.example/",
    )
    factories.PhoneHoursFactory(office=stored, weekday=1, opens="09:00", closes="17:00")
    world.publish()
    return versions.current().profiles["here"]


def test_a_text_tells_how_to_reach_the_office_and_where_its_page_is(office):
    text = text_about(office, "en")

    assert text.startswith("Loket <Maas> & Waal\n")
    for part in (
        "010 234 5678 (Monday 9 a.m.–5 p.m.)",
        "here@loket.example (answer within two working days)",
        "https://loket.example/plan?a=1&b=2",
        "https://navigator.example/en/regioloketten/here/",
    ):
        assert part in text


def test_each_text_is_in_its_own_language_whatever_that_of_the_page(office):
    with translation.override("en"):
        texts = {text.language: text.body for text in texts_about(office)}

    assert "maandag 09:00–17:00" in texts["nl"].lower()
    assert "https://navigator.example/regioloketten/here/" in texts["nl"]
    assert "https://navigator.example/en/regioloketten/here/" in texts["en"]


def test_what_an_office_has_not_given_is_left_out(world):
    world.office("silent", website="", email="", phone="")

    text = text_about(versions.current().profiles["silent"], "en")

    assert "Phone" not in text
    assert "E-mail" not in text
    assert "None" not in text
    assert text.count("\n\n") <= 1


def test_a_text_follows_what_is_published(office, world):
    text_about(office, "en")

    world.edit("here", phone="+31201234567")

    assert "020 123 4567" in text_about(versions.current().profiles["here"], "en")


@pytest.mark.parametrize(
    ("spans", "words"),
    [
        ((), ""),
        (((1, "09:00", "12:00"),), "Monday 9 a.m.–noon"),
        (((1, "09:00", "12:00"), (2, "09:00", "12:00")), "Monday and Tuesday 9 a.m.–noon"),
        (
            ((1, "09:00", "12:00"), (2, "09:00", "12:00"), (3, "09:00", "12:00")),
            "Monday to Wednesday 9 a.m.–noon",
        ),
        (
            ((1, "09:00", "12:00"), (3, "09:00", "12:00")),
            "Monday 9 a.m.–noon; Wednesday 9 a.m.–noon",
        ),
        (
            ((1, "13:00", "17:00"), (1, "09:00", "12:00"), (2, "10:00", "11:30")),
            "Monday 9 a.m.–noon, 1 p.m.–5 p.m.; Tuesday 10 a.m.–11:30 a.m.",
        ),
    ],
)
def test_days_in_a_row_with_the_same_hours_are_told_together(spans, words):
    with translation.override("en"):
        assert hours_in_words(hours(*spans)) == words
