"""The fields of a profile in the API: what a program sends -> values of a record, and back.

Named one by one: what is not here can't be changed, whatever is sent. Typed values are cleaned as
those of the forms are; what the directory itself can't hold, `regions.records` refuses later.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias, cast

import shapely
from django.db import models
from shapely.errors import ShapelyError
from shapely.geometry import shape

from api.problems import InvalidRequest, Mistake, Wrong
from api.resources import what_is_wrong
from regions import cleaning, records
from regions.models import EducationRegion, PublicationState, RegionalOffice, Support, SupportLink
from regions.records import SUPPORT, Record, SubjectModel

MOST_ITEMS: Final = 5_000  # of a list; there are some four thousand postcodes
MOST_LINKS: Final = 20  # of a type of support
NETHERLANDS: Final = shapely.box(3.0, 50.5, 7.5, 53.8)

# What shapely raises of JSON that is no shape.
_NO_SHAPE: Final = (TypeError, ValueError, LookupError, AttributeError, RecursionError)
_NAME_OF_FIELD: Final = re.compile(r"[A-Za-z][A-Za-z_]{0,39}")

Reader: TypeAlias = Callable[[object], Any]


@dataclass(frozen=True, slots=True)
class Field:
    """A field: its name in records, and how its value is read and told."""

    field: str
    read: Reader
    tell: Callable[[Any], Any] = lambda value: value


def read_changes(
    model: SubjectModel, given: Mapping[str, object], record: Record, *, administers: bool
) -> Record:
    """The values that a JSON object changes, as a record has them.

    `record` is what stands now: a part of an object leaves the rest as it is (JSON merge patch).
    Raises InvalidRequest with every mistake; no detail repeats what was sent.
    """
    known = OFFICE if model is RegionalOffice else REGION
    values: Record = {}
    mistakes: list[Mistake] = []
    for name, value in given.items():
        try:
            if name == "support" and model is RegionalOffice:
                values |= _support(value, record, mistakes)
                continue
            field = known.get(name)
            if field is None:
                raise _no_such_field(name, known)
            if not administers and _is_administration(model, field.field):
                raise Wrong("administrators_only", "Only an administrator can change this.")
            values[field.field] = field.read(_merged(field, value, record))
        except Wrong as wrong:
            mistakes.append(wrong.at(name if _NAME_OF_FIELD.fullmatch(name) else ""))
    if mistakes:
        raise InvalidRequest(mistakes)
    return values


def tell(model: SubjectModel, record: Record) -> dict[str, Any]:
    """A record as the API has it."""
    known = OFFICE if model is RegionalOffice else REGION
    told = {name: field.tell(record[field.field]) for name, field in known.items()}
    if model is RegionalOffice:
        told["support"] = {
            field.removeprefix(SUPPORT): tell_offered(value)
            for field, value in record.items()
            if field.startswith(SUPPORT) and value is not None
        }
    return told


def tell_value(model: SubjectModel, field: str, value: Any) -> Any:
    """One value of a record as the API has it; None stays None."""
    if value is None:
        return None
    if field.startswith(SUPPORT):
        return tell_offered(value)
    known = OFFICE if model is RegionalOffice else REGION
    return next((each.tell(value) for each in known.values() if each.field == field), value)


def tell_offered(value: Any) -> dict[str, Any] | None:
    """A type of support that is offered; None when it isn't."""
    return value and {"note": value["note"] or None, "links": value["links"]}


def name_of(model: SubjectModel, field: str) -> str:
    """What the API calls a field of a record: `target_groups` -> `targetGroups`."""
    known = OFFICE if model is RegionalOffice else REGION
    return next(
        (name for name, each in known.items() if each.field == field), _OTHER.get(field, field)
    )


_OTHER: Final = {records.CONFIRMED: "confirmedOn"}
_TOLD_ONLY: Final = frozenset(
    {"url", "confirmedOn", "completeness", "mayPublish", "revision", "planned"}
)


def _no_such_field(name: str, known: Mapping[str, Field]) -> Wrong:
    if name in _TOLD_ONLY:
        return Wrong("read_only", "This is told, and can't be changed here.")
    names = (*known, "support") if known is OFFICE else tuple(known)
    return Wrong("unknown_field", f"There is no such field; choose from {', '.join(names)}.", names)


def _is_administration(model: SubjectModel, field: str) -> bool:
    return records.section_of(model, field) == records.ADMINISTRATION


def _merged(field: Field, value: object, record: Record) -> object:
    """A part of a point leaves its other half as it is."""
    before = record.get(field.field)
    if field.field == "visiting_point" and isinstance(value, dict) and before:
        return {**field.tell(before), **value}
    return value


# Readers: a JSON value -> a value of a record. They raise Wrong.


def _typed(value: object) -> str:
    """A text; null is the same as an empty one."""
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Wrong("not_text", 'Give a text, between quotes: "...", or null.')
    return value


def _cleaned(clean: Callable[..., str], *limits: int) -> Reader:
    def read(value: object) -> str:
        typed = _typed(value)
        try:
            return clean(typed, *limits)
        except cleaning.Unclean as error:
            raise Wrong(error.code, cleaning.message(error)) from None

    return read


def _most(model: type[models.Model], field: str) -> int:
    return cast(int, cast(Any, model._meta.get_field(field)).max_length)


def _none_if_empty(text: str) -> str | None:
    return text or None


def _text(field: str, clean: Callable[..., str], model: SubjectModel = RegionalOffice) -> Field:
    return Field(field, _cleaned(clean, _most(model, field)), _none_if_empty)


def _choice(field: str, choices: type[models.TextChoices], *, empty: bool = True) -> Field:
    def read(value: object) -> str:
        code = _typed(value)
        if code not in choices.values and not (empty and not code):
            known = ", ".join(choices.values)
            raise Wrong("unknown_choice", f"Choose from {known}.", tuple(choices.values))
        return code

    return Field(field, read, _none_if_empty)


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise Wrong("not_a_boolean", "Give true or false.")
    return value


def _list(value: object, what: str, most: int = MOST_ITEMS) -> list[object]:
    if not isinstance(value, list):
        raise Wrong("not_a_list", f"Give a list of {what}; an empty one is [].")
    if len(value) > most:
        raise Wrong("too_many", f"This list has at most {most} items.")
    return value


def _codes(value: object) -> list[str]:
    return sorted({_code(item) for item in _list(value, "codes")})


def _code(value: object) -> str:
    if not isinstance(value, str):
        raise Wrong("not_text", 'Give each code as a text, between quotes: "...".')
    if wrong := what_is_wrong(value):
        raise Wrong(*wrong)
    return value


def _hours(value: object) -> list[list[Any]]:
    by_day: dict[int, list[tuple[str, str]]] = {}
    for item in _list(value, "phone hours", most=70):
        if not isinstance(item, dict) or item.keys() != {"weekday", "opens", "closes"}:
            raise Wrong("not_hours", "Give each time as {weekday, opens, closes}.")
        day, opens, closes = item["weekday"], item["opens"], item["closes"]
        if isinstance(day, bool) or not isinstance(day, int) or not 1 <= day <= 7:
            raise Wrong("not_hours", "A weekday is a number from 1 (Monday) to 7 (Sunday).")
        if not isinstance(opens, str) or not isinstance(closes, str):
            raise Wrong("not_hours", 'Give times as texts, such as "09:00".')
        by_day.setdefault(day, []).append((opens, closes))
    try:
        return sorted(
            [day, *span] for day, spans in by_day.items() for span in cleaning.hours(spans)
        )
    except cleaning.Unclean as error:
        raise Wrong(error.code, cleaning.message(error)) from None


def _tell_hours(spans: Iterable[tuple[int, str, str]]) -> list[dict[str, Any]]:
    return [
        {"weekday": weekday, "opens": opens, "closes": closes} for weekday, opens, closes in spans
    ]


def _point(value: object) -> list[float] | None:
    if value is None:
        return None
    if not isinstance(value, dict) or value.keys() != {"latitude", "longitude"}:
        raise Wrong("not_a_point", "Give {latitude, longitude}, or null.")
    point = [value["latitude"], value["longitude"]]
    if any(isinstance(part, bool) or not isinstance(part, int | float) for part in point):
        raise Wrong("not_a_number", "Give degrees (WGS 84) as a number, such as 51.92.")
    if not NETHERLANDS.covers(shapely.Point(point[1], point[0])):
        raise Wrong("outside_netherlands", "This point lies outside the Netherlands.")
    return [float(part) for part in point]


def _tell_point(point: list[float] | None) -> dict[str, float] | None:
    return {"latitude": point[0], "longitude": point[1]} if point else None


def _drawn_area(value: object) -> dict[str, Any] | None:
    """A polygon by GeoJSON (RFC 7946), longitude first."""
    if value is None:
        return None
    try:
        if not isinstance(value, dict) or value.keys() != {"type", "coordinates"}:
            raise TypeError
        area = shape(value)
        is_good = value["type"] in ("Polygon", "MultiPolygon") and area.is_valid and area.area > 0
    except (*_NO_SHAPE, ShapelyError):
        is_good = False
    if not is_good:
        raise Wrong("not_a_polygon", "Give a valid Polygon or MultiPolygon in GeoJSON, or null.")
    if not NETHERLANDS.covers(area):
        raise Wrong("outside_netherlands", "This area lies outside the Netherlands.")
    return cast(dict[str, Any], value)


def _support(value: object, record: Record, mistakes: list[Mistake]) -> Record:
    """The types of support that are named; the others stay as they are."""
    if not isinstance(value, dict):
        raise Wrong("not_an_object", "Give an object of codes, each with {note, links} or null.")
    read: Record = {}
    for code, offered in value.items():
        if f"{SUPPORT}{code}" not in record:
            known = sorted(
                each.removeprefix(SUPPORT) for each in record if each.startswith(SUPPORT)
            )
            mistakes.append(
                Mistake(
                    "support",
                    "unknown_support",
                    f"There is no such type of support; choose from {', '.join(known)}.",
                )
            )
            continue
        try:
            before = record[f"{SUPPORT}{code}"] or {"note": "", "links": []}
            read[f"{SUPPORT}{code}"] = _offered(offered, before)
        except Wrong as wrong:
            mistakes.append(wrong.at(f"support.{code}"))
    return read


def _offered(value: object, before: Mapping[str, Any]) -> dict[str, Any] | None:
    if value is None:
        return None
    if not isinstance(value, dict) or not value.keys() <= {"note", "links"}:
        raise Wrong("not_an_object", "Give {note, links}, or null when it isn't offered.")
    note, links = value.get("note", before["note"]), value.get("links", before["links"])
    return {
        "note": _SUPPORT_NOTE(note),
        "links": [_SUPPORT_LINK(link) for link in _list(links, "web addresses", MOST_LINKS)],
    }


def _support_link(text: str, max_length: int) -> str:
    if not text.strip():
        raise Wrong("empty", "Give a web address, or leave this one out.")
    return cleaning.web_address(text, max_length)


_SUPPORT_NOTE: Final = _cleaned(cleaning.line, _most(Support, "note"))
_SUPPORT_LINK: Final = _cleaned(_support_link, _most(SupportLink, "url"))

OFFICE: Final[Mapping[str, Field]] = {
    "name": _text("name", cleaning.line),
    "description": _text("description", cleaning.paragraphs),
    "targetGroups": _text("target_groups", cleaning.paragraphs),
    "schools": _text("schools", cleaning.paragraphs),
    "trainingInstitutes": _text("training_institutes", cleaning.paragraphs),
    "regulations": _text("regulations", cleaning.paragraphs),
    "matching": _text("matching", cleaning.paragraphs),
    "calendarUrl": _text("calendar_url", cleaning.web_address),
    "website": _text("website", cleaning.web_address),
    "email": _text("email", cleaning.email),
    "emailResponse": _choice("email_response", RegionalOffice.EmailResponse),
    "phone": Field("phone", _cleaned(cleaning.phone), _none_if_empty),
    "phoneHours": Field("phone_hours", _hours, _tell_hours),
    "phoneNote": _text("phone_note", cleaning.line),
    "preferredContact": _choice("preferred_contact", RegionalOffice.Way),
    "contactTeam": _text("contact_team", cleaning.line),
    "whatToExpect": _text("what_to_expect", cleaning.paragraphs),
    "privacyUrl": _text("privacy_url", cleaning.web_address),
    "canBeVisited": Field("has_visiting_location", _flag),
    "visitingAddress": _text("visiting_address", cleaning.line),
    "visitingPoint": Field("visiting_point", _point, _tell_point),
    "appointmentNeeded": Field("appointment_needed", _flag),
    "sectors": Field("sectors", _codes),
    "municipalities": Field("municipalities", _codes),
    "partialPostcodes": Field("partial_postcodes", _codes),
    "adviceUrl": _text("advice_url", cleaning.web_address),
    "adviceNote": _text("advice_note", cleaning.line),
    "slug": _text("slug", cleaning.slug),
    "state": _choice("state", PublicationState, empty=False),
    "nationwide": Field("nationwide", _flag),
    "regions": Field("regions", _codes),
    "drawnArea": Field("drawn_area", _drawn_area),
}
REGION: Final[Mapping[str, Field]] = {
    "name": _text("name", cleaning.line, EducationRegion),
    "website": _text("website", cleaning.web_address, EducationRegion),
    "description": _text("description", cleaning.paragraphs, EducationRegion),
    "slug": _text("slug", cleaning.slug, EducationRegion),
    "state": _choice("state", PublicationState, empty=False),
    "reviewRequired": Field("review_required", _flag),
}
