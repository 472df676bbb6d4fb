"""What can be registered of a conversation, and what is wrong with it.

The desk, the API and imports clean and check alike; `registration` stores.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field as given, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from navigator.advice import personal
from navigator.advice.models import AdviceConversation, Channel, Destination, Interest
from navigator.advice.personal import Personal, found_in
from regions import cleaning, versions
from regions.cleaning import Unclean

Outcome = AdviceConversation.Outcome

MOST_OF_NOTE: Final = 1000
MOST_OF_NAME: Final = 120
CLOCKS_DIFFER: Final = timedelta(minutes=10)
# A name says where to; a person has none here, and offices are chosen.
NAMED: Final = frozenset(Destination.values) - {
    Destination.REGIONAL_OFFICE,
    Destination.CONTACT_PERSON,
}
MESSAGES: Final[Mapping[str, Promise]] = {
    "no_channel": _("Choose how you spoke with the candidate."),
    "unknown_channel": _("We don't know this channel. Choose one from the list."),
    "no_outcome": _("Choose where you referred the candidate to, or “not referred”."),
    "unknown_outcome": _("We don't know this outcome. Choose one from the list."),
    "no_destination": _("Choose at least one destination, or “not referred”."),
    "not_referred_alone": _("“Not referred” excludes all other destinations. Choose one of both."),
    "unknown_destination": _("We don't know this destination. Choose one from the list."),
    "destination_twice": _("Give each destination once."),
    "not_alone": _("“%(name)s” excludes all other choices. Choose one of both."),
    "unknown_interest": _("We don't know this sector. Choose one from the list."),
    "unknown_office": _("We don't know this regional office. Choose it again from the list."),
    "offices_elsewhere": _("Regional offices belong to the destination “regional office”."),
    "no_name_here": _("This destination takes no name."),
    "too_long": _("This is too long: %(over)s characters more than the %(most)s that fit."),
    "not_yet": _("This moment is still to come. Choose the moment of the conversation."),
    "too_old": _("This is very long ago. Choose the moment of the conversation."),
    **personal.MESSAGES,
}
_EARLIEST: Final = 2000
# What is asked for each row of an import; the classes make it anew each time.
_CHANNELS: Final = frozenset(Channel.values)
_OUTCOMES: Final = frozenset(Outcome.values)
_INTERESTS: Final = frozenset(Interest.values)
PLACES: Final = {code: place for place, code in enumerate(Destination.values)}


@dataclass(frozen=True, slots=True)
class ReferralFacts:
    """To one kind of destination: its optional name, or the slugs of the offices."""

    destination: str
    name: str = ""
    offices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """What is registered of a conversation. Codes are those of the models."""

    moment: datetime  # aware
    channel: str
    outcome: str  # of AdviceConversation.Outcome; empty: not registered
    interests: tuple[str, ...] = ()  # codes of sectors, or one of Interest
    referrals: tuple[ReferralFacts, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Mistake:
    """Something that can't be registered like this. `field` is one of Facts, or
    `name.<destination>`; `code` one of MESSAGES."""

    field: str
    code: str
    params: Mapping[str, Any] = given(default_factory=dict)

    def __str__(self) -> str:
        """What is wrong and how to mend it, in the language of the moment."""
        return str(MESSAGES[self.code] % self.params)


class Refused(Exception):
    """Can't be registered; `mistakes` say why. Nothing was stored."""

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        super().__init__(", ".join(f"{each.field}: {each.code}" for each in mistakes))
        self.mistakes = tuple(mistakes)


def clean(facts: Facts) -> Facts:
    """The facts as they are stored: tidy texts, a fixed order, no repeats, the moment in UTC.

    Raises Refused for texts that are too long.
    """
    mistakes: list[Mistake] = []
    note = _text(facts.note, MOST_OF_NOTE, "note", mistakes)
    referrals = tuple(
        ReferralFacts(
            each.destination,
            _text(each.name, MOST_OF_NAME, f"name.{each.destination}", mistakes),
            tuple(sorted(set(each.offices))),
        )
        for each in facts.referrals
    )
    if mistakes:
        raise Refused(mistakes)
    return Facts(
        moment=facts.moment.astimezone(UTC).replace(microsecond=0),
        channel=facts.channel,
        outcome=facts.outcome,
        interests=tuple(sorted(set(facts.interests))),
        referrals=tuple(sorted(referrals, key=lambda each: PLACES.get(each.destination, 99))),
        note=note,
    )


def without_texts(facts: Facts, mistakes: Iterable[Mistake]) -> Facts:
    """The same without the texts that are too long, to see what else is wrong."""
    wrong = {each.field for each in mistakes}
    referrals = tuple(
        replace(each, name="") if f"name.{each.destination}" in wrong else each
        for each in facts.referrals
    )
    return replace(facts, note="" if "note" in wrong else facts.note, referrals=referrals)


def mistakes_in(
    facts: Facts, *, at: datetime, offices: Mapping[str, int], outcome_needed: bool = True
) -> list[Mistake]:
    """All that is wrong with clean facts. `offices` are those of `offices_by_slug`.

    `outcome_needed` is off for imports of earlier figures, where it may be unknown.
    """
    return [
        *_wrong_moment(facts, at),
        *_wrong_outcome(facts, outcome_needed=outcome_needed),
        *_wrong_interests(facts),
        *_wrong_referrals(facts, offices),
        *_personal("note", facts.note),
    ]


def _text(text: str, most: int, name: str, mistakes: list[Mistake]) -> str:
    tidy = cleaning.paragraphs if name == "note" else cleaning.line
    try:
        return tidy(text, most)
    except Unclean as error:
        mistakes.append(Mistake(name, error.code, error.params))
        return ""


def _wrong_moment(facts: Facts, at: datetime) -> Iterable[Mistake]:
    if facts.moment > at + CLOCKS_DIFFER:
        yield Mistake("moment", "not_yet")
    elif facts.moment.year < _EARLIEST:
        yield Mistake("moment", "too_old")


def _wrong_outcome(facts: Facts, *, outcome_needed: bool) -> Iterable[Mistake]:
    if not facts.channel:
        yield Mistake("channel", "no_channel")
    elif facts.channel not in _CHANNELS:
        yield Mistake("channel", "unknown_channel")
    if facts.outcome and facts.outcome not in _OUTCOMES:
        yield Mistake("outcome", "unknown_outcome")
    elif facts.outcome == Outcome.NOT_REFERRED and facts.referrals:
        yield Mistake("outcome", "not_referred_alone")
    elif facts.outcome == Outcome.REFERRED and not facts.referrals:
        yield Mistake("outcome", "no_destination")
    elif not facts.outcome and (outcome_needed or facts.referrals):
        yield Mistake("outcome", "no_outcome")


def _wrong_interests(facts: Facts) -> Iterable[Mistake]:
    if set(facts.interests) - versions.current().sectors.keys() - _INTERESTS:
        yield Mistake("interests", "unknown_interest")
    alone = [code for code in facts.interests if code in _INTERESTS]
    if alone and len(facts.interests) > 1:
        yield Mistake("interests", "not_alone", {"name": Interest(alone[0]).label})


def _wrong_referrals(facts: Facts, offices: Mapping[str, int]) -> Iterable[Mistake]:
    kinds = [each.destination for each in facts.referrals]
    if not set(kinds) <= PLACES.keys():
        yield Mistake("referrals", "unknown_destination")
    elif len(set(kinds)) < len(kinds):
        yield Mistake("referrals", "destination_twice")
    for each in facts.referrals:
        if not set(each.offices) <= offices.keys():
            yield Mistake("offices", "unknown_office")
        if each.offices and each.destination != Destination.REGIONAL_OFFICE:
            yield Mistake("offices", "offices_elsewhere")
        if each.name and each.destination not in NAMED:
            yield Mistake(f"name.{each.destination}", "no_name_here")
        yield from _personal(f"name.{each.destination}", each.name)


def _personal(name: str, text: str) -> Iterable[Mistake]:
    found: list[Personal] = found_in(text) if text else []
    return (Mistake(name, kind.value) for kind in found)
