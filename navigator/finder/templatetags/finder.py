"""How templates name and link what the directory knows."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

import phonenumbers
from django import template
from django.urls import reverse, translate_url
from django.utils.formats import number_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from regions import versions
from regions.answers import Answer, Choice
from regions.markdown import to_html
from regions.models import Province, RegionalOffice, SupportType
from regions.opening import Opening, opening as opening_at
from regions.profiles import Profile

register = template.Library()


@register.filter
def sector_name(code: str) -> str:
    """The name of a sector in the language of the page."""
    term = versions.current().sectors.get(code)
    return term.name if term else code


@register.filter
def support_name(code: str) -> str:
    """The name of a type of support in the language of the page."""
    term = versions.current().support_types.get(code)
    return term.name if term else code


@register.filter
def support_kind(code: str) -> str:
    """The code of the kind that a type of support belongs to."""
    term = versions.current().support_types.get(code)
    return term.kind if term else ""


@register.filter
def kind_name(kind: str) -> str:
    """The name of a kind of support."""
    return str(SupportType.Kind(kind).label)


@register.filter
def province_name(code: str) -> str:
    """The name of a province."""
    return str(Province(code).label)


@register.filter
def email_response_name(code: str) -> str:
    """How fast an office answers its mail: "within two working days"."""
    return str(RegionalOffice.EmailResponse(code).label)


@register.filter
def way_name(code: str) -> str:
    """A way to contact an office: "by phone"."""
    return str(RegionalOffice.Way(code).label)


@register.filter
def markdown(text: str) -> SafeString:
    """A text of an editor as harmless HTML; see `regions.markdown`."""
    return to_html(text)


@register.filter
def phone_display(number: str) -> str:
    """A phone number as people write it: 030 227 0374; others with their country code.

    What is no number in the international form stays as it is.
    """
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    form = (
        phonenumbers.PhoneNumberFormat.NATIONAL
        if parsed.country_code == 31
        else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    )
    return phonenumbers.format_number(parsed, form)


@register.filter
def host(url: str) -> str:
    """The host of a web address, without `www.`."""
    return (urlsplit(url).hostname or url).removeprefix("www.")


@register.filter
def distance(km: float) -> str:
    """A distance in words: "less than 1 km", "3.4 km"."""
    if km < 1:
        return gettext("less than 1 km")
    return gettext("%(number)s km") % {"number": number_format(km, decimal_pos=1)}


@register.simple_tag
def opening(office: Profile, now: datetime) -> Opening | None:
    """Whether the office answers the phone now, until when, or from when; None when unknown."""
    return opening_at(office.phone_hours, now)


@register.simple_tag
def office_link(office: Profile, answer: Answer | str = "", carried: Any = "") -> str:
    """The address of a profile, with the question that led to it and the source of the visit."""
    asked = _question(answer) if isinstance(answer, Answer) else {}
    return _address(reverse("finder:office", args=[office.slug]), asked, carried)


@register.simple_tag
def search_link(carried: Any = "", **question: Any) -> str:
    """The address of the answer to a question: postcode=, place=, municipality=, sector=."""
    return _address(reverse("finder:search"), question, carried)


@register.simple_tag
def list_link(sector: str, carried: Any = "") -> str:
    """The address of the list of the offices for a sector."""
    return _address(reverse("finder:office_list"), {"sector": sector}, carried)


@register.simple_tag
def choice_link(choice: Choice, answer: Answer, carried: Any = "") -> str:
    """The address of the answer for the place or municipality that is chosen."""
    filters = {"sector": answer.sector, "support": answer.support}
    return _address(reverse("finder:search"), {**choice.query, **filters}, carried)


@register.simple_tag(takes_context=True)
def language_link(context: Mapping[str, Any], code: str) -> str:
    """The address of this page in another language, with its question as it was understood.

    Not as it came in: the page is made once for all who ask the same.
    """
    path = str(translate_url(context["request"].path, code))
    return path + (context.get("own_query") or context.get("carried_query") or "")


@register.simple_tag(takes_context=True)
def page_link(context: Mapping[str, Any], code: str = "") -> str:
    """The full address of this page without its question, in a language if one is named."""
    request = context["request"]
    path = translate_url(request.path, code) if code else request.path
    return str(request.build_absolute_uri(path))


def _question(answer: Answer) -> dict[str, Any]:
    asked: dict[str, Any] = {"sector": answer.sector, "support": answer.support}
    chosen = [choice for choice in answer.choices if choice.chosen]
    if answer.postcode:
        asked |= {"postcode": answer.postcode}
        asked |= {"municipality": chosen[0].municipality.code} if chosen else {}
    elif answer.municipality:
        asked |= {"place": answer.place, "municipality": answer.municipality.code}
    return asked


def _address(path: str, question: Mapping[str, Any], carried: Any) -> str:
    asked = {name: value for name, value in question.items() if value}
    query = urlencode({**asked, **(carried or {})}, doseq=True)
    return f"{path}?{query}" if query else path
