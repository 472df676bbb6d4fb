"""A correction that waits: whoever keeps the office right takes it over, or says why not."""

from typing import cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from navigator.accounts import rules
from navigator.accounts.models import User
from navigator.editing import corrections, publication, subjects
from navigator.editing.forms.correction_form import AnswerForm
from navigator.methods import SeeOther, takes
from regions import records, revisions
from regions.models import Revision
from regions.records import Refused
from regions.revisions import Outdated, RevisionError

State = Revision.State


@takes("GET", "HEAD", "POST")
def suggestion(request: HttpRequest, pk: int) -> HttpResponse:
    """One correction. What is posted is done as `do` says: take_over, or decline with a comment."""
    of_advisors = Revision.objects.filter(origin=Revision.Origin.CORRECTION, office__isnull=False)
    found = get_object_or_404(of_advisors.select_related("office", "author", "reviewer"), pk=pk)
    if not rules.may_edit(request.user, found.subject):
        raise Http404("nothing here that this user may edit")
    if request.method != "POST":
        return _page(request, found, AnswerForm())
    if not rules.may_decide(request.user, found):
        raise PermissionDenied("an administrator decides")
    do = request.POST.get("do")
    if do not in ("take_over", "decline"):
        raise SuspiciousOperation("no such action")
    form = AnswerForm(request.POST)
    if do == "decline":
        form.require_comment()
    if not form.is_valid():
        return _page(request, found, form, status=400)
    try:
        _decide(request, found, do, form.cleaned_data["comment"])
    except (RevisionError, Refused) as error:
        messages.error(request, _explain(error))
        return SeeOther(reverse("editing:suggestion", args=[found.pk]))
    return SeeOther(_afterwards(request, found))


def _decide(request: HttpRequest, found: Revision, do: str, comment: str) -> None:
    by, at = cast(User, request.user), timezone.now()
    if do == "decline":
        corrections.decline(found, by=by, at=at, comment=comment, request=request)
        messages.success(request, gettext("Not taken over. The advisor reads your comment."))
        return
    corrections.take_over(found, by=by, at=at, comment=comment, request=request)
    messages.success(request, gettext("Taken over, and public now. The advisor sees that."))


def _explain(error: RevisionError | Refused) -> str:
    if isinstance(error, Outdated):
        return gettext("What is public changed meanwhile. Have a look, and decide again.")
    return publication.explain(error)


def _afterwards(request: HttpRequest, found: Revision) -> str:
    """Reviewers go on with what waits; others to the office, from where they came."""
    if "back" not in request.POST and rules.is_administrator(request.user):
        return reverse("administration:review_list")
    return subjects.address("subject", found.subject)


def _page(
    request: HttpRequest, found: Revision, form: AnswerForm, *, status: int = 200
) -> HttpResponse:
    office = found.subject
    is_waiting = found.state == State.SUGGESTED
    [shown] = (
        corrections.waiting(
            [found], stored=records.read(office), draft=revisions.open_revision(office)
        )
        if is_waiting
        else corrections.told([found])
    )
    context = {
        "subject": office,
        "correction": shown,
        "form": form,
        "is_waiting": is_waiting,
        "may_decide": is_waiting and rules.may_decide(request.user, found),
    }
    return render(request, "editing/suggestion.html", context, status=status)
