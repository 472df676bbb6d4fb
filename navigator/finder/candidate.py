"""Pages that a candidate got the address of: a pick list, a slip.

The address is the key: whoever has it may read the page, and nobody else learns of it. So no cache
keeps it, no search engine lists it, and no other site is told where a visitor came from. There is
nothing on it about the candidate. What it says of offices is what the directory says now.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time
from itertools import groupby
from typing import Any, Final

from django.contrib.auth.decorators import login_not_required
from django.core.signing import Signer
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt

from navigator import post
from navigator.advice import codes, outcomes, pick_lists, slips
from navigator.advice.models import PickList, Slip, SlipOutcome
from navigator.finder.presentation import Day, arrange
from navigator.finder.preview import kept_nowhere, unlisted
from navigator.methods import SeeOther, takes
from navigator.statistics import visits
from regions import addresses, versions
from regions.models import RegionalOffice
from regions.opening import Hours
from regions.profiles import Profile

# In the address after telling, with the slug of the office: there is no session to keep it in.
TOLD: Final = "gemeld"
_PROOF: Final = Signer(salt="navigator.finder.candidate.nobody_called")


@dataclass(frozen=True, slots=True)
class SameHours:
    """Days of the week after each other with the same phone hours; `last` is empty for one day."""

    first: str
    last: str
    spans: tuple[Hours, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """An office as it is now. Without a profile it is no longer public: then its name is all there
    is, with the slug of what it went on as, if anything.
    """

    name: str
    slug: str
    profile: Profile | None
    hours: tuple[SameHours, ...] = ()
    best_way: str = ""
    successor: str = ""
    told_today: bool = False  # that nobody called


@login_not_required
@unlisted
@kept_nowhere
@takes("GET", "HEAD")
def pick_list(request: HttpRequest, key: str) -> HttpResponse:
    """The offices and links that an advisor picked; the look at it is counted."""
    at = timezone.now()
    found = pick_lists.find(key)
    if found is None or not pick_lists.is_open(found, at):
        return _gone(request, "pick_list", found)
    if _is_opened_by_somebody(request):
        pick_lists.count_opening(found)
    context = {"pick_list": found, "items": list(_items(found, at)), "now": at}
    return render(request, "finder/pick_list.html", context)


@login_not_required
@unlisted
@kept_nowhere
@takes("GET", "HEAD")
def slip(request: HttpRequest, key: str) -> HttpResponse:
    """The code, the offices, and what happens next."""
    at = timezone.now()
    found = slips.find_by_key(key, at)
    if found is None or found.withdrawn_at is not None:
        return _gone(request, "slip", found)
    return _slip_page(request, found, at)


# Visitors get no cookies here, so none can vouch for the form. Nothing is lost by that: another
# site could only send this form if it knew the key in the address, and who knows that may do what
# the page can do. The signature shows that the form came from the page itself.
@csrf_exempt
@login_not_required
@unlisted
@kept_nowhere
@takes("POST")
def nobody_called(request: HttpRequest, key: str) -> HttpResponse:
    """The candidate tells that an office didn't call: once a day, in the history of the slip."""
    at = timezone.now()
    found = slips.find_by_key(key, at)
    if found is None or found.withdrawn_at is not None:
        return _gone(request, "slip", found)
    asked = request.POST.get("office", "")
    receiver = next((each for each in found.offices.all() if each.office.slug == asked), None)
    if receiver is None or not _is_proof(found, request.POST.get("proof", "")):
        return _slip_page(request, found, at, wrong=True)
    try:
        outcomes.tell_by_candidate(receiver, at=at)
    except outcomes.ToldAlready:
        pass  # once a day is enough; the page says that it was told
    except outcomes.NotOpen:
        return _gone(request, "slip", found)
    return SeeOther(f"{reverse('candidate:slip', args=[key])}?{TOLD}={asked}#{TOLD}")


def _slip_page(
    request: HttpRequest, found: Slip, at: datetime, *, wrong: bool = False
) -> HttpResponse:
    told = _told_today(found, at)
    offices = [_shown(each.office, at, told_today=each.pk in told) for each in found.offices.all()]
    just_told = request.GET.get(TOLD, "")
    context = {
        "slip": found,
        "code": codes.shown(found.code or ""),
        "spoken": codes.spoken(found.code or "", (get_language() or "nl")[:2]),
        "offices": offices,
        "just_told": [each for each in offices if each.told_today and each.slug == just_told],
        "wrong": wrong,
        "proof": _proof(found),
        "address": post.full_address(reverse("candidate:slip", args=[found.key])),
        "wait_days": slips.WAIT_DAYS,
        "until": slips.last_day(found),
        "now": at,
    }
    return render(request, "finder/slip.html", context, status=400 if wrong else 200)


def _gone(request: HttpRequest, what: str, found: PickList | Slip | None) -> HttpResponse:
    """There was such a page (410), or nobody knows of one (404); and a way on."""
    context = {"what": what, "withdrawn": found is not None and found.withdrawn_at is not None}
    return render(request, "finder/gone.html", context, status=404 if found is None else 410)


def _is_opened_by_somebody(request: HttpRequest) -> bool:
    """Whether this is somebody who opens a page: no program, nobody of ours, and no reload.

    Previews of mail and chat programs don't all call themselves bots, but none of them calls
    itself a browser as browsers do. A browser says itself that it reloads, so that nobody has to be
    recognised for it.
    """
    is_browser = request.META.get("HTTP_USER_AGENT", "").startswith("Mozilla/5.0 (")
    reloads = "max-age=0" in request.headers.get("Cache-Control", "")
    return is_browser and not reloads and visits.why_left_out(request) is None


def _items(found: PickList, at: datetime) -> Iterable[dict[str, Any]]:
    for item in found.items.all():
        yield {"item": item, "office": _shown(item.office, at) if item.office else None}


def _shown(office: RegionalOffice, at: datetime, *, told_today: bool = False) -> Shown:
    """An office as the directory has it now; a query or more when it isn't there any more."""
    directory = versions.current()
    profile = directory.profiles.get(office.slug)
    if profile is None:
        successor = addresses.present_slug(RegionalOffice, office.slug) or ""
        return Shown(office.name, office.slug, None, (), "", successor, told_today)
    view = arrange(profile, directory, at)
    hours = tuple(_same_hours(view.week))
    return Shown(profile.name, office.slug, profile, hours, view.best_way, "", told_today)


def _same_hours(week: Iterable[Day]) -> Iterable[SameHours]:
    """The days on which the phone is answered, as short as people say it: Monday–Thursday."""
    for _clock, same in groupby(week, key=_clock_of):
        days = list(same)
        if days[0].spans:
            last = days[-1].name if len(days) > 1 else ""
            yield SameHours(days[0].name, last, days[0].spans)


def _clock_of(day: Day) -> tuple[tuple[time, time], ...]:
    return tuple((span.opens, span.closes) for span in day.spans)


def _told_today(found: Slip, at: datetime) -> set[int]:
    """The offices of a slip of which the candidate told today that they didn't call. A query."""
    told = SlipOutcome.objects.filter(
        slip_office__slip=found,
        outcome=SlipOutcome.Outcome.NOBODY_CALLED,
        day=timezone.localdate(at),
    )
    return set(told.values_list("slip_office", flat=True))


def _proof(found: Slip) -> str:
    return _PROOF.signature(found.key or "")


def _is_proof(found: Slip, given: str) -> bool:
    return constant_time_compare(given, _proof(found))
