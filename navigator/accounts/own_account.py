"""The page of somebody's own account, and what the library's pages need beforehand."""

from typing import cast

from allauth.account import views as account_views
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from navigator.accounts import rules, second_factor
from navigator.accounts.adapter import know_address
from navigator.accounts.models import User
from navigator.methods import takes


@takes("GET", "HEAD")
def overview(request: HttpRequest) -> HttpResponse:
    """All that somebody can change about how they come in."""
    user = cast(User, request.user)
    context = {
        "has_app": second_factor.has_app(user),
        "has_codes": Authenticator.objects.filter(
            user=user, type=Authenticator.Type.RECOVERY_CODES
        ).exists(),
        "must_have_app": rules.needs_second_factor(user),
        "sessions": len(UserSession.objects.purge_and_list(user)),
        "regions": user.regions.order_by("name"),
    }
    return render(request, "account/overview.html", context)


@takes("GET", "HEAD", "POST")
def change_email(request: HttpRequest) -> HttpResponse:
    """Change the address; the library has to know the present one first."""
    know_address(cast(User, request.user))
    response: HttpResponse = account_views.email(request)
    return response
