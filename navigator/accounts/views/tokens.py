"""My own keys for programs."""

from typing import cast

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache

from navigator.accounts import audit, tokens
from navigator.accounts.models import Token, User
from navigator.accounts.people_forms import TokenForm
from navigator.methods import SeeOther, takes


def _makes_one(request: HttpRequest) -> bool:
    return request.method == "POST"


@never_cache
@takes("GET", "HEAD", "POST")
@reauthentication_required(enabled=_makes_one)  # type: ignore[untyped-decorator]  # it has no types
def own_tokens(request: HttpRequest) -> HttpResponse:
    """My keys, and a form for a new one. The key itself stands in the answer to that, once."""
    user, at = cast(User, request.user), timezone.now()
    form = TokenForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            token, key = tokens.make(user, at=at, **form.cleaned_data)
        except tokens.TokenError as error:
            form.refuse(error.code)
        else:
            audit.record("token_made", request=request, about=token)
            return render(request, "accounts/new_token.html", {"token": token, "key": key})
    found = Token.objects.filter(user=user, withdrawn_at=None)
    return render(request, "accounts/tokens.html", {"form": form, "tokens": found, "at": at})


@takes("GET", "HEAD", "POST")
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw a key of mine, after asking."""
    token = Token.objects.filter(pk=pk, user=cast(User, request.user), withdrawn_at=None).first()
    if token is None:
        raise Http404("no key of this user")
    if request.method != "POST":
        return render(request, "accounts/withdraw_token.html", {"token": token})
    if tokens.withdraw(token, at=timezone.now()):
        audit.record("token_withdrawn", request=request, about=token)
    messages.success(request, gettext("The key %(name)s works no more.") % {"name": token})
    return SeeOther(reverse("people:tokens"))
