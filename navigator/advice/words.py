"""Conversations and their history in words, as people read them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy as _

from navigator.advice.models import (
    AdviceConversation,
    Channel,
    ConversationChange,
    Destination,
    Interest,
)
from navigator.advice.registration import as_json, facts_of, known_offices
from regions import versions

Facts = Mapping[str, Any]  # as `registration.as_json` writes them
_LABELS: Final[Mapping[str, Promise]] = {
    "moment": _("Moment"),
    "channel": _("How you spoke"),
    "interests": _("Interested in"),
    "referrals": _("Referred to"),
    "note": _("Note"),
}


@dataclass(frozen=True, slots=True)
class Difference:
    """A fact that became another one."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Told:
    """A step of the history."""

    at: datetime
    who: str
    what: str
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A conversation in a list."""

    conversation: AdviceConversation
    channel: str
    interests: str
    referrals: str
    note: str
    may_correct: bool


def line(conversation: AdviceConversation, *, may_correct: bool) -> Line:
    """A conversation in words. No queries for one of `AdviceConversation.objects.whole()`."""
    names = {
        each.office.slug: each.office.name
        for referral in conversation.referrals.all()
        for each in referral.offices.all()
    }
    told = in_words(as_json(facts_of(conversation)), names)
    return Line(
        conversation,
        told["channel"],
        told["interests"],
        told["referrals"],
        conversation.note,
        may_correct,
    )


def history(conversation: AdviceConversation) -> list[Told]:
    """What happened with a conversation, the last first. Two queries."""
    changes = list(conversation.history.select_related("who").order_by("-at", "-pk"))
    names = names_of(facts for change in changes for facts in (change.before, change.after))
    return [
        Told(
            change.at,
            str(change.who) if change.who else "",
            change.get_what_display(),
            tuple(differences(change.before, change.after, names))
            if change.what == ConversationChange.What.CORRECTED
            else (),
        )
        for change in changes
    ]


def differences(before: Facts, after: Facts, names: Mapping[str, str]) -> Iterable[Difference]:
    """What is not the same in two registrations; `names` are those of offices, by slug."""
    one, other = in_words(before, names), in_words(after, names)
    for name, label in _LABELS.items():
        if one[name] != other[name]:
            yield Difference(str(label), one[name], other[name])


def names_of(registered: Iterable[Facts]) -> dict[str, str]:
    """The names of all offices in registrations, by slug. A query, if there are any."""
    slugs = {
        slug
        for facts in registered
        for referral in facts.get("referrals", ())
        for slug in referral["offices"]
    }
    return office_names(slugs)


def office_names(slugs: Iterable[str]) -> dict[str, str]:
    """The names of offices that are or were public, by slug, in the order of the slugs. A query,
    if there are any.
    """
    # PostgreSQL takes no null character in a text.
    wanted = [slug for slug in dict.fromkeys(slugs) if "\0" not in slug]
    if not wanted:
        return {}
    known = dict(known_offices().filter(slug__in=wanted).values_list("slug", "name"))
    return {slug: known[slug] for slug in wanted if slug in known}


def in_words(facts: Facts, names: Mapping[str, str]) -> dict[str, str]:
    """Each fact as a sentence would have it, in the language of the moment."""
    moment = datetime.fromisoformat(facts["moment"])
    return {
        "moment": date_format(timezone.localtime(moment), "j F Y H:i"),
        "channel": _label(Channel, facts["channel"]),
        "interests": _interests(facts["interests"]) or _not_registered(),
        "referrals": _outcome(facts, names),
        "note": facts["note"] or gettext("no note"),
    }


def interest_name(code: str) -> str:
    """A sector, or what was said instead."""
    term = versions.current().sectors.get(code)
    return str(term.name) if term else _label(Interest, code)


def _interests(codes: Iterable[str]) -> str:
    """In the order of the sectors, however they were given."""
    order = [*versions.current().sectors, *Interest.values]
    places = {code: place for place, code in enumerate(order)}
    return ", ".join(map(interest_name, sorted(codes, key=lambda code: places.get(code, 99))))


def _outcome(facts: Facts, names: Mapping[str, str]) -> str:
    if facts["outcome"] == AdviceConversation.Outcome.NOT_REFERRED:
        return str(AdviceConversation.Outcome.NOT_REFERRED.label)
    places = {code: place for place, code in enumerate(Destination.values)}
    referrals = sorted(facts["referrals"], key=lambda each: places.get(each["destination"], 99))
    return "; ".join(_referral(each, names) for each in referrals) or _not_registered()


def _referral(referral: Facts, names: Mapping[str, str]) -> str:
    kind = _label(Destination, referral["destination"])
    offices = ", ".join(sorted(names.get(slug, slug) for slug in referral["offices"]))
    more = offices or referral["name"]
    return f"{kind}: {more}" if more else kind


def _label(choices: Any, code: str) -> str:
    return str(choices(code).label) if code in choices.values else code


def _not_registered() -> str:
    return gettext("not registered")
