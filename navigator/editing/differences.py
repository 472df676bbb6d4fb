"""From what to what, as people read it: words for texts, names for codes, hours by weekday."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from functools import cached_property
from itertools import groupby
from typing import Any, Final

import phonenumbers
from django.db import models
from django.utils.formats import date_format, number_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _, ngettext

from regions import records
from regions.distances import distance_km
from regions.models import (
    EducationRegion,
    Municipality,
    PhoneHours,
    Province,
    PublicationState,
    RegionalOffice,
    Sector,
    SupportType,
)
from regions.records import CONFIRMED, SUPPORT, SubjectModel

Changes = Mapping[str, Sequence[Any]]

SAME, REMOVED, ADDED, LEFT_OUT = "same", "removed", "added", "left_out"
MOST_MUNICIPALITIES: Final = 10  # more are grouped by province
AROUND: Final = 25  # words around a change that are shown, of a long text
MOST_TOKENS: Final = 6000  # of both texts together; more are not compared word by word
_TOKEN: Final = re.compile(r"\w+|\s+|[^\w\s]")
_TOO_DIFFERENT: Final = 0.35


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text: `kind` is same, removed, added, or left_out when `text` is not shown."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Item:
    """Something that was added to a list or removed from it; `url` when it is a web address."""

    kind: str
    text: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Items under a title; it is empty when there is one group."""

    title: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """One field. What differs stands in one or more of the four: values, words, groups, remark."""

    field: str
    section: str
    label: str
    before: str = ""  # values in words; when both are empty, it is told otherwise
    after: str = ""
    words: tuple[Piece, ...] = ()
    groups: tuple[Group, ...] = ()
    remark: str = ""

    @property
    def has_values(self) -> bool:
        return bool(self.before or self.after)


def differences(model: SubjectModel, changes: Changes) -> tuple[Difference, ...]:
    """The fields of `changes`, `[from, to]` by field, that differ; in the order of the form.

    At most five queries, however many fields.
    """
    return Labels(model).differences(changes)


def labels(model: SubjectModel, fields: Iterable[str]) -> list[str]:
    """What people call these fields, in the order of the form. At most two queries."""
    names = _Names(model)
    return [names.label(name) for name in names.sorted(fields)]


class Labels:
    """What people call fields, for many lists of fields of one kind of thing. Two queries."""

    def __init__(self, model: SubjectModel) -> None:
        self._names = _Names(model)

    def of(self, fields: Iterable[str]) -> list[str]:
        """Those of these fields, in the order of the form."""
        return [self._names.label(name) for name in self._names.sorted(fields)]

    def differences(self, changes: Changes) -> tuple[Difference, ...]:
        """What `differences` tells, of one change after another."""
        names = self._names
        differing = {name: pair for name, pair in changes.items() if pair[0] != pair[1]}
        return tuple(_difference(names, name, *differing[name]) for name in names.sorted(differing))


def words(before: str, after: str) -> tuple[Piece, ...]:
    """What became of a text, word by word. Texts with nothing in common stand one after another."""
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    if len(old) + len(new) > MOST_TOKENS:
        return _whole(before, after)
    # Words that are everywhere are no anchors, which also keeps this quick for any text.
    matcher = SequenceMatcher(None, old, new, autojunk=True)
    if before and after and matcher.ratio() < _TOO_DIFFERENT:
        return _whole(before, after)
    pieces: list[Piece] = []
    for kind, old_from, old_to, new_from, new_to in _readable(matcher, old):
        if kind == "equal":
            pieces.append(Piece(SAME, "".join(old[old_from:old_to])))
            continue
        removed, added = "".join(old[old_from:old_to]), "".join(new[new_from:new_to])
        pieces += [Piece(REMOVED, removed)] if removed else []
        pieces += [Piece(ADDED, added)] if added else []
    return tuple(_shortened(pieces))


def _whole(before: str, after: str) -> tuple[Piece, ...]:
    pieces = (Piece(REMOVED, before), Piece(ADDED, after))
    return tuple(piece for piece in pieces if piece.text)


Step = tuple[str, int, int, int, int]


def _readable(matcher: "SequenceMatcher[str]", old: Sequence[str]) -> list[Step]:
    """The steps of a comparison, without crumbs: a lone space or comma between two changes."""
    steps: list[Step] = []
    found = matcher.get_opcodes()
    for position, (kind, *span) in enumerate(found):
        between = 0 < position < len(found) - 1
        crumb = kind == "equal" and between and not _has_word(old[span[0] : span[1]])
        changed = "equal" if kind == "equal" and not crumb else "replace"
        if steps and steps[-1][0] == changed == "replace":
            _kind, old_from, _old_to, new_from, _new_to = steps[-1]
            steps[-1] = ("replace", old_from, span[1], new_from, span[3])
        else:
            steps.append((changed, span[0], span[1], span[2], span[3]))
    return steps


def _has_word(tokens: Iterable[str]) -> bool:
    return any(token[0].isalnum() for token in tokens)


def _shortened(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """Without the middle of what stayed the same, where that is long."""
    for position, piece in enumerate(pieces):
        tokens = _TOKEN.findall(piece.text) if piece.kind == SAME else []
        head = 0 if position == 0 else 2 * AROUND
        tail = 0 if position == len(pieces) - 1 else 2 * AROUND
        if len(tokens) <= head + tail + 2 * AROUND:
            yield piece
            continue
        if head:
            yield Piece(SAME, "".join(tokens[:head]))
        yield Piece(LEFT_OUT, "")
        if tail:
            yield Piece(SAME, "".join(tokens[-tail:]))


@dataclass
class _Names:
    """What codes and fields are called. Each kind is asked for once, when it is needed."""

    model: SubjectModel

    @cached_property
    def order(self) -> dict[str, tuple[int, str]]:
        """Field -> its place in the form, and its section."""
        known = [
            (name, section)
            for section, fields in records.sections(self.model).items()
            for name in fields
        ]
        return {name: (place, section) for place, (name, section) in enumerate(known)}

    @cached_property
    def support_types(self) -> dict[str, str]:
        return {each.code: each.name for each in SupportType.objects.all()}

    @cached_property
    def sectors(self) -> dict[str, str]:
        return {each.code: each.name for each in Sector.objects.all()}

    @cached_property
    def regions(self) -> dict[str, str]:
        return dict(EducationRegion.objects.values_list("slug", "name"))

    @cached_property
    def municipalities(self) -> dict[str, tuple[str, str]]:
        rows = Municipality.objects.order_by("name").values_list("code", "name", "province")
        return {code: (name, province) for code, name, province in rows}

    def sorted(self, fields: Iterable[str]) -> list[str]:
        last = len(self.order)
        return sorted(fields, key=lambda name: (self.order.get(name, (last, ""))[0], name))

    def section(self, name: str) -> str:
        return self.order.get(name, (0, ""))[1]

    def label(self, name: str) -> str:
        if name.startswith(SUPPORT):
            code = name.removeprefix(SUPPORT)
            return self.support_types.get(code, code)
        return capfirst(records.label(self.model, name))


def _difference(names: _Names, name: str, before: Any, after: Any) -> Difference:
    told = _told(names, name, before, after)
    return Difference(field=name, section=names.section(name), label=names.label(name), **told)


def _told(names: _Names, name: str, before: Any, after: Any) -> dict[str, Any]:
    """The parts of a difference that fit the kind of field."""
    if name.startswith(SUPPORT):
        return _support(before, after)
    if name in _LISTS:
        return {"groups": _LISTS[name](names, before or [], after or [])}
    if name == "visiting_point":
        return _point(before, after)
    if name == "drawn_area":
        return {"remark": _area(before, after)}
    if name in _VALUES:
        return _values(_VALUES[name], before, after)
    if isinstance(before, bool) or isinstance(after, bool):
        return _values(_yes_no, before, after)
    return {"words": words(str(before or ""), str(after or ""))}


def _values(called: Callable[[Any], str], before: Any, after: Any) -> dict[str, str]:
    nothing = _("not filled in")
    return {
        "before": called(before) if before not in (None, "") else nothing,
        "after": called(after) if after not in (None, "") else nothing,
    }


def _yes_no(value: bool) -> str:
    return _("Yes") if value else _("No")


def _choice(choices: type[models.TextChoices]) -> Callable[[str], str]:
    """Names a choice; one that is no more stays a code."""
    return lambda code: str(dict(choices.choices).get(code, code))


def _day(value: str) -> str:
    return date_format(date.fromisoformat(value), "j F Y")


def _phone(number: str) -> str:
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


_VALUES: Final[Mapping[str, Callable[[Any], str]]] = {
    "state": _choice(PublicationState),
    "email_response": _choice(RegionalOffice.EmailResponse),
    "preferred_contact": _choice(RegionalOffice.Way),
    CONFIRMED: _day,
    "phone": _phone,
    "email": str,
    "slug": str,
    "website": str,
    "privacy_url": str,
    "calendar_url": str,
    "advice_url": str,
}


def _support(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> dict[str, Any]:
    told: dict[str, Any] = {}
    if (before is None) != (after is None):
        told |= {
            "before": _("not offered") if before is None else _("offered"),
            "after": _("not offered") if after is None else _("offered"),
        }
    was, now = before or {}, after or {}
    if was.get("note", "") != now.get("note", ""):
        told["words"] = words(was.get("note", ""), now.get("note", ""))
    links = _items(was.get("links", []), now.get("links", []), str, as_links=True)
    if links:
        told["groups"] = (Group("", links),)
    elif was.get("links", []) != now.get("links", []):
        told["remark"] = _("The links stand in another order.")
    return told


def _items(
    before: Sequence[Any],
    after: Sequence[Any],
    called: Callable[[Any], str],
    *,
    as_links: bool = False,
) -> tuple[Item, ...]:
    removed = [Item(REMOVED, called(each)) for each in before if each not in after]
    added = [Item(ADDED, called(each)) for each in after if each not in before]
    if not as_links:
        return (*removed, *added)
    # Only what a browser opens as a page; anything else stays a text.
    return tuple(
        Item(item.kind, item.text, item.text if item.text.startswith(_WEB) else "")
        for item in (*removed, *added)
    )


_WEB: Final = ("https://", "http://")


def _sectors(names: _Names, before: Sequence[str], after: Sequence[str]) -> tuple[Group, ...]:
    return (Group("", _items(before, after, lambda code: names.sectors.get(code, code))),)


def _regions(names: _Names, before: Sequence[str], after: Sequence[str]) -> tuple[Group, ...]:
    return (Group("", _items(before, after, lambda slug: names.regions.get(slug, slug))),)


def _postcodes(names: _Names, before: Sequence[str], after: Sequence[str]) -> tuple[Group, ...]:
    return (Group("", _items(before, after, str)),)


def _municipalities(
    names: _Names, before: Sequence[str], after: Sequence[str]
) -> tuple[Group, ...]:
    """By name; under their provinces when there are many."""
    was, now = set(before), set(after)
    changed = sorted(
        ((*names.municipalities.get(code, (code, "")), code) for code in was ^ now),
        key=lambda place: (place[1], place[2] in now, place[0]),
    )
    if len(changed) <= MOST_MUNICIPALITIES:
        return (Group("", tuple(_place(place, now) for place in changed)),)
    return tuple(
        _province(province, tuple(_place(place, now) for place in places))
        for province, places in groupby(changed, key=lambda place: place[1])
    )


def _place(place: tuple[str, str, str], now: set[str]) -> Item:
    name, _province, code = place
    return Item(ADDED if code in now else REMOVED, name)


def _province(code: str, items: tuple[Item, ...]) -> Group:
    added = sum(item.kind == ADDED for item in items)
    removed = len(items) - added
    told = []
    if added:
        told.append(ngettext("%(number)d added", "%(number)d added", added) % {"number": added})
    if removed:
        told.append(
            ngettext("%(number)d removed", "%(number)d removed", removed) % {"number": removed}
        )
    name = str(dict(Province.choices).get(code, code))
    return Group(f"{name}: {', '.join(told)}", items)


def _hours(
    names: _Names, before: Sequence[Sequence[Any]], after: Sequence[Sequence[Any]]
) -> tuple[Group, ...]:
    """For each weekday that differs: when it was, and when it will be."""
    items: list[Item] = []
    for number, day in PhoneHours.Weekday.choices:
        was, now = _spans(before, number), _spans(after, number)
        if was != now:
            items += [Item(REMOVED, f"{day}: {was}"), Item(ADDED, f"{day}: {now}")]
    return (Group("", tuple(items)),)


def _spans(hours: Sequence[Sequence[Any]], weekday: int) -> str:
    spans = [f"{opens}–{closes}" for day, opens, closes in hours if day == weekday]
    return ", ".join(spans) or _("closed")


_LISTS: Final[Mapping[str, Callable[[_Names, Any, Any], tuple[Group, ...]]]] = {
    "sectors": _sectors,
    "regions": _regions,
    "municipalities": _municipalities,
    "partial_postcodes": _postcodes,
    "phone_hours": _hours,
}


def _point(before: Sequence[float] | None, after: Sequence[float] | None) -> dict[str, str]:
    told = _values(lambda point: f"{point[0]:.5f}, {point[1]:.5f}", before, after)
    if before is None or after is None:
        return told
    km = distance_km((before[0], before[1]), (after[0], after[1]))
    moved = (
        _("Moved by %(number)s m.") % {"number": number_format(round(km * 1000))}
        if km < 1
        else _("Moved by %(number)s km.") % {"number": number_format(km, decimal_pos=1)}
    )
    return {**told, "remark": moved}


def _area(before: Any, after: Any) -> str:
    if before is None:
        return _("An area was drawn on the map.")
    if after is None:
        return _("The area that was drawn on the map is gone.")
    return _("The area was drawn differently on the map.")
