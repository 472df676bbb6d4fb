"""What happens around the door for changes: the audit log, the mails, and what the log says.

Each function calls the one of the same name in `regions.revisions`, raises what that raises, and
asks no rights: who calls it has asked `navigator.accounts.rules`. Mails go out when the change is
stored for good; `request` tells the audit log from where it came.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import partial
from typing import Any, Final

import structlog
from django.db import InterfaceError, OperationalError, transaction
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from navigator.accounts import audit
from navigator.accounts.models import User
from navigator.editing import mails
from regions import derived, records, revisions
from regions.models import RegionalOffice, Revision
from regions.records import Refused, Subject
from regions.revisions import ChangedSince, Clash, Due, Fingerprints, Origin, RevisionError

log = structlog.get_logger(__name__)
State = Revision.State

# The code of an error -> what to do now.
WORDS: Final[Mapping[str, Promise]] = {
    "conflict": _("Somebody else changed the same. Have a look, and choose."),
    "outdated": _("What is public changed meanwhile. Choose below what has to stay."),
    "placeholders": _("Something still has to be filled in. You see below where."),
    "changed_since": _("This changed since you opened the page. Have a look, and try again."),
    "wrong_state": _("Somebody was ahead of you: this change is already further, or gone."),
    "already_open": _("There is another open change. Finish or withdraw that one first."),
    "already_planned": _("There is another planned change. Publish or withdraw that one first."),
    "nothing": _("There is nothing to publish: all of this is public already."),
    "refused": _("This can't be published as it is."),
}


def explain(error: RevisionError | Refused) -> str:
    """What went wrong and what to do now, in the language of the moment."""
    told = str(WORDS[error.code])
    if isinstance(error, Refused):
        told = " ".join([told, *(" ".join(each) for each in error.errors.values())])
    return told


@transaction.atomic
def submit(
    revision: Revision,
    *,
    by: User,
    at: datetime,
    note: str = "",
    publish_at: datetime | None = None,
    request: HttpRequest | None = None,
) -> Revision:
    """Ask for review; the administrators get a mail."""
    sent = revisions.submit(revision, by=by, at=at, note=note, publish_at=publish_at)
    _note("revision_submitted", sent, by, request)
    afterwards(partial(mails.ask_review, sent, by=by))
    return sent


@transaction.atomic
def approve(
    revision: Revision,
    *,
    by: User,
    at: datetime,
    seen: int,
    comment: str = "",
    request: HttpRequest | None = None,
) -> Revision:
    """Publish or plan what waits for review; who worked on it gets a mail."""
    approved = revisions.approve(revision, by=by, at=at, seen=seen, comment=comment)
    _note("revision_approved", approved, by, request)
    afterwards(partial(mails.tell_approved, approved, by=by))
    _tell_if_public(approved)
    return approved


@transaction.atomic
def send_back(
    revision: Revision,
    *,
    by: User,
    at: datetime,
    seen: int,
    comment: str,
    request: HttpRequest | None = None,
) -> Revision:
    """Give a change back; who worked on it gets the comment by mail."""
    returned = revisions.send_back(revision, by=by, at=at, seen=seen, comment=comment)
    _note("revision_sent_back", returned, by, request)
    afterwards(partial(mails.tell_sent_back, returned, by=by))
    return returned


@transaction.atomic
def publish(
    revision: Revision,
    *,
    by: User,
    at: datetime,
    seen: int | None = None,
    request: HttpRequest | None = None,
) -> Revision:
    """Make an open or planned change public; who worked on it gets a mail, if that was another."""
    was_waiting = revision.state == State.WAITING
    published = revisions.publish(revision, by=by, at=at, seen=seen)
    _note("revision_published", published, by, request)
    if was_waiting:
        afterwards(partial(mails.tell_approved, published, by=by))
    _tell_if_public(published)
    return published


@transaction.atomic
def publish_now(
    *,
    subject: Subject,
    values: Mapping[str, Any],
    by: User,
    at: datetime,
    origin: Origin = Origin.FORM,
    base: Fingerprints | None = None,
    matching: str | None = None,
    note: str = "",
    request: HttpRequest | None = None,
) -> Revision | None:
    """Make values public at once; neighbours of a changed area get a mail."""
    published = revisions.publish_now(
        subject=subject,
        values=values,
        by=by,
        at=at,
        origin=origin,
        base=base,
        matching=matching,
        note=note,
    )
    if published:
        _note("revision_published", published, by, request)
        _tell_if_public(published)
    return published


@transaction.atomic
def plan(
    revision: Revision,
    *,
    by: User,
    at: datetime,
    publish_at: datetime,
    seen: int | None = None,
    request: HttpRequest | None = None,
) -> Revision:
    """Let a change become public at a later moment; `run_schedule` does it."""
    planned = revisions.plan(revision, by=by, at=at, publish_at=publish_at, seen=seen)
    _note("revision_planned", planned, by, request)
    return planned


@transaction.atomic
def withdraw(
    revision: Revision, *, by: User, at: datetime, request: HttpRequest | None = None
) -> Revision:
    """Give a change up. It stays in the history."""
    withdrawn = revisions.withdraw(revision, by=by, at=at)
    _note("revision_withdrawn", withdrawn, by, request)
    return withdrawn


@transaction.atomic
def resume(
    revision: Revision, *, by: User, at: datetime, request: HttpRequest | None = None
) -> Revision:
    """Go on with a change that was withdrawn or planned."""
    resumed = revisions.resume(revision, by=by, at=at)
    _note("revision_resumed", resumed, by, request)
    return resumed


@transaction.atomic
def settle(
    revision: Revision,
    *,
    by: User,
    at: datetime,
    keep_mine: Iterable[str],
    seen: str,
    request: HttpRequest | None = None,
) -> Revision | None:
    """End the conflict with what became public. `seen` is the mark of what was chosen between.

    Raises ChangedSince when that is something else by now.
    """
    derived.lock()
    now = Revision.objects.select_related("office", "region").get(pk=revision.pk)
    if clash_mark(revisions.outdated(now)) != seen:
        raise ChangedSince
    left = revisions.settle(revision, by=by, at=at, keep_mine=keep_mine)
    _note("revision_settled", revision, by, request)
    return left


def clash_mark(clashes: Mapping[str, Clash]) -> str:
    """Changes when what is to be chosen between does."""
    return revisions.fingerprint(
        {name: [clash.theirs, clash.mine] for name, clash in clashes.items()}
    )


@transaction.atomic
def share(revision: Revision, *, by: User, request: HttpRequest | None = None) -> str:
    """The key of the preview that whoever has it may see."""
    key = revisions.share(revision)
    _note("preview_shared", revision, by, request)
    return key


@transaction.atomic
def unshare(revision: Revision, *, by: User, request: HttpRequest | None = None) -> None:
    """Let the shared preview lead nowhere any more."""
    revisions.unshare(revision)
    _note("preview_unshared", revision, by, request)


@transaction.atomic
def restore(
    subject: Subject,
    *,
    to: Revision | None,
    only: Iterable[str],
    by: User,
    at: datetime,
    seen: str,
    public: bool,
    request: HttpRequest | None = None,
) -> Revision | None:
    """Bring back the state right after `to`, or before any change: public at once, or as a draft.

    `seen` is the fingerprint of the stored record that was looked at. Answers the revision, or
    None when nothing differs. Raises ChangedSince, and what `publish_now` and `propose` raise.
    """
    derived.lock()
    stored = records.read(subject)
    if revisions.fingerprint(stored) != seen:
        raise ChangedSince
    values = (
        revisions.values_to_restore(to, only=only)
        if to
        else revisions.values_at_first(subject, only=only)
    )
    restored = (
        revisions.publish_now(
            subject=subject, values=values, by=by, at=at, origin=Origin.RESTORE, restores=to
        )
        if public
        else revisions.propose(
            subject=subject,
            values=values,
            by=by,
            at=at,
            base=revisions.fingerprints(stored, values),
            origin=Origin.RESTORE,
            restores=to,
        )
    )
    if restored:
        _note("revision_restored", restored, by, request)
        _tell_if_public(restored)
    return restored


def publish_due(at: datetime) -> list[Due]:
    """Publish what was planned for this moment or earlier; who worked on it gets a mail.

    One that breaks is logged, tried again the next time, and holds up no other. Raises
    OperationalError and InterfaceError when the database is away.
    """
    done = []
    for planned in revisions.due(at):
        try:
            due = _publish_if_due(planned, at)
        except (OperationalError, InterfaceError):
            raise
        except Exception:  # whatever it is: the others have their moment too
            log.exception("revision_failed", revision=planned.pk)
            continue
        if due:
            done.append(due)
    return done


@transaction.atomic
def _publish_if_due(planned: Revision, at: datetime) -> Due | None:
    due = revisions.publish_if_due(planned, at)
    if due is None:
        return None
    if due.error:
        _note("revision_not_published", due.revision, None, None)
        afterwards(partial(mails.tell_not_published, due.revision, due.error))
    else:
        _note("revision_published", due.revision, None, None)
        afterwards(partial(mails.tell_published, due.revision))
        _tell_if_public(due.revision)
    return due


def tell_neighbours(published: Iterable[Revision]) -> None:
    """Mail the neighbours of what went through the door elsewhere, such as an import."""
    for revision in published:
        _tell_if_public(revision)


def _tell_if_public(revision: Revision) -> None:
    if revision.state == State.PUBLISHED:
        afterwards(partial(mails.tell_neighbours, revision))


def afterwards(tell: Callable[[], None]) -> None:
    """When all is stored. Whatever goes wrong there is logged, and breaks nothing."""

    def told() -> None:  # Django names what failed, and a partial has no name
        tell()

    transaction.on_commit(told, robust=True)


def _note(what: str, revision: Revision, by: User | None, request: HttpRequest | None) -> None:
    subject = revision.subject
    audit.record(what, request=request, who=by, about=subject)
    kind = "office" if isinstance(subject, RegionalOffice) else "region"
    log.info(what, **{kind: subject.slug, "revision": revision.pk})
    if revision.state == State.PUBLISHED and "review_required" in revision.changes:
        audit.record("review_setting_changed", request=request, who=by, about=subject)
