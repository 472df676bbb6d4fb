"""How a referral with a slip stands: what was told last, and who has to do something.

Reads only. What was told is added in `navigator.advice.outcomes`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, TypeAlias

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.utils import timezone

from navigator.advice import words
from navigator.advice.models import Slip, SlipOffice, SlipOutcome
from regions.models import RegionalOffice
from regions.working_days import working_days_between

Outcome = SlipOutcome.Outcome
Teller = SlipOutcome.Teller
Offices: TypeAlias = Iterable[RegionalOffice] | QuerySet[RegionalOffice]
_LISTED_AT_MOST: Final = 200


@dataclass(frozen=True, slots=True)
class State:
    """How a referral to an office stands."""

    outcome: str  # the last that was told; empty: nothing yet
    teller: str  # who told it; empty: nobody
    since: datetime  # when it was told; before that: when the slip was made
    is_open: bool  # whether the office still has something to do
    nobody_called: bool  # the candidate said so last
    waited_days: int  # working days from the slip to the first news of the office, or until now

    @property
    def outcome_name(self) -> str:
        """What was told, in words."""
        return str(Outcome(self.outcome).label) if self.outcome else ""

    @property
    def teller_name(self) -> str:
        """Who told it, in words."""
        return str(Teller(self.teller).label) if self.teller else ""


@dataclass(frozen=True, slots=True)
class Received:
    """A referral as the office sees it that received it; nothing in it asks the database again."""

    slip_office: SlipOffice
    state: State
    history: tuple[SlipOutcome, ...]  # the oldest first
    interests: tuple[str, ...]  # sectors in words, or one of `Interest`


def state_of(slip_office: SlipOffice, *, at: datetime | None = None) -> State:
    """How a referral stands at `at` (now). No query when slip and outcomes were fetched along."""
    slip, history = slip_office.slip, list(slip_office.outcomes.all())
    last = history[-1] if history else None
    there = slip.withdrawn_at is None and slip.key is not None
    heard = next((each.day for each in history if each.outcome in SlipOutcome.KNOWN), None)
    until = heard or timezone.localdate(at or timezone.now())
    return State(
        outcome=last.outcome if last else "",
        teller=last.teller if last else "",
        since=last.at if last else slip.made_at,
        is_open=there and (last is None or last.outcome not in SlipOutcome.FINAL),
        nobody_called=last is not None and last.outcome == Outcome.NOBODY_CALLED,
        waited_days=working_days_between(timezone.localdate(slip.made_at), until),
    )


def standing(rows: QuerySet[SlipOffice]) -> QuerySet[SlipOffice]:
    """Those whose slip was not withdrawn or forgotten. No query.

    It joins nothing. An update over a join finds its rows in a query inside, which PostgreSQL does
    not ask again when the row was changed by somebody it had to wait for: two would claim one row.
    """
    there = Slip.objects.filter(pk=OuterRef("slip_id"), withdrawn_at=None, key__isnull=False)
    return rows.filter(Exists(there))


def open_referrals(offices: Offices, *, at: datetime | None = None) -> list[Received]:
    """What still waits for these offices, the oldest first. At most six queries."""
    return received(open_query(offices), at=at)


def count_open(offices: Offices) -> int:
    """How many referrals wait for these offices. One query."""
    return open_query(offices).count()


def done_referrals(
    offices: Offices,
    *,
    since: date,
    at: datetime | None = None,
) -> list[Received]:
    """What these offices finished on `since` or later, the last first; at most 200 of them.

    At most six queries.
    """
    done = _standing(offices).filter(last__in=SlipOutcome.FINAL, last_day__gte=since)
    return received(done.order_by("-last_at", "-pk")[:_LISTED_AT_MOST], at=at)


def received(slip_offices: QuerySet[SlipOffice], *, at: datetime | None = None) -> list[Received]:
    """Referrals with all that an office sees of them, in their order. At most six queries."""
    return [
        Received(
            slip_office=each,
            state=state_of(each, at=at),
            history=tuple(each.outcomes.all()),
            interests=interest_names(each.slip),
        )
        for each in with_all(slip_offices)
    ]


def with_all(slip_offices: QuerySet[SlipOffice]) -> QuerySet[SlipOffice]:
    """The same with slip, office, sectors and what was told, in a fixed number of queries."""
    told = SlipOutcome.objects.select_related("who").order_by("at", "pk")
    return slip_offices.select_related("office", "slip__referral__conversation").prefetch_related(
        Prefetch("outcomes", told), "slip__referral__conversation__interests"
    )


def interest_names(slip: Slip) -> tuple[str, ...]:
    """The sectors that a slip is about, in words, or one of `Interest`; empty: not registered."""
    if slip.referral is None:
        return ()
    interests = slip.referral.conversation.interests.all()
    return tuple(words.interest_name(each.code) for each in interests)


def last_told(slip_office: SlipOffice) -> str:
    """The code of what was told last; empty: nothing. No query when it was fetched along."""
    history = list(slip_office.outcomes.all())
    return history[-1].outcome if history else ""


def open_query(offices: Offices) -> QuerySet[SlipOffice]:
    """What still waits for these offices, the oldest first; for a page of it, see `received`."""
    waiting = _standing(offices).filter(Q(last=None) | ~Q(last__in=SlipOutcome.FINAL))
    return waiting.order_by("slip__made_at", "pk")


def _standing(offices: Offices) -> QuerySet[Any]:
    """The referrals that were not withdrawn or forgotten, each with what was told last."""
    told = SlipOutcome.objects.filter(slip_office=OuterRef("pk")).order_by("-at", "-pk")
    return standing(SlipOffice.objects.filter(office__in=offices)).annotate(
        last=Subquery(told.values("outcome")[:1]),
        last_at=Subquery(told.values("at")[:1]),
        last_day=Subquery(told.values("day")[:1]),
    )
