"""What the public pages tell, read as a visitor reads them: cards and the rows of tables."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from html.parser import HTMLParser

_VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
_CELLS = ("th", "td")
_IN_CARD = ("h3", "dd")
_CLASSES = ("figure-number", "hint")
_MONTHS = (
    *("januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus"),
    *("september", "oktober", "november", "december"),
)


@dataclass
class Told:
    """The texts of a page."""

    tables: dict[str, list[list[str]]] = field(default_factory=dict)  # by the id of the caption
    cards: list[list[str]] = field(default_factory=list)  # name, number, note, those beside it


def read(html: str) -> Told:
    """The tables and cards of a page."""
    parser = _Parser()
    parser.feed(html)
    return parser.told


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.told = Told()
        self._open: list[str] = []
        self._taking: list[str] | None = None
        self._taking_at = 0
        self._row: list[str] = []
        self._rows: list[list[str]] = []

    def handle_starttag(self, tag, attributes) -> None:
        if tag in _VOID:
            self.handle_data(" ")
            return
        self._open.append(tag)
        known = dict(attributes)
        if tag == "caption":
            self.told.tables[known.get("id", "")] = self._rows = []
        elif tag == "tr":
            self._row = []
            self._rows.append(self._row)
        elif "figure-card" in known.get("class", "").split():
            self._row = []
            self.told.cards.append(self._row)
        if tag in (*_CELLS, *_IN_CARD) or known.get("class") in _CLASSES:
            self._taking, self._taking_at = [], len(self._open)

    def handle_endtag(self, tag) -> None:
        if self._taking is not None and len(self._open) == self._taking_at:
            self._row.append(_words(self._taking))
            self._taking = None
        while self._open and self._open.pop() != tag:
            pass
        if tag == "table":
            self._row = []  # what follows stands in no row

    def handle_data(self, data) -> None:
        if self._taking is not None:
            self._taking.append(data)


def _words(texts: list[str]) -> str:
    return " ".join("".join(texts).split())


def number(value: int | Decimal | None) -> str:
    """As Dutch writes it; a dash for none."""
    if value is None:
        return "–"
    text = f"{value:,}" if isinstance(value, int) else f"{value:,.1f}"
    return text.translate(str.maketrans(",.", ".,"))


def percentage(value: Decimal | None) -> str:
    """With its sign."""
    return "–" if value is None else f"{number(value)}%"


def beside(then: str, change: Decimal | None) -> str:
    """A cell with what was, and the change since."""
    if change is None:
        return then
    sign = "+" if change > 0 else "−" if change else ""
    return f"{then} {sign}{percentage(abs(change))}"


def on_card(then: str, change: Decimal | None) -> str:
    """The same on a card, up to its words."""
    if change is None:
        return then
    if not change:
        return f"{then} ="
    return f"{then} {'▲' if change > 0 else '▼'} {percentage(abs(change))}"


def day_name(code: str) -> str:
    """A day in words."""
    day = date.fromisoformat(code)
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
