"""Municipalities and postcodes -> a drawing that a template writes as SVG.

No tiles, nobody else's server, no script. What is where comes from `regions.outlines`; a drawing
says which municipalities have which *kind* and which postcodes get which *mark*, and the style
sheet gives each its colour, in the light and in the dark. Kinds have a pattern and marks a shape
of their own, so that nobody needs to tell colours apart.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, TypeAlias

from django.utils.translation import gettext_lazy as _

from regions import outlines
from regions.distances import Point
from regions.effects import Effect
from regions.models import Postcode
from regions.outlines import XY, Box, Detail, Outline

# By kind or mark what has it, the undermost first.
Shading: TypeAlias = Mapping[str, str]  # municipality -> kind
Marking: TypeAlias = Mapping[str, Iterable[str]]  # mark -> postcodes

_NARROWEST: Final = 30_000 // outlines.UNIT_M
_MARGIN: Final = 0.12
_FLATTEST: Final = 1.5  # width to height
_TALLEST: Final = 0.85
# From this width on, a finer drawing would not be seen.
_WIDE: Final = 130_000 // outlines.UNIT_M
_FONT: Final = 0.027  # of the width
_LETTER: Final = 0.56  # the width of a letter, of its height

# Marks are drawn with a pen: steps from the point of a postcode, in quarters of a mark's size.
_PEN: Final[Mapping[str, str]] = {
    "around": "h0",
    "served": "h0",
    "gained": "m-4 0h8m-4-4v8",
    "lost": "m-3-3l6 6m0-6l-6 6",
    "gap": "h0",
    "uncovered": "m0-6l6 6-6 6-6-6z",
    "filled": "m-4-4h8v8h-8z",
    "nobody": "h0",
    "here": "h0",
}


# Kinds with a pattern, in components/map_patterns.html.
PATTERNED: Final = frozenset({"kept", "added", "dropped", "part"})

# What a legend says. Others can be told to it.
NAMES: Final = {
    "kept": _("in the service area"),
    "added": _("comes to the service area"),
    "dropped": _("leaves the service area"),
    "part": _("served in part"),
    "served": _("postcode that you serve"),
    "gained": _("postcode gained"),
    "lost": _("postcode lost"),
    "gap": _("no office yet for one of your sectors"),
    "uncovered": _("left without any office for a sector"),
    "filled": _("gets its first office for a sector"),
    "nobody": _("postcode without an office"),
    "around": _("postcode"),
    "here": _("the visiting address"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the legend; `pen` draws a mark, and is empty for a kind."""

    kind: str
    name: str
    pen: str
    count: int | None

    @property
    def is_patterned(self) -> bool:
        """As with shapes."""
        return self.kind in PATTERNED


@dataclass(frozen=True, slots=True)
class Shape:
    """A municipality; the kind is empty for the surroundings."""

    code: str
    name: str
    path: str
    kind: str

    @property
    def is_patterned(self) -> bool:
        """Whether a pattern fills it; the style sheet fills other kinds by their class."""
        return self.kind in PATTERNED


@dataclass(frozen=True, slots=True)
class Marks:
    """All postcodes with one mark, as one path."""

    mark: str
    path: str
    count: int


@dataclass(frozen=True, slots=True)
class Label:
    """A name on the map."""

    text: str
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Map:
    """A drawing, ready to be written as SVG. Lengths are in units of the plane."""

    box: Box
    shapes: tuple[Shape, ...]
    marks: tuple[Marks, ...]
    labels: tuple[Label, ...]

    @property
    def is_wide(self) -> bool:
        """Whether it shows so much that marks have to be small."""
        return self.box.width > _WIDE

    @property
    def view_box(self) -> str:
        return f"{self.box.left} {self.box.top} {self.box.width} {self.box.height}"

    @property
    def font_size(self) -> int:
        return max(1, round(self.box.width * _FONT))

    @property
    def stripe(self) -> int:
        """The width of a pattern."""
        return max(2, round(self.box.width / 90))

    @property
    def swatch(self) -> Box:
        """The frame of a sample in the legend: three stripes wide, two high, around nought."""
        return Box(-self.stripe * 3 // 2, -self.stripe, self.stripe * 3 // 2, self.stripe)

    @property
    def legend(self) -> tuple[Entry, ...]:
        """What has to be explained: the kinds and marks that occur."""
        kinds = dict.fromkeys(shape.kind for shape in self.shapes if shape.kind)
        quarter = _quarter(self.box)
        return (
            *(Entry(kind, str(NAMES.get(kind, kind)), "", None) for kind in kinds),
            *(
                Entry(
                    each.mark,
                    str(NAMES.get(each.mark, each.mark)),
                    f"M0 0{_scaled(_PEN[each.mark], quarter)}",
                    each.count,
                )
                for each in self.marks
            ),
        )


def draw(
    *,
    shaded: Shading | None = None,
    marked: Marking | None = None,
    named: Iterable[str] = (),
    box: Box | None = None,
    detail: Detail | None = None,
) -> Map:
    """A drawing of a part of the country, or all of it when `box` is None.

    `shaded` gives municipalities a kind, `marked` gives postcodes a mark, `named` has the codes
    of municipalities whose name may stand on the map if there is room, the first ones first.
    Three queries at most, none when the process has drawn before in this version.
    """
    shaded, marked = shaded or {}, marked or {}
    frame = box or country()
    finer = detail or (Detail.FAR if frame.width > _WIDE else Detail.NEAR)
    shown = [each for each in outlines.outlines(finer).values() if each.box.meets(frame)]
    shapes = [Shape(each.code, each.name, each.path, shaded.get(each.code, "")) for each in shown]
    return Map(
        box=frame,
        # What has a kind comes last, so that no neighbour hides its edge.
        shapes=tuple(sorted(shapes, key=lambda shape: (shape.kind != "", shape.kind))),
        marks=tuple(_marks(marked, frame)),
        labels=tuple(_labels(_names(shown, named), frame)),
    )


def country() -> Box:
    """The whole of the Netherlands, with a little margin."""
    found = outlines.box_of(each.box for each in outlines.outlines(Detail.FAR).values())
    return _with_margin(found, 0.02) if found else Box(0, 0, 100, 100)


def area_map(
    before: Mapping[str, Any], after: Mapping[str, Any], effect: Effect | None = None
) -> Map:
    """A service area as it is and as it would be: records with municipalities and parts of them.

    Kinds: `kept`, `added`, `dropped`, and `part` for what is served in part. Marks: `served`,
    `gained`, `lost`, `gap` (no office for a sector of this office, before and after), `uncovered`
    (left without any office for some sector) and `filled`. One query.
    """
    known = outlines.outlines(Detail.FAR)
    shaded = {code: kind for code, kind in _shading(before, after).items() if code in known}
    marked = _marking(effect, frozenset(after.get("sectors", ()))) if effect is not None else {}
    changed = set().union(*(marked.get(mark, ()) for mark in ("gained", "lost")))
    was = _around(known[code].box for code, kind in shaded.items() if kind != "added")
    spots = outlines.points()
    will_be = outlines.box_of(
        [known[code].box for code in shaded] + [_spot(spots[code]) for code in changed & set(spots)]
    )
    # What is picked within sight moves nothing.
    if was and will_be and was.around(will_be) == was:
        box: Box | None = was
    else:
        box = _around([will_be]) if will_be else None
    largest = sorted(shaded, key=lambda code: known[code].box.width * known[code].box.height)
    return draw(shaded=shaded, marked=marked, named=reversed(largest), box=box)


def place_map(point: Point, *, width_km: int = 10) -> Map:
    """One point with what lies around it: borders, places by name, and postcodes. One query.

    Marks: `around` for each postcode, and `here`.
    """
    x, y = outlines.project(point)
    half = width_km * 500 // outlines.UNIT_M
    box = Box(x - half, y - half * 2 // 3, x + half, y + half * 2 // 3)
    spots = {code: spot for code, spot in outlines.points().items() if _spot(spot).meets(box)}
    near = sorted(spots, key=lambda code: (spots[code][0] - x) ** 2 + (spots[code][1] - y) ** 2)
    places: dict[str, list[XY]] = {}
    named = dict(Postcode.objects.filter(code__in=near).values_list("code", "place"))
    for code in near:
        places.setdefault(named[code], []).append(spots[code])
    beside = _lift(box)
    below = y + 3 * beside + round(box.width * _FONT)
    names = [
        *(
            (name, _mean(there) if at else (x, below))
            for at, (name, there) in enumerate(places.items())
        ),
        *((code, (spots[code][0], spots[code][1] - beside)) for code in near),
    ]
    drawing = draw(marked={"around": near}, box=box, detail=Detail.NEAR)
    here = Marks("here", f"M{x} {y}h0", 1)
    pin = Box(x - 2 * beside, y - 2 * beside, x + 2 * beside, y + 2 * beside)
    labels = tuple(_labels(names, box, taken=[pin]))
    return replace(drawing, marks=(*drawing.marks, here), labels=labels)


def _shading(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, str]:
    was, will_be = set(before["municipalities"]), set(after["municipalities"])
    parts = {*before["partial_postcodes"], *after["partial_postcodes"]}
    partly = Postcode.objects.filter(code__in=parts).values_list("municipality", flat=True)
    return {
        **dict.fromkeys(sorted(set(partly)), "part"),
        **dict.fromkeys(sorted(was - will_be), "dropped"),
        **dict.fromkeys(sorted(will_be - was), "added"),
        **dict.fromkeys(sorted(was & will_be), "kept"),
    }


def _marking(effect: Effect, sectors: frozenset[str]) -> dict[str, frozenset[str]]:
    """The marks of an effect; one postcode can have several."""
    still = [
        effect.gaps_before[sector] & effect.gaps_after[sector]
        for sector in effect.gaps_after
        if sector in sectors
    ]
    uncovered = frozenset[str]().union(*effect.new_gaps.values())
    return {
        "served": effect.served_before & effect.served_after,
        "gap": frozenset[str]().union(*still) - uncovered,
        "filled": frozenset[str]().union(*effect.filled_gaps.values()),
        "uncovered": uncovered,
        "gained": effect.gained,
        "lost": effect.lost,
    }


def _marks(marked: Marking, box: Box) -> Iterator[Marks]:
    spots = outlines.points()
    quarter = _quarter(box)
    for mark, codes in marked.items():
        here = [spots[code] for code in sorted(codes) if code in spots]
        seen = [spot for spot in here if _spot(spot).meets(box)]
        if seen:
            pen = _scaled(_PEN[mark], quarter)
            yield Marks(mark, "".join(f"M{x} {y}{pen}" for x, y in seen), len(seen))


def _quarter(box: Box) -> int:
    return max(1, round(box.width / (900 if box.width > _WIDE else 500)))


def _scaled(pen: str, times: int) -> str:
    return re.sub(r"-?\d+", lambda number: str(int(number[0]) * times), pen)


def _labels(
    names: Iterable[tuple[str, XY]], box: Box, *, taken: Iterable[Box] = ()
) -> Iterator[Label]:
    """Names that fit within the frame and don't touch each other, the first ones first."""
    height = box.width * _FONT
    full = list(taken)
    for name, (x, y) in names:
        half = len(name) * height * _LETTER / 2
        place = Box(round(x - half), round(y - height), round(x + half), round(y + height * 0.3))
        if box.around(place) == box and not any(place.meets(other) for other in full):
            full.append(place)
            yield Label(name, x, y)


def _names(shown: Sequence[Outline], named: Iterable[str]) -> Iterator[tuple[str, XY]]:
    by_code = {outline.code: outline for outline in shown}
    for code in named:
        if code in by_code:
            yield by_code[code].name, by_code[code].middle


def _mean(spots: Sequence[XY]) -> XY:
    return (
        round(sum(x for x, _ in spots) / len(spots)),
        round(sum(y for _, y in spots) / len(spots)),
    )


def _lift(box: Box) -> int:
    """How far above its dot the number of a postcode stands."""
    return max(1, round(box.width * 0.01))


def _spot(xy: XY) -> Box:
    return Box(*xy, *xy)


def _around(boxes: Iterable[Box]) -> Box | None:
    """A frame with a margin, not too narrow, and of a shape that suits a screen."""
    found = outlines.box_of(boxes)
    if found is None:
        return None
    wide = _with_margin(found, _MARGIN)
    width = max(wide.width, _NARROWEST, round(wide.height * _TALLEST))
    height = max(wide.height, round(width / _FLATTEST))
    x, y = (wide.left + wide.right) // 2, (wide.top + wide.bottom) // 2
    return Box(x - width // 2, y - height // 2, x + width // 2, y + height // 2)


def _with_margin(box: Box, share: float) -> Box:
    more = round(max(box.width, box.height) * share)
    return Box(box.left - more, box.top - more, box.right + more, box.bottom + more)
