"""What the link of an invitation opens. Opening changes nothing: mail programs do it too."""

from typing import cast

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache

from navigator.accounts import audit, invitations
from navigator.accounts.adapter import AccountAdapter
from navigator.accounts.invitations import InvitationError
from navigator.accounts.models import Invitation, User
from navigator.accounts.people_forms import NewAccountForm
from navigator.methods import SeeOther, takes

# What stands in the answer for a link that can't be used.
_STATUS = {"unknown": 404, "expired": 410, "used": 410, "withdrawn": 410}


@never_cache
@login_not_required
@takes("GET", "HEAD", "POST")
def invitation(request: HttpRequest, key: str) -> HttpResponse:
    """For who has no account: choose a password. For who has one: where to log in."""
    try:
        found = invitations.find(key, timezone.now())
        invitations.granted(found)
        if invitations.account_of(found) or request.user.is_authenticated:
            return _without_trace(_choose_account(request, found, key))
        return _without_trace(_new_account(request, found, key))
    except InvitationError as error:
        return _without_trace(_unusable(request, error.code))


@never_cache
@takes("GET", "HEAD", "POST")
def accept(request: HttpRequest, key: str) -> HttpResponse:
    """For who is logged in: take what was granted, with the account that was invited."""
    user, at = cast(User, request.user), timezone.now()
    try:
        found = invitations.find(key, at)
        invitations.granted(found)
        if user.email != found.email:
            return _without_trace(_choose_account(request, found, key))
        if request.method != "POST":
            return _without_trace(_page(request, "accounts/accept.html", found, key))
        found = invitations.accept(key, user=user, at=at)
    except InvitationError as error:
        return _without_trace(_unusable(request, error.code))
    audit.record("invitation_accepted", request=request, about=found)
    messages.success(request, gettext("Welcome. You can start at once."))
    return SeeOther(AccountAdapter(request).get_login_redirect_url(request))


def _new_account(request: HttpRequest, found: Invitation, key: str) -> HttpResponse:
    form = NewAccountForm(request.POST or None, email=found.email)
    if not form.is_valid():
        return _page(request, "accounts/new_account.html", found, key, form=form)
    chosen = form.cleaned_data
    user = invitations.accept_as_new(
        key, password=chosen["password1"], name=chosen["name"], at=timezone.now()
    )
    audit.record("invitation_accepted", request=request, who=user, about=found)
    response: HttpResponse = perform_password_login(
        request, {"email": user.email}, Login(user=user, email=user.email)
    )
    return response


def _choose_account(request: HttpRequest, found: Invitation, key: str) -> HttpResponse:
    """Where to go on: the account that was invited, or nobody's."""
    account = invitations.account_of(found)
    if account and not account.is_active:
        raise InvitationError("account_closed")
    context = {"has_account": account is not None, "is_it": account == request.user}
    return _page(request, "accounts/choose_account.html", found, key, **context)


def _page(
    request: HttpRequest, template: str, found: Invitation, key: str, **more: object
) -> HttpResponse:
    context = {
        "invitation": found,
        "regions": invitations.granted(found),
        "key": key,
        **more,
    }
    return render(request, template, context)


def _unusable(request: HttpRequest, code: str) -> HttpResponse:
    status = _STATUS.get(code, 409)
    return render(request, "accounts/unusable.html", {"code": code}, status=status)


def _without_trace(response: HttpResponse) -> HttpResponse:
    """The key stands in the address: no page that is opened from here may learn it.

    Not `no-referrer`: with that, browsers don't say where a form comes from either, and the check
    against forged forms refuses it.
    """
    response.headers["Referrer-Policy"] = "strict-origin"
    return response
