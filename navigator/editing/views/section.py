"""A section of a profile as a form: show, save, and settle what others changed meanwhile."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters

from navigator import kept
from navigator.accounts import rules
from navigator.accounts.models import User
from navigator.editing import differences, publication, subjects
from navigator.editing.forms.sections import SectionForm, sections_of
from navigator.kept import keeps_typed, sign
from navigator.methods import SeeOther, takes
from regions import links, markdown, records, revisions
from regions.models import Revision
from regions.records import ADMINISTRATION, Record, Refused, Subject, SubjectModel
from regions.revisions import Conflict, Placeholders, RevisionError

ELSEWHERE: Final = frozenset({"area", "visiting"})  # sections with pages of their own
MOST_PREVIEW: Final = 10_000


@dataclass(frozen=True, slots=True)
class Rights:
    """What the buttons of the form may do."""

    publish: bool
    draft: bool  # settings of administrators are no proposal


def _names(kind: SubjectModel, slug: str, section: str) -> frozenset[str]:
    """What the form of a section posts; the same for every office or region."""
    if section in ELSEWHERE or section not in sections_of(kind, administrator=True):
        return frozenset()
    return SectionForm(kind(), section, {}).names()


@keeps_typed(_names)
@takes("GET", "HEAD", "POST")
@sensitive_post_parameters()
def section(request: HttpRequest, kind: SubjectModel, slug: str, section: str) -> HttpResponse:
    """The form of one section. What is posted is saved as `do` says: publish, draft, submit; it
    is only shown for `preview` and checked for `check`; what was kept goes for `forget`.
    """
    edited = subjects.subject_or_404(request, kind, slug)
    administrator = rules.may_administer(request.user, edited)
    if section in ELSEWHERE or section not in sections_of(kind, administrator=administrator):
        raise Http404("no section here that this user may edit")
    record = revisions.working_record(edited)
    do = request.POST.get("do", "draft")
    if request.method != "POST":
        return _shown(request, edited, section, record)
    if do == "forget":
        kept.forget(request)
        return SeeOther(request.get_full_path())
    form = SectionForm(edited, section, record, request.POST)
    if do == "check":
        return JsonResponse(form.checked(request.POST.get("field", "")))
    if do == "preview":
        form.show_previews()
        return page(request, edited, form)
    return saved(request, edited, form, do)


@takes("POST")
def preview_text(request: HttpRequest) -> HttpResponse:
    """A typed text as candidates will see it: a piece of a page, for htmx."""
    typed = request.POST.get(request.POST.get("field", ""), "")[:MOST_PREVIEW]
    return render(request, "components/edit_preview.html", {"html": markdown.to_html(typed)})


def _shown(request: HttpRequest, edited: Subject, section: str, record: Record) -> HttpResponse:
    """The form as the record is, or as somebody typed it before they were logged out."""
    waiting = kept.kept(request)
    if waiting is None:
        return page(request, edited, SectionForm(edited, section, record))
    typed, at = waiting
    return page(request, edited, SectionForm(edited, section, record, typed), kept_at=at)


def saved(request: HttpRequest, edited: Subject, form: SectionForm, do: str) -> HttpResponse:
    """Save, say what became of it, and go on; or show again what was typed, and why."""
    try:
        if form.is_valid():
            _save(request, edited, form, do)
    except Conflict as conflict:
        return _conflict(request, edited, form, conflict, do)
    except Placeholders as left:
        form.tell_placeholders(left.fields)
    except Refused as refused:
        form.tell(refused.errors)
    except RevisionError:
        form.add_error(None, gettext("This could not be saved. Try it again in a minute."))
    if form.errors:
        return page(request, edited, form, status=400)
    kept.forget(request)
    request.session["saved"] = request.path
    edited.refresh_from_db()
    return SeeOther(subjects.address("subject", edited))


def _save(request: HttpRequest, edited: Subject, form: SectionForm, do: str) -> None:
    rights = _rights(request, edited, form.section)
    values, base = _settled(form)
    note, by, at = form.cleaned_data["note"], cast(User, request.user), timezone.now()
    if do in ("publish", "submit"):
        _refuse_placeholders(values)
    if not rights.draft or (do == "publish" and rights.publish):
        published = publication.publish_now(
            subject=edited, values=values, by=by, at=at, base=base, note=note, request=request
        )
        _tell_published(request, published)
        return
    draft = revisions.propose(subject=edited, values=values, by=by, at=at, base=base, note=note)
    _tell_draft(request, edited, draft, wants_review=do in ("publish", "submit"))


def _settled(form: SectionForm) -> tuple[Record, dict[str, str]]:
    """The values to save and what they are based on, once clashes were chosen between.

    Where theirs was chosen, the field is left alone. Where mine was, the form now knows theirs;
    where nothing was, it doesn't, and they clash again.
    """
    values, base = form.values(), form.read_fingerprints()
    seen = form.read_fingerprints("seen")
    for name in list(values):
        choice = form.data.get(f"keep.{name}", "")
        if choice == "theirs":
            del values[name]
        elif choice == "mine" and name in seen:
            base[name] = seen[name]
    return values, base


def _refuse_placeholders(values: Mapping[str, Any]) -> None:
    left = revisions.placeholders(values)
    if left:
        raise Placeholders(left)


def _tell_published(request: HttpRequest, published: Revision | None) -> None:
    if published is None:
        messages.info(request, gettext("Nothing was changed: this is what was public already."))
        return
    messages.success(request, gettext("Saved, and public now."))


def _tell_draft(
    request: HttpRequest, edited: Subject, draft: Revision | None, *, wants_review: bool
) -> None:
    if draft is None:
        messages.info(request, gettext("Nothing was changed: this is what was public already."))
        return
    if wants_review and draft.state != Revision.State.WAITING:
        try:
            who, now = cast(User, request.user), timezone.now()
            draft = publication.submit(draft, by=who, at=now, request=request)
        except Placeholders as left:
            told = ", ".join(records.label(type(edited), name) for name in left.fields)
            messages.warning(
                request,
                gettext(
                    "Saved as a draft, but not sent for review: something still has to be filled "
                    "in at %(fields)s."
                )
                % {"fields": told},
            )
            return
    if draft.state == Revision.State.WAITING:
        messages.success(request, gettext("Saved, and waiting for review. It is not public yet."))
    else:
        messages.success(request, gettext("Saved as a draft. It is not public yet."))


def _conflict(
    request: HttpRequest, edited: Subject, form: SectionForm, conflict: Conflict, do: str
) -> HttpResponse:
    """Both versions side by side. What doesn't clash is kept as it was typed."""
    clashes = [
        {
            "name": name,
            "label": capfirst(records.label(type(edited), name)),
            "theirs": form.in_words(name, clash.theirs),
            "mine": form.in_words(name, clash.mine),
            "differences": differences.differences(
                type(edited), {name: [clash.theirs, clash.mine]}
            ),
        }
        for name, clash in conflict.clashes.items()
    ]
    now = revisions.fingerprints(conflict.current, conflict.clashes)
    context = {
        "subject": edited,
        "section": form.section,
        "clashes": clashes,
        "by": conflict.by,
        "carried": form.carried(),
        "seen": sign(now),
        "do": do,
    }
    return render(request, "editing/conflict.html", context, status=409)


def page(
    request: HttpRequest,
    edited: Subject,
    form: SectionForm,
    *,
    kept_at: datetime | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of a form, whose template it names itself."""
    form.mark_dead(links.dead_links(form.record))
    context = {
        "subject": edited,
        "section": form.section,
        "form": form,
        "rights": _rights(request, edited, form.section),
        "draft": revisions.open_revision(edited),
        "kept_at": kept_at,
    }
    return render(request, form.template, context, status=status)


def _rights(request: HttpRequest, edited: Subject, section: str) -> Rights:
    return Rights(publish=rules.may_publish(request.user, edited), draft=section != ADMINISTRATION)
