"""The map of the provinces: what it says without colours."""

from xml.etree import ElementTree

import pytest
from django.utils import translation

from navigator.statistics import province_map
from regions import outlines
from regions.outlines import Box, Outline
from tests.navigator.statistics.usage_sample import line, table


@pytest.fixture
def shapes(monkeypatch):
    """Two provinces beside each other."""
    told = {
        code: Outline(code, code.title(), f"M{left} 0l10 0 0 10z", Box(left, 0, left + 10, 10), at)
        for code, left, at in (("drenthe", 0, (5, 5)), ("utrecht", 10, (15, 5)))
    }
    monkeypatch.setattr(outlines, "provinces", lambda: told)


def draw(*lines):
    return province_map.draw(table(*lines, code="provinces"), name="map")


def test_each_number_is_written_in_its_province_and_said_with_its_name(shapes):
    with translation.override("en"):
        drawn = draw(line("drenthe", 12), line("utrecht", 1200), line("none", 7)).drawing

    tree = ElementTree.fromstring(drawn)
    texts = [each.text for each in tree.iter() if "province-number" in each.get("class", "")]
    assert texts == ["12", "1,200"]
    assert "Utrecht: 1,200" in drawn
    assert "None" not in drawn


def test_it_has_a_title_and_a_description(shapes):
    with translation.override("en"):
        tree = ElementTree.fromstring(draw(line("drenthe", 12), line("utrecht", 3)).drawing)

    named = {each.get("id"): each.text for each in tree if each.get("id")}
    assert tree.get("aria-labelledby").split() == list(named)
    assert "The highest: Drenthe, 12." in named["map-description"]


@pytest.mark.parametrize("most", [1, 2, 3, 4, 5, 98, 952, 1000, 123_456])
def test_the_shades_are_few_and_cover_every_number(shapes, most):
    drawn = draw(line("drenthe", most), line("utrecht", 0))

    assert 2 <= len(drawn.shades) <= 5
    assert drawn.shades[0].words == "0"
    assert f"shade-{len(drawn.shades) - 1}" in drawn.drawing
    assert "shade-0" in drawn.drawing


def test_nothing_is_drawn_without_a_number_or_without_outlines(shapes, monkeypatch):
    assert not draw(line("drenthe", 0)).drawing

    monkeypatch.setattr(outlines, "provinces", dict)
    assert not draw(line("drenthe", 5)).drawing


def test_what_a_name_holds_is_text(shapes):
    drawn = draw(line("drenthe", 5, name="<script>"))

    assert "<script>" not in drawn.drawing
