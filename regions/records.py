"""An office or a region as plain values, field by field: a *record*.

What is edited, compared, kept in the history, imported and exported are records; they hold JSON
values alone, each in one normal form, so that equal means equal:

- texts, addresses and choices: a string, empty when unknown; flags: a boolean;
- `sectors`, `municipalities`, `partial_postcodes`, `regions`: sorted lists of codes or slugs;
- `phone_hours`: a sorted list of `[weekday, "09:00", "17:00"]`, weekday by ISO 8601;
- `visiting_point`: `[latitude, longitude]` in WGS 84, or None;
- `support.<code>`: None when it is not offered, else `{"note": "", "links": ["https://…"]}`;
- `drawn_area`: GeoJSON or None; `confirmed_on`: a date such as "2026-11-24", or None.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date, time
from typing import Any, Final, TypeAlias, cast
from unicodedata import category

from django.core.exceptions import NON_FIELD_ERRORS, FieldDoesNotExist, ValidationError
from django.db import models
from django.utils.translation import gettext as _
from shapely.errors import ShapelyError
from shapely.geometry import shape

from regions.models import (
    EducationRegion,
    FormerSlug,
    Municipality,
    PhoneHours,
    Postcode,
    RegionalOffice,
    Sector,
    Support,
    SupportLink,
    SupportType,
)
from regions.models.support import WEB_ADDRESS

Record: TypeAlias = dict[str, Any]
Subject: TypeAlias = RegionalOffice | EducationRegion
SubjectModel: TypeAlias = type[RegionalOffice] | type[EducationRegion]

SUPPORT: Final = "support."
ADVICE: Final = "support.personal-conversation"

# The sections of a form, in order, with their fields. `support` has all other types of support.
OFFICE_SECTIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "introduction": ("name", "description"),
    "story": (
        "target_groups",
        "schools",
        "training_institutes",
        "regulations",
        "matching",
        "calendar_url",
    ),
    "contact": (
        "website",
        "email",
        "email_response",
        "phone",
        "phone_hours",
        "phone_note",
        "preferred_contact",
        "contact_team",
        "what_to_expect",
        "privacy_url",
    ),
    "visiting": (
        "has_visiting_location",
        "visiting_address",
        "visiting_point",
        "appointment_needed",
    ),
    "sectors": ("sectors",),
    "area": ("municipalities", "partial_postcodes"),
    "support": (),
    "advice": (ADVICE, "advice_url", "advice_note"),
    "administration": ("slug", "state", "nationwide", "regions", "drawn_area"),
}
REGION_SECTIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "region": ("name", "website", "description"),
    "administration": ("slug", "state", "review_required"),
}
ADMINISTRATION: Final = "administration"
CONFIRMED: Final = "confirmed_on"

# The columns that hold a value as it is.
_OFFICE_COLUMNS: Final = (
    "slug",
    "name",
    "state",
    "description",
    "target_groups",
    "schools",
    "training_institutes",
    "regulations",
    "matching",
    "calendar_url",
    "nationwide",
    "drawn_area",
    "website",
    "privacy_url",
    "email",
    "email_response",
    "phone",
    "phone_note",
    "preferred_contact",
    "contact_team",
    "what_to_expect",
    "has_visiting_location",
    "visiting_address",
    "appointment_needed",
    "advice_url",
    "advice_note",
)
_REGION_COLUMNS: Final = ("slug", "name", "state", "website", "description", "review_required")
_SETS: Final[Mapping[str, type[models.Model]]] = {
    "sectors": Sector,
    "municipalities": Municipality,
    "partial_postcodes": Postcode,
    "regions": EducationRegion,
}


class Refused(Exception):
    """Values that the directory can't hold. `errors` has the messages by field."""

    code = "refused"

    def __init__(self, errors: Mapping[str, list[str]]) -> None:
        super().__init__("; ".join(f"{field}: {' '.join(told)}" for field, told in errors.items()))
        self.errors = dict(errors)


def sections(model: SubjectModel) -> dict[str, tuple[str, ...]]:
    """The sections of a profile with their fields; one query for the types of support."""
    if model is EducationRegion:
        return dict(REGION_SECTIONS)
    codes = SupportType.objects.order_by("position").values_list("code", flat=True)
    offered = tuple(f"{SUPPORT}{code}" for code in codes if f"{SUPPORT}{code}" != ADVICE)
    return {**OFFICE_SECTIONS, "support": offered}


def section_of(model: SubjectModel, field: str) -> str:
    """The section that a field stands in; empty for `confirmed_on` and for no field at all."""
    known = REGION_SECTIONS if model is EducationRegion else OFFICE_SECTIONS
    for section, fields in known.items():
        if field in fields:
            return section
    return "support" if model is RegionalOffice and field.startswith(SUPPORT) else ""


def editors_fields(model: SubjectModel) -> frozenset[str]:
    """The fields that editors change; the others are for administrators. One query."""
    return frozenset(
        field
        for section, fields in sections(model).items()
        if section != ADMINISTRATION
        for field in fields
    )


def label(model: SubjectModel, field: str) -> str:
    """What people call a field, in the language of the moment."""
    if field.startswith(SUPPORT):
        code = field.removeprefix(SUPPORT)
        known = SupportType.objects.filter(code=code).first()
        return known.name if known else code
    if field == "visiting_point":
        return _("point on the map")
    if field == "phone_hours":
        return _("phone hours")
    try:
        return str(cast(Any, model._meta.get_field(field)).verbose_name)
    except FieldDoesNotExist:
        return field


def read(subject: Subject) -> Record:
    """The stored record of an office (nine queries) or a region (one)."""
    if isinstance(subject, EducationRegion):
        return read_regions(EducationRegion.objects.filter(pk=subject.pk))[subject.pk]
    return read_many(RegionalOffice.objects.filter(pk=subject.pk))[subject.pk]


def read_regions(regions: models.QuerySet[EducationRegion]) -> dict[int, Record]:
    """The stored records of regions by id, in their order. One query."""
    rows = regions.values_list("pk", *_REGION_COLUMNS)
    return {pk: dict(zip(_REGION_COLUMNS, row, strict=True)) for pk, *row in rows}


def read_many(offices: models.QuerySet[RegionalOffice]) -> dict[int, Record]:
    """The stored records of offices by id, in their order. Nine queries, however many."""
    types = list(SupportType.objects.order_by("position").values_list("code", flat=True))
    records: dict[int, Record] = {}
    point = ("visiting_latitude", "visiting_longitude", CONFIRMED)
    for pk, *row in offices.values_list("pk", *_OFFICE_COLUMNS, *point):
        *plain, latitude, longitude, confirmed_on = row
        records[pk] = {
            **dict(zip(_OFFICE_COLUMNS, plain, strict=True)),
            "visiting_point": None if latitude is None else [latitude, longitude],
            CONFIRMED: confirmed_on.isoformat() if confirmed_on else None,
            **{name: [] for name in _SETS},
            "phone_hours": [],
            **{f"{SUPPORT}{code}": None for code in types},
        }
    for name in _SETS:
        for pk, code in _members(name, records):
            records[pk][name].append(code)
    for hours in PhoneHours.objects.filter(office__in=records):
        records[hours.office_id]["phone_hours"].append(
            [hours.weekday, hours.opens.isoformat("minutes"), hours.closes.isoformat("minutes")]
        )
    offered: dict[int, dict[str, Any]] = {}
    for support in Support.objects.filter(office__in=records).order_by():
        offered[support.pk] = {"note": support.note, "links": []}
        records[support.office_id][f"{SUPPORT}{support.type_id}"] = offered[support.pk]
    links = SupportLink.objects.filter(support__office__in=records).order_by("position", "pk")
    for support_id, url in links.values_list("support_id", "url"):
        offered[support_id]["links"].append(url)
    for record in records.values():
        for name in (*_SETS, "phone_hours"):
            record[name].sort()
    return records


def normal(values: Mapping[str, Any]) -> Record:
    """Values in the form in which records hold them: lists sorted, nothing double.

    What can't be brought into it, such as a number where a list is expected, stays as it is;
    `check` refuses it.
    """
    normal: Record = {}
    for field, value in values.items():
        try:
            normal[field] = _normal(field, value)
        except (TypeError, ValueError, AttributeError):
            normal[field] = value
    return normal


def difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[Any]]:
    """The fields of `after` whose value differs, as `[before, after]`."""
    return {
        field: [before.get(field), value]
        for field, value in after.items()
        if before.get(field) != value
    }


def check(subject: Subject, values: Mapping[str, Any]) -> None:
    """Whether the directory can hold these values, in normal form. Changes nothing.

    Raises Refused with a message for each field that is wrong.
    """
    errors: dict[str, list[str]] = {}
    known = {field for fields in sections(type(subject)).values() for field in fields}
    if isinstance(subject, RegionalOffice):
        known.add(CONFIRMED)
    for field, value in values.items():
        try:
            if field not in known:
                raise ValidationError(_("There is no such field."))
            _check_value(type(subject), field, value)
        except ValidationError as refused:
            errors[field] = list(refused.messages)
    if not errors:
        errors = _check_together(subject, values)
    if errors:
        raise Refused(errors)


def write(subject: Subject, values: Mapping[str, Any]) -> None:
    """Store these values, in normal form, and nothing derived. Raises Refused; call it in a
    transaction.

    An address name that is given up keeps leading to its office or region.
    """
    check(subject, values)
    _keep_former_slug(subject, values)
    columns = _fill(subject, values)
    if columns:
        subject.save(update_fields=columns)
    if isinstance(subject, RegionalOffice):
        for name in _SETS:
            if name in values:
                _write_set(subject, name, values[name])
        if "phone_hours" in values:
            _write_hours(subject, values["phone_hours"])
        for field, value in values.items():
            if field.startswith(SUPPORT):
                _write_support(subject, field.removeprefix(SUPPORT), value)


def _members(name: str, offices: Iterable[int]) -> Iterable[tuple[int, str]]:
    through: Any = getattr(RegionalOffice, name).through
    target = {"regions": "educationregion__slug"}.get(name) or f"{_SETS[name]._meta.model_name}_id"
    rows = through.objects.filter(regionaloffice__in=offices)
    found: Iterable[tuple[int, str]] = rows.values_list("regionaloffice_id", target)
    return found


def _normal(field: str, value: Any) -> Any:
    if field in _SETS:
        return sorted(set(value))
    if field == "phone_hours":
        return sorted(list(span) for span in {tuple(span) for span in value})
    if field == "visiting_point" and value is not None:
        return [float(part) for part in value]
    if field.startswith(SUPPORT) and value is not None:
        return {"note": value.get("note", ""), "links": list(dict.fromkeys(value.get("links", [])))}
    if isinstance(value, date):
        return value.isoformat()
    return value


def _check_value(model: SubjectModel, field: str, value: Any) -> None:
    if field in _SETS:
        _check_codes(_SETS[field], value)
    elif field == "phone_hours":
        _check_hours(value)
    elif field == "visiting_point":
        _check_point(value)
    elif field.startswith(SUPPORT):
        _check_support(value)
    else:
        column: Any = model._meta.get_field(field)
        if isinstance(column, models.BooleanField) and not isinstance(value, bool):
            raise ValidationError(_("Yes or no is expected here."))
        if isinstance(column, models.CharField | models.TextField):
            _check_text(value, column.max_length)
        if isinstance(column, models.URLField) and value:
            _check_address(value)
        if field == "drawn_area":
            _check_area(value)
        column.clean(value, None)


def _check_text(value: Any, most: int | None) -> None:
    if not isinstance(value, str):
        raise ValidationError(_("A text is expected here."))
    if any(character == "\0" or category(character) == "Cs" for character in value):
        raise ValidationError(_("This text holds a character that can't be stored."))
    if most and len(value) > most:
        over = len(value) - most
        raise ValidationError(_("This text is %(over)s characters too long.") % {"over": over})


def _check_address(url: str) -> None:
    if not re.fullmatch(WEB_ADDRESS, url):
        raise ValidationError(_("A web address starts with https:// or http://, without spaces."))


def _check_area(value: Any) -> None:
    """A polygon or several, or none: anything else would break the next rebuild."""
    if value is None:
        return
    try:
        drawn = shape(value)
    except (AttributeError, IndexError, KeyError, TypeError, ValueError, ShapelyError):
        drawn = None
    if drawn is None or drawn.geom_type not in ("Polygon", "MultiPolygon") or drawn.is_empty:
        raise ValidationError(_("A GeoJSON polygon is expected here."))


def _check_codes(model: type[models.Model], codes: Any) -> None:
    if not isinstance(codes, list) or not all(isinstance(code, str) for code in codes):
        raise ValidationError(_("A list of codes is expected here."))
    for code in codes:
        _check_text(code, None)
    key = "slug" if model is EducationRegion else "code"
    there = set(model._default_manager.filter(**{f"{key}__in": codes}).values_list(key, flat=True))
    unknown = sorted(set(codes) - there)
    if unknown:
        raise ValidationError(_("Unknown: %(codes)s.") % {"codes": ", ".join(unknown[:10])})


def _check_hours(spans: Any) -> None:
    try:
        parsed = [(weekday, _minutes(opens), _minutes(closes)) for weekday, opens, closes in spans]
        parsed.sort()
    except (TypeError, ValueError):
        raise ValidationError(_("Hours are weekday, from and until.")) from None
    previous: tuple[int, time] | None = None
    for weekday, opens, closes in parsed:
        if type(weekday) is not int or weekday not in PhoneHours.Weekday.values:
            raise ValidationError(_("A weekday is a number from 1 (Monday) to 7."))
        day = PhoneHours.Weekday(weekday).label
        if closes <= opens:
            raise ValidationError(
                _("%(day)s: the end must be later than the beginning.") % {"day": day}
            )
        if previous and previous[0] == weekday and opens < previous[1]:
            raise ValidationError(_("%(day)s: these hours overlap.") % {"day": day})
        previous = (weekday, closes)


def _minutes(text: str) -> time:
    """A time of day in its one form: "09:00". Raises TypeError and ValueError."""
    parsed = time.fromisoformat(text)
    if parsed.isoformat("minutes") != text:
        raise ValueError(text)
    return parsed


def _check_point(point: Any) -> None:
    if point is None:
        return
    if not isinstance(point, list) or [type(part) for part in point] != [float, float]:
        raise ValidationError(_("A point is a latitude and a longitude."))
    latitude, longitude = point
    # The Netherlands in Europe, with a margin: whatever lies outside was mistyped or swapped.
    if not (50.5 <= latitude <= 53.8 and 3.0 <= longitude <= 7.5):
        raise ValidationError(_("This point lies outside the Netherlands."))


def _check_support(value: Any) -> None:
    if value is None:
        return
    if not isinstance(value, dict) or not isinstance(value.get("links"), list):
        raise ValidationError(_("A note and links are expected here."))
    _check_text(value.get("note"), cast(int, Support._meta.get_field("note").max_length))
    column: Any = SupportLink._meta.get_field("url")
    for url in value["links"]:
        _check_text(url, column.max_length)
        _check_address(url)
        column.clean(url, None)


def _check_together(subject: Subject, values: Mapping[str, Any]) -> dict[str, list[str]]:
    """What the values break together with what is stored already: uniqueness, constraints."""
    probe = type(subject).objects.get(pk=subject.pk) if subject.pk else type(subject)()
    columns = _fill(probe, values)
    errors: dict[str, list[str]] = {}
    others = {column.name for column in probe._meta.fields} - set(columns)
    try:
        probe.validate_unique(exclude=others)
        probe.validate_constraints(exclude=others)
    except ValidationError as refused:
        for field, told in refused.message_dict.items():
            named = field if field != NON_FIELD_ERRORS else _broken_field(probe, columns)
            errors.setdefault(named, []).extend(told)
    if "slug" in values:
        kind = "office" if isinstance(subject, RegionalOffice) else "region"
        taken = FormerSlug.objects.filter(slug=values["slug"], **{f"{kind}__isnull": False})
        if taken.exclude(**{kind: subject.pk}).exists():
            errors.setdefault("slug", []).append(_("Another one was known by this address before."))
    return errors


def _broken_field(probe: Subject, columns: list[str]) -> str:
    """The first of the changed columns whose constraint is broken, to say it there."""
    for constraint in probe._meta.constraints:
        try:
            constraint.validate(type(probe), probe)
        except ValidationError:
            told = repr(constraint)
            return next((column for column in columns if f"'{column}" in told), columns[0])
    return columns[0]


def _fill(subject: Subject, values: Mapping[str, Any]) -> list[str]:
    """Set the columns that values give; answers their names. Stores nothing."""
    known = _OFFICE_COLUMNS if isinstance(subject, RegionalOffice) else _REGION_COLUMNS
    columns = [field for field in known if field in values]
    for field in columns:
        setattr(subject, field, values[field])
    if isinstance(subject, RegionalOffice):
        if "visiting_point" in values:
            latitude, longitude = values["visiting_point"] or (None, None)
            subject.visiting_latitude, subject.visiting_longitude = latitude, longitude
            columns += ["visiting_latitude", "visiting_longitude"]
        if CONFIRMED in values:
            day = values[CONFIRMED]
            subject.confirmed_on = date.fromisoformat(day) if day else None
            columns.append(CONFIRMED)
    return columns


def _keep_former_slug(subject: Subject, values: Mapping[str, Any]) -> None:
    known = type(subject).objects.filter(pk=subject.pk).values_list("slug", flat=True).first()
    if "slug" not in values or known in (None, values["slug"]):
        return
    of: dict[str, Any] = {"office" if isinstance(subject, RegionalOffice) else "region": subject}
    FormerSlug.objects.filter(slug=values["slug"], **of).delete()
    FormerSlug.objects.get_or_create(slug=known, **of)


def _write_set(office: RegionalOffice, name: str, codes: list[str]) -> None:
    members: Any = getattr(office, name)
    if name == "regions":
        members.set(EducationRegion.objects.filter(slug__in=codes))
    else:
        members.set(codes)


def _write_hours(office: RegionalOffice, spans: list[list[Any]]) -> None:
    office.phone_hours.all().delete()
    PhoneHours.objects.bulk_create(
        PhoneHours(
            office=office,
            weekday=weekday,
            opens=time.fromisoformat(opens),
            closes=time.fromisoformat(closes),
        )
        for weekday, opens, closes in spans
    )


def _write_support(office: RegionalOffice, code: str, value: dict[str, Any] | None) -> None:
    if value is None:
        office.support.filter(type=code).delete()
        return
    support, _new = Support.objects.update_or_create(
        office=office, type_id=code, defaults={"note": value["note"]}
    )
    support.links.all().delete()
    SupportLink.objects.bulk_create(
        SupportLink(support=support, url=url, position=position)
        for position, url in enumerate(value["links"])
    )
