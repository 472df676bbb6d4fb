"""Numbers of provinces -> a map as SVG: shades in few steps, with each number written in it.

The shades help to see; nobody needs them, since the numbers stand there. As with `charts`, the
drawing names classes alone and `figures.css` gives them their colours.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count, pairwise
from typing import Final

import svg
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from navigator.statistics.templatetags.figures import number
from navigator.statistics.values import UsageLine, UsageTable
from regions import outlines

_MOST_SHADES: Final = 4  # beside that of none
_MARGIN: Final = 60  # in units of the plane
# Where the middle of a province has no room for its number: how far that is moved.
_MOVED: Final = {
    "flevoland": (-150, 230),
    "zeeland": (60, 60),
    "utrecht": (20, 60),
    "limburg": (-20, -120),
    "zuid-holland": (0, 60),
}


@dataclass(frozen=True, slots=True)
class Shade:
    """A step of the legend: its place among the shades, and the numbers that have it."""

    place: int
    words: str


@dataclass(frozen=True, slots=True)
class ProvinceMap:
    """The drawing; empty when nothing is known to draw, or there is no number in it."""

    drawing: SafeString
    shades: tuple[Shade, ...]


def draw(table: UsageTable, *, name: str) -> ProvinceMap:
    """A map of the first measure of a table of provinces. `name`: unique on the page.

    One query, none when the process has drawn before in this version of the directory.
    """
    main = table.measures[0]
    shapes = outlines.provinces()
    lines = [line for line in table.lines if line.code in shapes]
    most = max((_now(line, main.code) for line in lines), default=0)
    box = outlines.box_of(each.box for each in shapes.values())
    if box is None or not most:
        return ProvinceMap(SafeString(""), ())
    steps = _steps(most)
    elements: list[svg.Element] = []
    words: list[svg.Element] = []
    for line in lines:
        shape, value = shapes[line.code], _now(line, main.code)
        place = _place(value, steps)
        told = svg.Title(text=escape(f"{line.name}: {number(value)}"))
        # Ready-made, and shorter than what the library would write.
        path = svg.Path(
            class_=["province", f"shade-{place}"], elements=[told], extra={"d": shape.path}
        )
        elements.append(path)
        right, down = _MOVED.get(line.code, (0, 0))
        x, y = shape.middle[0] + right, shape.middle[1] + down
        words.append(
            svg.Text(class_=["chart-middle", "province-number"], x=x, y=y, text=number(value))
        )
    left, top = box.left - _MARGIN, box.top - _MARGIN
    drawn = svg.SVG(
        class_=["province-map"],
        viewBox=svg.ViewBoxSpec(left, top, box.width + 2 * _MARGIN, box.height + 2 * _MARGIN),
        extra={"role": "img", "aria-labelledby": f"{name}-title {name}-description"},
        elements=[
            svg.Title(id=f"{name}-title", text=escape(table.title)),
            svg.Desc(id=f"{name}-description", text=escape(_description(lines, main.code))),
            *elements,
            *words,
        ],
    )
    # Every text in it was escaped, since the library writes what it is given.
    return ProvinceMap(mark_safe(str(drawn)), _shades(steps))  # noqa: S308  # escaped, see above


def _now(line: UsageLine, measure: str) -> int:
    now = line.counts[measure].now
    return now if isinstance(now, int) else 0


def _steps(most: int) -> list[int]:
    """From zero to at least `most` in four equal steps at most, of a round number."""
    powers = (10**power for power in count())
    widths = (step * power // 100 for power in powers for step in (100, 200, 250, 500))
    width = next(width for width in widths if width * _MOST_SHADES >= most)
    return [width * place for place in range(-(-most // width) + 1)]


def _place(value: int, steps: Sequence[int]) -> int:
    """Which shade: 0 for none, else the step up to which it reaches."""
    return next(place for place, step in enumerate(steps) if value <= step)


def _shades(steps: Sequence[int]) -> tuple[Shade, ...]:
    none = Shade(0, number(0))
    spans = enumerate(pairwise(steps), start=1)
    return (none, *(Shade(place, _span(below + 1, step)) for place, (below, step) in spans))


def _span(first: int, last: int) -> str:
    if first == last:
        return number(first)
    return _("%(first)s to %(last)s") % {"first": number(first), "last": number(last)}


def _description(lines: Sequence[UsageLine], measure: str) -> str:
    """What the map shows, for who cannot see it."""
    highest = max(lines, key=lambda line: _now(line, measure))
    words = _("A map of the provinces. The highest: %(label)s, %(number)s.") % {
        "label": highest.name,
        "number": number(_now(highest, measure)),
    }
    return " ".join((words, _("All numbers stand in the table.")))
