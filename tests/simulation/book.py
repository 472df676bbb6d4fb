"""The book of what has to be counted: every rule once more, as simply as it can be said.

Nothing here comes from the code that counts. Each step of the play is entered in the order of
time; `figures` then tells what every page and address has to say of a period.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
SOURCES = [
    "campaign",
    "search-engine",
    "social",
    "partner",
    "other-site",
    "direct",
    "widget",
    "api",
]
WHYS = ["repeat", "bot", "prefetch", "own people", "head", "ceiling", "excluded"]
HALF_AN_HOUR = timedelta(minutes=30)
MOST_A_DAY = 10


@dataclass(frozen=True)
class Meaning:
    """What a request is, as whoever made the play meant it."""

    what: str  # view, search or click
    about: tuple[str, ...]  # what makes it the same as another of the same person
    source: str
    office: str = ""
    target: str = ""
    postcode: str = ""
    municipality: str = ""
    province: str = ""
    sector: str = ""
    support: tuple[str, ...] = ()
    is_served: bool = False
    why: str = ""  # it is left out; empty: only a repeat or too many can leave it out
    is_machine: bool = False


@dataclass
class Day:
    """What was counted on a day, in the order of time."""

    views: list = field(default_factory=list)  # (person, meaning)
    searches: list = field(default_factory=list)
    clicks: Counter = field(default_factory=Counter)
    support: Counter = field(default_factory=Counter)
    left_out: Counter = field(default_factory=Counter)
    first: dict = field(default_factory=dict)  # person -> (source, province)
    moments: defaultdict = field(default_factory=lambda: defaultdict(list))  # what was counted


class Book:
    """All days."""

    def __init__(self):
        self.days: defaultdict[date, Day] = defaultdict(Day)

    def enter(self, at: datetime, person: str, meaning: Meaning) -> None:
        """Count a request; those of a person have to come in the order of time."""
        day = self.days[at.astimezone(AMSTERDAM).date()]
        if meaning.is_machine:
            day.searches.append((None, meaning))
            return
        if meaning.why:
            day.left_out[meaning.what, meaning.why] += 1
            return
        why = self._why_not(day, at, (person, meaning.what, *meaning.about))
        if why:
            day.left_out[meaning.what, why] += 1
        elif meaning.what == "click":
            day.clicks[meaning.office, meaning.target] += 1
        else:
            (day.views if meaning.what == "view" else day.searches).append((person, meaning))
            day.first.setdefault(person, (meaning.source, meaning.province))
        for code in meaning.support:
            where = (meaning.postcode, meaning.municipality, code)
            if not self._why_not(day, at, (person, "support", *where)):
                day.support[where] += 1

    def _why_not(self, day, at, same):
        moments = day.moments[same]
        if moments and at - moments[-1] < HALF_AN_HOUR:
            return "repeat"
        if len(moments) >= MOST_A_DAY:
            return "ceiling"
        moments.append(at)
        return ""

    def first_day(self) -> date | None:
        """The earliest day with anything counted."""
        return min(
            (day for day, told in self.days.items() if told.views or told.searches), default=None
        )

    def numbers(self, first: date, last: date) -> dict[str, Counter]:
        """All numbers of the days from first to last: a Counter by table, of (code, measure)."""
        found: defaultdict[str, Counter] = defaultdict(Counter)
        for day in (day for day in self.days if first <= day <= last):
            told, code = self.days[day], day.isoformat()
            for source, province in told.first.values():
                _add(found, "visitors", days=code, sources=source, provinces=province)
            for _person, view in told.views:
                _add(found, "views", days=code, sources=view.source, provinces=view.province)
                found["offices"][view.office, "views"] += 1
            for office in Counter({(person, view.office) for person, view in told.views}):
                found["offices"][office[1], "visitors"] += 1
            for _person, search in told.searches:
                measures = ["searches"] + ["without_office"] * (not search.is_served)
                question = (search.municipality, search.sector)
                for measure in measures:
                    found["days"][code, measure] += 1
                    found["municipalities"][search.municipality, measure] += 1
                    found["searches"][question, measure] += 1
                _add(found, "searches", sources=search.source, provinces=search.province)
            for (what, why), number in told.left_out.items():
                found["left-out"][why, what] += number
            for key, number in told.clicks.items():
                found["clicks"][key, "clicks"] += number
            for key, number in told.support.items():
                found["support"][key, "times"] += number
        return found


def _add(found, measure, **codes):
    for table, code in codes.items():
        found[table][code, measure] += 1


def before(first: date, last: date) -> tuple[date, date]:
    """The period of the same length just before."""
    length = last - first + timedelta(days=1)
    return first - length, last - length


def year_before(first: date, last: date) -> tuple[date, date]:
    """The same dates a year earlier; none of them is 29 February."""
    return first.replace(year=first.year - 1), last.replace(year=last.year - 1)


def percent(part: int | Decimal, base: int | Decimal) -> Decimal | None:
    """With one decimal; a half goes away from zero."""
    return None if not base else one_decimal(Decimal(part) * 100 / Decimal(base))


def one_decimal(number: Decimal) -> Decimal:
    tenths = int(abs(number) * 10 + Decimal("0.5"))
    return Decimal(tenths if number >= 0 else -tenths) / 10


def change(now, then) -> Decimal | None:
    """In percent of what it was."""
    if now is None or not then:
        return None
    return percent(Decimal(now) - Decimal(then), then)
