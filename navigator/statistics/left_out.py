"""Which requests were not counted, and why: so that nobody has to believe the figures."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from navigator.statistics import totals
from navigator.statistics.models import LeftOutTotal
from navigator.statistics.periods import Period
from navigator.statistics.usage import Tally, spans, sums_in, three
from navigator.statistics.values import Count

EXCLUDED: Final = "excluded"  # afterwards, by an administrator
_VIEWS: Final = "profileview"
_SEARCHES: Final = "search"
_CLICKS: Final = "click"

# Each kind: its name, and what it means. By the values of `visits.LeftOut`, and EXCLUDED.
KINDS: Final[Mapping[str, tuple[Promise, Promise]]] = {
    "repeat": (
        _("Repeats"),
        _("The same visitor asked for the same again within half an hour."),
    ),
    "bot": (
        _("Bots"),
        _("Programs that read pages by themselves, such as those of search engines."),
    ),
    "prefetch": (
        _("Prefetched pages"),
        _("A browser fetched the page beforehand; maybe nobody ever saw it."),
    ),
    "own people": (
        _("Our own people"),
        _("Advisors, administrators and the editors of the office itself."),
    ),
    "head": (
        _("Checks whether a page exists"),
        _("A program only checked whether the page exists, and did not read it."),
    ),
    "ceiling": (
        _("More than a person looks"),
        _("A visitor looked at the same office so often in a day that it is no person."),
    ),
    EXCLUDED: (
        _("Left out afterwards"),
        _("Counted at first, and left out by an administrator since no people made them."),
    ),
}


@dataclass(frozen=True, slots=True)
class LeftOutLine:
    """A kind of requests that were left out."""

    why: str  # a key of KINDS
    name: str
    explanation: str
    requests: Count


@dataclass(frozen=True, slots=True)
class LeftOutReport:
    """What was left out in a period, by why; every kind has a line."""

    period: Period
    lines: tuple[LeftOutLine, ...]  # of views and searches together
    views: tuple[LeftOutLine, ...]
    searches: tuple[LeftOutLine, ...]
    clicks: tuple[LeftOutLine, ...]
    total: Count  # of views and searches


def left_out(period: Period) -> LeftOutReport:
    """The requests of a period that were not counted. One query."""
    periods = three(period)
    rows = LeftOutTotal.objects.filter(totals.within(periods)).order_by()
    tally = Tally()
    for what, why, *numbers in rows.values_list("what", "why").annotate(
        **sums_in("requests", spans(periods))
    ):
        for place, number in enumerate(numbers):
            tally.add(why, what, place, number)
            if what in (_VIEWS, _SEARCHES):
                tally.add(why, "", place, number)
    return LeftOutReport(
        period=period,
        lines=_lines(tally, ""),
        views=_lines(tally, _VIEWS),
        searches=_lines(tally, _SEARCHES),
        clicks=_lines(tally, _CLICKS),
        total=tally.total(""),
    )


def _lines(tally: Tally, what: str) -> tuple[LeftOutLine, ...]:
    return tuple(
        LeftOutLine(why, str(name), str(explanation), tally.count(why, what))
        for why, (name, explanation) in KINDS.items()
    )
