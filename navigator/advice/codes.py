"""Codes of slips: short, read aloud over the phone, and proof against a slip of tongue or ear.

Seven characters out of nineteen that neither look nor sound alike (no 0 and O, 1 and I, 5 and S,
8 and B; no vowels, so that they form no words). The last one checks the others: weighed by their
places, the values add up to a multiple of 19. Nineteen is prime, so every single wrong character
and every swap of two neighbours is noticed.
"""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

CHARACTERS: Final = "234679CDFHJKMPRTVWX"
LENGTH: Final = 7
_VALUES: Final = {character: value for value, character in enumerate(CHARACTERS)}
_BETWEEN: Final = re.compile(r"[\s.\-‐‑‒–—−_]")
_MOST_TYPED: Final = 60

MESSAGES: Final[Mapping[str, Promise]] = {
    "empty": _("Type the code, such as C3D4-F6H."),
    "unknown_character": _(
        "“%(character)s” doesn't occur in a code. Letters and digits that look or sound like "
        "others are left out. Ask for the code again."
    ),
    "wrong_length": _("A code has %(length)s letters and digits; this has %(given)s."),
    "wrong_check": _(
        "This is not a code: a letter or digit was misheard, or two were swapped. Ask for it again."
    ),
}

# The spelling alphabets of the Dutch and the international telephone; digits are said as they are.
SPOKEN: Final[Mapping[str, Mapping[str, str]]] = {
    "nl": {
        "2": "twee",
        "3": "drie",
        "4": "vier",
        "6": "zes",
        "7": "zeven",
        "9": "negen",
        "C": "Cornelis",
        "D": "Dirk",
        "F": "Ferdinand",
        "H": "Hendrik",
        "J": "Johan",
        "K": "Karel",
        "M": "Maria",
        "P": "Pieter",
        "R": "Rudolf",
        "T": "Theodoor",
        "V": "Victor",
        "W": "Willem",
        "X": "Xantippe",
    },
    "en": {
        "2": "two",
        "3": "three",
        "4": "four",
        "6": "six",
        "7": "seven",
        "9": "nine",
        "C": "Charlie",
        "D": "Delta",
        "F": "Foxtrot",
        "H": "Hotel",
        "J": "Juliett",
        "K": "Kilo",
        "M": "Mike",
        "P": "Papa",
        "R": "Romeo",
        "T": "Tango",
        "V": "Victor",
        "W": "Whiskey",
        "X": "X-ray",
    },
}


class CodeError(ValueError):
    """What was typed is no code. `code` is one of `MESSAGES`."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.params = params

    @property
    def message(self) -> str:
        """What is wrong and what to do, in the language of the moment."""
        return str(MESSAGES[self.code] % self.params)


@dataclass(frozen=True, slots=True)
class Spoken:
    """A character of a code and the word by which it is read aloud."""

    character: str
    word: str


def make() -> str:
    """A new code, at random; whether another slip has it is for the caller."""
    own = "".join(secrets.choice(CHARACTERS) for _place in range(LENGTH - 1))
    return own + check_character(own)


def check_character(own: str) -> str:
    """The character that goes behind the first six: its own weight is 1."""
    return CHARACTERS[-_weighed(own) % len(CHARACTERS)]


def read(typed: str) -> str:
    """The code in what somebody typed: small letters, spaces and hyphens are fine.

    Raises CodeError.
    """
    characters = _BETWEEN.sub("", typed[:_MOST_TYPED]).upper()
    if not characters:
        raise CodeError("empty")
    for character in characters:
        if character not in _VALUES:
            raise CodeError("unknown_character", character=character)
    if len(characters) != LENGTH:
        raise CodeError("wrong_length", length=LENGTH, given=len(characters))
    if _weighed(characters) % len(CHARACTERS):
        raise CodeError("wrong_check")
    return characters


def shown(code: str) -> str:
    """A code as people read it: C3D4-F6H."""
    return f"{code[:4]}-{code[4:]}"


def spoken(code: str, language: str) -> tuple[Spoken, ...]:
    """A code as it is read aloud, character by character."""
    words = SPOKEN[language]
    return tuple(Spoken(character, words[character]) for character in code)


def _weighed(characters: str) -> int:
    """The sum of the values, each times the weight of its place: 7, 6, … 1."""
    return sum(_VALUES[character] * (LENGTH - place) for place, character in enumerate(characters))
