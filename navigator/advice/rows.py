"""What the desk found -> rows under headings, with all that is needed on the phone."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Final

from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, gettext_lazy as _

from navigator.advice.copying import Text, texts_about
from navigator.advice.found import Found
from regions import versions
from regions.answers import Answer, How, Match, Outcome
from regions.opening import Opening, opening
from regions.profiles import Profile

SHORT_SUPPORT: Final[dict[str, str | Promise]] = {
    "personal-conversation": _("advice"),
    "shadowing-day": _("shadowing day"),
    "school-open-day": _("open day at a school"),
    "institute-open-day": _("open day at an institute"),
    "information-meeting": _("information meeting"),
    "webinar": _("webinar"),
    "other-orientation": _("other orientation"),
    "matching": _("finding a school"),
    "vacancies": _("vacancies"),
    "lateral-entry": _("lateral entry"),
    "articles": _("articles"),
    "videos": _("videos"),
    "podcasts": _("podcasts"),
    "blogs": _("blogs"),
    "news": _("news"),
    "experiences": _("experiences"),
    "other-information": _("other information"),
}


@dataclass(frozen=True, slots=True)
class Word:
    """A type of support in a word or two, and whether it was asked for."""

    text: str
    is_asked: bool


@dataclass(frozen=True, slots=True)
class Row:
    """An office as an advisor needs it on the phone."""

    office: Profile
    opening: Opening | None  # None: no phone hours known
    how: How | None  # that it serves the asked place; None: it doesn't, or none was asked
    distance_km: float | None  # None: it serves the place, or none was asked
    municipalities: tuple[str, ...]  # of a split postcode: those that it serves
    part: tuple[int, int] | None  # of a place: how many of how many postcodes it serves
    support: tuple[Word, ...]
    texts: tuple[Text, ...]
    is_picked: bool

    # What is the same for everybody who asks is made once, since a page can have twenty rows.

    @property
    def ways_html(self) -> SafeString:
        """How to reach it now; until the phone opens or closes."""
        until = self.opening.valid_until if self.opening else None
        context = {"office": self.office, "phone": self.opening}
        return self._made("desk_ways", until, context)

    @property
    def buttons_html(self) -> SafeString:
        """What can be done with it, besides marking it."""
        return self._made("desk_buttons", None, {"office": self.office, "texts": self.texts})

    @property
    def texts_html(self) -> SafeString:
        """The ready texts, and how fresh its facts are."""
        return self._made("desk_texts", None, {"office": self.office, "texts": self.texts})

    def _made(self, name: str, until: datetime | None, context: dict[str, Any]) -> SafeString:
        key = (name, self.office.slug, get_language(), until)
        return versions.prepared(key, partial(render_to_string, f"components/{name}.html", context))


@dataclass(frozen=True, slots=True)
class Group:
    """Rows under a heading."""

    code: str
    title: str
    rows: tuple[Row, ...]


def groups(found: Found, *, picked: Collection[str], at: datetime) -> tuple[Group, ...]:
    """The rows for what was found at the moment `at`; no query, and no group is empty.

    `picked` holds the slugs of the offices that are marked.
    """
    named = _named(found) if found.answer is None else _answered(found.answer)
    made = (
        Group(
            code,
            title,
            tuple(_row(match, found=found, picked=picked, at=at) for match in matches),
        )
        for code, title, matches in named
    )
    return tuple(group for group in made if group.rows)


def short_support(code: str) -> str:
    """A type of support in a word or two; one that is new goes by its code."""
    return str(SHORT_SUPPORT.get(code, code))


def _answered(answer: Answer) -> Iterator[tuple[str, str, Iterable[Match]]]:
    narrowed = answer.sector or answer.support
    nearby = ("nearby", gettext("Nearby"), answer.nearby)
    other = ("other", gettext("Serve this place, but not all that is asked"), answer.other)
    nationwide = ("nationwide", gettext("For the whole country"), answer.nationwide)
    fitting = gettext("Serve this place and fit") if narrowed else gettext("Serve this place")
    yield ("fitting", fitting, answer.fitting)
    # Where nobody has what is asked, who is near and has it says more than who is here.
    is_gap = answer.outcome is Outcome.NO_OFFICE
    yield from (nearby, nationwide, other) if is_gap else (other, nearby, nationwide)


def _named(found: Found) -> Iterator[tuple[str, str, Iterable[Match]]]:
    fitting = [match for match in found.offices if match.matches]
    yield ("fitting", gettext("Offices"), fitting)
    other = [match for match in found.offices if not match.matches]
    yield ("other", gettext("Without all that is asked"), other)


def _row(match: Match, *, found: Found, picked: Collection[str], at: datetime) -> Row:
    office = match.office
    return Row(
        office=office,
        opening=opening(office.phone_hours, at) if office.phone else None,
        how=match.how,
        distance_km=match.distance_km if found.answer and match.how is None else None,
        municipalities=match.municipalities,
        part=match.part,
        support=tuple(
            Word(short_support(offered.code), offered.code in found.support)
            for offered in office.support
        ),
        texts=texts_about(office),
        is_picked=office.slug in picked,
    )
