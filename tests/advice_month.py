"""A month of the campaign at the advisors' desk: March 2026, with its change to summer time."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo

from navigator.advice.facts import NAMED, Facts, ReferralFacts
from navigator.advice.models import AdviceConversation, Channel, Destination, Interest

FIRST = date(2026, 3, 1)
DAYS = 31
CONVERSATIONS = 611
REFERRALS = 1078
RECORD = 52
AFTERWARDS = datetime(2026, 4, 1, 8, 0, tzinfo=UTC)  # when all of it can be registered

_AMSTERDAM = ZoneInfo("Europe/Amsterdam")
_SECTORS = ("po", "vo", "mbo", "ho", "so", "pro", "vavo")
_INTERESTS = (*Interest.values, *_SECTORS, *_SECTORS)
# How often each kind of destination comes up, beside the others.
_KINDS = dict(zip(Destination.values, (30, 26, 20, 14, 9, 8, 3, 2, 2, 1), strict=True))


def month(seed, *, offices=(), conversations=CONVERSATIONS, referrals=REFERRALS, record=RECORD):
    """Entries for `registration.register_many`: (key, Facts) of conversations in order of time.

    All of them led to a destination, and all their `referrals` together are as many as asked. One
    day has `record` of them, every other day fewer. `offices` are the slugs to choose from.
    """
    chosen = Random(seed)
    kinds = _numbers_of_kinds(chosen, conversations, referrals)
    days = _numbers_of_days(chosen, conversations, record)
    moments = sorted(_moment(chosen, day) for day in days.elements())
    return [
        (
            UUID(int=chosen.getrandbits(128), version=4),
            Facts(
                moment=moment,
                channel=chosen.choice(Channel.values),
                outcome=AdviceConversation.Outcome.REFERRED.value,
                interests=_interests(chosen),
                referrals=_referrals(chosen, number, offices),
            ),
        )
        for moment, number in zip(moments, kinds, strict=True)
    ]


def _numbers_of_days(chosen, conversations, record):
    days = [FIRST + timedelta(days=ahead) for ahead in range(DAYS)]
    weights = [1 if day.isoweekday() > 5 else 8 for day in days]
    best = chosen.choice([day for day in days if day.isoweekday() <= 5])
    numbers = Counter({best: min(record, conversations)})
    while numbers.total() < conversations:
        day = chosen.choices(days, weights)[0]
        if day != best and numbers[day] < record - 1:
            numbers[day] += 1
    return numbers


def _numbers_of_kinds(chosen, conversations, referrals):
    """How many kinds of destination each conversation led to: at least one, and at most ten."""
    numbers = [1] * conversations
    while sum(numbers) < referrals:
        place = chosen.randrange(conversations)
        if numbers[place] < min(4, len(_KINDS)):
            numbers[place] += 1
    return numbers


def _moment(chosen, day):
    """On this day in Europe/Amsterdam, also just after midnight and late in the evening."""
    minutes = chosen.choices((chosen.randrange(9 * 60, 21 * 60), 30, 23 * 60 + 45), (98, 1, 1))[0]
    local = datetime(day.year, day.month, day.day, minutes // 60, minutes % 60, tzinfo=_AMSTERDAM)
    return local.astimezone(UTC)


def _interests(chosen):
    first = chosen.choice((None, *_INTERESTS))
    if first is None:
        return ()
    if first in Interest.values:
        return (first,)
    return tuple(sorted({first, *chosen.sample(_SECTORS, chosen.choice((0, 0, 1)))}))


def _referrals(chosen, number, offices):
    left = dict(_KINDS)
    referrals = []
    for _ in range(number):
        kind = chosen.choices(list(left), list(left.values()))[0]
        del left[kind]
        named = ()
        if kind == Destination.REGIONAL_OFFICE and offices:
            named = tuple(chosen.sample(list(offices), min(len(offices), chosen.randrange(4))))
        name = "Voorbeeld" if kind in NAMED and chosen.random() < 0.3 else ""
        referrals.append(ReferralFacts(kind, name, named))
    return tuple(referrals)
