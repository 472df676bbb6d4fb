"""What was told of a conversation -> one conversation with its referrals, stored once.

The desk, the API and imports all come here. The key, a UUID that the sender makes, says which
conversation is meant: sent twice it is stored once, also when the answer to the first was lost.
Who may correct what is asked in `navigator.accounts.rules`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from navigator.accounts.models import User
from navigator.advice.facts import (
    PLACES,
    Facts,
    ReferralFacts,
    Refused,
    clean,
    mistakes_in,
)
from navigator.advice.models import (
    AdviceConversation,
    ConversationChange,
    ConversationInterest,
    Referral,
    ReferralOffice,
)
from regions.models import FormerSlug, RegionalOffice

Origin = AdviceConversation.Origin
What = ConversationChange.What


class KeyTaken(Exception):
    """Under this key something else was registered, which stays as it is."""


class ChangedSince(Exception):
    """The conversation isn't any more what was looked at, or it was withdrawn."""


class HasSlip(Exception):
    """A slip belongs to what would go; it has to be withdrawn first."""


@dataclass(frozen=True, slots=True)
class Registered:
    """What became of the keys that were sent."""

    stored: tuple[AdviceConversation, ...]
    known: tuple[AdviceConversation, ...]  # were there already, with the same facts


@dataclass(frozen=True, slots=True)
class Standing:
    """Keys that are there already: for the same facts, and for something else."""

    known: frozenset[UUID]
    taken: frozenset[UUID]


def register(
    *, key: UUID, facts: Facts, by: User | None, at: datetime, origin: str = Origin.DESK
) -> tuple[AdviceConversation, bool]:
    """Store a conversation once; answers it, and whether it is new.

    Raises Refused, and KeyTaken when the key stands for something else.
    """
    done = register_many([(key, facts)], by=by, at=at, origin=origin)
    return (done.stored or done.known)[0], bool(done.stored)


def register_many(
    entries: Sequence[tuple[UUID, Facts]],
    *,
    by: User | None,
    at: datetime,
    origin: str = Origin.IMPORT,
) -> Registered:
    """Store all of them, or none. A dozen queries, and more only as one statement can't hold all.

    Raises Refused (whose mistakes don't say of which entry) and KeyTaken.
    """
    offices = offices_by_slug()
    tidy = [(key, clean(facts)) for key, facts in entries]
    needed = origin != Origin.IMPORT
    wrong = [
        mistake
        for _key, facts in tidy
        for mistake in mistakes_in(facts, at=at, offices=offices, outcome_needed=needed)
    ]
    if wrong:
        raise Refused(wrong)
    try:
        with transaction.atomic():
            return _registered(tidy, by=by, at=at, origin=origin, offices=offices)
    except IntegrityError:
        # The same key came in at the same moment by another way; by now it is known.
        with transaction.atomic():
            return _registered(tidy, by=by, at=at, origin=origin, offices=offices)


def standing(entries: Sequence[tuple[UUID, Facts]], *, by: User | None) -> Standing:
    """What the keys of clean facts stand for already. At most four queries; stores nothing."""
    asked = dict(entries)
    stored = AdviceConversation.objects.filter(key__in=asked).only("key", "advisor_id")
    known = {conversation.key: conversation for conversation in stored}
    taken = _taken(known, asked, by)
    return Standing(frozenset(known) - taken, taken)


def first_moment(key: UUID) -> datetime | None:
    """The moment that was first sent under a key, for who sends it again without one. A query."""
    first = ConversationChange.objects.filter(conversation__key=key, what=What.REGISTERED)
    told = first.values_list("after__moment", flat=True).first()
    return datetime.fromisoformat(told) if told else None


@transaction.atomic
def correct(
    conversation: AdviceConversation, *, facts: Facts, by: User, at: datetime, seen: int
) -> AdviceConversation:
    """Let other facts take the place of what was registered; the history keeps both.

    `seen` is the edition that was looked at. A referral that stays keeps its slip. Raises Refused,
    ChangedSince and HasSlip.
    """
    stored = _locked(conversation, seen)
    if stored.withdrawn_at is not None:
        raise ChangedSince
    offices = offices_by_slug()
    facts = clean(facts)
    needed = stored.origin != Origin.IMPORT
    if wrong := mistakes_in(facts, at=at, offices=offices, outcome_needed=needed):
        raise Refused(wrong)
    before = facts_of(stored)
    if facts == before:
        return stored
    _keep_slips(stored, facts)
    stored.moment, stored.day = facts.moment, timezone.localdate(facts.moment)
    stored.channel, stored.outcome, stored.note = facts.channel, facts.outcome, facts.note
    stored.edition += 1
    stored.save()
    stored.interests.all().delete()
    _write_interests([(stored, facts)])
    _rewrite_referrals(stored, facts, offices)
    _note([(stored, What.CORRECTED, before, facts)], by=by, at=at)
    return AdviceConversation.objects.whole().get(pk=stored.pk)


@transaction.atomic
def withdraw(
    conversation: AdviceConversation, *, by: User, at: datetime, seen: int
) -> AdviceConversation:
    """Take a conversation out of the figures; it can be brought back. Raises ChangedSince, HasSlip.

    A second time it changes nothing.
    """
    stored = _locked(conversation, None)
    if stored.withdrawn_at is not None:
        return stored
    if stored.edition != seen:
        raise ChangedSince
    if any(_has_slip(referral) for referral in stored.referrals.all()):
        raise HasSlip
    stored.withdrawn_at = at
    return _marked(stored, What.WITHDRAWN, by=by, at=at)


@transaction.atomic
def bring_back(conversation: AdviceConversation, *, by: User, at: datetime) -> AdviceConversation:
    """Let a withdrawn conversation count again. A second time it changes nothing."""
    stored = _locked(conversation, None)
    if stored.withdrawn_at is None:
        return stored
    stored.withdrawn_at = None
    return _marked(stored, What.BROUGHT_BACK, by=by, at=at)


def facts_of(conversation: AdviceConversation) -> Facts:
    """What is registered. No queries for one of `AdviceConversation.objects.whole()`."""
    return Facts(
        moment=conversation.moment,
        channel=conversation.channel,
        outcome=conversation.outcome,
        interests=tuple(sorted(each.code for each in conversation.interests.all())),
        referrals=tuple(
            ReferralFacts(
                each.destination,
                each.name,
                tuple(sorted(referred.office.slug for referred in each.offices.all())),
            )
            for each in _in_order(conversation.referrals.all())
        ),
        note=conversation.note,
    )


def as_json(facts: Facts) -> dict[str, Any]:
    """The facts as the history keeps them, and as JSON gives them back."""
    return {
        "moment": facts.moment.isoformat(),
        "channel": facts.channel,
        "outcome": facts.outcome,
        "interests": list(facts.interests),
        "referrals": [
            {"destination": each.destination, "name": each.name, "offices": list(each.offices)}
            for each in facts.referrals
        ],
        "note": facts.note,
    }


def known_offices() -> QuerySet[RegionalOffice]:
    """The offices that one can be referred to: those that are or were public.

    Also archived ones, since a conversation may be registered or corrected afterwards.
    """
    return RegionalOffice.objects.exclude(state=RegionalOffice.State.DRAFT)


def offices_by_slug() -> dict[str, int]:
    """The ids of `known_offices`. A query."""
    return dict(known_offices().values_list("slug", "pk"))


def former_slugs() -> dict[str, int]:
    """The ids of offices by the addresses that they had before. A query."""
    given_up = FormerSlug.objects.exclude(office=None).values_list("slug", "office")
    return {slug: pk for slug, pk in given_up if pk is not None}


def _registered(
    entries: Sequence[tuple[UUID, Facts]],
    *,
    by: User | None,
    at: datetime,
    origin: str,
    offices: Mapping[str, int],
) -> Registered:
    asked = dict(entries)
    if len(asked) < len(entries):
        raise KeyTaken
    there = AdviceConversation.objects.whole().filter(key__in=asked)
    known = {conversation.key: conversation for conversation in there}
    if _taken(known, asked, by):
        raise KeyTaken
    new = [
        (
            AdviceConversation(
                key=key,
                moment=facts.moment,
                day=timezone.localdate(facts.moment),
                channel=facts.channel,
                outcome=facts.outcome,
                note=facts.note,
                origin=origin,
                advisor=by,
                registered_at=at,
            ),
            facts,
        )
        for key, facts in entries
        if key not in known
    ]
    AdviceConversation.objects.bulk_create([conversation for conversation, _facts in new])
    _write_interests(new)
    _write_referrals(new, offices)
    _note([(made, What.REGISTERED, None, facts) for made, facts in new], by=by, at=at)
    return Registered(tuple(made for made, _facts in new), tuple(known.values()))


def _taken(
    known: Mapping[UUID, AdviceConversation], asked: Mapping[UUID, Facts], by: User | None
) -> frozenset[UUID]:
    """The keys that stand for something else, or are somebody else's.

    A key stands for what was first sent under it, also when that was corrected since, or when an
    office has another address by now. At most three queries, and none if no key is known.
    """
    if not known:
        return frozenset()
    first = dict(
        ConversationChange.objects.filter(
            conversation__in=known.values(), what=What.REGISTERED
        ).values_list("conversation", "after")
    )
    owners = (by.pk if by else None, None)
    taken = {key for key, each in known.items() if each.advisor_id not in owners}
    differ = {
        key: (first.get(each.pk, {}), as_json(asked[key]))
        for key, each in known.items()
        if first.get(each.pk) != as_json(asked[key])
    }
    if differ:
        ids = {**former_slugs(), **offices_by_slug()}
        taken |= {
            key
            for key, (before, now) in differ.items()
            if _with_ids(before, ids) != _with_ids(now, ids)
        }
    return frozenset(taken)


def _with_ids(told: Mapping[str, Any], ids: Mapping[str, int]) -> dict[str, Any]:
    """Facts of the history with offices by what never changes of them."""
    referrals = [
        {**each, "offices": sorted(ids.get(slug, 0) for slug in each["offices"])}
        for each in told.get("referrals", ())
    ]
    return {**told, "referrals": referrals}


def _write_interests(entries: Sequence[tuple[AdviceConversation, Facts]]) -> None:
    ConversationInterest.objects.bulk_create(
        ConversationInterest(conversation=conversation, code=code)
        for conversation, facts in entries
        for code in facts.interests
    )


def _write_referrals(
    entries: Sequence[tuple[AdviceConversation, Facts]], offices: Mapping[str, int]
) -> None:
    referrals = [
        (Referral(conversation=conversation, destination=each.destination, name=each.name), each)
        for conversation, facts in entries
        for each in facts.referrals
    ]
    Referral.objects.bulk_create([referral for referral, _each in referrals])
    ReferralOffice.objects.bulk_create(
        ReferralOffice(referral=referral, office_id=offices[slug])
        for referral, each in referrals
        for slug in each.offices
    )


def _rewrite_referrals(
    conversation: AdviceConversation, facts: Facts, offices: Mapping[str, int]
) -> None:
    """Those to the same kind of destination stay the same rows, since a slip may belong to one."""
    wanted = {each.destination: each for each in facts.referrals}
    there = {each.destination: each for each in conversation.referrals.all()}
    for destination, referral in there.items():
        if destination not in wanted:
            referral.delete()
            continue
        each = wanted.pop(destination)
        Referral.objects.filter(pk=referral.pk).update(name=each.name)
        ReferralOffice.objects.filter(referral=referral).delete()
        ReferralOffice.objects.bulk_create(
            ReferralOffice(referral=referral, office_id=offices[slug]) for slug in each.offices
        )
    rest = tuple(wanted.values())
    left = Facts(facts.moment, facts.channel, facts.outcome, referrals=rest)
    _write_referrals([(conversation, left)], offices)


def _keep_slips(conversation: AdviceConversation, facts: Facts) -> None:
    """A slip names its offices, so they stay. Raises HasSlip."""
    wanted = {each.destination: each.offices for each in facts.referrals}
    for referral in conversation.referrals.all():
        there = {each.office.slug for each in referral.offices.all()}
        if _has_slip(referral) and there != set(wanted.get(referral.destination, ())):
            raise HasSlip


def _has_slip(referral: Referral) -> bool:
    return any(slip.withdrawn_at is None for slip in referral.slips.all())


def _locked(conversation: AdviceConversation, seen: int | None) -> AdviceConversation:
    """The conversation as it is now, held until the transaction ends. Raises ChangedSince."""
    AdviceConversation.objects.select_for_update().get(pk=conversation.pk)
    stored = AdviceConversation.objects.whole().get(pk=conversation.pk)
    if seen is not None and stored.edition != seen:
        raise ChangedSince
    return stored


def _marked(
    conversation: AdviceConversation, what: What, *, by: User, at: datetime
) -> AdviceConversation:
    conversation.edition += 1
    conversation.save(update_fields=["withdrawn_at", "edition"])
    _note([(conversation, what, None, None)], by=by, at=at)
    return conversation


def _note(
    entries: Iterable[tuple[AdviceConversation, What, Facts | None, Facts | None]],
    *,
    by: User | None,
    at: datetime,
) -> None:
    ConversationChange.objects.bulk_create(
        ConversationChange(
            conversation=conversation,
            at=at,
            who=by,
            what=what,
            before=as_json(before) if before else {},
            after=as_json(after) if after else {},
        )
        for conversation, what, before, after in entries
    )


def _in_order(referrals: Iterable[Referral]) -> list[Referral]:
    return sorted(referrals, key=lambda each: PLACES[each.destination])
