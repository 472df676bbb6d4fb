"""Registrations of before the service: a table of texts -> conversations, stored once.

First a plan says what would be stored, or what is wrong by row and column; then it is done, all or
nothing, if it still does what was shown. A row has a key made of its reference, or else of what it
says: the same file imported again, in any order, doubles nothing. The reference itself isn't
stored. `docs/advice-tables.md` has the columns.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID, uuid5

from django.utils import timezone, translation
from django.utils.text import format_lazy
from django.utils.translation import gettext as _, gettext_lazy
from tablib import Dataset

from navigator.advice import registration, registration_rows
from navigator.advice.facts import MESSAGES, Facts, Outcome, Refused
from navigator.advice.models import AdviceConversation, Channel, Destination
from navigator.advice.registration import KeyTaken, Registered
from navigator.advice.registration_rows import (
    CHANNEL,
    DESTINATIONS,
    INTERESTS,
    MOMENT,
    NAMES,
    NOTE,
    OFFICES,
    REFERENCE,
)
from regions import revisions, versions
from regions.tables import Problem

COLUMNS: Final[Mapping[str, Any]] = {
    MOMENT: gettext_lazy("The day, and the time if you know it (in the Netherlands)."),
    CHANNEL: gettext_lazy("How advisor and candidate spoke."),
    INTERESTS: gettext_lazy("The sectors of interest, or why there are none."),
    DESTINATIONS: gettext_lazy(
        "Where the candidate was referred to, or “not referred”. Empty: it is not known."
    ),
    OFFICES: gettext_lazy("Which regional offices, by the name in their address or their name."),
    **{
        column: format_lazy("{}: {}", Destination(destination).label, gettext_lazy("which one"))
        for destination, column in NAMES.items()
    },
    NOTE: gettext_lazy("Anything worth knowing. No personal data."),
    REFERENCE: gettext_lazy(
        "What this row is called where it comes from, so that it is known again. It is not stored."
    ),
}
NEEDED: Final = (MOMENT, CHANNEL)

# All keys of imported rows are made in this space; another one would double what was imported.
_SPACE: Final = UUID("5b0f3cc8-11a1-44b8-84e3-2a102da51d85")
_MOST_OF_REFERENCE: Final = 200


@dataclass(frozen=True, slots=True)
class Plan:
    """What a table would do; it can be done when there is no problem."""

    entries: tuple[tuple[UUID, Facts], ...] = ()
    known: frozenset[UUID] = frozenset()  # stored already, with the same facts
    problems: tuple[Problem, ...] = ()

    @property
    def new(self) -> tuple[tuple[UUID, Facts], ...]:
        """What would be stored."""
        return tuple((key, facts) for key, facts in self.entries if key not in self.known)

    @property
    def without_outcome(self) -> int:
        """How many of the new ones say nothing of what came of it."""
        return sum(not facts.outcome for _key, facts in self.new)

    @property
    def days(self) -> tuple[date, date] | None:
        """The first and the last day of what would be stored."""
        days = [timezone.localdate(facts.moment) for _key, facts in self.new]
        return (min(days), max(days)) if days else None

    @property
    def digest(self) -> str:
        """Differs when what would be stored does."""
        told = sorted((str(key), registration.as_json(facts)) for key, facts in self.new)
        return revisions.fingerprint([told, len(self.known), len(self.problems)])


class Changed(Exception):
    """What a table would do is no longer what was shown."""


def plan(cells: Dataset, *, at: datetime) -> Plan:
    """What a table of texts would store, and what is wrong with it. Stores nothing.

    At most seven queries, however many rows.
    """
    columns = [_column_name(name) for name in cells.headers or ()]
    if wrong := tuple(_wrong_columns(cells.headers or (), columns)):
        return Plan(problems=wrong)
    words = registration_rows.Words.now()
    numbers: list[int] = []
    entries: list[tuple[UUID, Facts]] = []
    problems: list[Problem] = []
    keys = _Keys(words.office_ids)
    for number, texts in enumerate(cells, 2):  # the first row has the names
        row = dict(zip(columns, texts, strict=True))
        if not any(text.strip() for text in row.values()):
            continue
        facts, mistakes = registration_rows.read(row, words, at=at)
        reference = row.get(REFERENCE, "").strip()
        mistakes += keys.mistakes_in(reference)
        problems += [Problem(number, column, reason) for column, reason in mistakes]
        if not mistakes:
            numbers.append(number)
            entries.append((keys.key_of(reference, facts), facts))
    standing = registration.standing(entries, by=None)
    problems += [
        Problem(number, REFERENCE, _taken())
        for number, (key, _facts) in zip(numbers, entries, strict=True)
        if key in standing.taken
    ]
    return Plan(tuple(entries), standing.known, tuple(sorted(problems, key=lambda each: each.row)))


def store(cells: Dataset, *, shown: str, at: datetime) -> Registered:
    """Store what a table says, all or nothing, if that is still what was shown.

    `shown` is the digest of the plan that somebody agreed with. Nobody is the advisor of these
    conversations. Raises Changed.
    """
    agreed = plan(cells, at=at)
    if agreed.digest != shown or agreed.problems:
        raise Changed
    origin = AdviceConversation.Origin.IMPORT
    try:
        return registration.register_many(agreed.new, by=None, at=at, origin=origin)
    except (Refused, KeyTaken):  # the directory, or what is registered, changed in between
        raise Changed from None


def example() -> Dataset:
    """A table with every column and two rows, as somebody in the Netherlands would fill it in."""
    office = next(iter(versions.current().profiles), "")
    with translation.override("nl"):
        kinds = (Destination.REGIONAL_OFFICE, Destination.TRAINING_INSTITUTE)
        first = {
            MOMENT: "2025-11-24 14:05",
            CHANNEL: Channel.PHONE.label,
            INTERESTS: "po|vo",
            DESTINATIONS: "|".join(str(kind.label) for kind in kinds),
            OFFICES: office,
            NAMES[Destination.TRAINING_INSTITUTE]: "Pabo",
            NOTE: _("Asked about lateral entry"),
            REFERENCE: "2025-0001",
        }
        second = {
            MOMENT: "2025-11-25",
            CHANNEL: Channel.EMAIL.label,
            DESTINATIONS: Outcome.NOT_REFERRED.label,
            REFERENCE: "2025-0002",
        }
        filled = [[str(row.get(name, "")) for name in COLUMNS] for row in (first, second)]
    return Dataset(*filled, headers=list(COLUMNS))


class _Keys:
    """The keys of rows; the same row gets the same key in every file."""

    def __init__(self, office_ids: Mapping[str, int]) -> None:
        self.office_ids = office_ids
        self.references: set[str] = set()
        self.alike: Counter[str] = Counter()

    def mistakes_in(self, reference: str) -> list[tuple[str, str]]:
        if not reference:
            return []
        if len(reference) > _MOST_OF_REFERENCE:
            over = len(reference) - _MOST_OF_REFERENCE
            told = MESSAGES["too_long"]
            return [(REFERENCE, str(told) % {"over": over, "most": _MOST_OF_REFERENCE})]
        if reference in self.references:
            return [
                (REFERENCE, _("This reference stands in the table twice. Give each row its own."))
            ]
        self.references.add(reference)
        return []

    def key_of(self, reference: str, facts: Facts) -> UUID:
        if reference:
            return uuid5(_SPACE, f"reference {reference}")
        content = self._content(facts)
        self.alike[content] += 1  # rows that say the same are conversations of their own
        return uuid5(_SPACE, f"content {content} {self.alike[content]}")

    def _content(self, facts: Facts) -> str:
        """With offices by what never changes of them."""
        referrals = [
            [each.destination, each.name, sorted(self.office_ids[slug] for slug in each.offices)]
            for each in facts.referrals
        ]
        told = [facts.moment.isoformat(), facts.channel, facts.outcome, facts.interests]
        return json.dumps([*told, referrals, facts.note], ensure_ascii=False)


def _column_name(header: str) -> str:
    """How a column is known: capitals, spaces, hyphens and dots don't matter."""
    return re.sub(r"[\s_.\-]+", "_", header.strip().casefold())


def _wrong_columns(headers: list[str] | tuple[str, ...], columns: list[str]) -> Iterator[Problem]:
    for name in NEEDED:
        if name not in columns:
            yield Problem(1, name, _("This column is missing. Every row needs it."))
    for header, name in zip(headers, columns, strict=True):
        if name not in COLUMNS:
            yield Problem(1, header, _("There is no such column. Mend its name, or take it out."))
        elif columns.count(name) > 1:
            yield Problem(1, header, _("This column is there twice. Take one of them out."))


def _taken() -> str:
    return _(
        "This was imported before with something else in its row. Correct the conversation on the "
        "site, or give the row another reference."
    )
