"""The text about an office that an advisor pastes into a chat or a mail."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.formats import time_format
from django.utils.translation import gettext as _

from navigator import post
from regions import versions
from regions.models import PhoneHours
from regions.opening import Hours
from regions.profiles import Profile

LANGUAGES = ("nl", "en")


@dataclass(frozen=True, slots=True)
class Text:
    """A text that is ready to be pasted, and its language."""

    language: str
    body: str


def texts_about(office: Profile) -> tuple[Text, ...]:
    """The text about an office in Dutch and in English: how to reach it, when, and its page.

    No query. Made once for each version of the directory.
    """
    return tuple(Text(language, text_about(office, language)) for language in LANGUAGES)


def text_about(office: Profile, language: str) -> str:
    """The text about an office in one language."""
    key = ("advice text", office.slug, language)
    return versions.prepared(key, partial(_written, office, language))


def _written(office: Profile, language: str) -> str:
    with translation.override(language):
        address = post.full_address(reverse("finder:office", args=[office.slug]))
        context = {"office": office, "hours": hours_in_words(office.phone_hours)}
        text = render_to_string("advice/office_text.txt", {**context, "address": address})
    return text.strip() + "\n"


def hours_in_words(hours: Sequence[Hours]) -> str:
    """Phone hours in a line, in the language of the moment: "Monday to Thursday 9:00-17:00"."""
    return "; ".join(_groups_of_days(hours))


def _groups_of_days(hours: Sequence[Hours]) -> Iterator[str]:
    days = [
        (day, [span for span in hours if span.weekday == day])
        for day in sorted({span.weekday for span in hours})
    ]
    # Days in a row with the same hours share a number: the weekday less its place in the list.
    numbered = [(day - at, _spans(spans), day) for at, (day, spans) in enumerate(days)]
    for (_row, spans), group in groupby(numbered, key=lambda each: each[:2]):
        same = [day for _row, _spans, day in group]
        yield f"{_days(same)} {spans}"


def _days(days: list[int]) -> str:
    first, last = (str(PhoneHours.Weekday(day).label) for day in (days[0], days[-1]))
    if len(days) == 1:
        return first
    if len(days) == 2:
        return _("%(first)s and %(last)s") % {"first": first, "last": last}
    return _("%(first)s to %(last)s") % {"first": first, "last": last}


def _spans(spans: list[Hours]) -> str:
    return ", ".join(
        f"{time_format(span.opens, 'TIME_FORMAT')}–{time_format(span.closes, 'TIME_FORMAT')}"
        for span in sorted(spans, key=lambda span: span.opens)
    )
