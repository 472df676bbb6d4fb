"""Conversations in a few periods -> numbers, counted by the database.

Withdrawn conversations and slips never count. Five queries, whatever the periods and however many
conversations there are; none of them loads one.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet
from django.utils import timezone

from navigator.advice.models import (
    AdviceConversation,
    Destination,
    Interest,
    Referral,
    ReferralOffice,
    SlipOffice,
    SlipOutcome,
)
from regions import versions

Span = tuple[date, date]  # both days included
Counts = tuple[int, ...]  # one for each of the periods

_NOT_REFERRED = AdviceConversation.Outcome.NOT_REFERRED


@dataclass(frozen=True, slots=True)
class SlipFacts:
    """A slip that led to an office, and what the office told of it."""

    office: int
    made: date
    contacted: date | None  # the first day on which it told that they spoke
    is_known: bool  # what became of it
    has_helped: bool


@dataclass(frozen=True, slots=True)
class Figures:
    """Numbers of conversations. What isn't in a mapping counts zero."""

    conversations: Counts
    with_outcome: Counts
    not_referred: Counts
    per_channel: Mapping[str, Counts]
    per_destination: Mapping[str, Counts]  # without not referred
    per_office: Mapping[int | None, Counts]  # None: it wasn't registered to which one
    per_interest: Mapping[str | None, Counts]  # None: not registered
    per_day: Mapping[date, int]
    slips: tuple[SlipFacts, ...]


def count(spans: Sequence[Span], *, offices: Collection[int] | None = None) -> Figures:
    """The numbers for each of these periods, which may overlap.

    With `offices` (ids): of the conversations that were referred to one of them, the referrals
    and slips to these offices alone, and nothing per sector.
    """
    conversations = AdviceConversation.objects.standing().filter(_within(spans))
    if offices is not None:
        conversations = conversations.filter(Exists(_referral_to(offices)))
    per_day, kinds = _told(conversations, spans)
    outcomes = [(outcome, counts) for (_, outcome), counts in kinds.items()]
    total = _sum(spans, kinds.values())
    return Figures(
        conversations=total,
        with_outcome=_sum(spans, (counts for outcome, counts in outcomes if outcome)),
        not_referred=_sum(spans, (each for outcome, each in outcomes if outcome == _NOT_REFERRED)),
        per_channel={
            code: _sum(spans, (each for (channel, _), each in kinds.items() if channel == code))
            for code in {channel for channel, _ in kinds}
        },
        per_destination=(
            _per_destination(conversations, spans)
            if offices is None
            else {Destination.REGIONAL_OFFICE.value: total}
        ),
        per_office=_per_office(spans, offices),
        per_interest=_per_interest(conversations, spans) if offices is None else {},
        per_day=per_day,
        slips=_slips(spans, offices),
    )


def _referral_to(offices: Collection[int]) -> QuerySet[ReferralOffice]:
    """What of a conversation names one of these offices."""
    return ReferralOffice.objects.filter(referral__conversation=OuterRef("pk"), office__in=offices)


def _told(
    conversations: QuerySet[AdviceConversation], spans: Sequence[Span]
) -> tuple[dict[date, int], dict[tuple[str, str], Counts]]:
    """Per day; and per channel and outcome. A database reads it from the index alone."""
    rows = conversations.values_list("day", "channel", "outcome").annotate(number=Count("pk"))
    per_day: Counter[date] = Counter()
    kinds: defaultdict[tuple[str, str], Counter[int]] = defaultdict(Counter)
    for day, channel, outcome, number in rows.order_by():
        per_day[day] += number
        for place, (first, last) in enumerate(spans):
            if first <= day <= last:
                kinds[channel, outcome][place] += number
    places = range(len(spans))
    return dict(per_day), {
        kind: tuple(numbers[place] for place in places) for kind, numbers in kinds.items()
    }


def _per_destination(
    conversations: QuerySet[AdviceConversation], spans: Sequence[Span]
) -> dict[Any, Counts]:
    kinds = {
        code: Count("referrals", filter=Q(referrals__destination=code))
        for code in Destination.values
    }
    return _per_code(conversations, spans, kinds)


def _per_interest(
    conversations: QuerySet[AdviceConversation], spans: Sequence[Span]
) -> dict[Any, Counts]:
    kinds: dict[str | None, Count] = {
        code: Count("interests", filter=Q(interests__code=code))
        for code in (*versions.current().sectors, *Interest.values)
    }
    kinds[None] = Count("pk", filter=Q(interests=None))
    return _per_code(conversations, spans, kinds)


def _per_code(
    conversations: QuerySet[AdviceConversation],
    spans: Sequence[Span],
    kinds: Mapping[Any, Count],
) -> dict[Any, Counts]:
    """What is counted, in each of the periods.

    A row a day with all numbers beside each other, which the index has in order: databases that
    sort before they group (SQLite) take half the time of a row for each kind.
    """
    numbered = {f"in_{place}": counted for place, counted in enumerate(kinds.values())}
    days = [
        (day, numbers)
        for day, *numbers in conversations.values_list("day").annotate(**numbered).order_by()
    ]
    nothing = [0] * len(kinds)
    totals = [
        map(sum, zip(nothing, *(each for day, each in days if first <= day <= last), strict=True))
        for first, last in spans
    ]
    return dict(zip(kinds, zip(*totals, strict=True), strict=True))


def _per_office(spans: Sequence[Span], offices: Collection[int] | None) -> dict[Any, Counts]:
    """Those to a regional office, by the office; one that names two counts for both."""
    referrals = Referral.objects.filter(
        _within(spans, "conversation__"),
        conversation__withdrawn_at=None,
        destination=Destination.REGIONAL_OFFICE,
    )
    if offices is not None:
        referrals = referrals.filter(offices__office__in=offices)
    numbers = {
        f"in_{place}": Count("pk", filter=Q(conversation__day__range=span))
        for place, span in enumerate(spans)
    }
    rows = referrals.values_list("offices__office").annotate(**numbers).order_by()
    return {office: tuple(counts) for office, *counts in rows}


def _slips(spans: Sequence[Span], offices: Collection[int] | None) -> tuple[SlipFacts, ...]:
    """By the day on which the slip was made."""
    made = Q()
    for first, last in _merged(spans):
        begin, end = _midnight(first), _midnight(last + timedelta(days=1))
        made |= Q(slip__made_at__gte=begin, slip__made_at__lt=end)
    there = SlipOffice.objects.filter(made, slip__withdrawn_at=None)
    if offices is not None:
        there = there.filter(office__in=offices)
    # With the key, since two slips can be made for an office at the same moment.
    told = there.order_by().values_list("office", "slip__made_at", "pk")
    facts = told.annotate(
        first=Min("outcomes__day", filter=Q(outcomes__outcome__in=sorted(SlipOutcome.CONTACT))),
        known=Count("outcomes", filter=Q(outcomes__outcome__in=sorted(SlipOutcome.KNOWN))),
        helped=Count("outcomes", filter=Q(outcomes__outcome=SlipOutcome.Outcome.HELPED)),
    )
    zone = timezone.get_current_timezone()
    return tuple(
        SlipFacts(office, moment.astimezone(zone).date(), first, bool(known), bool(helped))
        for office, moment, _pk, first, known, helped in facts
    )


def _within(spans: Sequence[Span], prefix: str = "") -> Q:
    """On a day of any of the periods."""
    days = Q()
    for span in _merged(spans):
        days |= Q(**{f"{prefix}day__range": span})
    return days


def _merged(spans: Sequence[Span]) -> list[Span]:
    """The same days in as few periods as it takes."""
    merged: list[Span] = []
    for first, last in sorted(spans):
        if merged and first <= merged[-1][1] + timedelta(days=1):
            merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
        else:
            merged.append((first, last))
    return merged


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def _sum(spans: Sequence[Span], counts: Iterable[Counts]) -> Counts:
    return tuple(map(sum, zip(*counts, strict=True))) or (0,) * len(spans)
