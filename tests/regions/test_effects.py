"""What a change does to who serves what, told before it is made."""

import pytest

from regions import effects, records
from regions.models import EducationRegion, RegionalOffice

ALL = ("po", "vo", "mbo", "ho", "so", "pro", "vavo")


def effect(slug, **values):
    return effects.effect_of(RegionalOffice.objects.get(slug=slug), values)


def touched(told):
    return {each.office.slug: each for each in told.touched}


@pytest.fixture
def south(world):
    """Two towns and two offices, of which one has both towns."""
    with world.at_once():
        world.postcode("3011", place="Rotterdam", municipality="Rotterdam")
        world.postcode("3016", municipality="Rotterdam")
        world.postcode("3111", place="Schiedam", municipality="Schiedam")
        world.office("rotterdam", sectors=["po"], serves=["3011"], regions=["Rotterdam PO"])
        world.office("wide", sectors=["po", "vo"], serves=["3011", "3111"], regions=["Zuidwest"])
    return world


def test_a_municipality_more_is_all_its_postcodes_more(south):
    told = effect("rotterdam", municipalities=["GM3011", "GM3111"])

    assert (told.gained, told.lost) == ({"3111"}, set())
    assert told.served_before == {"3011", "3016"}


def test_a_part_is_lost_when_only_the_other_part_is_left(south):
    told = effect("rotterdam", municipalities=[], partial_postcodes=["3011"])

    assert (told.gained, told.lost) == (set(), {"3016"})


def test_what_is_not_said_stays_as_it_is(south):
    assert not effect("rotterdam")
    assert not effect("rotterdam", municipalities=["GM3011"])


def test_a_postcode_is_uncovered_for_the_sectors_that_nobody_else_has(south):
    told = effect("wide", municipalities=["GM3111"])

    assert told.lost == {"3011", "3016"}
    assert told.new_gaps == {"vo": {"3011", "3016"}}  # po has another office
    assert told.filled_gaps == {}


def test_the_first_office_for_a_sector_fills_a_gap(south):
    told = effect("rotterdam", sectors=["po", "ho"])

    assert told.filled_gaps == {"ho": {"3011", "3016"}}
    assert (told.gained, told.lost) == (set(), set())


def test_who_newly_shares_a_postcode_is_touched_and_so_is_the_region(south):
    told = effect("rotterdam", municipalities=["GM3011", "GM3111"])

    assert touched(told)["wide"].shared == {"3111"}
    assert touched(told)["wide"].unshared == set()
    assert [region.name for region in told.regions] == ["Zuidwest"]


def test_who_no_longer_shares_a_postcode_is_touched(south):
    told = effect("rotterdam", municipalities=[], partial_postcodes=["3011"])

    assert touched(told)["wide"].unshared == {"3016"}
    assert touched(told)["wide"].shared == set()


def test_the_own_regions_are_no_neighbours(south):
    both = EducationRegion.objects.get(name="Rotterdam PO")
    RegionalOffice.objects.get(slug="wide").regions.add(both)

    told = effect("rotterdam", municipalities=[])

    assert [region.name for region in touched(told)["wide"].regions] == ["Zuidwest"]


def test_an_archived_region_is_not_told(south):
    EducationRegion.objects.filter(name="Zuidwest").update(state="archived")

    told = effect("rotterdam", municipalities=[])

    assert touched(told)["wide"].regions == ()
    assert told.regions == ()


def test_a_drawn_area_serves_where_the_list_leaves(south):
    south.office("drawn", sectors=["po"], draws=["3111"], regions=["Elders"])
    # Nobody else has this sector there by list.
    told = effect("wide", municipalities=["GM3011"])

    assert touched(told)["drawn"].gained == {"3111"}
    assert [region.name for region in told.regions] == ["Elders"]
    assert "po" not in told.new_gaps
    assert told.new_gaps == {"vo": {"3111"}}


def test_a_drawn_area_stops_where_a_list_comes(south):
    south.postcode("3201", place="Spijkenisse")
    south.office("drawn", sectors=["po"], draws=["3201"])

    told = effect("wide", municipalities=["GM3011", "GM3111", "GM3201"])

    assert touched(told)["drawn"].lost == {"3201"}


def test_the_own_drawn_area_keeps_what_the_list_gives_up(south):
    south.postcode("3201", place="Spijkenisse")
    south.office("alone", sectors=["vo"], serves=["3201"], draws=["3201"])

    told = effect("alone", municipalities=[])

    assert told.lost == set()
    assert told.kept_by_map == {"3201"}
    assert told


def test_a_split_postcode_touches_who_serves_the_same_part(south):
    south.postcode("3199", municipality="Rotterdam", shares={"Rotterdam": 0.6, "Schiedam": 0.4})
    schiedam = records.read(RegionalOffice.objects.get(slug="wide"))["municipalities"][1]
    south.edit("wide", nationwide=False)

    told = effect("rotterdam", municipalities=[schiedam])

    assert touched(told)["wide"].shared == {"3111", "3199"}


def test_an_office_that_the_public_does_not_see_changes_nothing(south):
    south.edit("rotterdam", state="draft")

    assert not effect("rotterdam", municipalities=["GM3011", "GM3111"])
    assert effect("rotterdam", state="published").gained == {"3011", "3016"}


def test_a_nationwide_office_fills_no_gap_and_has_no_neighbours(south):
    told = effect("rotterdam", nationwide=True)

    assert told.gained == {"3111"}
    assert touched(told)["wide"].unshared == {"3011", "3016"}
    assert told.new_gaps == {}  # wide has po as well
    assert touched(told)["wide"].shared == set()


def test_afterwards_it_is_told_from_the_two_records(south):
    office = RegionalOffice.objects.get(slug="rotterdam")
    before = records.read(office)
    expected = effects.effect_of(office, {"municipalities": []})
    office.municipalities.clear()
    south.publish()

    told = effects.effect_between(office, before, records.read(office))

    assert told == expected
    assert told.lost == {"3011", "3016"}


def test_it_writes_nothing(south, django_assert_num_queries):
    office = RegionalOffice.objects.get(slug="rotterdam")

    with django_assert_num_queries(19) as asked:
        effects.effect_of(office, {"municipalities": []})

    assert all(query["sql"].startswith("SELECT") for query in asked.captured_queries)
