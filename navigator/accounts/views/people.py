"""Everybody who works here, for administrators: roles, and closing accounts."""

from typing import Any, Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from navigator.accounts import audit, people, rules, second_factor
from navigator.accounts.models import User
from navigator.accounts.people import LastAdministrator
from navigator.accounts.people_forms import PeopleFilterForm, RolesForm
from navigator.methods import SeeOther, takes

PER_PAGE: Final = 50
_ROLES: Final = {
    "editor": Q(memberships__isnull=False),
    "advisor": Q(is_advisor=True),
    "administrator": Q(is_superuser=True),
    "closed": Q(is_active=False),
}


@takes("GET", "HEAD")
def everybody(request: HttpRequest) -> HttpResponse:
    """All accounts, by address; can be searched."""
    _administrators_alone(request)
    form = PeopleFilterForm(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    found = _found(asked.get("q", "").strip(), asked.get("role", ""))
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "is_asked": any(asked.values())}
    return render(request, "accounts/people.html", context)


@takes("GET", "HEAD", "POST")
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """One account: what it may do, and the form to change that."""
    account = _account(request, pk)
    form = RolesForm(request.POST if request.method == "POST" else None, user=account)
    if form.is_valid():
        chosen = form.cleaned_data
        try:
            changed = people.change_roles(account, **chosen)
        except LastAdministrator:
            form.add_error("is_administrator", _last())
        else:
            if changed:
                audit.record("roles_changed", request=request, about=account)
            messages.success(request, gettext("Stored what %(who)s may do.") % {"who": account})
            return SeeOther(reverse("people:people"))
    context = {
        "account": account,
        "form": form,
        "is_oneself": account == request.user,
        "has_second_factor": second_factor.has_app(account),
    }
    return render(request, "accounts/person.html", context)


@takes("GET", "HEAD", "POST")
def deactivate(request: HttpRequest, pk: int) -> HttpResponse:
    """Close an account, after asking."""
    account = _account(request, pk)
    if request.method != "POST":
        context = {"account": account, "is_oneself": account == request.user}
        return render(request, "accounts/deactivate.html", context)
    try:
        changed = people.deactivate(account, at=timezone.now())
    except LastAdministrator:
        messages.error(request, _last())
        return SeeOther(reverse("people:person", args=[pk]))
    if changed:
        audit.record("account_deactivated", request=request, about=account)
    messages.success(request, gettext("The account of %(who)s is closed.") % {"who": account})
    return SeeOther(reverse("people:people"))


@takes("GET", "HEAD", "POST")
def activate(request: HttpRequest, pk: int) -> HttpResponse:
    """Open an account again."""
    account = _account(request, pk)
    if request.method != "POST":
        return render(request, "accounts/activate.html", {"account": account})
    if people.activate(account):
        audit.record("account_activated", request=request, about=account)
    messages.success(request, gettext("The account of %(who)s is open again.") % {"who": account})
    return SeeOther(reverse("people:person", args=[pk]))


@takes("GET", "HEAD", "POST")
def forget_second_factor(request: HttpRequest, pk: int) -> HttpResponse:
    """Turn the second step of somebody else off, after asking; the own one is on My account."""
    account = _account(request, pk)
    if account == request.user:
        return SeeOther(reverse("mfa_index"))
    if request.method != "POST":
        return render(request, "accounts/forget_second_factor.html", {"account": account})
    if people.forget_second_factor(account):
        audit.record("second_factor_reset", request=request, about=account)
    told = gettext("%(who)s logs in without the second step once, and then sets it up again.")
    messages.success(request, told % {"who": account})
    return SeeOther(reverse("people:person", args=[pk]))


def _administrators_alone(request: HttpRequest) -> None:
    if not rules.may_manage_people(request.user):
        raise PermissionDenied("administrators alone")


def _account(request: HttpRequest, pk: int) -> User:
    _administrators_alone(request)
    return get_object_or_404(User, pk=pk)


def _found(text: str, role: str) -> QuerySet[User]:
    users = User.objects.prefetch_related("regions").order_by("email")
    if role:
        users = users.filter(_ROLES[role])
    if text:
        names: Any = Q(email__icontains=text) | Q(first_name__icontains=text)
        users = users.filter(
            names | Q(last_name__icontains=text) | Q(memberships__region__name__icontains=text)
        )
    return users.distinct()


def _last() -> str:
    return gettext("This is the last administrator. Make somebody else one first.")
