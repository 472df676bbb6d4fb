"""Views that an administrator leaves out afterwards, since no people made them.

They stay as single rows that point to their exclusion, and are counted nowhere: no later total
takes them along, and they can be brought back as long as the rows are there. The totals of their
days follow at once, and so does the number of views left out.

All of it happens under the lock of the totals (`totals.bump`), so of two administrators who leave
out the same views at the same moment the second finds those alone that the first didn't take.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import Count, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from navigator.accounts.models import User
from navigator.statistics import totals
from navigator.statistics.models import (
    Exclusion,
    LeftOutTotal,
    ProfileView,
    TotalledDay,
    ViewTotal,
)
from navigator.statistics.periods import Period
from regions.models import RegionalOffice

EXCLUDED: Final = "excluded"  # the `why` of LeftOutTotal
_VIEWS: Final = "profileview"  # its `what`


class ExclusionError(ValueError):
    """It can't be left out or brought back; `code` is one of MESSAGES."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code

    @property
    def message(self) -> str:
        """Why not, in the language of the moment."""
        return str(MESSAGES[self.code])


class NothingToExclude(ExclusionError):
    """No single view fits that still is there and isn't left out already."""


MESSAGES: Final[dict[str, Promise]] = {
    "nothing": _(
        "There are no views here that count. Choose another office, other moments or another "
        "source; or they were left out already."
    ),
    "too_old": _(
        "The single views of these days are gone: only their totals are kept, and those can't be "
        "changed any more."
    ),
    "withdrawn": _("These views were brought back already."),
}


@dataclass(frozen=True, slots=True)
class Window:
    """Views of an office from `first` until `last` (not included), of all sources or of one."""

    office: RegionalOffice
    first: datetime
    last: datetime
    source: str = ""  # of Source; empty: any
    source_host: str = ""  # empty: any

    @property
    def days(self) -> Period:
        """The days in Europe/Amsterdam that it touches."""
        last = max(self.first, self.last - timedelta(microseconds=1))
        return Period(timezone.localdate(self.first), timezone.localdate(last))

    def rows(self) -> "QuerySet[ProfileView]":
        """The views in it that count."""
        found = ProfileView.objects.filter(
            **_of_office(self.office, self.days),
            at__gte=self.first,
            at__lt=self.last,
            exclusion=None,
        )
        if self.source:
            found = found.filter(source=self.source)
        if self.source_host:
            found = found.filter(source_host=self.source_host)
        return found


@dataclass(frozen=True, slots=True)
class Preview:
    """What would be left out."""

    views: int
    visitors: int  # a day; machines are none
    days: int  # with such views
    gone_days: int  # days with views of the office of which the single rows are gone


def preview(window: Window) -> Preview:
    """What `exclude` would leave out. Three queries. Raises NothingToExclude."""
    found = window.rows().aggregate(
        views=Count("pk"),
        visitors=Count("visitor", distinct=True),
        days=Count("day", distinct=True),
    )
    gone_days = _gone_days(window)
    if not found["views"]:
        raise NothingToExclude("too_old" if gone_days else "nothing")
    return Preview(**found, gone_days=gone_days)


@transaction.atomic
def exclude(
    *,
    office: RegionalOffice,
    first: datetime,
    last: datetime,
    source: str = "",
    source_host: str = "",
    reason: str,
    by: User,
    at: datetime,
) -> Exclusion:
    """Leave the views of an office from `first` until `last` (not included) out of all figures.

    Those of one source or host alone, when they are given. Raises NothingToExclude.
    """
    totals.bump(at)
    window = Window(office, first, last, source, source_host)
    exclusion = Exclusion.objects.create(
        office=office,
        first=first,
        last=last,
        source=source,
        source_host=source_host,
        reason=reason,
        views=0,
        made_at=at,
        made_by=by,
    )
    exclusion.views = window.rows().update(exclusion=exclusion)
    if not exclusion.views:
        raise NothingToExclude("too_old" if _gone_days(window) else "nothing")
    exclusion.save(update_fields=["views"])
    _follow(_days_of(_left_out_by(exclusion)))
    return exclusion


@transaction.atomic
def withdraw(exclusion: Exclusion, *, by: User, at: datetime) -> int:
    """Let the views of an exclusion count again; answers how many still were there.

    Raises ExclusionError when that was done already, or all its views are gone.
    """
    totals.bump(at)
    exclusion.refresh_from_db()
    if exclusion.withdrawn_at:
        raise ExclusionError("withdrawn")
    rows = _left_out_by(exclusion)
    days = _days_of(rows)
    brought_back = rows.update(exclusion=None)
    if not brought_back:
        raise ExclusionError("too_old")
    exclusion.withdrawn_at, exclusion.withdrawn_by = at, by
    exclusion.save(update_fields=["withdrawn_at", "withdrawn_by"])
    _follow(days)
    return brought_back


def still_there(exclusions: Iterable[Exclusion]) -> set[int]:
    """The numbers of those exclusions of which views can be brought back. One query at most."""
    open_ones = [each.pk for each in exclusions if not each.withdrawn_at]
    if not open_ones:
        return set()
    found = ProfileView.objects.filter(exclusion__in=open_ones).order_by()
    return set(found.values_list("exclusion", flat=True).distinct())


def _follow(days: Iterable[date]) -> None:
    """What stands elsewhere about these days; call it under the lock of the totals."""
    for day in sorted(days):
        if TotalledDay.objects.filter(day=day, is_imported=False).exists():
            totals.total_again(day)
        left_out = ProfileView.objects.filter(day=day).exclude(exclusion=None).count()
        LeftOutTotal.objects.filter(day=day, what=_VIEWS, why=EXCLUDED).delete()
        if left_out:
            LeftOutTotal.objects.create(day=day, what=_VIEWS, why=EXCLUDED, requests=left_out)


def _left_out_by(exclusion: Exclusion) -> "QuerySet[ProfileView]":
    window = Window(exclusion.office, exclusion.first, exclusion.last)
    return ProfileView.objects.filter(
        **_of_office(exclusion.office, window.days), exclusion=exclusion
    )


def _days_of(rows: "QuerySet[ProfileView]") -> set[date]:
    return set(rows.order_by().values_list("day", flat=True).distinct())


def _of_office(office: RegionalOffice, days: Period) -> dict[str, Any]:
    """For a question that an index answers: views are found by day and office."""
    return {"day__range": (days.first, days.last), "office": office}


def _gone_days(window: Window) -> int:
    """How many days have views of the office in the totals, and no single row any more."""
    of_office = _of_office(window.office, window.days)
    there = ProfileView.objects.filter(**of_office).values("day")
    gone = ViewTotal.objects.filter(**of_office, views__gt=0).exclude(day__in=there)
    return gone.aggregate(days=Count("day", distinct=True))["days"] or 0
