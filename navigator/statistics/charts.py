"""Labels, numbers and words -> charts as SVG.

A chart is text in the page: no script, nobody else's server, also in print. It has no view box:
what is wide is in percent and what is high in em, so that it fits every screen while its letters
stay as large as those around it, and grow when a reader makes them larger. It names classes alone;
`figures.css` gives them their colours, in the light and in the dark.

Nobody has to tell colours apart: what was before is a line across a bar. For who sees nothing, the
title and the description stand in the drawing, and a page sets the table beside it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import count
from textwrap import wrap
from typing import Final

import svg
from django.utils.formats import number_format
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

# How many letters are sure to fit beside each other on a phone of 360 pixels.
_LETTERS_ACROSS: Final = 38
_LINE_EM: Final = 1.35
_BAR_EM: Final = 0.95
_GAP_EM: Final = 0.75
_PLOT_EM: Final = 12.0
_ABOVE_EM: Final = 1.6
_BELOW_EM: Final = 1.8
_LETTER_PERCENT: Final = 2.7
_MOST_WITH_WORDS: Final = 8  # so many columns have room for their value above them
_FEWEST: Final = 6  # fewer columns are not wider, and leave room at the end
_MOST_STEPS: Final = 4


@dataclass(frozen=True, slots=True)
class Bar:
    """A number with its name, and the number that it is compared with.

    `words` are the number as people read it. Without `value` nothing is drawn, but the words stay:
    for numbers that are kept back.
    """

    label: str
    value: float | None
    words: str
    before: float | None = None
    before_words: str = ""


def bars(bars: Sequence[Bar], *, name: str, title: str, description: str) -> SafeString:
    """A bar for each category, under its label, as long as its value. See `columns` for `name`."""
    longest = _most(bars) or 1
    elements: list[svg.Element] = []
    y = 0.0
    for bar in bars:
        letters = max(14, _LETTERS_ACROSS - len(bar.words) - 2)
        lines = wrap(bar.label, letters) or [""]
        for line in lines:
            y += _LINE_EM
            elements.append(_text(line, 0, y - 0.4, "chart-label"))
        elements.append(_text(bar.words, 100, y - 0.4, "chart-value", anchor="end"))
        drawing: list[svg.Element] = [_rect("chart-track", 0, y, 100, _BAR_EM)]
        if bar.value:
            drawing.append(_rect("chart-bar", 0, y, 100 * bar.value / longest, _BAR_EM))
        if bar.before is not None and (bar.before or bar.value):
            x = 100 * bar.before / longest
            drawing.extend(_mark(x, y, x, y + _BAR_EM + 0.3))
        elements.append(_told(bar, drawing))
        y += _BAR_EM + _GAP_EM
    return _chart(elements, y, name, title, description)


def columns(bars: Sequence[Bar], *, name: str, title: str, description: str) -> SafeString:
    """A column for each step of time, the first one left. `name`: unique on the page."""
    ticks = scale(_most(bars))
    left = _LETTER_PERCENT * len(str(ticks[-1])) + 1
    slot = (100 - left) / max(_FEWEST, len(bars))
    bottom = _ABOVE_EM + _PLOT_EM

    def height(value: float) -> float:
        return _PLOT_EM * value / ticks[-1]

    elements: list[svg.Element] = []
    for tick in ticks:
        y = bottom - height(tick)
        elements.append(_line("chart-grid", left, y, 100, y))
        words = number_format(tick, force_grouping=True)
        elements.append(_text(words, left - 1, y + 0.3, "chart-tick", anchor="end"))
    worded = _worded(bars)
    shown = _shown_labels([bar.label for bar in bars])
    for place, bar in enumerate(bars):
        x = left + place * slot
        top = bottom - height(bar.value or 0)
        drawing: list[svg.Element] = [
            _rect("chart-slot", x, _ABOVE_EM, slot, _PLOT_EM),
            _rect("chart-bar", x + slot * 0.14, top, slot * 0.72, bottom - top),
        ]
        if bar.before is not None and (bar.before or bar.value):
            before = bottom - height(bar.before)
            drawing.extend(_mark(x + slot * 0.04, before, x + slot * 0.96, before))
            top = min(top, before) if before > top - 1.2 else top
        elements.append(_told(bar, drawing))
        middle, last = x + slot / 2, len(bars) > _MOST_WITH_WORDS and place == len(bars) - 1
        at, anchor = (100, "end") if last else (middle, "middle")
        if place in worded:
            elements.append(_text(bar.words, at, top - 0.35, "chart-value", anchor=anchor))
        if place in shown:
            elements.append(_text(bar.label, at, bottom + 1.3, "chart-label", anchor=anchor))
    return _chart(elements, bottom + _BELOW_EM, name, title, description)


def scale(most: float) -> list[int]:
    """Round numbers from zero to at least `most`, at equal distances and few of them."""
    for power in count():
        for step in (1, 2, 5):
            distance = step * 10**power
            if distance * _MOST_STEPS >= most:
                steps = max(1, -int(-most // distance))
                return [distance * each for each in range(steps + 1)]
    raise AssertionError("there is always a larger step")


def _most(bars: Iterable[Bar]) -> float:
    return max((max(bar.value or 0, bar.before or 0) for bar in bars), default=0)


def _worded(bars: Sequence[Bar]) -> set[int]:
    """The columns with their value above them: all when there is room, else the highest alone."""
    if len(bars) <= _MOST_WITH_WORDS:
        return set(range(len(bars)))
    highest = max((bar.value or 0 for bar in bars), default=0)
    return {next(place for place, bar in enumerate(bars) if (bar.value or 0) == highest)}


def _shown_labels(labels: Sequence[str]) -> range:
    """The labels under the columns that don't run into each other on a phone."""
    longest = max(map(len, labels), default=1)
    room = max(1, _LETTERS_ACROSS // (longest + 2))
    return range(0, len(labels), -(-len(labels) // room) or 1)


def _chart(
    elements: list[svg.Element], height_em: float, name: str, title: str, description: str
) -> SafeString:
    drawn = svg.SVG(
        width=svg.Length(100, "%"),
        height=svg.Length(round(height_em, 2), "em"),
        class_=["chart"],
        extra={"role": "img", "aria-labelledby": f"{name}-title {name}-description"},
        elements=[
            svg.Title(id=f"{name}-title", text=escape(title)),
            svg.Desc(id=f"{name}-description", text=escape(description)),
            *elements,
        ],
    )
    # Every text in it was escaped, since the library writes what it is given.
    return mark_safe(str(drawn))  # noqa: S308  # escaped, see above


def _told(bar: Bar, drawing: list[svg.Element]) -> svg.G:
    """A bar that says what it is to a pointer above it."""
    words = f"{bar.label}: {bar.words}"
    if bar.before_words:
        words = f"{words} ({bar.before_words})"
    return svg.G(elements=[svg.Title(text=escape(words)), *drawing])


def _rect(kind: str, x: float, y: float, width: float, height: float) -> svg.Rect:
    return svg.Rect(
        class_=[kind], x=_percent(x), y=_em(y), width=_percent(width), height=_em(height)
    )


def _mark(x1: float, y1: float, x2: float, y2: float) -> list[svg.Element]:
    """The line for what was before, with a rim so that it is seen on a bar and beside it."""
    return [_line(kind, x1, y1, x2, y2) for kind in ("chart-rim", "chart-before")]


def _line(kind: str, x1: float, y1: float, x2: float, y2: float) -> svg.Line:
    return svg.Line(class_=[kind], x1=_percent(x1), y1=_em(y1), x2=_percent(x2), y2=_em(y2))


def _text(words: str, x: float, y: float, kind: str, *, anchor: str = "start") -> svg.Text:
    return svg.Text(class_=[kind, f"chart-{anchor}"], text=escape(words), x=_percent(x), y=_em(y))


def _percent(number: float) -> svg.Length:
    return svg.Length(round(number, 2), "%")


def _em(number: float) -> svg.Length:
    return svg.Length(round(number, 2), "em")
