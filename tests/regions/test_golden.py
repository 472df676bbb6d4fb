"""Truths from outside: postcodes whose offices were read by hand from the offices' own texts."""

import json
from pathlib import Path

import pytest

from regions.answers import How, Outcome
from regions.models import Gap, Reach
from regions.postcodes import parse_postcode
from regions.search import find_offices
from regions.versions import current

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("real_directory")]

GOLDEN = json.loads((Path(__file__).parent.parent / "data" / "golden.json").read_text())


@pytest.mark.parametrize("case", GOLDEN, ids=lambda case: case["postcode"])
def test_the_offices_of_a_golden_postcode_are_found(case):
    answer = find_offices(postcode=parse_postcode(case["postcode"]))

    assert sorted(match.office.slug for match in answer.serving) == case["expected_regional"]
    assert sorted(match.office.slug for match in answer.nationwide) == case["expected_nationwide"]
    assert (answer.outcome == Outcome.PO_BOX_ONLY) == case["po_box"]
    if case["exists"]:
        assert answer.place == case["place"]
        assert answer.municipality.code == case["municipality_code"]


# The counts that the rule gives on these facts, found independently when they were gathered.
GAPS = {"po": 266, "vo": 53, "mbo": 115, "pro": 4072, "vavo": 4072}
SHARE_SERVED = {"po": 93.5, "vo": 98.7, "mbo": 97.2, "so": 81.1, "ho": 61.2}


@pytest.mark.parametrize(("sector", "number"), GAPS.items())
def test_the_gaps_are_the_known_ones(sector, number):
    assert Gap.objects.filter(sector=sector).count() == number


@pytest.mark.parametrize(("sector", "share"), SHARE_SERVED.items())
def test_the_share_of_postcodes_with_an_office_is_the_known_one(sector, share):
    gaps = Gap.objects.filter(sector=sector).count()

    assert round(100 * (4072 - gaps) / 4072, 1) == share


def test_two_postcodes_have_no_regional_office_at_all():
    served = Reach.objects.filter(serves=True, office__nationwide=False).values("postcode")
    without = Reach.objects.exclude(postcode__in=served).values_list("postcode", flat=True)

    assert set(without) == {"1911", "1968"}


def test_drenthe_is_known_by_the_map_alone():
    answer = find_offices(postcode="9401", sector="po")

    assert [(match.office.slug, match.how) for match in answer.fitting] == [
        ("schoolpleinnoord", How.MAP_ONLY)
    ]


def test_maastricht_has_no_office_for_primary_education_and_is_told_the_nearest():
    answer = find_offices(postcode="6211", sector="po")

    assert answer.outcome == Outcome.NO_OFFICE
    assert "po" in answer.gaps
    assert [match.office.slug for match in answer.nearby] == ["brabantoost-po"]
    assert 30 < answer.nearby[0].distance_km < 40


def test_every_postcode_and_sector_has_an_answer_that_is_not_blank():
    """4,072 postcodes, 7 sectors: somebody serves it, or the nearest and the nationwide do."""
    codes = Reach.objects.order_by().values_list("postcode", flat=True).distinct()
    sectors = current().sectors
    blank = []

    for code in codes:
        for sector in sectors:
            answer = find_offices(postcode=code, sector=sector)
            has_office = any(sector in match.office.sectors for match in answer.serving)
            assert (answer.outcome == Outcome.NO_OFFICE) == (not has_office)
            if not (answer.fitting or answer.nearby or answer.nationwide):
                blank.append((code, sector))

    assert len(codes) == 4072
    assert blank == []
