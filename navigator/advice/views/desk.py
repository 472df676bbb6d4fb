"""The advisors' desk: look up, pick, and register, on one page."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Self
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext

from navigator.advice import names, rows, shortcuts
from navigator.advice.doors import advisors_only
from navigator.advice.found import Found, State
from navigator.advice.lookup import look_up
from navigator.advice.panel import panel_context
from navigator.methods import SeeOther, takes
from regions import versions
from regions.answers import UnknownSector, UnknownSupport
from regions.postcodes import cut_to_digits

MOST_PICKED: Final = 30


@dataclass(frozen=True, slots=True)
class Asked:
    """What stands in the address of the desk."""

    typed: str
    sector: str
    support: tuple[str, ...]
    picked: tuple[str, ...]  # slugs of the marked offices, where no script keeps them

    @classmethod
    def from_query(cls, query: QueryDict) -> Self:
        """What is asked; offices that aren't published are no longer marked."""
        offices = versions.current().profiles
        picked = dict.fromkeys(slug for slug in query.getlist("gekozen") if slug in offices)
        return cls(
            typed=cut_to_digits(query.get("q", "")),
            sector=query.get("sector", ""),
            support=tuple(dict.fromkeys(query.getlist("support"))),
            picked=tuple(picked)[:MOST_PICKED],
        )

    def marked(self, *, more: str, less: str) -> Self:
        """The same with an office marked, or no longer."""
        offices = versions.current().profiles
        kept = dict.fromkeys(slug for slug in (*self.picked, more) if slug in offices)
        kept.pop(less, None)
        return replace(self, picked=tuple(kept)[:MOST_PICKED])

    def query(self, **other: str) -> str:
        """The question as the end of an address; `other` values go before the own ones."""
        asked: dict[str, str | Iterable[str]] = {
            "q": self.typed,
            "sector": self.sector,
            "support": self.support,
            "gekozen": self.picked,
            **other,
        }
        filled = {name: value for name, value in asked.items() if value}
        return f"?{urlencode(filled, doseq=True)}" if filled else ""


@takes("GET", "HEAD")
@advisors_only
def desk(request: HttpRequest) -> HttpResponse:
    """The desk as a page, or for htmx the answer alone, with the address that shows it.

    Without scripts a mark is set by `erbij` and taken away by `eraf`; then the address goes on to
    one that can be loaded again.
    """
    asked = Asked.from_query(request.GET)
    more, less = request.GET.get("erbij", ""), request.GET.get("eraf", "")
    if more or less:
        return SeeOther(reverse("advice:desk") + asked.marked(more=more, less=less).query())
    if not getattr(request, "htmx", False):
        return page(request)
    context, status = _answer(asked)
    response = render(request, "advice/desk.html#answer", context, status=status)
    if status == 200:
        response.headers["HX-Replace-Url"] = reverse("advice:desk") + asked.query()
    patch_vary_headers(response, ("HX-Request",))
    return response


def page(
    request: HttpRequest, *, panel: Mapping[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    """The whole desk; `panel` is the context of its conversation panel, where that is not new."""
    asked = Asked.from_query(request.GET)
    names.current()  # so that the first letter that is typed doesn't wait for them
    context, own_status = _answer(asked)
    whole = {
        **context,
        **_filters(asked),
        "own_query": asked.query(),
        "shortcut_groups": tuple(shortcuts.groups()),
        **(panel_context(request) if panel is None else panel),
    }
    response = render(request, "advice/desk.html", whole, status=max(status, own_status))
    patch_vary_headers(response, ("HX-Request",))
    return response


def _answer(asked: Asked) -> tuple[dict[str, Any], int]:
    now = timezone.now()
    status = 200
    try:
        found = look_up(typed=asked.typed, sector=asked.sector, support=asked.support)
    except UnknownSector:
        found, status = _wrong(gettext("We don't know this sector. Choose one from the list.")), 400
    except UnknownSupport:
        told = gettext("We don't know this kind of support. Choose from the list.")
        found, status = _wrong(told), 400
    context = {
        "asked": asked,
        "found": found,
        "groups": rows.groups(found, picked=asked.picked, at=now),
        "choices": _links(asked, found.choices),
        "also": _links(asked, found.also),
        "now": now,
    }
    return context, status


def _wrong(problem: str) -> Found:
    return Found(State.NOTHING, problem=problem)


def _links(asked: Asked, readings: Iterable[Any]) -> list[dict[str, Any]]:
    return [{"reading": reading, "query": asked.query(q=reading.typed)} for reading in readings]


def _filters(asked: Asked) -> dict[str, Any]:
    """What can be ticked, with the keys that do it; without a key last."""
    directory = versions.current()
    sectors = [("", gettext("All sectors"))]
    sectors += [(term.code, term.name) for term in directory.sectors.values()]
    support = [
        {
            "code": term.code,
            "name": rows.short_support(term.code),
            "key": shortcuts.SUPPORT_KEYS.get(term.code, ""),
            "is_chosen": term.code in asked.support,
        }
        for term in directory.support_types.values()
    ]
    return {
        "sectors": [
            {
                "code": code,
                "name": name,
                "key": shortcuts.SECTOR_KEYS.get(code, ""),
                "is_chosen": code == asked.sector,
            }
            for code, name in sectors
        ],
        "support_with_key": [each for each in support if each["key"]],
        "support_without_key": [each for each in support if not each["key"]],
    }
