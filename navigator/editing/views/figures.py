"""The figures of the own offices: all beside each other, one in detail, and the monthly mail."""

from typing import cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from navigator.accounts import rules
from navigator.accounts.models import User
from navigator.editing import figure_mails, office_figures, office_sections, subjects
from navigator.methods import SeeOther, takes
from navigator.statistics import campaigns, forms
from navigator.statistics.campaigns import NamedPeriod
from navigator.statistics.forms import Asked
from navigator.statistics.office_usage import office_usage
from regions import sheets
from regions.models import RegionalOffice


@takes("GET", "HEAD", "POST")
def figures(request: HttpRequest) -> HttpResponse:
    """The own offices in a period; what is posted switches the monthly mail."""
    if not rules.is_editor(request.user):
        raise PermissionDenied("editors alone")
    if request.method == "POST":
        return _switch(request)
    asked, named = _asked(request)
    offices = list(rules.editable_offices(request.user))
    context = {
        **office_figures.question(asked, named, address=reverse("editing:figures")),
        "own": office_figures.own_offices(offices, asked.period) if asked.period else (),
        "has_offices": bool(offices),
        "as_cards": len(offices) <= office_figures.MOST_AS_CARDS,
        "is_mailed": figure_mails.is_on(request.user),
    }
    status = 200 if asked.period else 400
    return render(request, "editing/figures.html", context, status=status)


@takes("GET", "HEAD")
def office(request: HttpRequest, slug: str) -> HttpResponse:
    """The figures of one office in a period."""
    found = _office_or_404(request, slug)
    asked, named = _asked(request)
    address = reverse("editing:office_figures", args=[slug])
    context = {
        **office_figures.question(asked, named, address=address),
        "office": found,
        **(office_figures.detail(found, asked.period) if asked.period else {}),
    }
    status = 200 if asked.period else 400
    return render(request, "editing/figures_office.html", context, status=status)


@takes("GET", "HEAD")
def download(request: HttpRequest, slug: str, table: str, kind: str) -> HttpResponse:
    """A table of one office as a file; the page with what is wrong when there is no such period."""
    found = _office_or_404(request, slug)
    if table not in office_sections.ORDER or kind not in sheets.FORMATS:
        raise Http404("no such table")
    asked, _named = _asked(request)
    if asked.period is None:
        return office(request, slug)
    tables = office_sections.tables(office_usage(found.pk, asked.period))
    return office_figures.file(tables[table], asked.period, slug=slug, kind=kind)


def _switch(request: HttpRequest) -> HttpResponse:
    on = request.POST.get("monthly") == "on"
    figure_mails.switch(cast(User, request.user), on=on, at=timezone.now())
    if on:
        told = gettext("From next month on you get the figures of your offices by mail.")
    else:
        told = gettext("You get no more mails with the figures of your offices.")
    messages.success(request, told)
    return SeeOther(reverse("editing:figures"))


def _asked(request: HttpRequest) -> tuple[Asked, tuple[NamedPeriod, ...]]:
    """The period of an address, and the campaigns that can be chosen beside it."""
    named = campaigns.named_periods()
    today = timezone.localdate()
    return forms.asked(request.GET.dict(), today=today, campaigns=named), named


def _office_or_404(request: HttpRequest, slug: str) -> RegionalOffice:
    return cast(RegionalOffice, subjects.subject_or_404(request, RegionalOffice, slug))
