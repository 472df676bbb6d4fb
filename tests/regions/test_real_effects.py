"""What is told beforehand is what a rebuild of the real directory finds afterwards."""

import pytest

from regions import derived, effects, gaps, reach, records
from regions.models import Municipality, RegionalOffice

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("real_directory")]


def served(rows, ground):
    """By office the postcodes that it serves in their own municipality."""
    both = zip(ground.spots, ground.is_main, strict=True)
    own = {spot for spot, is_main in both if is_main}
    return {
        office: {spot.postcode for spot, facts in there.items() if facts.serves and spot in own}
        for office, there in rows.items()
    }


@pytest.mark.parametrize(
    ("slug", "change"),
    [
        ("arnhem-vo", lambda codes, _all: codes[1:]),
        ("grijp-je-kans-in-het-onderwijs", lambda codes, _all: codes[2:]),
        ("flevowijs", lambda codes, _all: [*codes[:2], "GM0014", "GM0344"]),
        ("koerskracht", lambda codes, every: sorted(set(codes) ^ set(every[::60]))),
    ],
)
def test_the_effect_is_the_difference_that_a_rebuild_makes(slug, change):
    ground = reach.read_ground()
    office = RegionalOffice.objects.get(slug=slug)
    every = list(Municipality.objects.order_by("code").values_list("code", flat=True))
    codes = change(records.read(office)["municipalities"], every)
    rows_before, gaps_before = reach.stored_reach(), set(gaps.stored_gaps())

    told = effects.effect_of(office, {"municipalities": codes})
    office.municipalities.set(codes)
    derived.rebuild()

    rows_after, gaps_after = reach.stored_reach(), set(gaps.stored_gaps())
    before, after = served(rows_before, ground), served(rows_after, ground)
    assert told.gained | told.lost
    assert told.gained == after[office.pk] - before[office.pk]
    assert told.lost == before[office.pk] - after[office.pk]
    assert _pairs(told.new_gaps) == gaps_after - gaps_before
    assert _pairs(told.filled_gaps) == gaps_before - gaps_after
    others = {
        pk
        for pk in before.keys() | after.keys()
        if pk != office.pk and before.get(pk) != after.get(pk)
    }
    assert {each.office.pk for each in told.touched if each.gained or each.lost} == others
    for each in told.touched:
        assert each.gained == after[each.office.pk] - before[each.office.pk]
        assert each.lost == before[each.office.pk] - after[each.office.pk]
        both_before = _both(rows_before, office.pk, each.office.pk)
        both_after = _both(rows_after, office.pk, each.office.pk)
        assert each.shared == {spot.postcode for spot in both_after - both_before}
        assert each.unshared == {spot.postcode for spot in both_before - both_after}
    regional = RegionalOffice.objects.filter(nationwide=False).exclude(pk=office.pk)
    assert {each.office.pk for each in told.touched} == others | {
        other
        for other in regional.values_list("pk", flat=True)
        if _both(rows_before, office.pk, other) != _both(rows_after, office.pk, other)
    }


def _pairs(by_sector):
    return {(postcode, sector) for sector, codes in by_sector.items() for postcode in codes}


def _both(rows, one, other):
    """The spots that two offices both serve."""
    return _spots(rows.get(one, {})) & _spots(rows.get(other, {}))


def _spots(rows):
    return {spot for spot, facts in rows.items() if facts.serves}
