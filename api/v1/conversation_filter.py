"""The parameters of a list of conversations -> those that are asked for."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

from api.problems import InvalidRequest, Mistake, Wrong
from navigator.accounts.models import User
from navigator.advice import registration
from navigator.advice.facts import Outcome
from navigator.advice.models import Channel, Destination, Interest
from navigator.advice.models.conversations import AdviceConversationQuerySet
from regions import versions

_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def chosen(
    conversations: AdviceConversationQuerySet, asked: Mapping[str, str], *, user: User
) -> AdviceConversationQuerySet:
    """The conversations that all parameters hold for; withdrawn ones only when they are asked for.

    Raises InvalidRequest with every mistake. A query, if there is an `office`.
    """
    read: dict[str, Any] = {}
    mistakes = []
    for name, parse in _READERS.items():
        if name in asked:
            try:
                read[name] = parse(asked[name])
            except Wrong as wrong:
                mistakes.append(wrong.at(name))
    if read.get("from") and read.get("to") and read["from"] > read["to"]:
        told = "The last day lies before the first."
        mistakes.append(Mistake("to", "ends_before_it_begins", told))
    if mistakes:
        raise InvalidRequest(mistakes)
    wanted = conversations.filter(withdrawn_at__isnull=not read.get("withdrawn", False))
    if read.get("mine"):
        wanted = wanted.filter(advisor=user)
    if destination := read.get("destination"):
        is_outcome = destination == Outcome.NOT_REFERRED
        field = "outcome" if is_outcome else "referrals__destination"
        wanted = wanted.filter(**{field: destination})
    for name, field in _FIELDS.items():
        if name in read:  # one by one: the office may stand at another referral
            wanted = wanted.filter(**{field: read[name]})
    return wanted


_FIELDS: Final = {
    "from": "day__gte",
    "to": "day__lte",
    "channel": "channel",
    "office": "referrals__offices__office",
    "sector": "interests__code",
}


def _day(text: str) -> date:
    try:
        if not _DAY.fullmatch(text):
            raise ValueError
        return date.fromisoformat(text)
    except ValueError:
        raise Wrong("not_a_day", "Give a day, such as 2026-11-24.") from None


def _yes_or_no(text: str) -> bool:
    if text not in ("true", "false"):
        raise Wrong("not_a_boolean", "Give true or false.")
    return text == "true"


def _channel(text: str) -> str:
    return _one_of(text, "unknown_channel", tuple(Channel.values))


def _destination(text: str) -> str:
    known = (*Destination.values, Outcome.NOT_REFERRED.value)
    return _one_of(text, "unknown_destination", known)


def _sector(text: str) -> str:
    return _one_of(text, "unknown_sector", (*versions.current().sectors, *Interest.values))


def _office(text: str) -> int:
    found = registration.offices_by_slug().get(text)
    if found is None:
        raise Wrong("unknown_office", "There is no such office; see /api/v1/offices.")
    return found


def _one_of(text: str, code: str, known: tuple[str, ...]) -> str:
    if text not in known:
        raise Wrong(code, f"Choose from {', '.join(known)}.", known)
    return text


_READERS: Final[Mapping[str, Callable[[str], Any]]] = {
    "from": _day,
    "to": _day,
    "channel": _channel,
    "destination": _destination,
    "office": _office,
    "sector": _sector,
    "mine": _yes_or_no,
    "withdrawn": _yes_or_no,
}
PARAMETERS: Final = tuple(_READERS)
