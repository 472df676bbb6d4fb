"""The service area as a form: municipalities to tick, and postcodes of those served in part."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext, gettext_lazy as _

from navigator.editing import maps
from navigator.editing.forms.fields import CodesField, Shown
from navigator.editing.forms.sections import SectionForm
from navigator.editing.maps import Map
from regions import records, revisions
from regions.effects import Effect, effect_between
from regions.models import (
    Municipality,
    Postcode,
    PostcodeShare,
    Province,
    PublicationState,
    RegionalOffice,
)
from regions.places import name_key
from regions.records import Record, Subject

PARTS: Final = "partial_postcodes"
MUNICIPALITIES: Final = "municipalities"
TOLD: Final = "told"
_MOST_TYPED: Final = 600
_UP_TO: Final = re.compile(r"\s*(?:-|–|—|t/m|tot en met)\s*", re.IGNORECASE)
_BETWEEN: Final = re.compile(r"[\s,;]+")
_RANGE: Final = re.compile(r"([1-9][0-9]{3})(?:-([1-9][0-9]{3}))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Row:
    """A municipality in the list."""

    code: str
    name: str
    ticked: bool
    only: str  # what was typed: only these postcodes
    only_name: str
    errors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ProvinceRows:
    """The municipalities of a province, by name."""

    code: str
    name: str
    rows: tuple[Row, ...]

    @property
    def ticked(self) -> int:
        return sum(row.ticked for row in self.rows)

    @property
    def is_open(self) -> bool:
        """Whether there is something to see: a tick, a part, a mistake."""
        return any(row.ticked or row.only or row.errors for row in self.rows)


class Geography:
    """The municipalities and which postcodes lie in them. Three queries."""

    def __init__(self) -> None:
        self.municipalities: dict[str, tuple[str, str]] = {
            code: (name, province)
            for code, name, province in sorted(
                Municipality.objects.values_list("code", "name", "province"),
                key=lambda row: name_key(row[1]),
            )
        }
        self.of: dict[str, str] = {}
        self.po_boxes: set[str] = set()
        self.own: dict[str, list[str]] = {code: [] for code in self.municipalities}
        for code, municipality, po_box_only in Postcode.objects.order_by("code").values_list(
            "code", "municipality", "po_box_only"
        ):
            self.of[code] = municipality
            if po_box_only:
                self.po_boxes.add(code)
            else:
                self.own[municipality].append(code)
        self.shares = set(PostcodeShare.objects.values_list("postcode", "municipality"))

    def name(self, municipality: str) -> str:
        return self.municipalities[municipality][0]

    def lies_in(self, postcode: str, municipality: str) -> bool:
        """Whether a postcode lies in a municipality, be it with a part of it."""
        return self.of[postcode] == municipality or (postcode, municipality) in self.shares


class PartsInput(forms.Widget):
    """A text for each municipality."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> dict[str, str]:
        start = f"{name}."
        return {
            posted.removeprefix(start): str(data[posted])
            for posted in data
            if posted.startswith(start)
        }


class PartsField(Shown, forms.Field):
    """Postcodes by municipality, as people write them: "3011-3016, 3021"."""

    widget = PartsInput

    def __init__(self, geography: Geography, **options: Any) -> None:
        super().__init__(required=False, **options)
        self.geography = geography

    def names(self, name: str) -> set[str]:
        return {f"{name}.{code}" for code in self.geography.municipalities}

    def as_typed(self, value: Any) -> dict[str, str]:
        parts: dict[str, list[str]] = {}
        for code in value or ():
            parts.setdefault(self.geography.of[code], []).append(code)
        return {
            municipality: ", ".join(_in_ranges(codes, self.geography.own[municipality]))
            for municipality, codes in parts.items()
        }

    def clean(self, value: Any) -> list[str]:
        """The codes, sorted. Raises ValidationError; `params` names the municipality."""
        codes: set[str] = set()
        wrong: list[ValidationError] = []
        for municipality, typed in value.items():
            if municipality not in self.geography.municipalities or not typed.strip():
                continue
            found, messages = read_postcodes(typed, municipality, self.geography)
            codes |= found
            wrong += [
                ValidationError(message, code="postcodes", params={"municipality": municipality})
                for message in messages
            ]
        if wrong:
            raise ValidationError(wrong)
        return sorted(codes)


@dataclass(frozen=True, slots=True)
class Line:
    """Postcodes to which the same happens: `gained`, `lost`, `uncovered`, `filled`, `kept`."""

    what: str
    postcodes: tuple[str, ...]
    sector: str = ""  # of those that are uncovered or filled


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the form says, beside what is public: told before it is saved."""

    effect: Effect | None  # None when the form can't be read
    map: Map
    told: str  # what stands for these values, posted when they are saved

    @property
    def lines(self) -> list[Line]:
        """What is told in numbers."""
        effect = self.effect
        if effect is None:
            return []
        told = [
            Line("gained", tuple(sorted(effect.gained))),
            Line("lost", tuple(sorted(effect.lost))),
            *(Line("uncovered", tuple(sorted(c)), s) for s, c in effect.new_gaps.items()),
            *(Line("filled", tuple(sorted(c)), s) for s, c in effect.filled_gaps.items()),
            Line("kept", tuple(sorted(effect.kept_by_map))),
        ]
        return [line for line in told if line.postcodes]


class AreaForm(SectionForm):
    """The section `area` of an office."""

    template = "editing/area.html"
    asks = False  # whether somebody saves what they were not told the effect of

    def __init__(self, subject: Subject, record: Record, data: Any = None) -> None:
        self.geography = Geography()
        self.office = subject
        super().__init__(subject, "area", record, data)

    def names(self) -> frozenset[str]:
        """The names under which this form is posted, and no others."""
        return super().names() | {TOLD}

    @property
    def was_told(self) -> bool:
        """Whether the effect of just these values was shown when they were posted.

        What changes nothing needs no telling. The form must be valid.
        """
        values = self.values()
        unchanged = all(self.record.get(name) == value for name, value in values.items())
        return unchanged or self.data.get(TOLD) == revisions.fingerprint(values)

    @cached_property
    def outcome(self) -> Outcome:
        """The effect and the map. As long as the public doesn't see the office: once it does."""
        stored = records.read(self.office)
        if self.is_bound and not self.is_valid():
            return Outcome(None, maps.area_map(stored, self.record), "")
        values = self.values() if self.is_bound else {}
        after = {**self.record, **values, "state": PublicationState.PUBLISHED}
        effect = effect_between(cast(RegionalOffice, self.office), stored, after)
        told = revisions.fingerprint({name: after[name] for name in self.record_fields})
        return Outcome(effect, maps.area_map(stored, after, effect), told)

    @property
    def provinces(self) -> list[ProvinceRows]:
        """All municipalities to choose from, with what is chosen."""
        ticked = set(self[MUNICIPALITIES].value() or ())
        typed = self[PARTS].value() or {}
        errors = self.errors_by_municipality
        rows: dict[str, list[Row]] = {province: [] for province in Province.values}
        for code, (name, province) in self.geography.municipalities.items():
            only_name = f"{PARTS}.{code}"
            told = tuple(errors.get(code, ()))
            rows[province].append(
                Row(code, name, code in ticked, typed.get(code, ""), only_name, told)
            )
        return [
            ProvinceRows(province, str(Province(province).label), tuple(there))
            for province, there in rows.items()
            if there
        ]

    @cached_property
    def errors_by_municipality(self) -> dict[str, list[str]]:
        """What is wrong with the postcodes of a municipality."""
        found: dict[str, list[str]] = {}
        for error in self.errors.as_data().get(PARTS, ()):
            municipality = (error.params or {}).get("municipality")
            if municipality:
                found.setdefault(municipality, []).extend(error.messages)
        return found

    def clean(self) -> dict[str, Any]:
        """A municipality is served as a whole or in part."""
        cleaned = cast(dict[str, Any], super().clean())
        typed = self[PARTS].value() or {}
        for code in cleaned.get(MUNICIPALITIES, ()):
            if typed.get(code, "").strip():
                message = gettext(
                    "You ticked all of %(name)s. Untick it, or empty its postcodes."
                ) % {"name": self.geography.name(code)}
                self.add_error(
                    PARTS, ValidationError(message, code="both", params={"municipality": code})
                )
        return cleaned

    def _field(self, name: str) -> Any:
        if name == MUNICIPALITIES:
            choices = [(code, told[0]) for code, told in self.geography.municipalities.items()]
            return CodesField(choices, label=_("Municipalities that you serve as a whole"))
        return PartsField(self.geography, label=_("Only these postcodes"))


def read_postcodes(
    typed: str, municipality: str, geography: Geography
) -> tuple[set[str], list[str]]:
    """The postcodes in a text such as "3011-3016, 3021", and what is wrong with it.

    A range stands for all postcodes of the municipality in it. What is wrong is named.
    """
    name = geography.name(municipality)
    if len(typed) > _MOST_TYPED:
        over = len(typed) - _MOST_TYPED
        return set(), [
            gettext("%(name)s: %(over)s characters too long.") % {"name": name, "over": over}
        ]
    found: set[str] = set()
    wrong: dict[str, list[str]] = {}
    for word in _BETWEEN.split(_UP_TO.sub("-", typed.strip())):
        if not word:
            continue
        told = _RANGE.fullmatch(word)
        if told is None:
            wrong.setdefault("no_postcode", []).append(word)
        elif told[2]:
            within = {code for code in geography.own[municipality] if told[1] <= code <= told[2]}
            found |= within
            if not within:
                wrong.setdefault("empty_range", []).append(word)
        elif reason := _why_not(told[1], municipality, geography):
            wrong.setdefault(reason, []).append(word)
        else:
            found.add(told[1])
    return found, [_told(reason, words, name, geography) for reason, words in wrong.items()]


def _why_not(postcode: str, municipality: str, geography: Geography) -> str:
    if postcode not in geography.of:
        return "unknown"
    if postcode in geography.po_boxes:
        return "po_box"
    return "" if geography.lies_in(postcode, municipality) else "elsewhere"


def _told(reason: str, words: list[str], name: str, geography: Geography) -> str:
    told: Mapping[str, str] = {"codes": ", ".join(words), "name": name}
    match reason:
        case "no_postcode":
            return gettext("%(name)s: %(codes)s is not a postcode of four digits.") % told
        case "empty_range":
            return gettext("%(name)s has no postcodes from %(codes)s.") % told
        case "unknown":
            return gettext("%(name)s: %(codes)s does not exist.") % told
        case "po_box":
            return gettext("%(name)s: %(codes)s has PO boxes only; nobody lives there.") % told
        case _:
            places = (
                f"{word} ({geography.name(geography.of[word])})" for word in dict.fromkeys(words)
            )
            told = {"codes": ", ".join(places), "name": name}
            return gettext("%(name)s: %(codes)s lies elsewhere.") % told


def _in_ranges(codes: Iterable[str], own: list[str]) -> Iterator[str]:
    """Codes that follow each other in the municipality, as ranges."""
    place = {code: number for number, code in enumerate(own)}
    runs: list[list[str]] = []
    for code in sorted(codes):
        last = runs[-1][-1] if runs else None
        if last is not None and code in place and place.get(last) == place[code] - 1:
            runs[-1].append(code)
        else:
            runs.append([code])
    for run in runs:
        yield run[0] if len(run) == 1 else f"{run[0]}-{run[-1]}"
