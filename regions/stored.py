"""The directory as the site has it, by natural key: read as facts, and written in bulk."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models.deletion import ProtectedError, RestrictedError
from django.utils.translation import gettext as _

from regions.fixtures import (
    HIGHEST_SMALL_INTEGER,
    KEY_FIELDS,
    Fact,
    FixtureError,
    Key,
    Model,
    Values,
    columns,
    flat,
    has_code,
    key_of,
    plain,
    sets,
    unique_columns,
)

_BATCH = 1000


@dataclass(slots=True)
class Stored:
    """The objects of one model: their primary keys, and their values as a fixture gives them."""

    pks: dict[Key, Any] = field(default_factory=dict)
    values: dict[Key, Values] = field(default_factory=dict)


Site: TypeAlias = dict[Model, Stored]


@dataclass(frozen=True, slots=True)
class Change:
    """The fields of an object that take the values of a fact."""

    fact: Fact
    names: tuple[str, ...]


def read_site() -> Site:
    """All that is stored; one query a model, and one more for each set of references."""
    site: Site = {}
    for model in KEY_FIELDS:
        site[model] = _read(model, site)
    return site


def lacking(model: Model, fact: Fact, site: Site) -> tuple[str, ...]:
    """The references of a fact to something that the site doesn't have (any more)."""
    return tuple(
        column.name
        for column in columns(model)
        if isinstance(column, models.ForeignKey)
        and fact.values[column.name] is not None
        and flat(fact.values[column.name]) not in site[column.related_model].pks
    )


def create(model: Model, facts: Sequence[Fact], site: Site) -> None:
    """Store new objects. Raises FixtureError when the database refuses one."""
    for start in range(0, len(facts), _BATCH):
        batch = facts[start : start + _BATCH]
        objects = [_new(model, fact, site) for fact in batch]
        with _told_when_refused(model, zip(batch, objects, strict=True)):
            model._default_manager.bulk_create(objects)
        for fact, instance in zip(batch, objects, strict=True):
            site[model].pks[fact.key] = instance.pk
        for many in sets(model):
            _add_to_set(many, batch, site)


def change(model: Model, changes: Sequence[Change], site: Site) -> None:
    """Store new values of objects. Raises FixtureError when the database refuses one."""
    there = model._default_manager.in_bulk([site[model].pks[each.fact.key] for each in changes])
    for each in changes:
        instance = there[site[model].pks[each.fact.key]]
        own = [column for column in columns(model) if column.name in each.names]
        _fill(instance, own, each.fact, site)
        if own:
            with _told_when_refused(model, [(each.fact, instance)]):
                instance.save(update_fields=[column.name for column in own])
        for many in sets(model):
            if many.name in each.names:
                getattr(instance, many.name).set(_pks(many, each.fact, site))


def vacate(model: Model, column: "models.Field[Any, Any]", keys: Sequence[Key], site: Site) -> None:
    """Put a stand-in for a unique value, such as a position, so that another can take it."""
    for number, key in enumerate(keys):
        pk = site[model].pks[key]
        number_like = isinstance(column, models.IntegerField)
        stand_in = HIGHEST_SMALL_INTEGER - number if number_like else f"~{pk}"
        model._default_manager.filter(pk=pk).update(**{column.name: stand_in})


def remove(model: Model, key: Key, site: Site) -> bool:
    """Delete an object, unless something that stays still refers to it; whether it's gone."""
    stored = model._default_manager.filter(pk=site[model].pks[key])
    if any(_referring(model, site[model].pks[key])):
        return False
    try:
        with transaction.atomic():
            stored.delete()
    except (ProtectedError, RestrictedError):
        return False
    return True


def _referring(model: Model, pk: Any) -> Iterator[bool]:
    """For each relation between facts: does another object point to this one?

    What is derived does not count: it follows.
    """
    for relation in model._meta.related_objects:
        other = relation.related_model
        if isinstance(other, type) and other in KEY_FIELDS:
            yield other._default_manager.filter(**{relation.field.name: pk}).exists()


def _read(model: Model, site: Site) -> Stored:
    codes = {other: {pk: key for key, pk in side.pks.items()} for other, side in site.items()}
    by_pk: dict[Any, Values] = {}
    names = [column.attname for column in columns(model)]
    for pk, *row in model._default_manager.order_by().values_list("pk", *names):
        values: Values = {many.name: [] for many in sets(model)}
        for column, value in zip(columns(model), row, strict=True):
            if isinstance(column, models.ForeignKey):
                values[column.name] = (
                    None if value is None else list(codes[column.related_model][value])
                )
            else:
                values[column.name] = value if isinstance(value, dict) else plain(value)
        by_pk[pk] = values
    for many in sets(model):
        through: Any = many.remote_field.through
        rows = through._default_manager.values_list(
            many.m2m_field_name(), many.m2m_reverse_field_name()
        )
        for pk, other in rows:
            by_pk[pk][many.name].append(list(codes[many.related_model][other]))
    stored = Stored()
    for pk, values in by_pk.items():
        for many in sets(model):
            values[many.name].sort(key=lambda key: repr(tuple(key)))
        key = (pk,) if has_code(model) else key_of(model, values)
        stored.pks[key] = pk
        stored.values[key] = values
    return stored


def _new(model: Model, fact: Fact, site: Site) -> models.Model:
    instance = model(**({"pk": fact.key[0]} if has_code(model) else {}))
    _fill(instance, columns(model), fact, site)
    return instance


def _fill(instance: models.Model, own: Iterable[Any], fact: Fact, site: Site) -> None:
    for column in own:
        value = fact.values[column.name]
        if isinstance(column, models.ForeignKey) and value is not None:
            value = site[column.related_model].pks[flat(value)]
        setattr(instance, column.attname, column.to_python(value))


def _add_to_set(many: Any, facts: Iterable[Fact], site: Site) -> None:
    through = many.remote_field.through
    one, other = many.m2m_field_name(), many.m2m_reverse_field_name()
    own = site[many.model].pks
    through._default_manager.bulk_create(
        [
            through(**{f"{one}_id": own[fact.key], f"{other}_id": pk})
            for fact in facts
            for pk in _pks(many, fact, site)
        ],
        batch_size=_BATCH,
    )


def _pks(many: Any, fact: Fact, site: Site) -> list[Any]:
    """What a set of references points to, as far as the site still has it."""
    there = site[many.related_model].pks
    return [there[flat(key)] for key in fact.values[many.name] if flat(key) in there]


@contextmanager
def _told_when_refused(model: Model, batch: Iterable[tuple[Fact, models.Model]]) -> Iterator[None]:
    """Turns the database's refusal of a batch into an error that names object and field."""
    pairs = list(batch)
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        for fact, instance in pairs:
            reason = _taken(model, fact, instance) or _broken(model, fact, instance)
            if reason:
                raise FixtureError(reason) from error
        raise  # pragma: no cover


def _taken(model: Model, fact: Fact, instance: models.Model) -> str | None:
    """The unique value that another object on the site has already."""
    for column in unique_columns(model):
        value = getattr(instance, column.attname)
        same = model._default_manager.filter(**{column.name: value})
        other = same.exclude(pk=instance.pk).first() if instance.pk else same.first()
        if other is not None:
            return _("%s, field “%s”: on the site “%s” has this already.") % (
                fact.where,
                column.name,
                ", ".join(str(part) for part in flat(_natural_key(other))),
            )
    return None


def _natural_key(instance: Any) -> Any:
    return instance.natural_key() if hasattr(instance, "natural_key") else instance.pk


def _broken(model: Model, fact: Fact, instance: models.Model) -> str | None:
    """The constraint that the object would break."""
    for constraint in model._meta.constraints:
        try:
            constraint.validate(model, instance)
        except ValidationError as refused:
            told = " ".join(refused.messages)
            return _("%s, field “%s”: %s") % (fact.where, _fields(constraint), told)
    return None


def _fields(constraint: models.BaseConstraint) -> str:
    if isinstance(constraint, models.UniqueConstraint):
        return "”, “".join(constraint.fields)
    condition = getattr(constraint, "condition", models.Q())
    return "”, “".join(dict.fromkeys(_names(condition)))


def _names(condition: models.Q) -> Iterator[str]:
    for child in condition.children:
        if isinstance(child, models.Q):
            yield from _names(child)
        elif isinstance(child, tuple):
            yield child[0].partition("__")[0]
