"""A JSON object -> the key and the facts of a conversation, with all mistakes told at once.

What a conversation may be is decided in `navigator.advice.registration`; here values get their
types, and mistakes the place in the body where they stand.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from api.problems import InvalidRequest, Mistake, Wrong
from navigator.advice import registration
from navigator.advice.facts import (
    Facts,
    Mistake as Told,
    Outcome,
    ReferralFacts,
    Refused,
    clean,
    mistakes_in,
    without_texts,
)
from navigator.advice.models import Channel, Destination, Interest
from regions import versions

_UUID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_YEARS: Final = range(1900, 2201)  # outside of these a moment may not be one in UTC
_MOST_ITEMS: Final = 100


@dataclass(frozen=True, slots=True)
class Sent:
    """What was sent. Without a moment that of the facts is the one at which it came in."""

    key: UUID
    facts: Facts
    has_moment: bool


def read(body: Mapping[str, object], *, header: str | None, at: datetime) -> Sent:
    """What a body and the header `Idempotency-Key` say; a null is the same as nothing.

    Raises InvalidRequest with every mistake. Two queries.
    """
    reader = _Reader()
    given = {name: value for name, value in body.items() if value is not None}
    reader.known_only("", given, _READERS)
    read = {
        name: reader.value(name, parse, given[name])
        for name, parse in _READERS.items()
        if name in given and name != "referrals"
    }
    referrals = reader.referrals(given.get("referrals", []))
    key = reader.key(header, read.get("key"), is_in_body="key" in given)
    facts = Facts(
        moment=read.get("moment") or at,
        channel=read.get("channel") or "",
        outcome=read.get("outcome") or (Outcome.REFERRED.value if given.get("referrals") else ""),
        interests=read.get("interests") or (),
        referrals=tuple(each for _place, each in referrals),
        note=read.get("note") or "",
    )
    reader.check(facts, referrals, at=at)
    if reader.mistakes or key is None:
        raise InvalidRequest(reader.mistakes)
    return Sent(key, facts, has_moment="moment" in given)


class _Reader:
    """Gathers mistakes while a body is read."""

    def __init__(self) -> None:
        self.mistakes: list[Mistake] = []

    def known_only(self, place: str, given: Mapping[str, object], names: Mapping[str, Any]) -> None:
        if given.keys() - names.keys():
            told = f"There is no such field; choose from {', '.join(names)}."
            self.mistakes.append(Mistake(place, "unknown_field", told, tuple(names)))

    def value(self, place: str, parse: Callable[[object], Any], value: object) -> Any:
        """What a value means; None when it can't be, which is then a mistake."""
        try:
            return parse(value)
        except Wrong as wrong:
            self.mistakes.append(wrong.at(place))
            return None

    def referrals(self, value: object) -> list[tuple[str, ReferralFacts]]:
        """Each with its place in the body."""
        items = self.value("referrals", _list, value) or []
        found = []
        for number, item in enumerate(items):
            place = f"referrals.{number}"
            if not isinstance(item, dict):
                told = "Give {destination, name, offices}; the last two may be left out."
                self.mistakes.append(Mistake(place, "not_an_object", told))
                continue
            given = {name: each for name, each in item.items() if each is not None}
            self.known_only(place, given, _REFERRAL)
            read = {
                name: self.value(f"{place}.{name}", parse, given[name])
                for name, parse in _REFERRAL.items()
                if name in given
            }
            each = ReferralFacts(
                read.get("destination") or "", read.get("name") or "", read.get("offices") or ()
            )
            found.append((place, each))
        return found

    def key(self, header: str | None, key: UUID | None, *, is_in_body: bool) -> UUID | None:
        """The key of the header, or of the body; when both are there they are the same."""
        if header is None:
            if not is_in_body:
                told = "Give a UUID that you make, as `key` or in the header `Idempotency-Key`."
                self.mistakes.append(Mistake("key", "required", told))
            return key
        sent: UUID | None = self.value("Idempotency-Key", _uuid, header.strip().strip('"'))
        if sent and key and sent != key:
            told = "The key in the body is another one than that of the header `Idempotency-Key`."
            self.mistakes.append(Mistake("key", "two_keys", told))
        return sent

    def check(
        self, facts: Facts, referrals: list[tuple[str, ReferralFacts]], *, at: datetime
    ) -> None:
        """What the rules say, of what could be read."""
        try:
            facts = clean(facts)
        except Refused as refused:
            self._add(refused.mistakes, referrals, {})
            facts = clean(without_texts(facts, refused.mistakes))
        offices = registration.offices_by_slug()
        self._add(mistakes_in(facts, at=at, offices=offices), referrals, offices)

    def _add(
        self,
        mistakes: list[Told] | tuple[Told, ...],
        referrals: list[tuple[str, ReferralFacts]],
        offices: Mapping[str, int],
    ) -> None:
        unread = {each.field for each in self.mistakes if each.code != "unknown_field"}
        for each in mistakes:
            place = _place(each, referrals, offices)
            if not any(_is_within(place, one) or _is_within(one, place) for one in unread):
                self.mistakes.append(Mistake(place, each.code, str(each), _suggested(each)))


def _place(
    mistake: Told,
    referrals: list[tuple[str, ReferralFacts]],
    offices: Mapping[str, int],
) -> str:
    """Where in the body a mistake stands."""
    for place, each in referrals:
        if mistake.field == f"name.{each.destination}":
            return f"{place}.name"
        if mistake.code == "unknown_destination" and each.destination not in Destination.values:
            return f"{place}.destination"
        if mistake.code == "unknown_office" and not set(each.offices) <= offices.keys():
            return f"{place}.offices"
        if mistake.code == "offices_elsewhere" and each.offices and not _takes_offices(each):
            return f"{place}.offices"
    return "referrals" if mistake.code == "no_destination" else mistake.field


def _takes_offices(referral: ReferralFacts) -> bool:
    return referral.destination == Destination.REGIONAL_OFFICE


def _is_within(place: str, other: str) -> bool:
    """Whether a place is another one or a part of it. A mistake of the whole body has no place."""
    return bool(other) and (place == other or place.startswith(f"{other}."))


def _suggested(mistake: Told) -> tuple[str, ...]:
    match mistake.code:
        case "no_channel" | "unknown_channel":
            return tuple(Channel.values)
        case "no_outcome" | "unknown_outcome":
            return tuple(Outcome.values)
        case "unknown_destination":
            return tuple(Destination.values)
        case "unknown_interest":
            return (*versions.current().sectors, *Interest.values)
    return ()


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise Wrong("not_text", 'Give a text, between quotes: "...".')
    return value


def _list(value: object) -> list[object]:
    if not isinstance(value, list):
        raise Wrong("not_a_list", "Give a list; an empty one is [].")
    if len(value) > _MOST_ITEMS:
        raise Wrong("too_many", f"This list has at most {_MOST_ITEMS} items.")
    return value


def _codes(value: object) -> tuple[str, ...]:
    return tuple(_text(code) for code in _list(value))


def _uuid(value: object) -> UUID:
    if not _UUID.fullmatch(_text(value)):
        raise Wrong("not_a_uuid", "Give a UUID, such as 8f14e45f-ceea-467f-9c2b-1d2f3a4b5c6d.")
    return UUID(_text(value))


def _moment(value: object) -> datetime:
    """A moment with its offset. Raises Wrong."""
    text = _text(value)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise Wrong("not_a_moment", _HOW) from None
    if moment.year not in _YEARS:
        raise Wrong("not_a_moment", _HOW)
    if moment.tzinfo is None:
        raise Wrong("no_offset", f"Say by which clock this is. {_HOW}")
    return moment


_HOW: Final = "Give a moment such as 2026-11-24T14:05:00+01:00 or 2026-11-24T13:05:00Z."
_READERS: Final[Mapping[str, Callable[[object], Any]]] = {
    "key": _uuid,
    "moment": _moment,
    "channel": _text,
    "interests": _codes,
    "outcome": _text,
    "referrals": _list,
    "note": _text,
}
_REFERRAL: Final[Mapping[str, Callable[[object], Any]]] = {
    "destination": _text,
    "name": _text,
    "offices": _codes,
}
