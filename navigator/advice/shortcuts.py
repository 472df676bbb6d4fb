"""The keys of the desk: declared once, for its pages, its overlay and its documentation.

A key is written as the browser names it. Single keys never work while somebody types, nor with
Ctrl, Alt or Meta, and can be switched off (WCAG 2.1.4); the others always work.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Part(StrEnum):
    """Where a key works."""

    DESK = "desk"
    SECTOR = "sector"
    SUPPORT = "support"
    ROW = "row"
    CONVERSATION = "conversation"


@dataclass(frozen=True, slots=True)
class Shortcut:
    """A key and what it does. `stands_for` is the code of the sector or type of support."""

    part: Part
    keys: tuple[str, ...]
    words: str | Promise
    stands_for: str = ""
    is_single: bool = True

    @property
    def shown(self) -> tuple[str, ...]:
        """Its keys as they are printed on a keyboard."""
        return tuple(_PRINTED.get(key, key) for key in self.keys)


@dataclass(frozen=True, slots=True)
class Group:
    """The keys of one part of the desk, under a heading."""

    title: str | Promise
    shortcuts: tuple[Shortcut, ...]


_PRINTED: Final = {
    "ArrowDown": "↓",
    "ArrowUp": "↑",
    "Escape": "Esc",
    "Control+Enter": "Ctrl + Enter",
}
SECTOR_KEYS: Final = {
    "": "0",
    "po": "1",
    "vo": "2",
    "mbo": "3",
    "ho": "4",
    "so": "5",
    "pro": "6",
    "vavo": "7",
}
SUPPORT_KEYS: Final = {
    "personal-conversation": "p",
    "shadowing-day": "d",
    "school-open-day": "o",
    "institute-open-day": "i",
    "information-meeting": "b",
    "webinar": "w",
    "matching": "h",
    "vacancies": "v",
    "lateral-entry": "z",
}
_SUPPORT_WORDS: Final = {
    "personal-conversation": _("With personal advice"),
    "shadowing-day": _("With shadowing days"),
    "school-open-day": _("With open days at schools"),
    "institute-open-day": _("With open days at training institutes"),
    "information-meeting": _("With information meetings"),
    "webinar": _("With webinars"),
    "matching": _("With help to find a school"),
    "vacancies": _("With vacancies"),
    "lateral-entry": _("With lateral entry"),
}
_SECTOR_WORDS: Final = {
    "": _("All sectors"),
    "po": _("Primary education"),
    "vo": _("Secondary education"),
    "mbo": _("Vocational education"),
    "ho": _("Higher education"),
    "so": _("Special education"),
    "pro": _("Practical secondary education"),
    "vavo": _("Adult general secondary education"),
}

SHORTCUTS: Final = (
    Shortcut(Part.DESK, ("/",), _("To the search field")),
    Shortcut(Part.DESK, ("Escape",), _("Out of the search field"), is_single=False),
    Shortcut(
        Part.DESK, ("ArrowDown",), _("From the search field to the first office"), is_single=False
    ),
    Shortcut(Part.DESK, ("?",), _("This list")),
    *(
        Shortcut(Part.SECTOR, (key,), _SECTOR_WORDS[code], code)
        for code, key in SECTOR_KEYS.items()
    ),
    *(
        Shortcut(Part.SUPPORT, (key,), _SUPPORT_WORDS[code], code)
        for code, key in SUPPORT_KEYS.items()
    ),
    Shortcut(Part.ROW, ("ArrowDown", "j"), _("Next office")),
    Shortcut(Part.ROW, ("ArrowUp", "k"), _("Previous office")),
    Shortcut(Part.ROW, ("x",), _("Mark the office, or take the mark away")),
    Shortcut(Part.ROW, ("c",), _("Copy the text for chat or mail in Dutch")),
    Shortcut(Part.ROW, ("e",), _("Copy the text for chat or mail in English")),
    Shortcut(Part.ROW, ("f",), _("Something is wrong: propose a correction")),
    Shortcut(Part.ROW, ("Enter",), _("Open the page of the office"), is_single=False),
    Shortcut(Part.CONVERSATION, ("n",), _("New conversation")),
    Shortcut(Part.CONVERSATION, ("r",), _("To the registration")),
    Shortcut(Part.CONVERSATION, ("[",), _("Previous conversation")),
    Shortcut(Part.CONVERSATION, ("]",), _("Next conversation")),
    Shortcut(
        Part.CONVERSATION,
        ("Control+Enter",),
        _("Register, from within the form"),
        is_single=False,
    ),
    Shortcut(Part.CONVERSATION, ("l",), _("Make a list for the candidate")),
    Shortcut(Part.CONVERSATION, ("s",), _("Make a referral slip")),
    Shortcut(Part.CONVERSATION, ("g",), _("My conversations of today")),
)
_TITLES: Final = {
    Part.DESK: _("Anywhere on the desk"),
    Part.SECTOR: _("Sector"),
    Part.SUPPORT: _("Support"),
    Part.ROW: _("On an office"),
    Part.CONVERSATION: _("Conversation"),
}


def groups() -> Iterator[Group]:
    """All keys, by the part of the desk where they work."""
    for part in Part:
        shortcuts = tuple(shortcut for shortcut in SHORTCUTS if shortcut.part is part)
        yield Group(_TITLES[part], shortcuts)
