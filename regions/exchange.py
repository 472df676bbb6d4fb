"""Facts -> the database, without losing what was edited on the site.

Three sides are compared, field by field: the fixture, the site, and what was loaded last time
(`LoadedFact`). What the site still has as it was loaded follows the fixture; what was edited since
is kept and listed.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from django.db import transaction
from django.utils.translation import gettext as _

from regions import derived, records, revisions, stored
from regions.fixtures import (
    KEY_FIELDS,
    Fact,
    Facts,
    FixtureError,
    Key,
    Model,
    Values,
    columns,
    digest,
    fixture_files,
    plain,
    read_facts,
    sets,
    unique_columns,
)
from regions.models import EducationRegion, LoadedFact, RegionalOffice
from regions.records import Record, Subject
from regions.stored import Change, Site, Stored

Progress: TypeAlias = Callable[[str, int, int], None]
Loaded: TypeAlias = dict[Model, dict[Key, Values]]
_DIGEST = {"model": "fixtures", "key": "digest"}
_BATCH = 1000


@dataclass(slots=True)
class Tally:
    """What became of the objects of one model.

    An object with an edited field is kept; when other fields changed it is changed as well.
    """

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    kept: int = 0
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
class Plan:
    """What a load is going to do with the objects of one model."""

    new: list[Fact] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    gone: list[Key] = field(default_factory=list)
    unchanged: int = 0
    removed: int = 0
    kept: dict[Key, str] = field(default_factory=dict)
    vacated: set[Key] = field(default_factory=set)


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
    with transaction.atomic():
        never_derived = derived.lock().number == 0
        loaded = _read_loaded()
        site = stored.read_site()
        before = _records()
        plans = {
            model: compare(
                model, facts[model], loaded.get(model, {}), site[model], overwrite=overwrite
            )
            for model in KEY_FIELDS
        }
        _write(plans, site, progress)
        _remove(plans, site)
        _remember(facts, loaded, plans, mark)
        summary = _summary(plans)
        if summary.anything_changed:
            now = _records()
            revisions.note_load(
                before, {subject: now[subject] for subject in before if subject in now}
            )
        if summary.anything_changed or never_derived:
            derived.rebuild(progress=progress)
    return summary


def _records() -> dict[Subject, Record]:
    """The records of all offices and regions that are stored."""
    offices, regions = RegionalOffice.objects.all(), EducationRegion.objects.all()
    by_office, by_region = records.read_many(offices), records.read_regions(regions)
    return {
        **{office: by_office[office.pk] for office in offices},
        **{region: by_region[region.pk] for region in regions},
    }


def compare(
    model: Model,
    facts: Mapping[Key, Fact],
    loaded: Mapping[Key, Values],
    there: Stored,
    *,
    overwrite: bool = False,
) -> Plan:
    """What the three sides ask for: the fixtures' facts, what was loaded last, and the site."""
    plan = Plan()
    for key, fact in facts.items():
        if key not in there.pks:
            if key in loaded and not overwrite:
                plan.kept[key] = _("deleted on the site")
            else:
                plan.new.append(fact)
            continue
        here = there.values[key]
        # A field that came later was loaded as its default, so to speak.
        before = {**_defaults(model), **loaded[key]} if key in loaded else {}
        differing = [name for name, value in fact.values.items() if here[name] != value]
        taken = [
            name
            for name in differing
            if overwrite or (name in before and here[name] == before[name])
        ]
        if taken:
            plan.changes.append(Change(fact, tuple(taken)))
        if edited := [name for name in differing if name not in taken]:
            plan.kept[key] = _("%s: edited on the site") % ", ".join(edited)
        if not differing:
            plan.unchanged += 1
    for key, before in loaded.items():
        if key in facts or key not in there.pks:
            continue
        here = there.values[key]
        if overwrite or all(here.get(name) == value for name, value in before.items()):
            plan.gone.append(key)
        else:
            plan.kept[key] = _("gone from the fixtures, edited on the site")
    return plan


def _defaults(model: Model) -> Values:
    own = {column.name: plain(column.get_default()) for column in columns(model)}
    return own | {many.name: [] for many in sets(model)}


def _write(plans: Mapping[Model, Plan], site: Site, progress: Progress | None) -> None:
    for number, (model, plan) in enumerate(plans.items(), start=1):
        _leave_out_orphans(model, plan, site)
        for column in unique_columns(model):
            keys = _in_the_way(model, column.name, plan, site)
            stored.vacate(model, column, keys, site)
            plan.vacated.update(keys)
        stored.create(model, plan.new, site)
        stored.change(model, plan.changes, site)
        if progress:
            progress(_("facts"), number, len(plans))


def _leave_out_orphans(model: Model, plan: Plan, site: Site) -> None:
    """What refers to something that was deleted on the site can't be stored."""
    able: list[Fact] = []
    changes: list[Change] = []
    for fact in plan.new:
        if stored.lacking(model, fact, site):
            plan.kept[fact.key] = _("belongs to something deleted on the site")
        else:
            able.append(fact)
    for change in plan.changes:
        lacking = stored.lacking(model, change.fact, site)
        names = tuple(name for name in change.names if name not in lacking)
        if names != change.names:
            plan.kept[change.fact.key] = _("belongs to something deleted on the site")
        if names:
            changes.append(Change(change.fact, names))
    plan.new, plan.changes = able, changes


def _in_the_way(model: Model, name: str, plan: Plan, site: Site) -> list[Key]:
    """The objects that give up a unique value which another is going to take."""
    values = site[model].values
    changing = [change.fact for change in plan.changes if name in change.names]
    wanted = {fact.values[name] for fact in (*plan.new, *changing)}
    leaving = [fact.key for fact in changing]
    if model is not RegionalOffice:  # an office is archived with its name
        leaving += plan.gone
    return [key for key in leaving if values[key][name] in wanted]


def _remove(plans: Mapping[Model, Plan], site: Site) -> None:
    """What the fixtures no longer have goes, unless it is still needed."""
    for model, plan in reversed(list(plans.items())):
        for key in plan.gone:
            if model is RegionalOffice:
                # Views point to an office, and its address may be known: it is never deleted.
                offices = RegionalOffice.objects.filter(pk=site[model].pks[key])
                plan.removed += offices.exclude(state=RegionalOffice.State.ARCHIVED).update(
                    state=RegionalOffice.State.ARCHIVED
                )
            elif stored.remove(model, key, site):
                plan.removed += 1
            elif key in plan.vacated:
                raise FixtureError(
                    _("%s is gone, but still in use, and another one takes its name or position.")
                    % _called(model, key)
                )
            else:
                plan.kept[key] = _("gone from the fixtures, still in use")


def _summary(plans: Mapping[Model, Plan]) -> Summary:
    summary = Summary()
    for model, plan in plans.items():
        summary.tallies[model] = Tally(
            created=len(plan.new),
            changed=len(plan.changes),
            unchanged=plan.unchanged,
            kept=len(plan.kept),
            removed=plan.removed,
        )
        summary.kept += [f"{_called(model, key)}: {why}" for key, why in plan.kept.items()]
    return summary


def _called(model: Model, key: Key) -> str:
    return f"{model._meta.model_name} {', '.join(str(part) for part in key)}"


def _read_loaded() -> Loaded:
    by_label = {model._meta.label_lower: model for model in KEY_FIELDS}
    loaded: Loaded = {}
    for label, key, values in LoadedFact.objects.order_by().values_list("model", "key", "values"):
        if label in by_label:
            loaded.setdefault(by_label[label], {})[tuple(json.loads(key))] = values
    return loaded


def _remember(facts: Facts, loaded: Loaded, plans: Mapping[Model, Plan], mark: str) -> None:
    """Keep what the fixtures say now, for the next time."""
    for model, known in facts.items():
        before = loaded.get(model, {})
        now = {key: fact.values for key, fact in known.items()}
        for key in before.keys() - known.keys():
            if model is RegionalOffice and key in plans[model].gone:
                now[key] = {**before[key], "state": RegionalOffice.State.ARCHIVED.value}
            elif key in plans[model].kept:
                now[key] = before[key]
        label = model._meta.label_lower
        gone = [_key_text(key) for key in before if key not in now]
        for start in range(0, len(gone), _BATCH):
            LoadedFact.objects.filter(model=label, key__in=gone[start : start + _BATCH]).delete()
        LoadedFact.objects.bulk_create(
            [
                LoadedFact(model=label, key=_key_text(key), values=values)
                for key, values in now.items()
                if before.get(key) != values
            ],
            batch_size=_BATCH,
            update_conflicts=True,
            unique_fields=["model", "key"],
            update_fields=["values"],
        )
    LoadedFact.objects.update_or_create(
        model=_DIGEST["model"], key=_DIGEST["key"], defaults={"values": mark}
    )


def _key_text(key: Key) -> str:
    return json.dumps(key, ensure_ascii=False)
