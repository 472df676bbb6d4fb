"""How pages write numbers and differences."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django import template
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext

register = template.Library()


@dataclass(frozen=True, slots=True)
class Difference:
    """A change: its sign to look at, and its words."""

    kind: str  # "more", "less", "same" or "none"
    arrow: str
    words: str


@register.filter
def number(value: Any) -> str:
    """A number as the language of the page writes it; a dash for none.

    Whole numbers in groups of three, others with one decimal. What is kept back stays as it is.
    """
    if value is None:
        return "–"
    if isinstance(value, Decimal):
        return str(number_format(value, decimal_pos=1, force_grouping=True))
    if isinstance(value, int):
        return str(number_format(value, force_grouping=True))
    return str(value)


@register.filter
def percent(value: Decimal | None) -> str:
    """A share in percent, with its sign."""
    if value is None:
        return "–"
    return gettext("%(number)s%%") % {"number": number(value)}


@register.filter
def difference(change: Decimal | None) -> Difference:
    """A change in percent, in words and with an arrow."""
    if change is None:
        return Difference("none", "", gettext("no comparison"))
    if not change:
        return Difference("same", "=", gettext("the same"))
    if change > 0:
        return Difference("more", "▲", gettext("%(number)s%% more") % {"number": number(change)})
    return Difference("less", "▼", gettext("%(number)s%% less") % {"number": number(-change)})


@register.filter
def in_words(day: date) -> str:
    """A day such as 3 November 2026."""
    return date_format(day, "j F Y")


@register.simple_tag
def query(question: Any, **more: str) -> str:
    """An address's question: the period or nothing, and what is said beyond it."""
    return f"?{urlencode({**(question or {}), **more})}"
