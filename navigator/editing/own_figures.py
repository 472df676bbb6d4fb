"""The figures of somebody's own offices: who was referred to them, and what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from navigator.accounts import rules
from navigator.statistics.periods import Period
from navigator.statistics.reports import advice_report
from navigator.statistics.values import Count, Line, Table


@dataclass(frozen=True, slots=True)
class OfficeFigures:
    """An office's numbers of a period. `slips`: what became of the referrals with a slip."""

    name: str
    referrals: Count
    slip_count: int
    slips: Mapping[str, Any]  # known, contacted, median_days, mean_days, helped


@dataclass(frozen=True, slots=True)
class OwnFigures:
    """Those of all own offices, by name; small numbers are not hidden for who works there."""

    period: Period
    lines: tuple[OfficeFigures, ...]


def own_offices_context(user: rules.Somebody, period: Period) -> dict[str, OwnFigures | None]:
    """What `components/referral_figures.html` shows. Without an office there is nothing.

    One query beside those of a report, whatever the number of offices.
    """
    offices = list(rules.editable_offices(user).values_list("pk", flat=True))
    if not offices:
        return {"own_figures": None}
    tables = advice_report(period, offices=offices).tables
    slips = _by_code(tables["slips"])
    lines = tuple(_joined(line, slips.get(line.code)) for line in tables["offices"].lines)
    return {"own_figures": OwnFigures(period, lines)}


def _joined(line: Line, slips: Line | None) -> OfficeFigures:
    """An office's referrals and slips."""
    return OfficeFigures(
        name=line.name,
        referrals=line.count,
        slip_count=int(slips.count.now) if slips else 0,
        slips=slips.detail if slips else {},
    )


def _by_code(table: Table) -> dict[str, Line]:
    return {line.code: line for line in table.lines}
