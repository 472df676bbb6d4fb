"""The one door for changes to offices and regions: propose, review, publish, bring back.

Whoever changes something comes here: forms, the API, the administration, imports. A change is a
`Revision`; an office or a region has at most one that is open (draft, waiting or sent back) and at
most one that is planned. Who may do what is not asked here, but in `navigator.accounts.rules`.

Everything happens under the lock of the directory, so that two changes never pass each other.
Values are those of `regions.records`; `by` is a user or None, for a command.
"""

import hashlib
import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from regions import derived, records
from regions.cleaning import placeholders_in
from regions.models import EducationRegion, RegionalOffice, Revision
from regions.records import CONFIRMED, Record, Refused, Subject

Person: TypeAlias = AbstractBaseUser | None
Fingerprints: TypeAlias = Mapping[str, str]
State = Revision.State
Origin = Revision.Origin


class RevisionError(Exception):
    """A change that can't go on like this; `code` says why."""

    code = ""


@dataclass(frozen=True, slots=True)
class Clash:
    """A field that somebody else changed meanwhile: what it is now, and what was to come."""

    theirs: Any
    mine: Any


class Conflict(RevisionError):
    """Others changed the same fields since they were read. Nothing was stored."""

    code = "conflict"

    def __init__(self, clashes: Mapping[str, Clash], current: Record, by: Person) -> None:
        super().__init__(", ".join(clashes))
        self.clashes = dict(clashes)
        self.current = current  # the record as it stands now, drafts included
        self.by = by  # who changed it last, as far as that is known


class Outdated(RevisionError):
    """What is public is no longer what the revision started from, in these fields."""

    code = "outdated"

    def __init__(self, clashes: Mapping[str, Clash]) -> None:
        super().__init__(", ".join(clashes))
        self.clashes = dict(clashes)


class Placeholders(RevisionError):
    """Texts still hold what was to be filled in; `fields` has what was found, by field."""

    code = "placeholders"

    def __init__(self, fields: Mapping[str, list[str]]) -> None:
        super().__init__(", ".join(fields))
        self.fields = dict(fields)


class ChangedSince(RevisionError):
    """The revision isn't any more what was looked at."""

    code = "changed_since"


class WrongState(RevisionError):
    """The revision is already further, or gone."""

    code = "wrong_state"


class AlreadyOpen(RevisionError):
    """There is another open revision, and there can be one only."""

    code = "already_open"


class AlreadyPlanned(RevisionError):
    """There is another planned revision, and there can be one only."""

    code = "already_planned"


class NothingToPublish(RevisionError):
    """The revision changes nothing (any more)."""

    code = "nothing"


@dataclass(frozen=True, slots=True)
class Due:
    """What became of a planned revision whose moment had come; `error` when it failed."""

    revision: Revision
    error: RevisionError | Refused | None = None


@dataclass(slots=True)
class Edit:
    """One of many changes that are published together."""

    subject: Subject
    values: Record
    note: str = ""


@dataclass(slots=True)
class _Locked:
    """A subject under the lock: what is stored, and what is open."""

    subject: Subject
    stored: Record
    draft: Revision | None
    working: Record = field(init=False)

    def __post_init__(self) -> None:
        self.working = self.stored | (_to(self.draft) if self.draft else {})


# Reading


def open_revision(subject: Subject) -> Revision | None:
    """The revision that is being worked on, if there is one. One query."""
    return Revision.objects.of(subject).open().select_related("author", "reviewer").first()


def planned_revision(subject: Subject) -> Revision | None:
    """The revision that waits for its moment, if there is one. One query."""
    return Revision.objects.of(subject).planned().select_related("author", "reviewer").first()


def working_record(subject: Subject) -> Record:
    """What is stored, with the open revision over it: what an editor goes on from."""
    draft = open_revision(subject)
    return records.read(subject) | (_to(draft) if draft else {})


def record_with(revision: Revision) -> Record:
    """What is stored, with this revision over it: the profile as it would be."""
    return records.read(revision.subject) | _to(revision)


def record_after(revision: Revision) -> Record:
    """The stored record as it was right after a published revision: later changes undone."""
    return _undone(
        revision.subject,
        Revision.objects.of(revision.subject)
        .published()
        .filter(published_at__gte=revision.published_at),
        down_to=revision,
    )


def record_at_first(subject: Subject) -> Record:
    """The stored record as it was before any change: all of them undone."""
    return _undone(subject, Revision.objects.of(subject).published())


def outdated(revision: Revision, stored: Record | None = None) -> dict[str, Clash]:
    """The fields in which the public profile moved on since the revision began."""
    stored = records.read(revision.subject) if stored is None else stored
    return {
        name: Clash(theirs=stored.get(name), mine=after)
        for name, (before, after) in revision.changes.items()
        if stored.get(name) not in (before, after)
    }


def placeholders(values: Mapping[str, Any]) -> dict[str, list[str]]:
    """What still is to be filled in, by field."""
    found: dict[str, list[str]] = {}
    for name, value in values.items():
        text = value.get("note", "") if name.startswith(records.SUPPORT) and value else value
        if isinstance(text, str) and not name.endswith("_url") and name not in _NO_TEXTS:
            left = placeholders_in(text)
            if left:
                found[name] = left
    return found


def fingerprint(value: Any) -> str:
    """A short text that changes when a value or a record does."""
    told = json.dumps(value, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def fingerprints(record: Mapping[str, Any], fields: Iterable[str]) -> dict[str, str]:
    """The fingerprint of each of these fields, for the form that shows them."""
    return {name: fingerprint(record.get(name)) for name in fields}


# Working on a draft


@transaction.atomic
def propose(
    *,
    subject: Subject,
    values: Mapping[str, Any],
    by: Person,
    at: datetime,
    base: Fingerprints | None = None,
    matching: str | None = None,
    note: str = "",
    origin: Origin = Origin.FORM,
    restores: Revision | None = None,
) -> Revision | None:
    """Put values into the open revision of a subject, which is made if need be.

    `base` has the fingerprints of the fields as they were read: where others changed the same
    field since, Conflict is raised; where only others changed it, theirs stays. `matching` is the
    fingerprint of the whole working record, for the API. Answers the revision, or None when
    nothing differs from what is public (any more). Raises Conflict and Refused.
    """
    locked = _lock(subject)
    values = _reconciled(locked, values, base=base, matching=matching)
    records.check(subject, values)
    draft = locked.draft
    known = draft.changes if draft else {}
    changes = dict(known)
    for name, value in values.items():
        before = known[name][0] if name in known else locked.stored.get(name)
        changes[name] = [before, value]
    # Against what is public now: going back to where it began is a change where others moved on.
    changes = {name: pair for name, pair in changes.items() if pair[1] != locked.stored.get(name)}
    if draft is None:
        if not changes:
            return None
        draft = _new(subject, by=by, at=at, origin=origin)
        draft.restores = restores
    elif not changes:
        _withdrawn(draft, at).save()
        return None
    elif changes == known and not note:
        return draft
    edited = {name for name, pair in changes.items() if known.get(name) != pair}
    draft.changes = changes
    draft.authors = {
        name: _id(by) if name in edited else draft.authors.get(name) for name in changes
    }
    draft.edition += 1
    draft.note = note or draft.note
    draft.changed_at = at
    if draft.author is None:
        draft.author = by  # type: ignore[assignment]  # the user model is known by its setting
    draft.save()
    return draft


@transaction.atomic
def submit(
    revision: Revision,
    *,
    by: Person,
    at: datetime,
    note: str = "",
    publish_at: datetime | None = None,
) -> Revision:
    """Ask for review, with the wish to be published later if `publish_at` says so.

    Raises Placeholders and WrongState.
    """
    revision = _locked(revision, State.DRAFT, State.RETURNED)
    _no_placeholders(revision.changes)
    revision.state = State.WAITING
    revision.submitted_at = revision.changed_at = at
    revision.note = note or revision.note
    revision.publish_at = publish_at
    revision.save()
    return revision


@transaction.atomic
def settle(
    revision: Revision, *, by: Person, at: datetime, keep_mine: Iterable[str]
) -> Revision | None:
    """End the conflict with what became public meanwhile: mine for these fields, else theirs.

    Answers the revision, or None when nothing of it is left. Raises WrongState.
    """
    revision = _locked(revision, *Revision.OPEN)
    stored = records.read(revision.subject)
    mine = set(keep_mine)
    for name, clash in outdated(revision, stored).items():
        if name in mine:
            revision.changes[name] = [clash.theirs, clash.mine]
        else:
            del revision.changes[name]
            revision.authors.pop(name, None)
    revision.edition += 1
    revision.changed_at = at
    if not revision.changes:
        _withdrawn(revision, at)
    revision.save()
    return revision if revision.changes else None


@transaction.atomic
def withdraw(revision: Revision, *, by: Person, at: datetime) -> Revision:
    """Give a change up; it stays in the history. Raises WrongState when it is public already."""
    revision = _withdrawn(_locked(revision, *Revision.OPEN, State.PLANNED), at)
    revision.save()
    return revision


@transaction.atomic
def resume(revision: Revision, *, by: Person, at: datetime) -> Revision:
    """Make an open revision again of one that was withdrawn or is planned.

    Raises AlreadyOpen, NothingToPublish and WrongState.
    """
    revision = _locked(revision, State.WITHDRAWN, State.PLANNED)
    if open_revision(revision.subject):
        raise AlreadyOpen
    if not revision.changes:
        raise NothingToPublish
    revision.state = State.DRAFT
    revision.publish_at = None
    revision.edition += 1
    revision.changed_at = at
    revision.save()
    return revision


@transaction.atomic
def share(revision: Revision) -> str:
    """The key under which a preview can be shown to whoever has it; made at the first asking."""
    revision = _locked(revision, *Revision.OPEN, State.PLANNED)
    if revision.preview_key is None:
        revision.preview_key = secrets.token_urlsafe(32)
        revision.save(update_fields=["preview_key"])
    return revision.preview_key


@transaction.atomic
def unshare(revision: Revision) -> None:
    """Let the shared address of a preview lead nowhere any more."""
    Revision.objects.filter(pk=revision.pk).update(preview_key=None)


# Review and publication


@transaction.atomic
def approve(
    revision: Revision, *, by: Person, at: datetime, seen: int, comment: str = ""
) -> Revision:
    """Publish what waits for review; later, when it was asked for a later moment.

    `seen` is the edition that the reviewer looked at. Raises what `publish` and `plan` raise.
    """
    revision = _locked(revision, State.WAITING)
    _same_edition(revision, seen)
    revision.reviewer = by  # type: ignore[assignment]  # as above
    revision.reviewed_at = at
    revision.comment = comment
    if revision.publish_at and revision.publish_at > at:
        return _plan(revision, publish_at=revision.publish_at, at=at)
    return _publish(revision, at=at)


@transaction.atomic
def send_back(revision: Revision, *, by: Person, at: datetime, seen: int, comment: str) -> Revision:
    """Give what waits for review back to its editor. Raises ChangedSince and WrongState."""
    revision = _locked(revision, State.WAITING)
    _same_edition(revision, seen)
    revision.state = State.RETURNED
    revision.reviewer = by  # type: ignore[assignment]  # as above
    revision.reviewed_at = revision.changed_at = at
    revision.comment = comment
    revision.save()
    return revision


@transaction.atomic
def publish(revision: Revision, *, by: Person, at: datetime, seen: int | None = None) -> Revision:
    """Make an open or planned revision public, and rebuild what follows from it.

    Raises Outdated, Placeholders, Refused, NothingToPublish, ChangedSince and WrongState; then
    nothing has changed.
    """
    revision = _locked(revision, *Revision.OPEN, State.PLANNED)
    _same_edition(revision, seen)
    if revision.state == State.WAITING:
        revision.reviewer = by  # type: ignore[assignment]  # as above
        revision.reviewed_at = at
    return _publish(revision, at=at)


@transaction.atomic
def plan(
    revision: Revision,
    *,
    by: Person,
    at: datetime,
    publish_at: datetime,
    seen: int | None = None,
) -> Revision:
    """Let an open or planned revision become public at a later moment.

    Raises AlreadyPlanned, Placeholders, ChangedSince and WrongState.
    """
    revision = _locked(revision, *Revision.OPEN, State.PLANNED)
    _same_edition(revision, seen)
    if revision.state == State.WAITING:
        revision.reviewer = by  # type: ignore[assignment]  # as above
        revision.reviewed_at = at
    return _plan(revision, publish_at=publish_at, at=at)


@transaction.atomic
def accept(revision: Revision, *, by: Person, at: datetime, comment: str = "") -> Revision:
    """Make a suggestion public; see `regions.suggestions`. An open revision stays as it is.

    Where all of it is public already, it goes from that to the same, so that undoing it in the
    history changes nothing. Raises Outdated, Placeholders, Refused and WrongState.
    """
    revision = _locked(revision, State.SUGGESTED)
    revision.reviewer = by  # type: ignore[assignment]  # as above
    revision.reviewed_at = at
    revision.comment = comment
    try:
        return _publish(revision, at=at)
    except NothingToPublish:
        revision.changes = {name: [now, now] for name, now in _to(revision).items()}
        _mark_published(revision, at)
        return revision


def due(at: datetime) -> list[Revision]:
    """What was planned for this moment or earlier, the longest ago first. One query."""
    planned = Revision.objects.planned().filter(publish_at__lte=at)
    return list(planned.select_related("office", "region", "author"))


def publish_if_due(revision: Revision, at: datetime) -> Due | None:
    """Publish a planned revision whose moment has come, in a transaction of its own.

    What can't be published goes back to its editor; when a newer draft is open already, it is
    withdrawn, and stays in the history. None when another scheduler was first, or the plan
    changed: safe to run twice at once, and late.
    """
    try:
        with transaction.atomic():
            derived.lock()
            planned = Revision.objects.planned().filter(pk=revision.pk, publish_at__lte=at)
            found = planned.select_related("office", "region").first()
            return Due(_publish(found, at=at)) if found else None
    except (RevisionError, Refused) as error:
        given_up = _give_up(revision.pk, at)
        return Due(given_up, error) if given_up else None


@transaction.atomic
def publish_now(
    *,
    subject: Subject,
    values: Mapping[str, Any],
    by: Person,
    at: datetime,
    origin: Origin = Origin.FORM,
    base: Fingerprints | None = None,
    matching: str | None = None,
    note: str = "",
    restores: Revision | None = None,
) -> Revision | None:
    """Make values public at once, as a revision of their own; an open one keeps its other fields.

    Answers the revision, or None when nothing differs from what is public. Raises Conflict (see
    `propose`), Placeholders and Refused.
    """
    locked = _lock(subject)
    values = _reconciled(locked, values, base=base, matching=matching)
    changes = records.difference(locked.stored, values)
    if base is not None and locked.draft:
        _take_from(locked.draft, values, at)
    if not changes:
        return None
    revision = _new(subject, by=by, at=at, origin=origin)
    revision.changes = changes
    revision.authors = dict.fromkeys(changes, _id(by))
    revision.note = note
    revision.restores = restores
    return _publish(revision, at=at)


@transaction.atomic
def publish_many(
    edits: Iterable[Edit], *, by: Person, at: datetime, origin: Origin
) -> list[Revision]:
    """Make many changes public together, all or nothing, with one rebuild.

    Raises Refused, with the subject's address name in front of each field.
    """
    derived.lock()
    published: list[Revision] = []
    for edit in edits:
        values = records.normal(edit.values)
        changes = records.difference(records.read(edit.subject), values)
        if not changes:
            continue
        try:
            records.write(edit.subject, _after(changes))
        except Refused as refused:
            slug = edit.subject.slug
            raise Refused({f"{slug}.{name}": told for name, told in refused.errors.items()}) from (
                refused
            )
        revision = _new(edit.subject, by=by, at=at, origin=origin)
        revision.changes = changes
        revision.authors = dict.fromkeys(changes, _id(by))
        revision.note = edit.note
        _mark_published(revision, at)
        published.append(revision)
    if published:
        derived.rebuild()
    return published


def confirm(office: RegionalOffice, *, by: Person, at: datetime) -> Revision | None:
    """Store that somebody said: everything is still right. None when that was today already."""
    today = timezone.localdate(at).isoformat()
    return publish_now(
        subject=office, values={CONFIRMED: today}, by=by, at=at, origin=Origin.CONFIRMATION
    )


def values_to_restore(revision: Revision, *, only: Iterable[str]) -> Record:
    """What has to change to bring back the state right after `revision`, of these fields alone.

    When it was confirmed stays what it is. Give the answer to `publish_now` or `propose`.
    """
    return _differing(revision.subject, record_after(revision), only)


def values_at_first(subject: Subject, *, only: Iterable[str]) -> Record:
    """What has to change to bring back the state before any change, of these fields alone."""
    return _differing(subject, record_at_first(subject), only)


def note_load(before: Mapping[Subject, Record], after: Mapping[Subject, Record]) -> None:
    """Keep in the history what a refresh of the source data changed. A query and an insert."""
    last = Revision.objects.aggregate(last=Max("published_at"))["last"]
    at = timezone.now() if last is None else max(timezone.now(), last + _MOMENT)
    noted: list[Revision] = []
    for subject, record in after.items():
        changes = records.difference(before[subject], record)
        if changes:
            revision = _new(subject, by=None, at=at, origin=Origin.LOAD)
            revision.changes = changes
            revision.state, revision.published_at = State.PUBLISHED, at
            noted.append(revision)
    Revision.objects.bulk_create(noted)


# Parts

_MOMENT = timedelta(microseconds=1)

# Names of people and addresses may hold what looks like a placeholder; and these are no texts.
_LOOKED_BACK = 50  # published revisions, to find who changed a field last
_NO_TEXTS = frozenset(
    {"website", "email", "phone", "slug", "state", CONFIRMED, "email_response", "preferred_contact"}
)


def _lock(subject: Subject) -> _Locked:
    derived.lock()
    return _Locked(subject, records.read(subject), open_revision(subject))


def _locked(revision: Revision, *states: Revision.State) -> Revision:
    """The revision as it is stored now, under the lock. Raises WrongState."""
    derived.lock()
    found = Revision.objects.select_related("office", "region").filter(pk=revision.pk).first()
    if found is None or found.state not in states:
        raise WrongState
    return found


def _new(subject: Subject, *, by: Person, at: datetime, origin: Origin) -> Revision:
    return Revision(
        office=subject if isinstance(subject, RegionalOffice) else None,
        region=subject if isinstance(subject, EducationRegion) else None,
        origin=origin,
        author=by,  # type: ignore[misc]  # the user model is known by its setting
        created_at=at,
        changed_at=at,
        edition=0 if origin == Origin.FORM else 1,
    )


def _reconciled(
    locked: _Locked, values: Mapping[str, Any], *, base: Fingerprints | None, matching: str | None
) -> Record:
    """The values in normal form, without those that only somebody else changed."""
    values = records.normal(values)
    clashes: dict[str, Clash] = {}
    if matching is not None and fingerprint(locked.working) != matching:
        clashes = {name: Clash(locked.working.get(name), value) for name, value in values.items()}
    elif base is not None:
        for name, value in list(values.items()):
            now = fingerprint(locked.working.get(name))
            if now == base.get(name):
                continue
            if fingerprint(value) == base.get(name):
                del values[name]  # not changed in this form: theirs stays
            elif fingerprint(value) != now:
                clashes[name] = Clash(theirs=locked.working.get(name), mine=value)
    if clashes:
        raise Conflict(clashes, locked.working, _last_author(locked, clashes))
    return values


def _last_author(locked: _Locked, fields: Iterable[str]) -> Person:
    """Who changed one of these fields last: in the draft, or else in what became public."""
    names = set(fields)
    published = Revision.objects.of(locked.subject).published()[:_LOOKED_BACK]
    for revision in (*([locked.draft] if locked.draft else []), *published):
        for name in sorted(names & revision.changes.keys()):
            return get_user_model().objects.filter(pk=revision.authors.get(name)).first()
    return None


def _same_edition(revision: Revision, seen: int | None) -> None:
    if seen is not None and revision.edition != seen:
        raise ChangedSince


def _no_placeholders(changes: Mapping[str, list[Any]]) -> None:
    left = placeholders(_after(changes))
    if left:
        raise Placeholders(left)


def _plan(revision: Revision, *, publish_at: datetime, at: datetime) -> Revision:
    _no_placeholders(revision.changes)
    other = planned_revision(revision.subject)
    if other is not None and other.pk != revision.pk:
        raise AlreadyPlanned
    revision.state = State.PLANNED
    revision.publish_at = publish_at
    revision.changed_at = at
    revision.save()
    return revision


def _publish(revision: Revision, *, at: datetime) -> Revision:
    """Under the lock: apply, rebuild, and keep what really changed."""
    subject = revision.subject
    stored = records.read(subject)
    clashes = outdated(revision, stored)
    if clashes:
        raise Outdated(clashes)
    _no_placeholders(revision.changes)
    changes = records.difference(stored, _after(revision.changes))
    if not changes:
        raise NothingToPublish
    records.write(subject, _after(changes))
    revision.changes = changes
    _mark_published(revision, at)
    derived.rebuild()
    return revision


def _mark_published(revision: Revision, at: datetime) -> None:
    """Under the lock. The moments of one subject rise, so that the history can be undone in order:
    who was first to ask isn't always the first to get the lock.
    """
    earlier = Revision.objects.of(revision.subject).published()
    last = earlier.values_list("published_at", flat=True).first()
    if last is not None and last >= at:
        at = last + _MOMENT
    revision.state = State.PUBLISHED
    revision.published_at = revision.changed_at = at
    revision.preview_key = None
    revision.save()


def _withdrawn(revision: Revision, at: datetime) -> Revision:
    revision.state = State.WITHDRAWN
    revision.changed_at = at
    revision.preview_key = None
    return revision


def _take_from(draft: Revision, values: Mapping[str, Any], at: datetime) -> None:
    """These fields are published by themselves: the draft, which the form showed, loses them."""
    left = {name: pair for name, pair in draft.changes.items() if name not in values}
    if left == draft.changes:
        return
    draft.changes = left
    draft.authors = {name: draft.authors.get(name) for name in left}
    draft.edition += 1
    draft.changed_at = at
    if not left:
        _withdrawn(draft, at)
    draft.save()


@transaction.atomic
def _give_up(pk: int, at: datetime) -> Revision | None:
    """A planned revision that can't be published goes back to its editor.

    None when it isn't planned for now any more: somebody changed that meanwhile.
    """
    derived.lock()
    planned = Revision.objects.planned().filter(pk=pk, publish_at__lte=at)
    revision = planned.select_related("office", "region").first()
    if revision is None:
        return None
    if open_revision(revision.subject):
        _withdrawn(revision, at)
    else:
        revision.state = State.RETURNED
        revision.changed_at = at
    revision.comment = ""
    revision.save()
    return revision


def _differing(subject: Subject, before: Record, only: Iterable[str]) -> Record:
    stored = records.read(subject)
    return {
        name: before[name]
        for name in only
        if name != CONFIRMED and name in before and before[name] != stored.get(name)
    }


def _undone(
    subject: Subject, later: Iterable[Revision], *, down_to: Revision | None = None
) -> Record:
    record = records.read(subject)
    for revision in later:  # the last first
        if down_to is not None and revision.pk == down_to.pk:
            break
        for name, (before, _after_it) in revision.changes.items():
            record[name] = before
    return record


def _to(revision: Revision) -> Record:
    return _after(revision.changes)


def _after(changes: Mapping[str, list[Any]]) -> Record:
    return {name: after for name, (_before, after) in changes.items()}


def _id(person: Person) -> int | None:
    return person.pk if person else None
