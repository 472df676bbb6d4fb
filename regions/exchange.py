"""Facts -> the database, without losing what was edited on the site.

Three sides are compared, field by field: the fixture, the site, and what was loaded last time
(`LoadedFact`). What the site still has as it was loaded follows the fixture; what was edited since
is kept and listed.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from regions import derived
from regions.fixtures import (
    Fact,
    FixtureError,
    Key,
    Model,
    Values,
    columns,
    digest,
    fixture_files,
    flat,
    has_code,
    key_of,
    named,
    plain,
    read_facts,
    sets,
)
from regions.models import LoadedFact, RegionalOffice

Progress: TypeAlias = Callable[[str, int, int], None]
_DIGEST = {"model": "fixtures", "key": "digest"}
_BATCH = 1000


@dataclass(slots=True)
class Tally:
    """What became of the objects of one model."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0


@dataclass(slots=True)
class Summary:
    """What a load did. `kept` names what was edited on the site and is therefore left alone."""

    tallies: dict[Model, Tally] = field(default_factory=dict)
    kept: list[str] = field(default_factory=list)
    skipped: bool = False

    @property
    def anything_changed(self) -> bool:
        return any(
            tally.created or tally.changed or tally.removed for tally in self.tallies.values()
        )


@dataclass(slots=True)
class _Side:
    """The objects of one model as the site has them."""

    pks: dict[Key, Any] = field(default_factory=dict)
    values: dict[Key, Values] = field(default_factory=dict)


def load(
    folder: Path,
    *,
    overwrite: bool = False,
    if_changed: bool = False,
    progress: Progress | None = None,
) -> Summary:
    """Load or refresh the directory from the fixtures in `folder`, all or nothing.

    `overwrite` lets the fixtures win over what was edited on the site; `if_changed` does nothing
    when the files are those of last time. `progress` is told the step, how far it is, and how far
    it goes. Raises FixtureError; then nothing has changed.
    """
    files = fixture_files(folder)
    mark = digest(files)
    if if_changed and LoadedFact.objects.filter(**_DIGEST, values=mark).exists():
        return Summary(skipped=True)
    facts = read_facts(files)
    summary = Summary()
    with transaction.atomic():
        derived.lock()
        loaded = _loaded()
        sites: dict[Model, _Side] = {}
        for number, (model, known) in enumerate(facts.items(), start=1):
            sites[model] = _read_site(model, sites)
            _load_model(model, known, loaded.get(model, {}), sites, summary, overwrite=overwrite)
            if progress:
                progress(_("facts"), number, len(facts))
        for model in reversed(facts):
            gone = {key: old for key, old in loaded.get(model, {}).items() if key not in facts[model]}
            _remove(model, gone, sites[model], summary, overwrite=overwrite)
        _remember(facts, loaded, mark)
        if summary.anything_changed:
            derived.rebuild(progress=progress)
    return summary


def _load_model(
    model: Model,
    facts: Mapping[Key, Fact],
    loaded: Mapping[Key, Values],
    sites: Mapping[Model, _Side],
    summary: Summary,
    *,
    overwrite: bool,
) -> None:
    site = sites[model]
    tally = summary.tallies.setdefault(model, Tally())
    new: list[Fact] = []
    changed: list[tuple[Fact, list[str]]] = []
    for key, fact in facts.items():
        if key not in site.pks:
            if key in loaded and not overwrite:
                summary.kept.append(_("%s: deleted on the site") % _called(model, key))
            else:
                new.append(fact)
            continue
        here = site.values[key]
        differing = [name for name, value in fact.values.items() if here[name] != value]
        before = loaded.get(key, {})
        taken = [
            name
            for name in differing
            if overwrite or (name in before and here[name] == before[name])
        ]
        summary.kept += [
            _("%s: %s was edited on the site") % (_called(model, key), name)
            for name in differing
            if name not in taken
        ]
        if taken:
            changed.append((fact, taken))
        elif not differing:
            tally.unchanged += 1
    tally.created += _create(model, new, sites)
    tally.changed += _change(model, changed, sites)


def _create(model: Model, facts: list[Fact], sites: Mapping[Model, _Side]) -> int:
    """Store new objects; those whose owner was deleted on the site have no place."""
    able = [fact for fact in facts if _owners_exist(model, fact, sites)]
    for start in range(0, len(able), _BATCH):
        batch = able[start : start + _BATCH]
        objects = [_instance(model, fact, sites) for fact in batch]
        with _named_on_failure(model, list(zip(batch, objects, strict=True))):
            stored = model._default_manager.bulk_create(objects)
        for fact, instance in zip(batch, stored, strict=True):
            sites[model].pks[fact.key] = instance.pk
            sites[model].values[fact.key] = fact.values
        for many in sets(model):
            _add_to_sets(many, batch, sites)
    return len(able)


def _change(
    model: Model, changed: list[tuple[Fact, list[str]]], sites: Mapping[Model, _Side]
) -> int:
    own = {column.name for column in columns(model)}
    for fact, names in changed:
        wanted = _instance(model, fact, sites)
        wanted.pk = sites[model].pks[fact.key]
        update = {
            column.attname: getattr(wanted, column.attname)
            for column in columns(model)
            if column.name in names
        }
        if update:
            with _named_on_failure(model, [(fact, wanted)]):
                model._default_manager.filter(pk=wanted.pk).update(**update)
        for many in sets(model):
            if many.name in names:
                pks = _pks(many, fact, sites)
                getattr(wanted, many.name).set(pks)
        sites[model].values[fact.key] |= {name: fact.values[name] for name in names if name in own}
    return len(changed)


def _remove(
    model: Model, gone: Mapping[Key, Values], site: _Side, summary: Summary, *, overwrite: bool
) -> None:
    """What the fixtures no longer have goes, unless it was edited or is still needed."""
    tally = summary.tallies.setdefault(model, Tally())
    for key, before in gone.items():
        if key not in site.pks:
            continue
        stored = model._default_manager.filter(pk=site.pks[key])
        if site.values[key] != before and not overwrite:
            summary.kept.append(_("%s: gone from the fixtures, edited on the site") % _called(model, key))
        elif model is RegionalOffice:
            # Views point to an office, and its address may be known: it is never deleted.
            tally.removed += stored.exclude(state=RegionalOffice.State.ARCHIVED).update(
                state=RegionalOffice.State.ARCHIVED
            )
        else:
            try:
                with transaction.atomic():
                    stored.delete()
                tally.removed += 1
            except models.ProtectedError:
                summary.kept.append(_("%s: gone from the fixtures, still in use") % _called(model, key))


def _read_site(model: Model, sites: Mapping[Model, _Side]) -> _Side:
    """What is stored of a model; one query, and one more for each set of references."""
    site = _Side()
    keys = {other: {pk: key for key, pk in side.pks.items()} for other, side in sites.items()}
    names = [column.attname for column in columns(model)]
    by_pk: dict[Any, Values] = {}
    for pk, *row in model._default_manager.order_by().values_list("pk", *names):
        values: Values = {}
        for column, value in zip(columns(model), row, strict=True):
            if isinstance(column, models.ForeignKey):
                known = keys[column.related_model].get(value)
                values[column.name] = None if known is None else list(known)
            else:
                values[column.name] = value if isinstance(value, dict) else plain(value)
        values |= {many.name: [] for many in sets(model)}
        by_pk[pk] = values
    for many in sets(model):
        through = many.remote_field.through
        for pk, other in through._default_manager.values_list(
            many.m2m_field_name(), many.m2m_reverse_field_name()
        ):
            by_pk[pk][many.name].append(list(keys[many.related_model][other]))
    for pk, values in by_pk.items():
        for many in sets(model):
            values[many.name].sort(key=lambda key: repr(tuple(key)))
        key = (pk,) if has_code(model) else key_of(model, values)
        site.pks[key] = pk
        site.values[key] = values
    return site


def _instance(model: Model, fact: Fact, sites: Mapping[Model, _Side]) -> models.Model:
    instance = model(**({"pk": fact.key[0]} if has_code(model) else {}))
    for column in columns(model):
        value = fact.values[column.name]
        if isinstance(column, models.ForeignKey) and value is not None:
            value = sites[column.related_model].pks[flat(value)]
        setattr(instance, column.attname, column.to_python(value))
    return instance


def _owners_exist(model: Model, fact: Fact, sites: Mapping[Model, _Side]) -> bool:
    return all(
        fact.values[column.name] is None
        or flat(fact.values[column.name]) in sites[column.related_model].pks
        for column in columns(model)
        if isinstance(column, models.ForeignKey)
    )


def _add_to_sets(many: Any, facts: Iterable[Fact], sites: Mapping[Model, _Side]) -> None:
    through = many.remote_field.through
    one, other = many.m2m_field_name(), many.m2m_reverse_field_name()
    own = sites[many.model].pks
    through._default_manager.bulk_create(
        [
            through(**{f"{one}_id": own[fact.key], f"{other}_id": pk})
            for fact in facts
            for pk in _pks(many, fact, sites)
        ],
        batch_size=_BATCH,
    )


def _pks(many: Any, fact: Fact, sites: Mapping[Model, _Side]) -> list[Any]:
    """What a set of references points to, as far as the site still has it."""
    there = sites[many.related_model].pks
    return [there[flat(key)] for key in fact.values[many.name] if flat(key) in there]


def _loaded() -> dict[Model, dict[Key, Values]]:
    by_label = {model._meta.label_lower: model for model in _models()}
    loaded: dict[Model, dict[Key, Values]] = {}
    for label, key, values in LoadedFact.objects.order_by().values_list("model", "key", "values"):
        if label in by_label:
            loaded.setdefault(by_label[label], {})[tuple(json.loads(key))] = values
    return loaded


def _remember(
    facts: Mapping[Model, Mapping[Key, Fact]],
    loaded: Mapping[Model, Mapping[Key, Values]],
    mark: str,
) -> None:
    """Keep what the fixtures say now, for the next time."""
    for model, known in facts.items():
        before = loaded.get(model, {})
        label = model._meta.label_lower
        gone = [json.dumps(key) for key in before if key not in known]
        for start in range(0, len(gone), 500):
            LoadedFact.objects.filter(model=label, key__in=gone[start : start + 500]).delete()
        LoadedFact.objects.bulk_create(
            [
                LoadedFact(model=label, key=json.dumps(key), values=fact.values)
                for key, fact in known.items()
                if before.get(key) != fact.values
            ],
            batch_size=_BATCH,
            update_conflicts=True,
            unique_fields=["model", "key"],
            update_fields=["values"],
        )
    LoadedFact.objects.update_or_create(**_DIGEST, defaults={"values": mark})


def _models() -> Iterable[Model]:
    from regions.fixtures import KEY_FIELDS

    return KEY_FIELDS


def _called(model: Model, key: Key) -> str:
    return f"{model._meta.model_name} {', '.join(str(part) for part in key)}"


class _named_on_failure:
    """Turns the database's refusal of a batch into an error that names object and field."""

    def __init__(self, model: Model, batch: list[tuple[Fact, models.Model]]) -> None:
        self._model = model
        self._batch = batch
        self._atomic = transaction.atomic()

    def __enter__(self) -> None:
        self._atomic.__enter__()

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        self._atomic.__exit__(kind, error, trace)
        if isinstance(error, IntegrityError):
            raise FixtureError(self._reason()) from error

    def _reason(self) -> str:
        for fact, instance in self._batch:
            for constraint in self._model._meta.constraints:
                try:
                    constraint.validate(self._model, instance)
                except ValidationError as refused:
                    told = " ".join(refused.messages)
                    return _("%s, field “%s”: %s") % (named(fact), _fields(constraint), told)
        fact = self._batch[0][0]
        return _("%s, or an object behind it, is not unique.") % named(fact)


def _fields(constraint: models.BaseConstraint) -> str:
    if isinstance(constraint, models.UniqueConstraint):
        return "”, “".join(constraint.fields)
    condition = getattr(constraint, "condition", models.Q())
    return "”, “".join(dict.fromkeys(_names(condition)))


def _names(condition: models.Q) -> Iterable[str]:
    for child in condition.children:
        if isinstance(child, models.Q):
            yield from _names(child)
        elif isinstance(child, tuple):
            yield child[0].partition("__")[0]
