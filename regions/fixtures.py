"""Fixture files -> facts: read and checked as a whole, before anything is written.

A fact is one object as a fixture gives it, in plain JSON values: a reference is the natural key of
what it points to (a list), a set of references a sorted list of such keys.
"""

import hashlib
import json
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from regions.models import (
    EducationRegion,
    Municipality,
    PhoneHours,
    Place,
    PlaceName,
    Postcode,
    PostcodeShare,
    RegionalOffice,
    Sector,
    Support,
    SupportLink,
    SupportType,
)

Key: TypeAlias = tuple[Any, ...]
Values: TypeAlias = dict[str, Any]
Model: TypeAlias = type[models.Model]

# What fixtures hold, in the order in which it refers to each other, with the fields of its natural
# key. A model without such fields has its code as primary key.
KEY_FIELDS: Mapping[Model, tuple[str, ...]] = {
    Sector: (),
    SupportType: (),
    Municipality: (),
    Postcode: (),
    PostcodeShare: ("postcode", "municipality"),
    Place: ("name", "municipality"),
    PlaceName: ("key", "place"),
    EducationRegion: ("slug",),
    RegionalOffice: ("slug",),
    PhoneHours: ("office", "weekday", "opens"),
    Support: ("office", "type"),
    SupportLink: ("support", "url"),
}


# What no source has, and is written and set on the site alone: loading never touches it.
SITE_ONLY: Mapping[Model, frozenset[str]] = {
    EducationRegion: frozenset({"state", "review_required"}),
    RegionalOffice: frozenset(
        {
            "target_groups",
            "schools",
            "training_institutes",
            "regulations",
            "matching",
            "calendar_url",
            "phone_note",
            "preferred_contact",
            "contact_team",
            "what_to_expect",
            "advice_note",
        }
    ),
}


class FixtureError(ValueError):
    """A fixture that can't be used; the text names file, object and field."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One object of a fixture: where it stands, its natural key, its values by field name."""

    where: str
    key: Key
    values: Values


Facts: TypeAlias = dict[Model, dict[Key, Fact]]


def fixture_files(folder: Path) -> list[Path]:
    """The files of a folder, in order. Raises FixtureError when there are none."""
    try:
        files = sorted(folder.glob("*.json")) if folder.is_dir() else []
    except (OSError, ValueError):  # too long, or with a character that no path has
        files = []
    if not files:
        raise FixtureError(_("There is no folder of this name with fixtures (*.json) in it."))
    return files


def digest(files: list[Path]) -> str:
    """A text that changes when any of the files does."""
    together = hashlib.sha256()
    for file in files:
        together.update(file.name.encode() + b"\0" + _bytes(file) + b"\0")
    return together.hexdigest()


def read_facts(files: list[Path]) -> Facts:
    """All facts of the files, checked: fields, types, choices, references, double keys.

    Raises FixtureError for the first that is wrong. No query.
    """
    facts: Facts = {model: {} for model in KEY_FIELDS}
    for file in files:
        for number, item in enumerate(_items(file), start=1):
            where = f"{file.name}, object {number}"
            model = _model(item, where)
            fact = _fact(model, item, f"{where}{_called(model, item)}")
            if fact.key in facts[model]:
                earlier = facts[model][fact.key].where
                raise FixtureError(_("%s: the same as %s.") % (fact.where, earlier))
            facts[model][fact.key] = fact
    for model, known in facts.items():
        if not known:
            raise FixtureError(
                _("The fixtures hold no %s: a whole set is needed.") % model._meta.label_lower
            )
        for fact in known.values():
            _check_references(model, fact, facts)
        for field in unique_columns(model):
            _check_unique(field, known.values())
    return facts


def columns(model: Model) -> tuple["models.Field[Any, Any]", ...]:
    """The fields that a fixture gives as values or references, without the primary key."""
    return _columns(model)


def unique_columns(model: Model) -> tuple["models.Field[Any, Any]", ...]:
    """The fields beside the key of which no two objects may have the same value."""
    return tuple(
        field for field in columns(model) if field.unique and field.name not in KEY_FIELDS[model]
    )


def sets(model: Model) -> tuple["models.ManyToManyField[Any, Any]", ...]:
    """The fields that a fixture gives as sets of references."""
    return tuple(model._meta.many_to_many)


def has_code(model: Model) -> bool:
    """Whether objects are known by a code, which is their primary key."""
    return not KEY_FIELDS[model]


def flat(parts: Any) -> Key:
    """A natural key whose parts may be keys themselves, in one row."""
    if isinstance(parts, (list, tuple)):
        return tuple(part for inner in parts for part in flat(inner))
    return (parts,)


def key_of(model: Model, values: Values) -> Key:
    """The natural key that is in the values."""
    return flat([values[name] for name in KEY_FIELDS[model]])


@cache
def _columns(model: Model) -> tuple["models.Field[Any, Any]", ...]:
    return tuple(
        field
        for field in model._meta.local_concrete_fields
        if not field.primary_key
        and isinstance(field, models.Field)
        and field.name not in SITE_ONLY.get(model, ())
    )


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise FixtureError(_("%s can't be read.") % file.name) from error


def _items(file: Path) -> Iterator[Any]:
    try:
        items = json.loads(_bytes(file).decode("utf-8"))
    except UnicodeDecodeError as error:
        raise FixtureError(_("%s can't be read as UTF-8 text.") % file.name) from error
    except (ValueError, RecursionError) as error:  # also a number of thousands of digits
        line = getattr(error, "lineno", "?")
        raise FixtureError(_("%s is no JSON: line %s.") % (file.name, line)) from error
    if not isinstance(items, list):
        raise FixtureError(_("%s: a list of objects is needed.") % file.name)
    yield from items


def _model(item: Any, where: str) -> Model:
    if not isinstance(item, dict) or not isinstance(item.get("fields"), dict):
        raise FixtureError(_("%s: an object with “model” and “fields” is needed.") % where)
    for model in KEY_FIELDS:
        if item.get("model") == model._meta.label_lower:
            return model
    raise FixtureError(_("%s: unknown model “%s”.") % (where, str(item.get("model"))[:80]))


def _called(model: Model, item: dict[str, Any]) -> str:
    """The natural key of an object that may be damaged, as an error shows it."""
    key = [item.get("pk")] if has_code(model) else map(item["fields"].get, KEY_FIELDS[model])
    parts = [str(part)[:80] for part in flat(list(key)) if part is not None]
    return f" ({', '.join(parts)})" if parts else ""


def _fact(model: Model, item: dict[str, Any], about: str) -> Fact:
    given: dict[str, Any] = item["fields"]
    code = (item.get("pk"),) if has_code(model) else ()
    if code and not isinstance(code[0], str):
        raise FixtureError(_("%s, field “pk”: the code is missing.") % about)
    if not has_code(model) and "pk" in item:
        raise FixtureError(_("%s, field “pk”: only objects with a code have one.") % about)
    for name in item:
        if name not in ("model", "pk", "fields"):
            raise FixtureError(_("%s, field “%s”: unknown.") % (about, name))
    wanted = [field.name for field in (*columns(model), *sets(model))]
    for name in given:
        if name not in wanted:
            raise FixtureError(_("%s, field “%s”: unknown.") % (about, name))
    for name in wanted:
        if name not in given:
            raise FixtureError(_("%s, field “%s”: missing.") % (about, name))
    if code:
        _clean(model._meta.pk, code[0], about)
    values: Values = {}
    for field in columns(model):
        values[field.name] = _clean(field, given[field.name], about)
    for many in sets(model):
        values[many.name] = _keys(many, given[many.name], about)
    return Fact(about, code or key_of(model, values), values)


def _clean(field: Any, value: Any, about: str) -> Any:
    """The value in its plain form. Raises FixtureError when the field doesn't take it."""
    if isinstance(field, models.ForeignKey):
        return None if value is None and field.null else list(_reference(field, value, about))
    if isinstance(field, models.JSONField):
        return _geometry(field, value, about)
    try:
        if value is not None and not _fits(field, value):
            raise ValidationError(_("is of the wrong kind"))
        return plain(field.clean(_storable(value), None))
    except ValidationError as error:
        told = " ".join(error.messages)
        raise FixtureError(_("%s, field “%s”: %s") % (about, field.name, told)) from error


def _fits(field: Any, value: Any) -> bool:
    """Whether JSON has the kind of value that the field needs."""
    if isinstance(value, bool):  # Python takes it for a number
        return isinstance(field, models.BooleanField)
    return isinstance(value, _PLAIN.get(type(field), str))


_PLAIN: dict[type, type | tuple[type, ...]] = {
    models.FloatField: (int, float),
    models.PositiveSmallIntegerField: int,
}


HIGHEST_SMALL_INTEGER = 32767


def _storable(value: Any) -> Any:
    """The value itself. Raises ValidationError when no database could hold it."""
    if isinstance(value, str) and (
        "\0" in value or any("\ud800" <= letter <= "\udfff" for letter in value)
    ):
        raise ValidationError(_("has a character that can't be stored"))
    if isinstance(value, float) and not math.isfinite(value):
        raise ValidationError(_("is no number"))
    if isinstance(value, int) and value > HIGHEST_SMALL_INTEGER:  # SQLite would take it
        raise ValidationError(_("is too large"))
    return value


def plain(value: Any) -> Any:
    """A value of a model as JSON has it."""
    return value if value is None or isinstance(value, (bool, int, float, str)) else str(value)


def _geometry(field: Any, value: Any, about: str) -> Any:
    if value is None and field.null:
        return None
    depth = _POSITIONS_AT.get(str(value.get("type"))) if isinstance(value, dict) else None
    if depth is None or not _is_area(value.get("coordinates"), depth):
        raise FixtureError(_("%s, field “%s”: a GeoJSON polygon is needed.") % (about, field.name))
    return value


_POSITIONS_AT = {"Polygon": 2, "MultiPolygon": 3}  # how deep the lists of positions are


def _is_area(value: Any, depth: int) -> bool:
    """Rings, or lists of them, of which each ends where it begins."""
    if not isinstance(value, list) or not value:
        return False
    if depth > 1:
        return all(_is_area(inner, depth - 1) for inner in value)
    return len(value) >= _FEWEST_POSITIONS and value[0] == value[-1] and all(map(_is_point, value))


_FEWEST_POSITIONS = 4


def _is_point(value: Any) -> bool:
    return (
        isinstance(value, list)
        and len(value) == len(_FARTHEST)
        and all(
            type(number) in (int, float) and abs(number) <= farthest
            for number, farthest in zip(value, _FARTHEST, strict=True)
        )
    )


_FARTHEST = (180, 90)  # degrees of longitude and latitude


def _reference(field: Any, value: Any, about: str) -> Key:
    key = flat(value)
    if not all(isinstance(part, (str, int)) for part in key):
        raise FixtureError(_("%s, field “%s”: a natural key is needed.") % (about, field.name))
    return key


def _keys(field: Any, value: Any, about: str) -> list[list[Any]]:
    if not isinstance(value, list):
        raise FixtureError(_("%s, field “%s”: a list is needed.") % (about, field.name))
    if not value and not field.blank:
        raise FixtureError(_("%s, field “%s”: at least one is needed.") % (about, field.name))
    keys = {_reference(field, item, about) for item in value}
    return [list(key) for key in sorted(keys, key=repr)]


def _check_references(model: Model, fact: Fact, facts: Facts) -> None:
    for field in columns(model):
        if isinstance(field, models.ForeignKey) and fact.values[field.name] is not None:
            _check_reference(field, tuple(fact.values[field.name]), fact, facts)
    for many in sets(model):
        for key in fact.values[many.name]:
            _check_reference(many, tuple(key), fact, facts)


def _check_unique(field: Any, facts: Iterable[Fact]) -> None:
    first: dict[Any, str] = {}
    for fact in facts:
        value = fact.values[field.name]
        earlier = first.setdefault(value, fact.where)
        if earlier != fact.where:
            raise FixtureError(
                _("%s, field “%s”: the same as %s.") % (fact.where, field.name, earlier)
            )


def _check_reference(field: Any, key: Key, fact: Fact, facts: Facts) -> None:
    if key not in facts[field.related_model]:
        raise FixtureError(
            _("%s, field “%s”: there is no %s “%s”.")
            % (
                fact.where,
                field.name,
                field.related_model._meta.label_lower,
                ", ".join(str(part) for part in key),
            )
        )
