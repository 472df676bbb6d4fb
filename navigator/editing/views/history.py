"""The history of an office or region: all that changed, and the way back to any earlier state."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final, cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext

from navigator.accounts import rules
from navigator.accounts.models import User
from navigator.editing import publication, subjects
from navigator.editing.differences import Labels, differences
from navigator.methods import SeeOther, takes
from regions import records, revisions
from regions.models import Revision
from regions.records import Record, Refused, Subject, SubjectModel
from regions.revisions import RevisionError

PAGE_SIZE: Final = 25


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the history: a change, and what people call its fields."""

    revision: Revision
    fields: tuple[str, ...]


@takes("GET", "HEAD")
def history(request: HttpRequest, kind: SubjectModel, slug: str) -> HttpResponse:
    """All changes, the last first. Ten queries, however many."""
    subject = subjects.subject_or_404(request, kind, slug)
    page = Paginator(_changes(subject), PAGE_SIZE).get_page(request.GET.get("page"))
    names = Labels(kind)
    context = {
        "subject": subject,
        "page": page,
        "lines": [Line(each, tuple(names.of(each.changes))) for each in page],
    }
    return render(request, "editing/history.html", context)


@takes("GET", "HEAD", "POST")
def revision(request: HttpRequest, kind: SubjectModel, slug: str, pk: int) -> HttpResponse:
    """One change: from what to what. When posted, the state right after it is brought back."""
    subject = subjects.subject_or_404(request, kind, slug)
    found = get_object_or_404(_changes(subject), pk=pk)
    if request.method == "POST":
        published = get_object_or_404(Revision.objects.of(subject).published(), pk=pk)
        return _bring_back(request, subject, published)
    values = (
        revisions.values_to_restore(found, only=_own_fields(request, subject))
        if found.state == Revision.State.PUBLISHED
        else {}
    )
    context = {
        "revision": found,
        "differences": differences(kind, found.changes),
        "may_resume": found.state == Revision.State.WITHDRAWN,
    }
    return _page(request, subject, values, context)


@takes("GET", "HEAD", "POST")
def at_first(request: HttpRequest, kind: SubjectModel, slug: str) -> HttpResponse:
    """How it was before any change, and the way back to that."""
    subject = subjects.subject_or_404(request, kind, slug)
    if request.method == "POST":
        return _bring_back(request, subject, None)
    values = revisions.values_at_first(subject, only=_own_fields(request, subject))
    return _page(request, subject, values, {"revision": None, "differences": ()})


def _changes(subject: Subject) -> QuerySet[Revision]:
    """All of them but those of which nothing is left, the last first, with who made them."""
    return (
        Revision.objects.of(subject)
        .exclude(changes={})
        .select_related("author", "reviewer", "restores")
        .order_by("-changed_at", "-pk")
    )


def _page(
    request: HttpRequest, subject: Subject, values: Record, context: dict[str, object]
) -> HttpResponse:
    """A state, with what would change when it is brought back."""
    stored = records.read(subject)
    context |= {
        "subject": subject,
        "to_restore": differences(type(subject), records.difference(stored, values)),
        "seen": revisions.fingerprint(stored),
        "public": rules.may_publish(request.user, subject),
    }
    return render(request, "editing/revision.html", context)


def _bring_back(request: HttpRequest, subject: Subject, to: Revision | None) -> HttpResponse:
    public = rules.may_publish(request.user, subject)
    try:
        restored = publication.restore(
            subject,
            to=to,
            only=_own_fields(request, subject),
            by=cast(User, request.user),
            at=timezone.now(),
            seen=request.POST.get("seen", ""),
            public=public,
            request=request,
        )
    except (RevisionError, Refused) as error:
        messages.error(request, publication.explain(error))
        return SeeOther(request.get_full_path())
    subject.refresh_from_db()
    if restored is None:
        messages.info(request, gettext("Nothing was changed: this is what was public already."))
    elif public:
        messages.success(request, gettext("Brought back, and public now."))
    else:
        messages.success(
            request, gettext("Brought back as a draft. Send it for review to make it public.")
        )
        return SeeOther(subjects.address("draft", subject))
    return SeeOther(subjects.address("history", subject))


def _own_fields(request: HttpRequest, subject: Subject) -> Collection[str]:
    """The fields that this user changes: what belongs to administrators stays as it is."""
    if rules.may_administer(request.user, subject):
        return frozenset().union(*records.sections(type(subject)).values())
    return records.editors_fields(type(subject))
