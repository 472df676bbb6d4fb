"""A profile tells which of its must-haves are there, and which are missing."""

import json

import pytest
from django.conf import settings

from regions import records
from regions.completeness import (
    MUST_HAVES,
    ORIENTATION,
    completeness,
    middle,
    published_scores,
)
from regions.models import RegionalOffice, SupportType

OFFERED = {"note": "", "links": []}
FULL = {
    "municipalities": ["GM0599"],
    "description": "Wij helpen je kiezen.",
    "target_groups": "Voor iedereen.",
    "sectors": ["po"],
    "schools": "Alle scholen.",
    "training_institutes": "De pabo.",
    "support.experiences": OFFERED,
    "support.vacancies": OFFERED,
    "regulations": "Er is subsidie.",
    "matching": "Wij zoeken mee.",
    "support.webinar": OFFERED,
    "calendar_url": "https://school.nl/agenda",
    "website": "https://school.nl",
    "preferred_contact": "website",
    "what_to_expect": "Wij bellen je terug.",
    "contact_team": "Team onderwijs",
}


def missing(**changes):
    return [must.code for must in completeness(FULL | changes).missing]


def test_there_are_fifteen_must_haves_each_with_its_words():
    assert len({must.code for must in MUST_HAVES}) == 15
    assert all(str(must.label) and str(must.asked) and str(must.example) for must in MUST_HAVES)


def test_each_must_have_is_mended_in_a_section_that_has_its_field(world):
    known = records.sections(RegionalOffice)

    astray = [must.code for must in MUST_HAVES if must.field not in known[must.section]]

    assert astray == []


def test_the_kinds_of_activities_are_the_orientation_of_the_directory():
    types = json.loads((settings.FIXTURES_DIR / "02_support_types.json").read_text("utf-8"))

    kind = SupportType.Kind.ORIENTATION

    assert set(ORIENTATION) == {each["pk"] for each in types if each["fields"]["kind"] == kind}


def test_a_profile_with_everything_is_complete():
    found = completeness(FULL)

    assert (found.score_percent, found.missing) == (100, ())


def test_an_empty_profile_misses_everything_in_the_order_of_the_list():
    found = completeness({})

    assert (found.score_percent, found.missing) == (0, MUST_HAVES)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"municipalities": []}, "service_area"),
        ({"description": "  "}, "description"),
        ({"description": "Bel [naam]."}, "description"),
        ({"target_groups": ""}, "target_groups"),
        ({"sectors": []}, "sectors"),
        ({"schools": ""}, "schools"),
        ({"training_institutes": "Lorem ipsum"}, "training_institutes"),
        ({"support.experiences": None}, "experiences"),
        ({"support.vacancies": None}, "vacancies"),
        ({"regulations": ""}, "regulations"),
        ({"matching": ""}, "matching"),
        ({"support.webinar": None}, "activities"),
        ({"calendar_url": ""}, "calendar"),
        ({"preferred_contact": ""}, "contact"),
        ({"preferred_contact": "phone"}, "contact"),
        ({"website": ""}, "contact"),
        ({"preferred_contact": "visit", "has_visiting_location": True}, "contact"),
        ({"what_to_expect": "", "email_response": "one-working-day"}, "what_to_expect"),
        ({"contact_team": ""}, "contact_team"),
    ],
)
def test_each_must_have_is_missed_for_a_reason_of_its_own(changes, code):
    assert missing(**changes) == [code]


@pytest.mark.parametrize(
    "changes",
    [
        {"municipalities": [], "partial_postcodes": ["3011"]},
        {"municipalities": [], "nationwide": True},
        {"support.webinar": None, "support.shadowing-day": OFFERED},
        {"preferred_contact": "phone", "phone": "+31302270374"},
        {"preferred_contact": "advice", "advice_url": "https://school.nl/afspraak"},
        {
            "preferred_contact": "visit",
            "has_visiting_location": True,
            "visiting_address": "Plein 1",
        },
    ],
)
def test_a_must_have_can_be_met_in_several_ways(changes):
    assert missing(**changes) == []


def test_a_score_is_a_hundred_only_when_nothing_is_missing():
    found = completeness(FULL | {"schools": ""})

    assert found.score_percent == 93


def test_the_middle_score_is_the_median():
    assert [middle([]), middle([40]), middle([0, 20, 100]), middle([20, 41])] == [None, 40, 20, 30]


def test_the_scores_are_those_of_published_offices(world):
    shown = world.office("getoond", serves=["3011"], support=["vacancies"])
    world.office("concept", state="draft")

    scores = published_scores()

    assert scores == {shown.pk: 20}  # area, sectors, vacancies; no preferred way of contact
