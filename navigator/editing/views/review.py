"""What waits for review, and the page on which it is approved or sent back."""

from dataclasses import dataclass
from typing import cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from navigator.accounts import rules
from navigator.accounts.models import User
from navigator.editing import publication
from navigator.editing.differences import Labels
from navigator.editing.forms.publication import CommentForm
from navigator.editing.views.draft import work_on
from navigator.methods import SeeOther, takes
from regions import effects, records, revisions
from regions.effects import Effect
from regions.models import EducationRegion, RegionalOffice, Revision
from regions.records import Record, Refused
from regions.revisions import ChangedSince, RevisionError

State = Revision.State


@dataclass(frozen=True, slots=True)
class Waiting:
    """A line of the list: a change, and what people call its fields."""

    revision: Revision
    fields: tuple[str, ...]


@takes("GET", "HEAD")
def review_list(request: HttpRequest) -> HttpResponse:
    """What waits for a reviewer, the longest waiting first. Eight queries, however many."""
    if not rules.is_administrator(request.user):
        raise PermissionDenied("reviewers alone")
    waiting = Revision.objects.waiting().select_related("office", "region", "author")
    of = {model: Labels(model) for model in (RegionalOffice, EducationRegion)}
    lines = [Waiting(each, tuple(of[type(each.subject)].of(each.changes))) for each in waiting]
    suggested = Revision.objects.suggested().select_related("office", "region", "author")
    suggestions = [
        Waiting(each, tuple(of[type(each.subject)].of(each.changes))) for each in suggested
    ]
    context = {"lines": lines, "suggestions": suggestions}
    return render(request, "editing/review_list.html", context)


@takes("GET", "HEAD", "POST")
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """One change. What is posted is done as `do` says: approve, or send back with a comment."""
    found = get_object_or_404(
        Revision.objects.select_related("office", "region", "author", "reviewer"), pk=pk
    )
    if not rules.may_review(request.user, found):
        raise Http404("nothing here that this user may review")
    if request.method != "POST":
        if found.origin == Revision.Origin.CORRECTION:
            return redirect("editing:suggestion", found.pk)
        return _page(request, found, CommentForm())
    form = CommentForm(request.POST)
    if request.POST.get("do") != "approve":
        form.require_comment()
    if not form.is_valid():
        return _page(request, found, form, status=400)
    try:
        _decide(request, found, form.cleaned_data["comment"])
    except ChangedSince:
        found.refresh_from_db()
        return _page(request, found, form, status=409, new=_new_since(request, found))
    except (RevisionError, Refused) as error:
        messages.error(request, publication.explain(error))
        return SeeOther(request.get_full_path())
    return SeeOther(reverse("administration:review_list"))


def _decide(request: HttpRequest, found: Revision, comment: str) -> None:
    by, at = cast(User, request.user), timezone.now()
    seen = request.POST.get("seen", "")
    edition = int(seen[:9]) if seen.isascii() and seen.isdigit() else -1
    if request.POST.get("do") != "approve":
        publication.send_back(found, by=by, at=at, seen=edition, comment=comment, request=request)
        messages.success(request, gettext("Sent back. Its editor gets your comment by mail."))
        return
    approved = publication.approve(
        found, by=by, at=at, seen=edition, comment=comment, request=request
    )
    if approved.state == State.PLANNED:
        messages.success(request, gettext("Approved. It becomes public at its moment."))
    else:
        messages.success(request, gettext("Approved, and public now."))


def _page(
    request: HttpRequest,
    found: Revision,
    form: CommentForm,
    *,
    status: int = 200,
    new: frozenset[str] = frozenset(),
) -> HttpResponse:
    stored = records.read(found.subject)
    after = {name: value for name, (_before, value) in found.changes.items()}
    context = {
        "subject": found.subject,
        "work": work_on(request, found, stored),
        "form": form,
        "is_waiting": found.state == State.WAITING,
        "changed_since": status == 409,
        "new": new,
        "shown": [
            f"{name}:{mark}" for name, mark in revisions.fingerprints(after, sorted(after)).items()
        ],
        "effect": _effect(found, after),
    }
    return render(request, "editing/review.html", context, status=status)


def _effect(found: Revision, after: Record) -> Effect | None:
    """Who is served by whom from then on, when the change is about that and is still to come."""
    is_to_come = found.is_open or found.state == State.PLANNED
    if found.office is None or not is_to_come or effects.FIELDS.isdisjoint(after):
        return None
    return effects.effect_of(found.office, after)


def _new_since(request: HttpRequest, found: Revision) -> frozenset[str]:
    """The fields that changed since the page was shown, which says what it showed."""
    shown = dict(each.rpartition(":")[::2] for each in request.POST.getlist("shown"))
    after = {name: value for name, (_before, value) in found.changes.items()}
    now = revisions.fingerprints(after, after)
    return frozenset(name for name, mark in now.items() if shown.get(name) != mark)
