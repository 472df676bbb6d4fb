"""A JSON object -> a Question: what a program asks, with all its mistakes told at once."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from api.problems import InvalidRequest, Mistake, Wrong
from api.resources import what_is_wrong
from regions import versions
from regions.postcodes import PostcodeError, looks_like_postcode, parse_postcode

_CBS_CODE = re.compile("GM[0-9]{4}")


@dataclass(frozen=True, slots=True)
class Question:
    """Asks for a postcode (four digits), a place, or a location; the others are empty."""

    postcode: str = ""
    place: str = ""
    municipality: str = ""
    sector: str = ""
    support: tuple[str, ...] = ()
    latitude: float | None = None
    longitude: float | None = None


def question_from(fields: Mapping[str, object]) -> Question:
    """The question in a JSON object; a null is the same as nothing.

    Raises InvalidRequest with every mistake. No detail repeats what was sent.
    """
    given = {name: value for name, value in fields.items() if value is not None}
    read: dict[str, Any] = {}
    mistakes = list(_asked_for(given))
    for name, value in given.items():
        reader = _READERS.get(name)
        try:
            if reader is None:
                raise Wrong("unknown_field", f"There is no such field; choose from {_FIELDS}.")
            read[name] = reader(value)
        except PostcodeError as error:
            mistakes.append(Mistake(name, error.code, str(error)))
        except Wrong as wrong:
            mistakes.append(wrong.at(name if reader else ""))
    if mistakes:
        raise InvalidRequest(mistakes)
    return Question(**read)


def _asked_for(given: Mapping[str, object]) -> Iterator[Mistake]:
    location = [name for name in ("latitude", "longitude") if name in given]
    asked = ["postcode" in given, "place" in given, bool(location)]
    if sum(asked) != 1:
        yield Mistake(
            "", "one_question", "Give a postcode, or a place, or a latitude with a longitude."
        )
    if len(location) == 1:
        missing = "longitude" if "latitude" in given else "latitude"
        yield Mistake(missing, "required", "A location needs both a latitude and a longitude.")
    if location and "municipality" in given:
        yield Mistake(
            "municipality",
            "not_with_location",
            "A location lies in one municipality; leave it out.",
        )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise Wrong("not_text", 'Give a text, between quotes: "…".')
    if wrong := what_is_wrong(value):
        raise Wrong(*wrong)
    return value.strip()


def _postcode(value: object) -> str:
    return parse_postcode(value)  # type: ignore[arg-type]  # it says so itself


def _place(value: object) -> str:
    name = _text(value)
    if looks_like_postcode(name):
        raise Wrong("postcode_as_place", "This looks like a postcode; send it as `postcode`.")
    return name


def _degrees(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Wrong("not_a_number", "Give degrees (WGS 84) as a number, such as 51.92.")
    if not -180 <= value <= 180:
        raise Wrong("not_degrees", "Give degrees (WGS 84) between -180 and 180.")
    return float(value)


def _municipality(value: object) -> str:
    code = _text(value)
    if not _CBS_CODE.fullmatch(code):
        raise Wrong("not_a_cbs_code", "Give the CBS code of a municipality, such as GM0599.")
    return code


def _sector(value: object) -> str:
    code = _text(value)
    if code not in (known := versions.current().sectors):
        raise Wrong("unknown_sector", f"There is no such sector; choose from {', '.join(known)}.")
    return code


def _support(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise Wrong("not_a_list", 'Give a list of codes, such as ["vacancies"].')
    codes = tuple(dict.fromkeys(_text(code) for code in value))
    if not set(codes) <= (known := versions.current().support_types).keys():
        raise Wrong(
            "unknown_support",
            f"There is no such type of support; choose from {', '.join(known)}.",
        )
    return codes


_READERS: Final[Mapping[str, Callable[[object], Any]]] = {
    "postcode": _postcode,
    "place": _place,
    "latitude": _degrees,
    "longitude": _degrees,
    "municipality": _municipality,
    "sector": _sector,
    "support": _support,
}
_FIELDS: Final = ", ".join(_READERS)
