"""Offices and regions that come, go, merge and split."""

from collections.abc import Callable
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from navigator.accounts.models import User
from navigator.administration import arranging
from navigator.administration.administrators import administrators_only
from navigator.administration.forms import (
    AddOfficeForm,
    AddRegionForm,
    AddressForm,
    MergeForm,
    SplitForm,
)
from navigator.editing import subjects
from navigator.methods import SeeOther, takes
from regions.models import EducationRegion, PublicationState, RegionalOffice
from regions.records import Refused, Subject, SubjectModel
from regions.reorganisation import ArrangementError
from regions.revisions import RevisionError


@takes("GET", "HEAD")
@administrators_only
def arrangement(request: HttpRequest) -> HttpResponse:
    """All offices and regions with their states, and what can be done with them. Three queries."""
    offices = RegionalOffice.objects.prefetch_related("regions").order_by("name")
    context = {
        "regions": EducationRegion.objects.order_by("name").prefetch_related("offices"),
        "offices": offices,
        "archived": PublicationState.ARCHIVED,
    }
    return render(request, "administration/arrangement.html", context)


@takes("GET", "HEAD", "POST")
@administrators_only
def add_office(request: HttpRequest) -> HttpResponse:
    """The 53rd office: as a draft, to be filled in My region."""
    form = AddOfficeForm(request.POST or None)
    return _add(request, form, arranging.add_office, _("Add an office"))


@takes("GET", "HEAD", "POST")
@administrators_only
def add_region(request: HttpRequest) -> HttpResponse:
    """A new region, as a draft."""
    form = AddRegionForm(request.POST or None)
    return _add(request, form, arranging.add_region, _("Add a region"))


@takes("GET", "HEAD", "POST")
@administrators_only
def change_address(request: HttpRequest, kind: SubjectModel, slug: str) -> HttpResponse:
    """Another address; the old one leads on."""
    subject = _subject(kind, slug)
    form = AddressForm(request.POST or None, initial={"slug": subject.slug})
    if request.method == "POST" and form.is_valid():
        done = _do(
            request,
            form,
            lambda: arranging.move(
                request, subject, slug=form.cleaned_data["slug"], **_who(request)
            ),
        )
        if done:
            messages.success(request, _("The address is changed. The old one leads to it."))
            return SeeOther(_back())
    title = _("Change the address of %(name)s") % {"name": subject}
    return _form(request, "administration/form.html", form, title=title, button=_("Change it"))


@takes("GET", "HEAD", "POST")
@administrators_only
def merge(request: HttpRequest, slug: str) -> HttpResponse:
    """One region into another."""
    source = get_object_or_404(EducationRegion, slug=slug)
    form = MergeForm(request.POST or None, source=source)
    if request.method == "POST" and form.is_valid():
        into = form.cleaned_data["into"]
        if _do(request, form, lambda: arranging.merge(request, source, into, **_who(request))):
            told = _("%(source)s is merged into %(target)s. You can undo it here.")
            messages.success(request, told % {"source": source, "target": into})
            return SeeOther(_back())
    title = _("Merge %(name)s into another region") % {"name": source}
    return _form(
        request,
        "administration/merge.html",
        form,
        title=title,
        button=_("Merge them"),
        source=source,
    )


@takes("GET", "HEAD", "POST")
@administrators_only
def split(request: HttpRequest, slug: str) -> HttpResponse:
    """A new region that takes offices along."""
    source = get_object_or_404(EducationRegion, slug=slug)
    form = SplitForm(request.POST or None, source=source)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        if _do(request, form, lambda: arranging.split(request, source, **values, **_who(request))):
            told = _("%(name)s is there, with its offices.") % {"name": values["name"]}
            messages.success(request, told)
            return SeeOther(_back())
    title = _("Split %(name)s") % {"name": source}
    return _form(request, "administration/split.html", form, title=title, button=_("Split it"))


@takes("POST")
@administrators_only
def archive(request: HttpRequest, kind: SubjectModel, slug: str) -> HttpResponse:
    """Take something out of everything public; it can come back."""
    subject = _subject(kind, slug)
    if _do(request, None, lambda: arranging.archive(request, subject, **_who(request))):
        told = _("%(name)s is archived. You can bring it back here.") % {"name": subject}
        messages.success(request, told)
    return SeeOther(_back())


@takes("POST")
@administrators_only
def bring_back(request: HttpRequest, kind: SubjectModel, slug: str) -> HttpResponse:
    """Undo an archiving, or the merger that it was a part of."""
    subject = _subject(kind, slug)
    if _do(request, None, lambda: arranging.bring_back_or_apart(request, subject, **_who(request))):
        messages.success(request, _("%(name)s is back.") % {"name": subject})
    return SeeOther(_back())


def _add(
    request: HttpRequest, form: forms.Form, make: Callable[..., Subject], title: str
) -> HttpResponse:
    made: list[Subject] = []
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        if _do(request, form, lambda: made.append(make(request, **values, **_who(request)))):
            told = _("%(name)s is added, as a draft. Fill it in, and publish it when it is ready.")
            messages.success(request, told % {"name": made[0]})
            return SeeOther(subjects.address("subject", made[0]))
    return _form(request, "administration/form.html", form, title=title, button=_("Add it"))


def _do(request: HttpRequest, form: Any, step: Callable[[], Any]) -> bool:
    """Take a step; when it can't be taken, say why, in the form if there is one."""
    try:
        step()
    except Refused as refused:
        if form is None or not hasattr(form, "refuse"):
            _tell(request, form, str(refused))
        else:
            form.refuse(refused)
    except ArrangementError as error:
        _tell(request, form, arranging.explain(error))
    except RevisionError:
        _tell(request, form, _("Somebody else changed this at the same time. Try it again."))
    else:
        return True
    return False


def _tell(request: HttpRequest, form: Any, told: str) -> None:
    if form is None:
        messages.error(request, told)
    else:
        form.add_error(None, told)


def _form(
    request: HttpRequest, template: str, form: forms.Form, *, title: str, button: str, **more: Any
) -> HttpResponse:
    context = {"form": form, "title": title, "button": button, **more}
    return render(request, template, context, status=400 if form.errors else 200)


def _subject(kind: SubjectModel, slug: str) -> Subject:
    subject: Subject | None = kind.objects.filter(slug=slug).first()
    if subject is None:
        raise Http404("no such office or region")
    return subject


def _who(request: HttpRequest) -> dict[str, Any]:
    return {"by": cast(User, request.user), "at": timezone.now()}


def _back() -> str:
    return reverse("administration:arrangement")
