"""What lies behind the log-in, and who needs a second factor to see it.

Every view that isn't open to all is an inner page. What answers by other means than a page, such as
the API with a session, asks `passed` itself.
"""

from collections.abc import Callable
from typing import Any, cast

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import add_never_cache_headers

from navigator.accounts import rules
from navigator.accounts.models import User

# What leads to a second factor, and so stands before it.
_ON_THE_WAY = {"mfa_activate_totp", "mfa_reauthenticate", "account_reauthenticate"}


def passed(request: HttpRequest) -> bool:
    """Whether the user of this session has shown all that the rules ask for.

    Nobody is asked for more than nobody. At most one query.
    """
    user = request.user
    if not isinstance(user, User) or not rules.needs_second_factor(user):
        return True
    return _was_used(request, user) and has_app(user)


def has_app(user: User) -> bool:
    """Whether a second factor is set up. A query."""
    return bool(Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists())


def _was_used(request: HttpRequest, user: User) -> bool:
    records = get_authentication_records(request, user)
    return any(record.get("method") == "mfa" for record in records)


class InnerPages:
    """Closes inner pages to those whose second factor is missing, and to caches."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if getattr(request, "is_inner", False):
            add_never_cache_headers(response)
        return response

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponse],
        arguments: tuple[Any, ...],
        named_arguments: dict[str, Any],
    ) -> HttpResponse | None:
        """Send on to where the second factor is set up or used, and back afterwards."""
        if not getattr(view, "login_required", True):
            return None
        request.is_inner = True  # type: ignore[attr-defined]
        match = request.resolver_match
        if (match and match.view_name in _ON_THE_WAY) or passed(request):
            return None
        way = "mfa_reauthenticate" if has_app(cast(User, request.user)) else "mfa_activate_totp"
        asks = request.method in ("GET", "HEAD")
        back = request.get_full_path() if asks else reverse("account_overview")
        return redirect_to_login(back, way, REDIRECT_FIELD_NAME)
