"""Visits and conversations that nobody made, so that the pages with figures of a demo show some.

The same every time, up to the day on which they are made. Only `manage.py demo_figures` calls it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from random import Random
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from navigator.advice import registration
from navigator.advice.facts import Facts, ReferralFacts
from navigator.advice.models import AdviceConversation, Channel, Destination
from navigator.statistics import totals
from navigator.statistics.models import (
    Click,
    Counted,
    LeftOutTotal,
    ProfileView,
    Search,
    Source,
    TotalledDay,
)
from regions.models import Postcode
from regions.search import find_offices

DAYS: Final = 400  # so that a month has one to compare with a year before
_PLACES: Final = 80  # postcodes that people search for
_SECTORS: Final = ("", "", "po", "po", "vo", "mbo", "so")
_SOURCES: Final = {
    Source.SEARCH_ENGINE: 55,
    Source.CAMPAIGN: 20,
    Source.DIRECT: 12,
    Source.SOCIAL: 7,
    Source.PARTNER: 4,
    Source.OTHER_SITE: 2,
}
_LEFT_OUT: Final = {"bot": 40, "repeat": 9, "prefetch": 4, "own people": 3, "head": 2}
_CONVERSATIONS_A_DAY: Final = 6
_BATCH: Final = 1000


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody searches."""

    postcode: str
    municipality: str
    province: str


def has_figures() -> bool:
    """Whether anything was ever counted or registered. Four queries."""
    return any(
        model._default_manager.exists()
        for model in (ProfileView, Search, TotalledDay, AdviceConversation)
    )


@transaction.atomic
def fill(at: datetime) -> int:
    """Store visits of the last 400 days and conversations of the last 60; how many visits.

    What is older than KEEP_COUNTS_DAYS stands in the totals alone, as on a site that has run so
    long. The directory must be loaded.
    """
    chosen = Random(1)  # noqa: S311  # nothing secret
    today = timezone.localdate(at)
    places = _places(chosen)
    visits = 0
    for days_ago in range(DAYS, 0, -1):
        day = today - timedelta(days=days_ago)
        visitors = _visitors_on(chosen, day, days_ago)
        rows = [row for _ in range(visitors) for row in _visit(chosen, day, places)]
        for model in (Search, ProfileView, Click):
            _store(model, [row for row in rows if isinstance(row, model)])
        LeftOutTotal.objects.bulk_create(_left_out(day, visitors))
        visits += visitors
    totals.roll_up(at=at, keep_days=settings.KEEP_COUNTS_DAYS)
    registration.register_many(list(_conversations(chosen, today)), by=None, at=at)
    return visits


def _places(chosen: Random) -> Sequence[Place]:
    """Some postcodes, the same every time."""
    lived_in = Postcode.objects.filter(po_box_only=False).order_by("code")
    rows = lived_in.values_list("code", "municipality_id", "municipality__province")
    return [Place(*row) for row in chosen.sample(list(rows), k=min(_PLACES, len(rows)))]


def _visitors_on(chosen: Random, day: date, days_ago: int) -> int:
    """More of them in the last month, which has a campaign, and fewer at the weekend."""
    usual = 24 if days_ago <= 30 else 9
    return max(1, round(usual * (0.5 if day.isoweekday() > 5 else 1) * chosen.uniform(0.7, 1.3)))


def _visit(chosen: Random, day: date, places: Sequence[Place]) -> Iterator[Counted]:
    """What one person does: searches, looks at one to three of the offices, and may click."""
    seconds = chosen.randrange(8 * 3600, 22 * 3600)
    at = timezone.make_aware(datetime.combine(day, time())) + timedelta(seconds=seconds)
    place = places[min(int(chosen.expovariate(6 / len(places))), len(places) - 1)]
    [source] = chosen.choices(list(_SOURCES), list(_SOURCES.values()))
    who = {
        "day": day,
        "visitor": f"{chosen.getrandbits(128):032x}",
        "ordinal": 0,
        "source": source.value,
        "province": place.province,
    }
    sector = chosen.choice(_SECTORS)
    offices = _serving(place.postcode, sector)
    yield Search(
        at=at,
        postcode=place.postcode,
        municipality=place.municipality,
        sector=sector,
        serving=len(offices),
        **who,
    )
    for number, office in enumerate(offices[: chosen.choice((0, 1, 1, 2, 3))], start=1):
        yield ProfileView(at=at + timedelta(minutes=number), office_id=office, **who)
        if chosen.random() < 0.4:
            target = chosen.choice(Click.Target.values)
            yield Click(
                at=at + timedelta(minutes=number, seconds=30),
                office_id=office,
                target=target,
                **who,
            )


@lru_cache(maxsize=1024)
def _serving(postcode: str, sector: str) -> tuple[int, ...]:
    """The regional offices that serve it for a sector, in the order of the answer."""
    found = find_offices(postcode=postcode, sector=sector).serving
    return tuple(match.office.id for match in found if not sector or sector in match.office.sectors)


def _store(model: type[Counted], rows: Sequence[Counted]) -> None:
    model._default_manager.bulk_create(rows, batch_size=_BATCH)


def _left_out(day: date, visitors: int) -> Iterator[LeftOutTotal]:
    for what in ("profileview", "search"):
        for why, percent in _LEFT_OUT.items():
            yield LeftOutTotal(day=day, what=what, why=why, requests=visitors * percent // 50)


def _conversations(chosen: Random, today: date) -> Iterator[tuple[UUID, Facts]]:
    """On working days of the last 60."""
    kinds = [kind for kind in Destination.values if kind != Destination.REGIONAL_OFFICE]
    for days_ago in range(60, 0, -1):
        day = today - timedelta(days=days_ago)
        if day.isoweekday() > 5:
            continue
        for _ in range(chosen.randrange(_CONVERSATIONS_A_DAY * 2)):
            hour, minute = chosen.randrange(9, 17), chosen.randrange(60)
            destinations = chosen.sample(kinds, chosen.choice((0, 1, 1, 2)))
            yield (
                UUID(int=chosen.getrandbits(128), version=4),
                Facts(
                    moment=timezone.make_aware(datetime.combine(day, time(hour, minute))),
                    channel=chosen.choice(Channel.values),
                    outcome="referred" if destinations else "not-referred",
                    interests=(chosen.choice(("po", "vo", "mbo", "so")),),
                    referrals=tuple(ReferralFacts(kind) for kind in sorted(destinations)),
                ),
            )
