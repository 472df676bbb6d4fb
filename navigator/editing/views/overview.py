"""What I may edit and how it is doing: all of it, or one office or region."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from navigator.accounts import audit, rules
from navigator.accounts.models import User
from navigator.advice import outcomes
from navigator.editing import corrections, glance, subjects
from navigator.editing.corrections import Correction
from navigator.editing.forms.correction_form import AnswerForm
from navigator.editing.forms.sections import sections_of
from navigator.editing.glance import Glance
from navigator.methods import SeeOther, takes
from regions import cleaning, records, revisions
from regions.completeness import MustHave
from regions.links import DeadLink
from regions.models import RegionalOffice
from regions.records import SubjectModel
from regions.revisions import RevisionError


@dataclass(frozen=True, slots=True)
class Section:
    """A section of one profile: what is there, what is missing, and what is wrong."""

    name: str
    filled: tuple[MustHave, ...]
    missing: tuple[MustHave, ...]
    dead: tuple[DeadLink, ...]
    has_draft: bool


@takes("GET", "HEAD")
def overview(request: HttpRequest) -> HttpResponse:
    """All that I may edit; for administrators as a list, which can be searched."""
    asked = cleaning.line(request.GET.get("q", "")[:100], 100)
    open_referrals = outcomes.count_open(rules.editable_offices(request.user))
    offices, regions = rules.editable_offices(request.user), rules.editable_regions(request.user)
    if asked:
        offices, regions = (
            offices.filter(name__icontains=asked),
            regions.filter(name__icontains=asked),
        )
    found = glance.at_a_glance(offices=list(offices), regions=list(regions), at=timezone.now())
    as_list = rules.is_administrator(request.user)
    context = {
        "overview": found,
        "asked": asked,
        "as_list": as_list,
        "days": glance.VIEWED_DAYS,
        "open_referrals": open_referrals,
        "whom_to_ask": () if (found.offices or found.regions) else rules.administrators()[:3],
    }
    return render(request, "editing/overview.html", context)


@takes("GET", "HEAD")
def subject(request: HttpRequest, kind: SubjectModel, slug: str) -> HttpResponse:
    """One office or region: its sections, and what they miss."""
    edited = subjects.subject_or_404(request, kind, slug)
    offices, regions = ([edited], []) if kind is RegionalOffice else ([], [edited])
    found = glance.at_a_glance(offices=offices, regions=regions, at=timezone.now())  # type: ignore[arg-type]  # the kind says which
    here = (*found.offices, *found.regions)[0]
    context = {
        "subject": edited,
        "here": here,
        "sections": list(_sections(request, here)),
        "suggestions": _suggestions(here),
        "may_decide": bool(here.suggestions)
        and rules.may_decide(request.user, here.suggestions[0]),
        "middle_percent": found.middle_percent,
        "days": glance.VIEWED_DAYS,
        "saved": request.session.pop("saved", ""),
    }
    return render(request, "editing/subject.html", context)


@takes("POST")
def confirm(request: HttpRequest, kind: SubjectModel, slug: str) -> HttpResponse:
    """Everything is still right: who says so, and when, is stored."""
    office = subjects.subject_or_404(request, kind, slug)
    if not isinstance(office, RegionalOffice):
        raise Http404("regions have nothing to confirm")
    try:
        revisions.confirm(office, by=cast(User, request.user), at=timezone.now())
    except (RevisionError, records.Refused):
        messages.error(request, gettext("This could not be stored. Try it again in a minute."))
    else:
        audit.record("profile_confirmed", request=request, about=office)
        messages.success(
            request, gettext("Thank you. The profile of %(name)s is confirmed.") % {"name": office}
        )
    back = subjects.address("subject", office) if "back" in request.POST else ""
    return SeeOther(back or reverse("editing:overview"))


def _suggestions(here: Glance) -> list[tuple[Correction, AnswerForm]]:
    """What advisors heard is wrong, each with a form of its own to decide."""
    waiting = corrections.waiting(here.suggestions, stored=here.record, draft=here.open)
    return [(each, AnswerForm(auto_id=f"id_{each.revision.pk}_%s")) for each in waiting]


def _sections(request: HttpRequest, here: Glance) -> Iterator[Section]:
    model = type(here.subject)
    administrator = rules.may_administer(request.user, here.subject)
    profile = here.with_draft
    changed = set(here.open.changes) if here.open else set()
    for name in sections_of(model, administrator=administrator):
        yield Section(
            name,
            filled=tuple(must for must in profile.filled if must.section == name)
            if profile
            else (),
            missing=tuple(must for must in profile.missing if must.section == name)
            if profile
            else (),
            dead=tuple(link for link in here.dead if records.section_of(model, link.field) == name),
            has_draft=any(records.section_of(model, field) == name for field in changed),
        )
