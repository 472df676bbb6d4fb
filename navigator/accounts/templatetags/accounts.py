"""Where somebody who is logged in can go."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import template
from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext

from navigator.accounts import rules

register = template.Library()


@dataclass(frozen=True, slots=True)
class Place:
    """A link of the inner navigation."""

    address: str
    name: str
    is_here: bool


@register.simple_tag(takes_context=True)
def inner_places(context: Mapping[str, Any]) -> list[Place]:
    """The parts of the inner pages that are open to the user, the present one marked."""
    request = context["request"]
    places = list(_open_to(request.user))
    # A place may stand within another one: the nearest is where somebody is.
    around = (address for address, _name in places if request.path.startswith(address))
    here = max(around, default="", key=len)
    return [Place(address, name, address == here) for address, name in places]


def _open_to(user: rules.Somebody) -> Iterator[tuple[str, str]]:
    if rules.is_advisor(user):
        yield from _link("advice:desk", gettext("Advisors' desk"))
    if rules.is_editor(user):
        yield from _link("editing:overview", gettext("My region"))
        yield from _link("editing:referrals", gettext("Referrals"))
        if not rules.may_manage_people(user):  # they have a page with everybody
            yield from _link("people:colleagues", gettext("Colleagues"))
    if rules.is_administrator(user):
        yield from _link("administration:overview", gettext("Administration"))
    yield from _link("account_overview", gettext("My account"))


def _link(view_name: str, name: str) -> Iterator[tuple[str, str]]:
    """The link, unless the address doesn't exist."""
    try:
        yield reverse(view_name), name
    except NoReverseMatch:
        return


@dataclass(frozen=True, slots=True)
class Way:
    """Another way to log in."""

    address: str
    name: str


@register.simple_tag
def single_sign_on(next_address: str | None = "") -> list[Way]:
    """The providers that somebody can log in with; most often none."""
    query = f"?{urlencode({REDIRECT_FIELD_NAME: next_address})}" if next_address else ""
    apps = settings.SOCIALACCOUNT_PROVIDERS.get("openid_connect", {}).get("APPS", [])
    return [
        Way(reverse("openid_connect_login", args=[app["provider_id"]]) + query, app["name"])
        for app in apps
    ]
