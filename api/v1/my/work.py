"""The work on an office or a region: what is stored with the draft over it, and how far it is."""

from dataclasses import dataclass

from regions import records, revisions
from regions.models import Revision
from regions.records import Record, Subject


@dataclass(frozen=True, slots=True)
class Work:
    """What an editor goes on from."""

    subject: Subject
    record: Record  # drafts included
    draft: Revision | None
    planned: Revision | None

    @property
    def fingerprint(self) -> str:
        """What changes when the record does."""
        return revisions.fingerprint(self.record)

    @property
    def etag(self) -> str:
        """The fingerprint as a header has it."""
        return f'"{self.fingerprint}"'


def work_on(subject: Subject) -> Work:
    """The work on a subject now. Eleven queries for an office, three for a region."""
    draft = revisions.open_revision(subject)
    record = records.read(subject)
    if draft:
        record |= {field: after for field, (_before, after) in draft.changes.items()}
    return Work(subject, record, draft, revisions.planned_revision(subject))
