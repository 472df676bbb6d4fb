"""A row of a table of earlier registrations -> the facts in it, or what is wrong in which column.

Codes are taken, and the words that pages have for them in either language, in any case. Offices go
by slug, by a slug of before, or by name. Several things in one cell stand between `|`, `;`, line
ends, or commas where no name has one. Nothing is guessed.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Self

from django.conf import settings
from django.db import models
from django.utils import translation
from django.utils.translation import gettext as _, gettext_lazy

from navigator.advice import moments, registration
from navigator.advice.facts import (
    Facts,
    Mistake,
    Outcome,
    ReferralFacts,
    Refused,
    clean,
    mistakes_in,
    without_texts,
)
from navigator.advice.models import Channel, Destination, Interest
from navigator.advice.moments import MomentError
from regions import versions

MOMENT: Final = "moment"
CHANNEL: Final = "kanaal"
INTERESTS: Final = "sectoren"
DESTINATIONS: Final = "bestemmingen"
OFFICES: Final = "regioloketten"
NOTE: Final = "toelichting"
REFERENCE: Final = "kenmerk"
NAMES: Final[Mapping[str, str]] = {
    Destination.TRAINING_INSTITUTE: "naam_opleiding",
    Destination.OWN_WEBSITE: "naam_eigen_website",
    Destination.INFORMATION_WEBSITE: "naam_informatiewebsite",
    Destination.SCHOOL: "naam_school",
    Destination.VACANCY_SITE: "naam_vacaturesite",
    Destination.GOVERNMENT_AGENCY: "naam_uitvoeringsinstantie",
    Destination.TRADE_UNION: "naam_vakbond",
    Destination.CENTRAL_GOVERNMENT: "naam_rijksoverheid",
}
# A field of a mistake -> the column that it stands in.
_COLUMN_OF: Final[Mapping[str, str]] = {
    "moment": MOMENT,
    "channel": CHANNEL,
    "interests": INTERESTS,
    "outcome": DESTINATIONS,
    "referrals": DESTINATIONS,
    "offices": OFFICES,
    "note": NOTE,
    **{f"name.{destination}": column for destination, column in NAMES.items()},
}
_DESTINATIONS: Final = tuple(Destination.values)
_BETWEEN: Final = re.compile(r"[|;\n]")
_MOMENT: Final = re.compile(
    r"(?:(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})"
    r"|(?P<day_first>\d{1,2})[-/](?P<month_next>\d{1,2})[-/](?P<year_last>\d{4}))"
    r"(?:(?:\s+|T)(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:\.0+)?)?)?",
    re.ASCII,
)
_MOMENT_ERRORS: Final[Mapping[str, Any]] = {
    "unreadable": gettext_lazy("There is no such day or time. Check the digits."),
    "skipped": gettext_lazy("The clock skipped this time that night. Check the hour."),
}
_MOST_TOLD: Final = 60
_MOST_CODES: Final = 14  # more isn't a choice any more, but a list to look something up in


class Wrong(ValueError):
    """What a cell holds can't be used; its text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Words:
    """What can stand in a cell -> what it means; empty where it could mean several things."""

    channels: Mapping[str, str]
    interests: Mapping[str, str]
    destinations: Mapping[str, str]  # with Outcome.NOT_REFERRED
    offices: Mapping[str, str]
    office_ids: Mapping[str, int]  # by slug

    @classmethod
    def now(cls) -> Self:
        """The words of this moment. Two queries."""
        sectors = versions.current().sectors.values()
        offices = list(registration.known_offices().values_list("slug", "pk", "name"))
        slugs = {pk: slug for slug, pk, _name in offices}
        given_up = registration.former_slugs().items()
        return cls(
            channels=_labels(Channel),
            interests={
                **_unambiguous((name, each.code) for each in sectors for name in _names(each)),
                **_labels(Interest),
            },
            destinations={
                **_labels(Destination),
                **_labels(Outcome, only=(Outcome.NOT_REFERRED,)),
            },
            offices={
                **_unambiguous((name, slug) for slug, _pk, name in offices),
                **{slug: slugs[pk] for slug, pk in given_up if pk in slugs},
                **{slug: slug for slug in slugs.values()},
            },
            office_ids={slug: pk for pk, slug in slugs.items()},
        )


def read(
    cells: Mapping[str, str], words: Words, *, at: datetime
) -> tuple[Facts, list[tuple[str, str]]]:
    """The clean facts of a row, and what is wrong as pairs of a column and a sentence.

    `cells` has texts by column. When anything is wrong, the facts mean nothing. No queries.
    """
    row = _Row(cells, words)
    facts = row.facts()
    try:
        facts = clean(facts)
    except Refused as refused:
        row.add(refused.mistakes)
        facts = clean(without_texts(facts, refused.mistakes))
    offices = words.office_ids
    row.add(mistakes_in(facts, at=at, offices=offices, outcome_needed=False))
    return facts, row.wrong


class _Row:
    """A row while it is read; gathers what is wrong."""

    def __init__(self, cells: Mapping[str, str], words: Words) -> None:
        self.cells = cells
        self.words = words
        self.wrong: list[tuple[str, str]] = []

    def facts(self) -> Facts:
        destinations = self._several(DESTINATIONS, self.words.destinations)
        outcome = Outcome.REFERRED if destinations else ""
        if Outcome.NOT_REFERRED in destinations:
            outcome = Outcome.NOT_REFERRED
        return Facts(
            moment=self._moment(),
            channel=self._channel(),
            outcome=str(outcome),
            interests=tuple(self._several(INTERESTS, self.words.interests)),
            referrals=tuple(self._referrals(destinations)),
            note=self.cells.get(NOTE, ""),
        )

    def add(self, mistakes: Iterable[Mistake]) -> None:
        """What the rules say, of columns that could be read."""
        unread = {column for column, _reason in self.wrong}
        told = ((_COLUMN_OF.get(each.field, DESTINATIONS), str(each)) for each in mistakes)
        self.wrong += [each for each in dict.fromkeys(told) if each[0] not in unread]

    def _text(self, column: str) -> str:
        return self.cells.get(column, "").strip()

    def _moment(self) -> datetime:
        try:
            return moment_from(self._text(MOMENT))
        except Wrong as wrong:
            self.wrong.append((MOMENT, str(wrong)))
            return datetime(2000, 1, 1, tzinfo=UTC)

    def _channel(self) -> str:
        try:
            return _meaning(self._text(CHANNEL), self.words.channels)
        except Wrong as wrong:
            self.wrong.append((CHANNEL, str(wrong)))
            return ""

    def _several(self, column: str, words: Mapping[str, str]) -> list[str]:
        try:
            parts = _parts(self._text(column), words)
            return list(dict.fromkeys(_meaning(part, words) for part in parts))
        except Wrong as wrong:
            self.wrong.append((column, str(wrong)))
            return []

    def _referrals(self, destinations: list[str]) -> Iterator[ReferralFacts]:
        is_read = all(column != DESTINATIONS for column, _reason in self.wrong)
        offices = self._several(OFFICES, self.words.offices)
        for destination in _DESTINATIONS:
            is_office = destination == Destination.REGIONAL_OFFICE
            column = OFFICES if is_office else NAMES.get(destination, "")
            text = self._text(column)
            if destination in destinations and is_office:
                yield ReferralFacts(destination, offices=tuple(offices))
            elif destination in destinations:
                yield ReferralFacts(destination, text)
            elif text and is_read:
                self.wrong.append((column, _elsewhere(destination)))


def moment_from(text: str) -> datetime:
    """A moment of Amsterdam as people write it; without a time it is the start of the day.

    Raises Wrong.
    """
    found = _MOMENT.fullmatch(text)
    if found is None:
        raise Wrong(_("Write a day like 2026-11-24, or with the time: 2026-11-24 14:05."))
    part = found.groupdict(default="0")
    year, month, day = (
        (part["year"], part["month"], part["day"])
        if found["year"]
        else (part["year_last"], part["month_next"], part["day_first"])
    )
    clock = ":".join(part[name].zfill(2) for name in ("hour", "minute", "second"))
    try:
        return moments.read(f"{year}-{month.zfill(2)}-{day.zfill(2)}T{clock}")
    except MomentError as error:
        raise Wrong(_MOMENT_ERRORS[error.code]) from None


def _meaning(text: str, words: Mapping[str, str]) -> str:
    """What a text means. Raises Wrong."""
    meaning = words.get(_key(text))
    if meaning:
        return meaning
    codes = list(dict.fromkeys(filter(None, words.values())))
    if not text:
        raise Wrong(_("Fill this in. Choose from: %(codes)s.") % {"codes": ", ".join(codes)})
    told = text if len(text) <= _MOST_TOLD else f"{text[:_MOST_TOLD]}…"
    if meaning is not None:
        raise Wrong(_("“%(text)s” means more than one thing: write the code.") % {"text": told})
    if len(codes) <= _MOST_CODES:
        raise Wrong(
            _("“%(text)s” is unknown. Choose from: %(codes)s.")
            % {"text": told, "codes": ", ".join(codes)}
        )
    raise Wrong(
        _("“%(text)s” is unknown. Write the name as on the site, or as in its address.")
        % {"text": told}
    )


def _parts(text: str, words: Mapping[str, str]) -> Iterator[str]:
    for part in filter(None, map(str.strip, _BETWEEN.split(text))):
        if _key(part) in words:
            yield part
        else:
            yield from filter(None, map(str.strip, part.split(",")))


def _elsewhere(destination: str) -> str:
    return _("Add “%(destination)s” to the column %(column)s, or empty this.") % {
        "destination": Destination(destination).label,
        "column": DESTINATIONS,
    }


def _labels(choices: type[models.TextChoices], only: Iterable[str] = ()) -> dict[str, str]:
    """The code of each choice, by its code and by its words in every language."""
    codes = [code for code in choices.values if not only or code in only]
    found = {code: code for code in codes}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found |= {_key(str(choices(code).label)): code for code in codes}
    return found


def _names(sector: Any) -> tuple[str, ...]:
    return (sector.code, sector.name_nl, sector.name_en)


def _unambiguous(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Meanings by name; of a name with several an empty one."""
    found: dict[str, str] = {}
    for name, meaning in pairs:
        key = _key(name)
        found[key] = meaning if found.get(key, meaning) == meaning else ""
    return found


def _key(text: str) -> str:
    return " ".join(text.casefold().split())
