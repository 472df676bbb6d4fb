"""What people type -> four digits, or why not.

Six characters stand for about twenty addresses, so the letters are dropped here at once: they
are in no result and in no message.
"""

import re
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

MOST_CHARACTERS: Final = 200

# What may stand between the digits and the letters, or around both: spaces of every kind, those
# without width that are copied along from a web page, and hyphens.
_BETWEEN = r"[\s\u200b\u2060\ufeff\u2010-\u2015\u2212-]*"
_FOUR_DIGITS = re.compile(rf"{_BETWEEN}([0-9]{{4}}){_BETWEEN}([A-Za-z]{{2}})?{_BETWEEN}")
_NOTHING = re.compile(_BETWEEN)
# PostNL has never given these out (a decision that recalls 1940-1945).
_LETTERS_NOT_USED = frozenset({"SA", "SD", "SS"})

_LOOKS_LIKE_POSTCODE = re.compile(r"\d[\d\s-]*[^\W\d_]{0,2}\W*|\d\w*")
_MOST_CHARACTERS_OF_A_TRY = 10

_ANY_LETTERS = re.compile(rf"(?<![\w./])([1-9][0-9]{{3}}){_BETWEEN}[A-Za-z]{{1,2}}(?![A-Za-z0-9])")

_WITH_LETTERS = re.compile(
    r"(?<![\w./-])([1-9][0-9]{3})(?:[\s-]*[A-Z]{2}|[A-Za-z]{2}|[\s-]+([A-Za-z]{2}))(?!\w)"
)
# "Weg 1012 te Ede" has no postcode, though `te` could be its letters. Capitals always count.
_SHORT_WORDS = frozenset({"aan", "bs", "de", "en", "hs", "in", "nl", "nr", "of", "op", "te"})
_ALONE = re.compile(
    r"(?:^|[,;\n]|(?<!\w)[0-9]{1,5}[A-Za-z]{0,2}\s)\s*([1-9][0-9]{3})(?![\w./-])(?!\s*[0-9])"
)

_REASONS: Final[dict[str, str | Promise]] = {
    "not_text": _("A postcode is a text, such as “3011”."),
    "empty": _("Type your postcode, such as 3011, or the name of your place."),
    "too_long": _(
        "This is too long: a postcode or an address has at most 200 characters. Type the four "
        "digits of your postcode."
    ),
    "not_ascii_digits": _("Type your postcode with the ordinary digits 0 to 9, such as 3011."),
    "starts_with_zero": _("A Dutch postcode does not start with a 0. Check the four digits."),
    "letters_not_used": _(
        "No Dutch postcode has these two letters. Check them, or type the four digits alone."
    ),
    "not_a_postcode": _("This is not a Dutch postcode. Type four digits, such as 3011."),
}


class PostcodeError(ValueError):
    """What was typed is no postcode; `code` says why, and the text what to do next.

    `code` is one of not_text, empty, too_long, not_ascii_digits, starts_with_zero,
    letters_not_used and not_a_postcode. The text is in the language of the moment and never
    repeats what was typed.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code

    def __str__(self) -> str:
        return str(_REASONS[self.code])


def parse_postcode(typed: str) -> str:
    """The four digits of a typed postcode: `3011`, `3011AB`, `3011 ab`, ` 3011-AB ` -> "3011".

    Valid: four ASCII digits, the first not 0, then optionally two ASCII letters. Letters SA, SD
    and SS are not used (PostNL). Whether the postcode exists is not looked up.
    Raises PostcodeError, and nothing else, whatever is given.
    """
    if not isinstance(typed, str):
        raise PostcodeError("not_text")
    if len(typed) > MOST_CHARACTERS:
        raise PostcodeError("too_long")
    if _NOTHING.fullmatch(typed):
        raise PostcodeError("empty")
    if any(character.isdigit() and not character.isascii() for character in typed):
        raise PostcodeError("not_ascii_digits")
    found = _FOUR_DIGITS.fullmatch(typed)
    if found is None:
        raise PostcodeError("not_a_postcode")
    digits, letters = found[1], found[2] or ""
    if digits.startswith("0"):
        raise PostcodeError("starts_with_zero")
    if letters.upper() in _LETTERS_NOT_USED:
        raise PostcodeError("letters_not_used")
    return digits


def looks_like_postcode(typed: str) -> bool:
    """Whether a text is meant as a postcode, right or wrong, rather than as a place or address.

    True for at most 10 characters that start with a digit and are one word (`3011ABC`, `123456`)
    or digits with at most two letters (`301 1A`). False for `2e Exloërmond` and `5 Ede`.
    """
    text = typed.strip()
    return len(text) <= _MOST_CHARACTERS_OF_A_TRY and bool(_LOOKS_LIKE_POSTCODE.fullmatch(text))


def postcode_in(text: str) -> str | None:
    """The four digits of the postcode in a longer address, or None.

    `Coolsingel 40, 3011 AD Rotterdam` -> "3011". The last number with two letters counts, since
    the postcode follows the house number; small words in lower case (`1012 te`) are no letters of
    a postcode. Without one, the last lone number of four digits counts where no house number can
    stand: at the start, after a comma or semicolon, or after another number (`Coolsingel 40 3011
    Rotterdam`). Straight after a word it is a house number (`Coolsingel 1012, Rotterdam`).
    None also for texts over 200 characters.
    """
    if len(text) > MOST_CHARACTERS:
        return None
    found: str | None = None
    for match in _WITH_LETTERS.finditer(text):
        if not _has_letters_not_used(match[0]) and match[2] not in _SHORT_WORDS:
            found = match[1]
    if found is None:
        for match in _ALONE.finditer(text):
            found = match[1]
    return found


def cut_to_digits(text: str) -> str:
    """What may stand of a typed text in an address: when it holds a postcode, its digits alone.

    For who looks up for somebody else and types anything: `3011 AB`, a postcode that is being
    typed (`3011 a`), `Coolsingel 40, 3011 AD Rotterdam` -> "3011", `3403 Montfoort` as it is.
    Rather too much than too little: `Weg 1012 te Ede` -> "1012". The last postcode counts.
    """
    found = _ANY_LETTERS.findall(text)
    return found[-1] if found else text


def _has_letters_not_used(postcode: str) -> bool:
    return postcode[-2:].upper() in _LETTERS_NOT_USED
