"""Finds personal data in a text that should hold none: e-mail addresses, phone numbers, citizen
service numbers, full postcodes.

It looks for what it can be sure of. A name it can't tell from any other word, so the form warns.
"""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Final

import phonenumbers
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_EMAIL: Final = re.compile(r"[^\s@<>()]+\s?@\s?[^\s@<>()]+\.[^\s@<>().]{2,}")
_DIGITS: Final = re.compile(r"(?<![\w,])\d(?:[\s.\-]?\d){7,8}(?![\w])")
# One date in eleven would pass the 11-test, and some are phone numbers somewhere.
_DATE: Final = re.compile(
    r"(?<!\d)(?:[0-3]?\d([-/.])[01]?\d\1(?:19|20)\d\d|(?:19|20)\d\d-[01]\d-[0-3]\d)(?!\d)"
)
# Four digits and two letters; with a space between them small letters can be a word.
_POSTCODE: Final = re.compile(
    r"(?<![\w.,/-])([1-9][0-9]{3})(?:([A-Z]{2}|[a-z]{2})|(?:\s+|\s?-\s?)([A-Za-z]{2}))(?![\w'’])"
)
_YEAR: Final = re.compile("19[5-9][0-9]|20[0-9]{2}")
_SECTORS: Final = frozenset({"po", "vo", "ho", "so"})  # as in "start 2027 PO"
_SHORT_WORD: Final = re.compile(
    "a[flnst]|by|d[eo]|e[nru]|fe|g[ao]|h[eèo]|i[fknst]|j[ae]|k[gm]|m[ey]|n[aloru]|o[fmnpr]|po|s[ot]|"
    "t[emo]|u[pu]|vo|w[eo]|z[eo]"
)
_BSN_WEIGHTS: Final = (9, 8, 7, 6, 5, 4, 3, 2, -1)


class Personal(StrEnum):
    """What was found."""

    EMAIL = "email"
    PHONE = "phone"
    CITIZEN_NUMBER = "citizen_number"
    POSTCODE = "postcode"


# What to tell who typed it, wherever that was.
MESSAGES: Final[Mapping[str, Promise]] = {
    Personal.EMAIL.value: _(
        "This looks like an e-mail address. Take it out: no personal data belongs here."
    ),
    Personal.PHONE.value: _(
        "This looks like a phone number. Take it out: no personal data belongs here."
    ),
    Personal.CITIZEN_NUMBER.value: _(
        "This looks like a citizen service number. Take it out: no personal data belongs here."
    ),
    Personal.POSTCODE.value: _(
        "This looks like a full postcode, which tells where somebody lives. Leave out its letters."
    ),
}


def found_in(text: str) -> list[Personal]:
    """The kinds of personal data in a text, in the order of `Personal`; empty when none is seen."""
    text = _DATE.sub(" ; ", text)
    found = set()
    if _EMAIL.search(text):
        found.add(Personal.EMAIL)
    if _has_phone_number(text):
        found.add(Personal.PHONE)
    if any(_is_citizen_number(match.group()) for match in _DIGITS.finditer(text)):
        found.add(Personal.CITIZEN_NUMBER)
    if any(_is_postcode(*match.groups("")) for match in _POSTCODE.finditer(text)):
        found.add(Personal.POSTCODE)
    return [kind for kind in Personal if kind in found]


def _is_postcode(digits: str, close: str, apart: str) -> bool:
    """Whether these letters make a postcode of these digits, rather than a word behind a number."""
    if close:
        return True
    if apart.isupper():
        return not (_YEAR.fullmatch(digits) and apart.lower() in _SECTORS)
    return not _SHORT_WORD.fullmatch(apart.lower())


def _has_phone_number(text: str) -> bool:
    """Dutch and international numbers, with any of the usual separators."""
    matcher = phonenumbers.PhoneNumberMatcher(text, "NL", leniency=phonenumbers.Leniency.VALID)
    return any(True for _match in matcher)


def _is_citizen_number(digits: str) -> bool:
    """The 11-test of the burgerservicenummer: eight digits get a 0 in front (Wabb, article 1)."""
    number = re.sub(r"\D", "", digits).zfill(9)
    if not any(figure != "0" for figure in number):
        return False
    total = sum(int(figure) * weight for figure, weight in zip(number, _BSN_WEIGHTS, strict=True))
    return total % 11 == 0
