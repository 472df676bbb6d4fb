"""What people type or paste -> a clean value, or why not.

Forms, API and import ask the same functions and say the same: `message(error)` has the words. An
empty text is clean everywhere. What comes out goes in again unchanged, and satisfies the
constraints of the models.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import time
from itertools import pairwise
from typing import Any, Final
from urllib.parse import quote

import idna
import phonenumbers
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _, ngettext_lazy
from phonenumbers import PhoneNumberFormat, ValidationResult

from regions.models.directory import PHONE

TimeSpan = tuple[str, str]  # "09:00", "17:00"


class Unclean(ValueError):
    """A text can't be used. `code` is one of `MESSAGES`; `params` are the values in its words."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


MESSAGES: Final[Mapping[str, Any]] = {
    "too_long": ngettext_lazy(
        "This text is %(over)s character too long. The most is %(most)s.",
        "This text is %(over)s characters too long. The most is %(most)s.",
        "over",
    ),
    "not_an_address": _("This is not a web address. Write it like www.school.nl/page."),
    "space_in_address": _("There is a space in this web address. Take it out."),
    "other_scheme": _("A web address begins with https:// or http://. Nothing else works here."),
    "unsafe_address": _(
        "This address could mislead people. Open the page in your browser and copy the address "
        "from there."
    ),
    "no_host_name": _("The web address needs the name of a site, such as www.school.nl."),
    "email_as_address": _("This is an e-mail address. Put it in the field for e-mail."),
    "not_an_email": _("This is not an e-mail address. Write it like name@school.nl."),
    "space_in_email": _("There is a space in this e-mail address. Take it out."),
    "more_emails": _("Give one e-mail address: the one that people should write to."),
    "not_a_phone": _("This is not a phone number. Write it like 030 123 4567 or +32 2 123 45 67."),
    "more_phones": _("Give one phone number; others can go in the note."),
    "too_few_digits": _("This phone number is too short. Is a digit missing?"),
    "too_many_digits": _("This phone number is too long. Is there a digit too many?"),
    "not_in_service": _("This phone number can't exist. Check the area code and the digits."),
    "short_number": _("Short numbers such as 112 can't be used. Give the full phone number."),
    "area_code_number": _(
        "Numbers such as 14 010 can't be called from everywhere. Give the ten digits of the phone "
        "number instead."
    ),
    "premium_number": _("Calling this number is expensive. Give an ordinary phone number."),
    "extension": _("Give the number without the extension; the extension can go in the note."),
    "not_a_slug": _("Use letters, digits and hyphens, such as office-rotterdam."),
    "not_hours": _("Write the hours like 9:00-12:30, or several: 9:00-12:00 and 13:00-17:00."),
    "end_before_begin": _(
        "The end must be later than the beginning. Write 17:00 for five in the afternoon."
    ),
    "overlapping_hours": _("These hours overlap. Write each hour once."),
}


def message(error: Unclean) -> str:
    """What is wrong and how to mend it, in the language of the moment."""
    return str(MESSAGES[error.code] % error.params)


# Texts

# Private-use characters that word processors put where they mean a bullet.
_BULLETS: Final = dict.fromkeys((0xF0A7, 0xF0B7), "•")
_LOOK_EMPTY: Final = "\u2800\u3164\uffa0"
_LINE_ENDS: Final = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
_EMOJI: Final = "\u2600-\u27bf\ufe0f\U0001f000-\U0001faff"
_STRAY_JOINER: Final = re.compile(f"(?<![{_EMOJI}])\u200d|\u200d(?![{_EMOJI}])")
_STORABLE: Final = URLValidator(schemes=["http", "https"])
_MOST_TYPED: Final = 500  # of phone numbers and hours, which have no most of their own


def line(text: str, max_length: int) -> str:
    """A text on one line: single spaces, nothing invisible, NFC. Curly quotes stay.

    Raises Unclean: too_long.
    """
    _readable(text, max_length)
    return _within(" ".join(_visible(text).split()), max_length)


def paragraphs(text: str, max_length: int) -> str:
    r"""A text of lines that end in `\n`, with at most one empty line between them, NFC.

    Spaces at the start of a line stay, since they mean something in a list. Raises Unclean:
    too_long.
    """
    _readable(text, max_length)
    lines = (re.sub(r"(?<=\S) +", " ", each.rstrip()) for each in _visible(text).split("\n"))
    return _within(re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip(), max_length)


def slug(text: str, max_length: int = 80) -> str:
    """The name of an office or region in its address: small letters, digits and hyphens.

    Raises Unclean: not_a_slug, too_long.
    """
    _readable(text, max_length)
    made = slugify(_visible(text).replace("_", "-"))
    if not made and text.strip():
        raise Unclean("not_a_slug")
    return _within(made, max_length)


def _visible(text: str) -> str:
    r"""Without what nobody sees: control, bidirectional and zero-width characters, and such.

    Line ends become `\n`; all other white space becomes an ordinary space. The joiner within an
    emoji stays.
    """
    text = _LINE_ENDS.sub("\n", text).translate(_BULLETS)
    kept = "".join(filter(None, map(_kept, text)))
    return unicodedata.normalize("NFC", _STRAY_JOINER.sub("", kept))


def _kept(character: str) -> str:
    if character in "\n\u200d":
        return character
    if character == "\t" or unicodedata.category(character) == "Zs":
        return " "
    nothing = unicodedata.category(character) in {"Cc", "Cf", "Co", "Cs"}
    is_no_character = ord(character) & 0xFFFE == 0xFFFE or 0xFDD0 <= ord(character) <= 0xFDEF
    return "" if nothing or is_no_character or character in _LOOK_EMPTY else character


def _readable(text: str, max_length: int) -> None:
    """Refuse what is so long that no cleaning makes it fit: looking at a text can take longer than
    in proportion to its length. Raises Unclean.
    """
    if len(text) > 2 * max_length + 1000:
        raise Unclean("too_long", over=len(text) - max_length, most=max_length)


def _within(text: str, max_length: int) -> str:
    if len(text) > max_length:
        raise Unclean("too_long", over=len(text) - max_length, most=max_length)
    return text


# Addresses

_STRAIGHT: Final = str.maketrans("‘’‚‛“”„‟«»", "''''" + '"' * 6)
_SCHEME: Final = re.compile(r"([^/?#\\@.\[\]]*):(?!\d+(?:[/?#]|$))")
_LIKE_COLON_OR_SLASH: Final = re.compile("[：﹕∶꞉ː։׃܃܄ː／⁄∕⧸╱＼﹨∖⧵]")
_HOST: Final = re.compile(
    r"(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]{1,58}[a-z0-9])"
)
_PRIVATE: Final = (".localhost", ".local", ".internal", ".lan", ".invalid", ".arpa", ".onion")
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}
# All that RFC 3986 lets stand in a path, query or fragment; what is encoded stays encoded.
_MAY_STAND: Final = "%/?#:@!$&'()*+,;=~-._[]"


def web_address(text: str, max_length: int = 300) -> str:
    """A web address with its scheme (https unless it says http) and its host in punycode.

    Quotes, brackets and punctuation around a pasted address go. Refused is what could lead
    elsewhere than it looks: other schemes, also when spelt with look-alikes or interrupted;
    a name or password before the host; hosts that are no public name. Raises Unclean:
    not_an_address, space_in_address, other_scheme, unsafe_address, no_host_name,
    email_as_address, too_long.
    """
    _readable(text, max_length)
    typed = _without_wrapping(_visible(text).translate(_STRAIGHT))
    if not typed:
        return ""
    scheme, rest = _scheme_and_rest(typed, interrupted=_has_controls(text))
    end_of_host = re.search(r"[/?#]|$", rest)
    assert end_of_host is not None  # noqa: S101 - the end is always found
    authority, tail = rest[: end_of_host.start()], rest[end_of_host.start() :]
    if "\\" in rest or ("@" in authority and (tail or scheme)):
        raise Unclean("unsafe_address")
    if "@" in authority:
        raise Unclean("email_as_address")
    host, port = _host_and_port(authority)
    scheme = scheme or "https"
    shown_port = "" if port in (None, _DEFAULT_PORTS[scheme]) else f":{port}"
    found = _within(f"{scheme}://{host}{shown_port}{quote(tail, safe=_MAY_STAND)}", max_length)
    try:
        _STORABLE(found)  # what the database takes has the last word
    except ValidationError:
        raise Unclean("not_an_address") from None
    return found


def _without_wrapping(text: str) -> str:
    """Without what stands around a pasted address: white space, quotes, brackets, punctuation."""
    before = None
    while before != text:
        before = text
        text = text.strip().lstrip("<([{\"'").rstrip(">\"'.,;:!…").rstrip()
        for begin, end in ("()", "[]", "{}"):
            if text.endswith(end) and text.count(end) > text.count(begin):
                text = text[:-1]
    return text


def _has_controls(text: str) -> bool:
    """Whether a control character stands within a text, where no pasting puts it."""
    return any(unicodedata.category(each) in {"Cc", "Cs"} for each in text.strip())


def _scheme_and_rest(typed: str, *, interrupted: bool) -> tuple[str, str]:
    """The scheme, empty when there is none, and what follows its slashes."""
    whole = re.sub(r"\s", "", typed)
    looks_like = unicodedata.normalize("NFKC", whole)
    start = _SCHEME.match(looks_like)
    scheme = start[1].lower() if start else ""
    plainly = whole[: start.end()] == looks_like[: start.end()] if start else True
    authority = re.split("[/?#]", re.sub(r"^https?:[/\\]*", "", whole, flags=re.IGNORECASE))[0]
    if not plainly or not scheme.isascii() or _LIKE_COLON_OR_SLASH.search(authority):
        raise Unclean("unsafe_address")
    if scheme in {"javascript", "data", "vbscript"}:
        raise Unclean("unsafe_address")
    if scheme == "mailto":
        raise Unclean("email_as_address")
    if start and scheme not in _DEFAULT_PORTS:
        raise Unclean("other_scheme" if scheme else "not_an_address")
    if whole != typed:
        raise Unclean("space_in_address")
    if interrupted:
        raise Unclean("unsafe_address")
    return scheme, typed[start.end() :].lstrip("/\\") if start else typed.removeprefix("//")


def _host_and_port(authority: str) -> tuple[str, int | None]:
    name, _colon, digits = authority.partition(":")
    if not name:
        raise Unclean("not_an_address")
    port = int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 6 else None
    if (digits and port is None) or (port is not None and not 0 < port < 65536):
        raise Unclean("no_host_name" if authority.startswith("[") else "not_an_address")
    return _host(name), port


def _host(name: str) -> str:
    """The name of a host in small letters and punycode. Raises Unclean."""
    if not name.isascii() and "%" in name:
        raise Unclean("not_an_address")
    try:
        host = idna.encode(name.rstrip("."), uts46=True).decode()
    except (idna.IDNAError, UnicodeError):
        raise Unclean("no_host_name" if "." not in name else "not_an_address") from None
    if not _HOST.fullmatch(host) or host.endswith(_PRIVATE):
        raise Unclean("no_host_name")
    return host


# E-mail

_NAMED: Final = re.compile(r"<([^<>]*)>")
_AT_IN_WORDS: Final = re.compile(r"\s*[(\[{]\s*at\s*[)\]}]\s*", re.IGNORECASE)


def email(text: str, max_length: int = 254) -> str:
    """An e-mail address with its domain in punycode; `mailto:` and the name before it go.

    Spaces go at the ends, around the @ and in the domain; elsewhere they could stand between a
    word and the address. Raises Unclean: not_an_email, space_in_email, more_emails, too_long.
    """
    _readable(text, max_length)
    typed = _visible(text).translate(_STRAIGHT).replace('"', "").strip()
    if not typed:
        return ""
    named = _NAMED.findall(typed)
    typed = _AT_IN_WORDS.sub("@", named[0] if len(named) == 1 else typed)
    if typed.count("@") > 1 and len(re.findall(r"[^\s,;/<>@]+@[^\s,;/<>@]+", typed)) > 1:
        raise Unclean("more_emails")
    bare = re.sub(r"^(?:(?:mailto|e-?mail)\s*:\s*)+", "", typed, flags=re.IGNORECASE)
    local, _at, domain = bare.partition("?")[0].strip(" \n<>()[],;:.'").rpartition("@")
    local, domain = local.strip(), re.sub(r"\s*\.\s*", ".", domain.strip())
    if re.search(r"\s", local + domain):
        raise Unclean("space_in_email" if local and domain else "not_an_email")
    try:
        address = f"{local}@{_host(domain)}" if domain else ""
        validate_email(address)
    except (Unclean, ValidationError):
        raise Unclean("not_an_email") from None
    if '"' in local:
        raise Unclean("not_an_email")
    return _within(address, max_length)


# Phone

_PHONE_LABEL: Final = re.compile(r"^(?:tel(?:efoon)?|phone|mobiel|t|m)?\s*[.:]?\s*", re.IGNORECASE)
_BETWEEN_PHONES: Final = re.compile(r"[/;,|\n]|\b(?:of|en|or|and)\b", re.IGNORECASE)
_EXTENSION: Final = re.compile(r"(?:toestel|tst|ext(?:ension)?|x|#)\W*\d{1,6}$", re.IGNORECASE)
_AREA_CODE_NUMBER: Final = re.compile(r"140[0-9]{2,3}")
_DEAREST: Final = re.compile(r"90[69]")  # 0906 and 0909; 0900 is for information (ACM)
_OF_OTHER_LENGTH: Final = re.compile(r"[89]00|14|97")  # all others have nine digits after the 0


def phone(text: str) -> str:
    """A phone number by E.164: `+31302270374`. Without a country code it is a Dutch one.

    Free numbers (0800) and information numbers (0900) are taken; they work within the Netherlands
    alone. Refused are short numbers (112, 116 117), area code numbers (14 010), which are no E.164
    numbers, and the expensive 0906 and 0909. Raises Unclean: not_a_phone, more_phones,
    too_few_digits, too_many_digits, not_in_service, short_number, area_code_number,
    premium_number, extension.
    """
    if len(text) > _MOST_TYPED:
        raise Unclean("not_a_phone")
    typed = _PHONE_LABEL.sub("", _visible(text).translate(_STRAIGHT).strip(" '\"\n<>.,;"))
    if not typed:
        if text.strip() and _visible(text).strip():
            raise Unclean("not_a_phone")
        return ""
    several = [part for part in _BETWEEN_PHONES.split(typed) if len(_digits(part)) >= 8]
    if len(several) > 1:
        raise Unclean("more_phones")
    if _EXTENSION.search(typed):
        raise Unclean("extension")
    if re.search(r"[^\W\d_]", typed) or not _digits(typed):
        raise Unclean("not_a_phone")
    return _e164(typed)


def _e164(typed: str) -> str:
    try:
        number = phonenumbers.parse(typed, "NL")
    except phonenumbers.NumberParseException as error:
        long = error.error_type == phonenumbers.NumberParseException.TOO_LONG
        raise Unclean("too_many_digits" if long else "not_a_phone") from None
    national = str(number.national_number)
    if number.country_code == 31:
        if _AREA_CODE_NUMBER.fullmatch(national):
            raise Unclean("area_code_number")
        if len(national) <= 6 and not _digits(typed).startswith("0"):
            raise Unclean("short_number")
        if _DEAREST.match(national):
            raise Unclean("premium_number")
        if not _OF_OTHER_LENGTH.match(national) and len(national) != 9:
            raise Unclean("too_few_digits" if len(national) < 9 else "too_many_digits")
    reason = phonenumbers.is_possible_number_with_reason(number)
    if reason == ValidationResult.TOO_SHORT:
        raise Unclean("too_few_digits")
    if reason == ValidationResult.TOO_LONG:
        raise Unclean("too_many_digits")
    if not phonenumbers.is_valid_number(number):
        raise Unclean("not_in_service")
    made = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    if not re.fullmatch(PHONE, made):
        raise Unclean("not_a_phone")
    return made


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


# Hours

_CLOSED: Final = {"", "-", "–", "gesloten", "dicht", "closed", "geen", "x"}
_BETWEEN_SPANS: Final = re.compile(r"\s*(?:[,;&+\n]|(?<!t)/|\ben\b|\band\b)\s*")
_CLOCK: Final = r"(\d{1,2})(?:\s?[:.uh]\s?(\d{2})|(\d{2}))?\s*(?:uur|u|h)?"
_SPAN: Final = re.compile(
    rf"(?:van|from)?\s*{_CLOCK}\s*(?:[-‐‑‒–—−]|tot|t/m|to|until)\s*{_CLOCK}\.?"
)


def hours(typed: str | Iterable[tuple[str | time, str | time]]) -> tuple[TimeSpan, ...]:
    """The hours of one day as spans ("09:00", "17:00") in order; none when closed.

    Takes a text such as "9-17", "9:00 – 12.30 en 13u tot 17u", "gesloten", or pairs of times.
    Midnight at the end of the day is 23:59. Raises Unclean: not_hours, end_before_begin,
    overlapping_hours.
    """
    spans = sorted(_spans_in(typed) if isinstance(typed, str) else map(_span_of, typed))
    if any(closes <= opens for opens, closes in spans):
        raise Unclean("end_before_begin")
    if any(later[0] < earlier[1] for earlier, later in pairwise(spans)):
        raise Unclean("overlapping_hours")
    return tuple(spans)


def _spans_in(text: str) -> list[TimeSpan]:
    if len(text) > _MOST_TYPED:
        raise Unclean("not_hours")
    plain = _visible(text).strip().strip(".").lower()
    if plain in _CLOSED:
        return []
    return [_span_in(part) for part in _BETWEEN_SPANS.split(plain) if part]


def _span_in(text: str) -> TimeSpan:
    found = _SPAN.fullmatch(text.strip())
    if found is None:
        raise Unclean("not_hours")
    hour, minutes, more, until, minutes_until, more_until = found.groups()
    return _clock(hour, minutes or more), _clock(until, minutes_until or more_until)


def _span_of(pair: tuple[str | time, str | time]) -> TimeSpan:
    if any(isinstance(each, str) and len(each) > _MOST_TYPED for each in pair):
        raise Unclean("not_hours")
    begin, end = (
        each.isoformat("minutes") if isinstance(each, time) else _visible(each).strip()
        for each in pair
    )
    return _span_in(f"{begin.lower()} - {end.lower()}")


def _clock(hour: str, minutes: str | None) -> str:
    if int(hour) == 24 and not int(minutes or 0):
        return "23:59"
    try:
        return time(int(hour), int(minutes or 0)).isoformat("minutes")
    except ValueError:
        raise Unclean("not_hours") from None


# Placeholders

_LINK_LABEL: Final = re.compile(r"^ {0,3}\[([^\[\]\n]+)\]:[ \t]*\S+.*$", re.MULTILINE)
_PLACEHOLDER: Final = re.compile(
    r"(?<!\\)\[(?P<within>[^\[\]\n]{0,200})\](?P<link>\([^\s)][^)\n]{0,2000}+\)|\[[^\[\]\n]*\])?"
    r"|(?<!\w)lorem(?:\s+ipsum)?(?!\w)"
    r"|(?<![^\W\d_])x{3,}(?![^\W\d_])"
    r"|(?<![\w-])(?:todo|tbd|fixme|n\.t\.b\.)(?![\w-])",
    re.IGNORECASE,
)


def placeholders_in(text: str) -> list[str]:
    r"""What still has to be filled in, as it stands there, each once, in order.

    `[…]` and anything else within square brackets, except a Markdown link with words in it and
    brackets that are escaped (`\[`); *lorem*, with or without *ipsum*; *xxx*: three or more x's
    without another letter beside them, so `06-xxxxxxxx` is one and `XXL` and `XXXV` are not; and
    *TODO*, *TBD*, *FIXME*, *n.t.b.* as words. The Roman number XXX counts as a placeholder: in
    these texts a forgotten XXX is likelier than a thirtieth edition, which can be written 30.
    """
    labels = {label.casefold() for label in _LINK_LABEL.findall(text)}
    found: dict[str, None] = {}
    for match in _PLACEHOLDER.finditer(_LINK_LABEL.sub("", text)):
        within, link = match["within"], match["link"]
        if within is not None and _is_link(within, link, labels):
            continue
        found[match[0]] = None
    return list(found)


def _is_link(words: str, link: str | None, labels: set[str]) -> bool:
    if not re.search(r"\w", words):
        return False
    if link and link.startswith("("):
        return not _PLACEHOLDER.search(words)
    label = link.strip("[]") if link else ""
    return (label or words).casefold() in labels
