"""Everything that is derived from the stored facts, rebuilt together and published at once.

One way in: `rebuild`. It finds by itself what changed, measures only that, and is right under
concurrent edits, because all of it happens under one lock.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from regions import gaps, profiles, reach, versions
from regions.gaps import GapRows
from regions.models import DirectoryVersion
from regions.reach import ReachRows


@dataclass(frozen=True, slots=True)
class Changes:
    """What a rebuild changed: offices (by id) with another reach, gaps, and the public document."""

    offices: tuple[int, ...] = ()
    gaps: int = 0
    document: bool = False

    def __bool__(self) -> bool:
        return bool(self.offices or self.gaps or self.document)


@dataclass(frozen=True, slots=True)
class Derived:
    """All that should be stored, beside what is stored now."""

    reach: dict[int, ReachRows]
    stored_reach: dict[int, ReachRows]
    gaps: GapRows
    stored_gaps: GapRows
    document: dict[str, Any]
    stored_document: dict[str, Any] = field(default_factory=dict)


Progress = Callable[[str, int, int], None]


def lock() -> DirectoryVersion:
    """The one row under which the directory changes; call it inside a transaction.

    On PostgreSQL it waits for whoever holds it. On SQLite an immediate transaction already does.
    """
    DirectoryVersion.objects.get_or_create(pk=1)
    return DirectoryVersion.objects.select_for_update().get(pk=1)


@transaction.atomic
def rebuild(*, full: bool = False, progress: Progress | None = None) -> Changes:
    """Bring reach, gaps and the public document in line with the stored facts.

    Distances that still hold are kept, unless `full`. `progress` is told the step, how far it is,
    and how far it goes. Raises the version when anything changed. What is measured is decided
    after the lock is held, so that two editors at once both count.
    """
    lock()
    wanted = derive(full=full, progress=progress)
    changed = [
        office
        for office in wanted.reach.keys() | wanted.stored_reach.keys()
        if wanted.reach.get(office, {}) != wanted.stored_reach.get(office, {})
    ]
    for office in changed:
        reach.replace_reach(office, wanted.reach.get(office, {}))
    gap_changes = sum(
        wanted.gaps.get(key) != wanted.stored_gaps.get(key)
        for key in wanted.gaps.keys() | wanted.stored_gaps.keys()
    )
    if gap_changes:
        gaps.replace_gaps(wanted.stored_gaps, wanted.gaps)
    document_changed = wanted.document != wanted.stored_document
    changes = Changes(tuple(sorted(changed)), gap_changes, document_changed)
    if changes:
        versions.publish(wanted.document)
    return changes


def derive(*, full: bool = False, progress: Progress | None = None) -> Derived:
    """What should be stored, and what is. Changes nothing. Around thirty-three queries."""
    coverage = reach.cover(reach.read_ground(), reach.read_areas())
    distances = reach.Distances(coverage)
    stored_reach = reach.stored_reach()
    stored_gaps = gaps.stored_gaps()
    stored_document = DirectoryVersion.objects.values_list("document", flat=True).first() or {}
    measured = {} if full else stored_document.get("measured", {})
    beyond = gaps.distances_of(stored_gaps, coverage.ground)
    wanted: dict[int, ReachRows] = {}
    fingerprints: dict[str, str] = {}
    for row, area in enumerate(coverage.areas):
        fingerprints[str(area.id)] = distances.fingerprint(row)
        if measured.get(str(area.id)) == fingerprints[str(area.id)]:
            distances.remember(row, beyond.get(area.id, {}))
            distances.remember(row, reach.distances_of(stored_reach.get(area.id, {})))
        wanted[area.id] = reach.reach_rows(coverage, distances, row)
        if progress:
            progress("reach", row + 1, len(coverage.areas))
    document = profiles.build_document(
        served=coverage.served_postcodes(), neighbours=coverage.neighbours()
    )
    return Derived(
        reach=wanted,
        stored_reach=stored_reach,
        gaps=gaps.find_gaps(coverage, distances),
        stored_gaps=stored_gaps,
        document={**document, "measured": fingerprints},
        stored_document=stored_document,
    )
