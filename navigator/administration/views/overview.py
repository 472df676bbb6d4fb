"""What waits for an administrator, and the whole of each list."""

from collections.abc import Sequence
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from navigator.administration import gaps, worklist
from navigator.administration.administrators import administrators_only
from navigator.editing import reminders
from navigator.methods import takes
from regions.models import Sector

PER_PAGE = 50


@takes("GET", "HEAD")
@administrators_only
def overview(request: HttpRequest) -> HttpResponse:
    """The working page: of everything how much there is, and what to begin with."""
    context = {"work": worklist.worklist(timezone.now()), "days": gaps.SEARCHED_DAYS}
    return render(request, "administration/overview.html", context)


@takes("GET", "HEAD")
@administrators_only
def stale(request: HttpRequest) -> HttpResponse:
    """The profiles that nobody confirmed for six months."""
    found = reminders.stale(timezone.localdate())
    return _list(request, "stale", _("Not confirmed for six months"), found)


@takes("GET", "HEAD")
@administrators_only
def incomplete(request: HttpRequest) -> HttpResponse:
    """The profiles that miss something."""
    return _list(request, "incomplete", _("Profiles that miss something"), worklist.incomplete())


@takes("GET", "HEAD")
@administrators_only
def dead_links(request: HttpRequest) -> HttpResponse:
    """The links that lead nowhere."""
    return _list(request, "dead_links", _("Dead links"), worklist.dead())


@takes("GET", "HEAD")
@administrators_only
def gap_list(request: HttpRequest) -> HttpResponse:
    """Where nobody helps, for one sector or for all that somebody has somewhere."""
    found = gaps.by_sector()
    asked = request.GET.get("sector", "")
    chosen: Sector | None = next((each.sector for each in found if each.sector.pk == asked), None)
    sectors = [chosen] if chosen else [each.sector for each in found if not each.nobody_anywhere]
    places = gaps.places(sectors, today=timezone.localdate())
    context = {
        "sectors": found,
        "chosen": chosen,
        "page": _page(request, places),
        "postcode_count": sum(len(place.postcodes) for place in places),
        "searched": gaps.most_searched(today=timezone.localdate()),
        "map": gaps.draw(places),
        "days": gaps.SEARCHED_DAYS,
    }
    return render(request, "administration/gaps.html", context)


def _list(request: HttpRequest, kind: str, title: str, lines: Sequence[Any]) -> HttpResponse:
    context = {"kind": kind, "title": title, "page": _page(request, lines)}
    return render(request, "administration/list.html", context)


def _page(request: HttpRequest, lines: Sequence[Any]) -> Page[Any]:
    return Paginator(lines, PER_PAGE).get_page(request.GET.get("pagina"))
