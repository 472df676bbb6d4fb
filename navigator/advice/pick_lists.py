"""Pick lists: what an advisor picks while talking -> a page under an address that nobody guesses.

Nothing on it tells for whom it is. Who may see which is asked in `navigator.accounts.rules`.
"""

import re
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field as given
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from navigator.accounts.models import User
from navigator.advice import personal
from navigator.advice.models import PickList, PickListItem
from navigator.advice.personal import found_in
from regions import cleaning, versions
from regions.cleaning import Unclean

STAYS: Final = timedelta(days=90)
MOST_ITEMS: Final = 20
_MOST_OF_TITLE: Final = 120
_MOST_OF_ADDRESS: Final = 300
_KEY_BYTES: Final = 24
# In the question of an address six characters can only be meant as a postcode.
_POSTCODE: Final = re.compile(r"\s*[1-9][0-9]{3}\s?[A-Za-z]{2}\s*")

MESSAGES: Final[Mapping[str, Promise]] = {
    "nothing": _("Mark at least one office, or give a link."),
    "too_many": _("A list holds at most %(most)s offices and links. This one has %(count)s."),
    "unknown_office": _(
        "One of these offices isn't in the directory any more. Take it out, or choose another."
    ),
    "unknown_language": _("Choose the language of the page."),
    "no_address": _("Give the web address of this link, or take its title out."),
    **personal.MESSAGES,
    "postcode_in_address": _(
        "This address holds a full postcode, which tells where somebody lives. Leave out its "
        "letters."
    ),
}


@dataclass(frozen=True, slots=True)
class Link:
    """A link of the advisor's own. Without a title its address is shown."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Mistake:
    """Why a list can't be made like this. `field` is offices, language, title or url; the last two
    with the `place` of the link."""

    field: str
    message: str
    place: int | None = None


class Refused(Exception):
    """The list can't be made; `mistakes` say why. Nothing was stored."""

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        super().__init__(", ".join(mistake.field for mistake in mistakes))
        self.mistakes = tuple(mistakes)


@dataclass(slots=True)
class _Cleaned:
    """What was given, in order and once each, and what is wrong with it."""

    offices: list[int] = given(default_factory=list)
    links: dict[str, str] = given(default_factory=dict)  # address -> title
    mistakes: list[Mistake] = given(default_factory=list)

    def wrong(self, field: str, code: str, place: int | None = None, **params: Any) -> None:
        self.mistakes.append(Mistake(field, str(MESSAGES[code] % params), place))


def make(
    *, offices: Iterable[str], links: Iterable[Link], language: str, by: User, at: datetime
) -> PickList:
    """A list of public offices, by slug, and links, in the order in which they are given.

    Raises Refused.
    """
    cleaned = _Cleaned()
    _clean_offices(offices, cleaned)
    _clean_links(links, cleaned)
    count = len(cleaned.offices) + len(cleaned.links)
    if not count and not cleaned.mistakes:
        cleaned.wrong("offices", "nothing")
    if count > MOST_ITEMS:
        cleaned.wrong("offices", "too_many", most=MOST_ITEMS, count=count)
    if language not in dict(settings.LANGUAGES):
        cleaned.wrong("language", "unknown_language")
    if cleaned.mistakes:
        raise Refused(cleaned.mistakes)
    return _stored(cleaned, language, by, at)


def withdraw(pick_list: PickList, *, at: datetime) -> bool:
    """Nobody can read it any more. Answers whether anybody could."""
    return bool(PickList.objects.open(at).filter(pk=pick_list.pk).update(withdrawn_at=at))


def find(key: str) -> PickList | None:
    """The list under a key, readable or not, with its items and their offices. Two queries."""
    return PickList.objects.filter(key=key).prefetch_related("items__office").first()


def is_open(pick_list: PickList, at: datetime) -> bool:
    """Whether a candidate can read it at this moment."""
    return pick_list.withdrawn_at is None and at < pick_list.expires_at


def count_opening(pick_list: PickList) -> None:
    """One more opening; never lost when two come at once. A query."""
    PickList.objects.filter(pk=pick_list.pk).update(opened_count=F("opened_count") + 1)


def _clean_offices(slugs: Iterable[str], cleaned: _Cleaned) -> None:
    profiles = versions.current().profiles
    for slug in dict.fromkeys(slugs):
        if slug in profiles:
            cleaned.offices.append(profiles[slug].id)
        else:
            cleaned.wrong("offices", "unknown_office")
            return


def _clean_links(links: Iterable[Link], cleaned: _Cleaned) -> None:
    for place, link in enumerate(links):
        title = _clean(cleaning.line, link.title, _MOST_OF_TITLE, "title", place, cleaned)
        url = _clean(cleaning.web_address, link.url, _MOST_OF_ADDRESS, "url", place, cleaned)
        for kind in found_in(title):
            cleaned.wrong("title", kind.value, place)
        if code := _personal_in_question(url):
            cleaned.wrong("url", code, place)
        if title and not link.url.strip():
            cleaned.wrong("url", "no_address", place)
        if url:
            cleaned.links.setdefault(url, title)


def _clean(tidy: Any, text: str, most: int, field: str, place: int, cleaned: _Cleaned) -> str:
    try:
        return str(tidy(text, most))
    except Unclean as error:
        cleaned.mistakes.append(Mistake(field, cleaning.message(error), place))
        return ""


def _personal_in_question(url: str) -> str:
    """What an address tells of a person behind its `?`, as the page of an earlier search may;
    the path of one is a name of a page."""
    for _name, value in parse_qsl(urlsplit(url).query):
        if "email" in found_in(value):
            return "email"
        if _POSTCODE.fullmatch(value):
            return "postcode_in_address"
    return ""


@transaction.atomic
def _stored(cleaned: _Cleaned, language: str, by: User, at: datetime) -> PickList:
    made = PickList.objects.create(
        key=secrets.token_urlsafe(_KEY_BYTES),
        language=language,
        made_by=by,
        made_at=at,
        expires_at=at + STAYS,
    )
    items = [
        *(PickListItem(office_id=office) for office in cleaned.offices),
        *(PickListItem(title=title, url=url) for url, title in cleaned.links.items()),
    ]
    for position, item in enumerate(items):
        item.pick_list, item.position = made, position
    PickListItem.objects.bulk_create(items)
    return made
