"""Who asks: the holder of a personal token, or somebody who is logged in on the site.

Only what is personal reads either; everything else neither looks at a cookie nor needs an account.
"""

from typing import Any

from django.conf import settings
from django.utils import timezone
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework import authentication, exceptions
from rest_framework.request import Request

from navigator.accounts import rules, second_factor, tokens
from navigator.accounts.models import User

_NO_SECOND_FACTOR = "Your role needs a second factor. Set it up, or use it, on the site first."


class BearerAuthentication(authentication.BaseAuthentication):
    """`Authorization: Bearer rn_...`, with a token of the account page."""

    def authenticate(self, request: Request) -> tuple[User, None] | None:
        """The holder; None without such a header. Raises AuthenticationFailed."""
        scheme, _space, key = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        user = tokens.user_of(key.strip(), at=timezone.now())
        if user is None:
            raise exceptions.AuthenticationFailed("This token is unknown, expired or withdrawn.")
        # A token that was made before its holder got a role that needs more.
        if rules.needs_second_factor(user) and not second_factor.has_app(user):
            raise exceptions.PermissionDenied(_NO_SECOND_FACTOR)
        return user, None

    def authenticate_header(self, request: Request) -> str:
        """What a 401 asks for."""
        return 'Bearer realm="api"'


class SessionAuthentication(authentication.SessionAuthentication):
    """The session of the site, with its protection against requests that other sites forge."""

    def authenticate(self, request: Request) -> tuple[Any, None] | None:
        """Who is logged in, if anybody. Raises PermissionDenied."""
        found = super().authenticate(request)
        if found and not second_factor.passed(request._request):
            raise exceptions.PermissionDenied(_NO_SECOND_FACTOR)
        return found


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # it has no types
    """A personal token, as the description of the API has it."""

    target_class = BearerAuthentication
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "A personal token of your account page; it begins with `rn_`.",
        }


class SessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # the same
    """A session, as the description of the API has it."""

    target_class = SessionAuthentication
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "apiKey",
            "in": "cookie",
            "name": settings.SESSION_COOKIE_NAME,
            "description": "Of who is logged in on the site; changes also need `X-CSRFToken`.",
        }
