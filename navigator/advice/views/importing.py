"""Registrations of before the service, from a file, after a look at what would be stored.

A table with a mistake is kept nowhere, since it may hold personal data. One without waits in the
cache of the session that uploaded it, is looked at again when it is confirmed, and is stored only
if it still does what was shown.
"""

import secrets
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.core.cache import cache
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy, ngettext
from tablib import Dataset

from navigator.accounts import audit
from navigator.advice import registrations
from navigator.advice.doors import importers_only
from navigator.advice.registrations import Changed, Plan
from navigator.methods import SeeOther, takes
from navigator.spreadsheets import TableField
from regions import sheets

_KEPT_S: Final = 3600
_IN_SESSION: Final = "registrations"
_MOST_SHOWN: Final = 200


class RegistrationsForm(forms.Form):
    """A file with earlier registrations."""

    file = TableField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("A CSV or XLSX file of at most 2 MB and 2000 rows."),
    )


@takes("GET", "HEAD", "POST")
@importers_only
def upload(request: HttpRequest) -> HttpResponse:
    """Take a file; tell what is wrong with it, or show what it would store."""
    form, plan = RegistrationsForm(), Plan()
    if request.method == "POST":
        form = RegistrationsForm(request.POST, request.FILES)
        if form.is_valid():
            cells = form.cleaned_data["file"]
            plan = registrations.plan(cells, at=timezone.now())
            if not plan.problems:
                _keep(request, cells)
                return SeeOther(reverse("advice:import_check"))
    context = {
        "form": form,
        "columns": registrations.COLUMNS.items(),
        "needed": registrations.NEEDED,
        "formats": list(sheets.FORMATS),
        **_problems(plan),
    }
    is_wrong = form.errors or plan.problems
    return render(request, "advice/import.html", context, status=400 if is_wrong else 200)


@takes("GET", "HEAD", "POST")
@importers_only
def check(request: HttpRequest) -> HttpResponse:
    """What the uploaded table would store; and store it, when that is confirmed."""
    cells = _kept(request)
    if cells is None:
        messages.error(
            request, _("There is no file any more that waits to be imported. Upload it again.")
        )
        return SeeOther(reverse("advice:import"))
    if request.method == "POST":
        return _store(request, cells)
    plan = registrations.plan(cells, at=timezone.now())
    return render(request, "advice/import_check.html", {"plan": plan, **_problems(plan)})


@takes("GET", "HEAD")
@importers_only
def example(request: HttpRequest, kind: str) -> HttpResponse:
    """A file with all columns and two rows."""
    if kind not in sheets.FORMATS:
        raise Http404("no such kind of file")
    file = sheets.write(registrations.example(), kind)
    name = f"registraties-voorbeeld.{kind}"
    return HttpResponse(
        file,
        content_type=sheets.FORMATS[kind].CONTENT_TYPE,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _store(request: HttpRequest, cells: Dataset) -> HttpResponse:
    try:
        with transaction.atomic():
            shown = request.POST.get("shown", "")
            stored = registrations.store(cells, shown=shown, at=timezone.now()).stored
            audit.record("conversations_imported", request=request, about=str(len(stored)))
    except Changed:
        messages.error(
            request, _("Something changed meanwhile, so nothing was stored. Look at it again.")
        )
        return SeeOther(reverse("advice:import_check"))
    _forget(request)
    told = ngettext(
        "%(number)s conversation was imported.",
        "%(number)s conversations were imported.",
        len(stored),
    )
    messages.success(request, told % {"number": len(stored)})
    return SeeOther(reverse("advice:import"))


def _problems(plan: Plan) -> dict[str, Any]:
    return {
        "problems": plan.problems[:_MOST_SHOWN],
        "more_problems": max(0, len(plan.problems) - _MOST_SHOWN),
    }


def _keep(request: HttpRequest, cells: Dataset) -> None:
    key = secrets.token_urlsafe(16)
    cache.set(f"registrations:{key}", (cells.headers, list(cells)), _KEPT_S)
    request.session[_IN_SESSION] = key


def _kept(request: HttpRequest) -> Dataset | None:
    key = request.session.get(_IN_SESSION, "")
    found = cache.get(f"registrations:{key}") if key else None
    if found is None:
        return None
    headers, rows = found
    return Dataset(*rows, headers=headers)


def _forget(request: HttpRequest) -> None:
    cache.delete(f"registrations:{request.session.pop(_IN_SESSION, '')}")
