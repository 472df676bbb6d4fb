"""What became of warm referrals, per office: numbers and working days."""

import statistics
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from navigator.advice.figures import SlipFacts
from navigator.statistics.periods import Period
from navigator.statistics.values import Count, rounded
from regions.working_days import working_days_between

_days_between = lru_cache(maxsize=16_384)(working_days_between)


def count_of(slips: Sequence[SlipFacts], periods: Sequence[Period]) -> Count:
    """How many were made in the period, the one before, and a year earlier."""
    return Count(*(sum(each.first <= slip.made <= each.last for slip in slips) for each in periods))


def detail_of(slips: Iterable[SlipFacts], period: Period) -> Mapping[str, Any]:
    """What became of those of the period.

    `known`, `contacted` and `helped` are numbers; `median_days` and `mean_days` the working days
    from the day on which a slip was made to the first on which the office told that they spoke,
    with one decimal, None when there are none.
    """
    made = [slip for slip in slips if slip.made in period]
    days = [waited(slip.made, slip.contacted) for slip in made if slip.contacted]
    return {
        "known": sum(slip.is_known for slip in made),
        "contacted": len(days),
        "median_days": rounded(Decimal(statistics.median(days))) if days else None,
        "mean_days": rounded(Decimal(sum(days)) / len(days)) if days else None,
        "helped": sum(slip.has_helped for slip in made),
    }


def waited(made: date, contacted: date) -> int:
    """The working days from the one to the other."""
    return _days_between(made, contacted)
