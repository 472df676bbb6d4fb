"""Finds personal data in a text that should hold none: e-mail addresses, phone numbers, citizen
service numbers.

It looks for what it can be sure of. A name it can't tell from any other word, so the form warns.
"""

import re
from enum import StrEnum
from typing import Final

import phonenumbers

_EMAIL: Final = re.compile(r"[^\s@<>()]+\s?@\s?[^\s@<>()]+\.[^\s@<>().]{2,}")
_DIGITS: Final = re.compile(r"(?<![\w,])\d(?:[\s.\-]?\d){7,8}(?![\w])")
# One date in eleven would pass the 11-test, and some are phone numbers somewhere.
_DATE: Final = re.compile(
    r"(?<!\d)(?:[0-3]?\d([-/.])[01]?\d\1(?:19|20)\d\d|(?:19|20)\d\d-[01]\d-[0-3]\d)(?!\d)"
)
_BSN_WEIGHTS: Final = (9, 8, 7, 6, 5, 4, 3, 2, -1)


class Personal(StrEnum):
    """What was found."""

    EMAIL = "email"
    PHONE = "phone"
    CITIZEN_NUMBER = "citizen_number"


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
    return [kind for kind in Personal if kind in found]


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
