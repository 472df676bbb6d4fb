"""The open change of an office or region, and the planned one: look, and decide what happens."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext

from navigator.accounts import rules
from navigator.accounts.models import User
from navigator.editing import publication, subjects
from navigator.editing.differences import Difference, differences
from navigator.editing.forms.publication import PlanForm, SubmitForm
from navigator.methods import SeeOther, takes
from regions import records, revisions
from regions.models import Revision
from regions.records import Record, Refused, Subject, SubjectModel
from regions.revisions import RevisionError


@dataclass(frozen=True, slots=True)
class Changed:
    """A field of a change: what differs from what is public, who changed it, what is left to do."""

    difference: Difference
    by: str
    left: tuple[str, ...]  # placeholders that still stand in it
    outdated: bool  # what is public moved on since this was changed


@dataclass(frozen=True, slots=True)
class Work:
    """A change under way, as its page shows it."""

    revision: Revision
    fields: tuple[Changed, ...]
    clash_mark: str
    may_publish: bool
    preview_address: str  # for whoever has it; empty when it is not shared

    @property
    def clashes(self) -> tuple[Changed, ...]:
        return tuple(changed for changed in self.fields if changed.outdated)

    @property
    def has_placeholders(self) -> bool:
        return any(changed.left for changed in self.fields)

    @property
    def is_ready(self) -> bool:
        """Whether nothing stands in the way of publishing."""
        return bool(self.fields) and not self.clashes and not self.has_placeholders


@takes("GET", "HEAD", "POST")
def draft(request: HttpRequest, kind: SubjectModel, slug: str) -> HttpResponse:
    """What is being worked on. What is posted is done as `do` says, to the change `revision`."""
    subject = subjects.subject_or_404(request, kind, slug)
    if request.method != "POST":
        return _page(request, subject)
    do = _ACTIONS.get(request.POST.get("do", ""))
    number = request.POST.get("revision", "")
    if do is None or not number.isascii() or not number.isdigit():
        raise SuspiciousOperation("no such action")
    of_subject = Revision.objects.of(subject).select_related("office", "region")
    revision = get_object_or_404(of_subject, pk=number[:18])
    try:
        answer = do(request, subject, revision)
    except (RevisionError, Refused) as error:
        messages.error(request, publication.explain(error))
        answer = None
    subject.refresh_from_db()
    return answer or SeeOther(subjects.address("draft", subject))


def work_on(request: HttpRequest, revision: Revision, stored: Record) -> Work:
    """A change beside what is stored now. Nine queries at most."""
    model = type(revision.subject)
    after = {name: value for name, (_before, value) in revision.changes.items()}
    left = revisions.placeholders(after)
    clashes = revisions.outdated(revision, stored)
    people = {person.pk: str(person) for person in _authors(revision)}
    fields = tuple(
        Changed(
            each,
            people.get(revision.authors.get(each.field), ""),
            tuple(left.get(each.field, ())),
            each.field in clashes,
        )
        for each in differences(model, records.difference(stored, after))
    )
    key = revision.preview_key
    return Work(
        revision=revision,
        fields=fields,
        clash_mark=publication.clash_mark(clashes),
        may_publish=rules.may_publish_revision(request.user, revision),
        preview_address=request.build_absolute_uri(reverse("preview:shared", args=[key]))
        if key
        else "",
    )


def _authors(revision: Revision) -> list[User]:
    return list(User.objects.filter(pk__in=[pk for pk in revision.authors.values() if pk]))


def _page(
    request: HttpRequest,
    subject: Subject,
    *,
    submit_form: SubmitForm | None = None,
    plan_form: PlanForm | None = None,
    status: int = 200,
) -> HttpResponse:
    stored = records.read(subject)
    open_one = revisions.open_revision(subject)
    planned = revisions.planned_revision(subject)
    context = {
        "subject": subject,
        "work": work_on(request, open_one, stored) if open_one else None,
        "planned": work_on(request, planned, stored) if planned else None,
        "submit_form": submit_form or SubmitForm(),
        "plan_form": plan_form or PlanForm(),
    }
    return render(request, "editing/draft.html", context, status=status)


def _seen(request: HttpRequest) -> int:
    """The edition that the page showed; none that ever was, when it doesn't say."""
    seen = request.POST.get("seen", "")
    return int(seen[:9]) if seen.isascii() and seen.isdigit() else -1


def _submit(request: HttpRequest, subject: Subject, revision: Revision) -> HttpResponse | None:
    form = SubmitForm(request.POST)
    if not form.is_valid():
        return _page(request, subject, submit_form=form, status=400)
    publication.submit(
        revision,
        by=cast(User, request.user),
        at=timezone.now(),
        note=form.cleaned_data["note"],
        publish_at=form.cleaned_data["publish_at"],
        request=request,
    )
    messages.success(
        request, gettext("Sent for review. You get a mail when somebody has looked at it.")
    )
    return None


def _publish(request: HttpRequest, subject: Subject, revision: Revision) -> HttpResponse | None:
    if not rules.may_publish_revision(request.user, revision):
        raise PermissionDenied("somebody else publishes this")
    publication.publish(
        revision,
        by=cast(User, request.user),
        at=timezone.now(),
        seen=_seen(request),
        request=request,
    )
    messages.success(request, gettext("Public now."))
    return None


def _plan(request: HttpRequest, subject: Subject, revision: Revision) -> HttpResponse | None:
    if not rules.may_publish_revision(request.user, revision):
        raise PermissionDenied("somebody else publishes this")
    form = PlanForm(request.POST)
    if not form.is_valid():
        return _page(request, subject, plan_form=form, status=400)
    planned = publication.plan(
        revision,
        by=cast(User, request.user),
        at=timezone.now(),
        publish_at=form.cleaned_data["publish_at"],
        seen=_seen(request),
        request=request,
    )
    told = gettext("Planned: it becomes public on %(moment)s.")
    messages.success(request, told % {"moment": _told(planned)})
    return None


def _told(planned: Revision) -> str:
    at = cast(Any, planned.publish_at)
    return str(date_format(timezone.localtime(at), "j F Y H:i"))


def _withdraw(request: HttpRequest, subject: Subject, revision: Revision) -> None:
    publication.withdraw(revision, by=cast(User, request.user), at=timezone.now(), request=request)
    messages.success(
        request, gettext("Withdrawn. You find it in the history, and can go on with it from there.")
    )


def _resume(request: HttpRequest, subject: Subject, revision: Revision) -> None:
    publication.resume(revision, by=cast(User, request.user), at=timezone.now(), request=request)
    messages.success(request, gettext("It is a draft again."))


def _settle(request: HttpRequest, subject: Subject, revision: Revision) -> None:
    choices = {name: request.POST.get(f"keep.{name}") for name in revisions.outdated(revision)}
    if not {"mine", "theirs"}.issuperset(choices.values()):
        messages.error(request, gettext("Choose for every field which version stays."))
        return
    mine = [name for name, choice in choices.items() if choice == "mine"]
    left = publication.settle(
        revision,
        by=cast(User, request.user),
        at=timezone.now(),
        keep_mine=mine,
        seen=request.POST.get("clash", ""),
        request=request,
    )
    if left:
        messages.success(request, gettext("Your choice is stored."))
    else:
        messages.info(request, gettext("Nothing of this change is left, so it was withdrawn."))


def _share(request: HttpRequest, subject: Subject, revision: Revision) -> None:
    publication.share(revision, by=cast(User, request.user), request=request)
    messages.success(request, gettext("Whoever has the address can look at it now."))


def _unshare(request: HttpRequest, subject: Subject, revision: Revision) -> None:
    publication.unshare(revision, by=cast(User, request.user), request=request)
    messages.success(request, gettext("The address leads nowhere any more."))


Action = Callable[[HttpRequest, Subject, Revision], HttpResponse | None]
_ACTIONS: Final[Mapping[str, Action]] = {
    "submit": _submit,
    "publish": _publish,
    "plan": _plan,
    "withdraw": _withdraw,
    "resume": _resume,
    "settle": _settle,
    "share": _share,
    "unshare": _unshare,
}
