"""Drawings of municipalities and postcodes, and how they stand in a page."""

import re
from xml.etree import ElementTree

import pytest
from django.template.loader import render_to_string

from navigator.editing import maps
from regions import effects, outlines, records
from regions.models import RegionalOffice
from tests import factories


@pytest.fixture
def south(world):
    with world.at_once():
        world.postcode("3011", municipality="Rotterdam")
        world.postcode("3013", municipality="Schiedam")
        world.postcode("9011", municipality="Ver weg")
        world.office("rotterdam", sectors=["po"], serves=["3011"])
    return world


def drawn(**values):
    office = RegionalOffice.objects.get(slug="rotterdam")
    before = records.read(office)
    after = before | values
    return maps.area_map(before, after, effects.effect_between(office, before, after))


def kinds(drawing):
    return {shape.name: shape.kind for shape in drawing.shapes}


def marks(drawing):
    return {each.mark: each.count for each in drawing.marks}


def as_svg(drawing, **more):
    """The drawing as it stands in a page, parsed."""
    told = {"map": drawing, "name": "m", "title": "Werkgebied", "description": "Twee gemeenten"}
    html = render_to_string("components/map.html", told | more)
    return ElementTree.fromstring(re.search(r"<svg.*?</svg>", html, re.S)[0])


def test_a_municipality_is_kept_added_or_dropped(south):
    drawing = drawn(municipalities=["GM3013"])

    assert kinds(drawing) == {"Rotterdam": "dropped", "Schiedam": "added"}
    assert kinds(drawn())["Rotterdam"] == "kept"


def test_a_municipality_can_be_served_in_part(south):
    drawing = drawn(municipalities=[], partial_postcodes=["3013"])

    assert kinds(drawing) == {"Rotterdam": "dropped", "Schiedam": "part"}


def test_postcodes_are_marked_by_what_happens_to_them(south):
    drawing = drawn(municipalities=["GM3013"])

    assert marks(drawing) == {"filled": 1, "uncovered": 1, "gained": 1, "lost": 1}


def test_postcodes_without_an_office_for_the_own_sectors_are_marked(south):
    assert marks(drawn()) == {"served": 1, "gap": 1}


def test_the_map_shows_the_area_with_its_surroundings_and_not_the_country(south):
    drawing = drawn()

    assert "Ver weg" not in kinds(drawing)
    assert not drawing.box.meets(outlines.Box(*outlines.points()["9011"] * 2))
    assert drawing.box.meets(outlines.Box(*outlines.points()["3011"] * 2))


def test_what_is_picked_within_sight_moves_nothing(south):
    south.postcode("3012", municipality="Ertussen")

    assert drawn(municipalities=["GM3011", "GM3012"]).box == drawn().box


def test_an_empty_area_shows_the_country(south):
    office = RegionalOffice.objects.get(slug="rotterdam")
    nothing = records.read(office) | {"municipalities": []}

    assert maps.area_map(nothing, nothing).box == maps.country()


def test_a_mark_stands_at_the_point_of_its_postcode(south):
    drawing = maps.draw(marked={"lost": ["3011", "3012"]})  # the second doesn't exist

    x, y = outlines.points()["3011"]
    (lost,) = drawing.marks
    assert lost.count == 1
    assert lost.path.startswith(f"M{x} {y}m")


def test_names_do_not_touch_each_other(south):
    over_it = factories.square(*factories.point_of("3011"), half=0.004)
    within = south.municipality("Erbinnen", boundary=over_it)

    drawing = maps.draw(named=["GM3011", within.code, "GM3013", "GM9011"])

    assert [label.text for label in drawing.labels] == ["Rotterdam", "Schiedam", "Ver weg"]


def test_any_kind_and_mark_can_be_asked_for_the_whole_country(south):
    drawing = maps.draw(shaded={"GM9011": "added"}, marked={"uncovered": ["3011", "9011"]})

    assert kinds(drawing) == {"Rotterdam": "", "Schiedam": "", "Ver weg": "added"}
    assert [(entry.kind, entry.count) for entry in drawing.legend] == [
        ("added", None),
        ("uncovered", 2),
    ]


def test_a_point_is_shown_with_its_place_and_postcodes(south):
    latitude, longitude = factories.point_of("3011")

    drawing = maps.place_map((latitude, longitude + 0.01))

    assert marks(drawing) == {"around": 2, "here": 1}
    assert [label.text for label in drawing.labels] == ["Plaats 3011", "Plaats 3013", "3011"]


def test_the_svg_has_a_name_and_a_description(south):
    svg = as_svg(drawn())

    named = {each.get("id"): each.text for each in svg}
    assert svg.get("role") == "img"
    assert [named[each] for each in svg.get("aria-labelledby").split()] == [
        "Werkgebied",
        "Twee gemeenten",
    ]


def test_the_svg_tells_kinds_by_pattern_and_marks_by_shape(south):
    svg = as_svg(drawn(municipalities=["GM3013"]))

    patterns = {each.get("id") for each in svg.iter("pattern")}
    fills = {each.get("fill") for each in svg.iter("path") if each.get("fill")}
    assert fills == {"url(#m-added)", "url(#m-dropped)"}
    assert {fill[5:-1] for fill in fills} <= patterns
    pens = {each.get("class"): each.get("d") for each in svg.iter("path")}
    steps = {name: re.sub(r"^M\d+ \d+", "", d) for name, d in pens.items() if "map-mark" in name}
    assert len(set(steps.values())) == len(steps) == 4


def test_the_svg_has_no_style_or_script_and_says_codes_only_where_they_are_picked(south):
    plain = ElementTree.tostring(as_svg(drawn())).decode()
    picked = ElementTree.tostring(as_svg(drawn(), pickable=True)).decode()

    assert "style" not in plain.replace("<style", "")
    assert "data-code" not in plain
    assert 'data-code="GM3011"' in picked
