"""The audit log, for administrators. There is nothing here that changes it."""

from typing import Final

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from navigator.accounts import log, rules
from navigator.accounts.people_forms import LogFilterForm
from navigator.methods import takes

PER_PAGE: Final = 50


@takes("GET", "HEAD")
def audit_log(request: HttpRequest) -> HttpResponse:
    """Who did what, the newest first; narrowed down by what, who and when."""
    if not rules.may_manage_people(request.user):
        raise PermissionDenied("administrators alone")
    form = LogFilterForm(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    page = Paginator(log.entries(**asked), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "lines": log.read(page.object_list),
        "is_asked": any(asked.values()),
    }
    return render(request, "accounts/log.html", context)
