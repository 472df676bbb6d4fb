"""What the library tells us about log-ins -> the audit log."""

from typing import Any

from allauth.account import signals as account_signals
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa import signals as mfa_signals
from allauth.mfa.models import Authenticator
from django.contrib.auth.signals import user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from navigator.accounts import audit, tokens
from navigator.accounts.models import User


@receiver(account_signals.user_logged_in)
def logged_in(request: HttpRequest, user: User, **_more: Any) -> None:
    """Somebody came in."""
    audit.record("logged_in", request=request, who=user)


@receiver(user_logged_out)
def logged_out(request: HttpRequest, user: User | None, **_more: Any) -> None:
    """Somebody left."""
    if user is not None:
        audit.record("logged_out", request=request, who=user)


@receiver(account_signals.password_changed)
@receiver(account_signals.password_set)
def password_changed(request: HttpRequest, user: User, **_more: Any) -> None:
    """Somebody chose another password."""
    audit.record("password_changed", request=request, who=user, about=user)


@receiver(account_signals.password_reset)
def password_reset(request: HttpRequest, user: User, **_more: Any) -> None:
    """Somebody chose a password by the link of a mail: whoever knew the old one keeps no key."""
    tokens.withdraw_all(user, at=timezone.now())
    audit.record("password_reset", request=request, who=user, about=user)


@receiver(account_signals.email_changed)
def email_changed(request: HttpRequest, user: User, **_more: Any) -> None:
    """Somebody confirmed another address."""
    audit.record("email_changed", request=request, who=user, about=user)


@receiver(mfa_signals.authenticator_added)
def authenticator_added(
    request: HttpRequest, user: User, authenticator: Authenticator, **_more: Any
) -> None:
    """A second factor was set up, by a code: so it was used in this session too."""
    if authenticator.type == Authenticator.Type.TOTP:
        record_authentication(request, user, "mfa", id=authenticator.pk, type=authenticator.type)
        audit.record("second_factor_added", request=request, who=user, about=user)
    else:
        audit.record("recovery_codes_made", request=request, who=user, about=user)


@receiver(mfa_signals.authenticator_reset)
def authenticator_reset(request: HttpRequest, user: User, **_more: Any) -> None:
    """New recovery codes took the place of the old ones."""
    audit.record("recovery_codes_made", request=request, who=user, about=user)


@receiver(mfa_signals.authenticator_removed)
def authenticator_removed(
    request: HttpRequest, user: User, authenticator: Authenticator, **_more: Any
) -> None:
    """A second factor is gone; its recovery codes go with it."""
    if authenticator.type == Authenticator.Type.TOTP:
        audit.record("second_factor_removed", request=request, who=user, about=user)


@receiver(mfa_signals.authentication_failed)
def second_factor_failed(request: HttpRequest, user: User, **_more: Any) -> None:
    """Somebody with the right password typed a wrong code."""
    audit.record("login_failed", request=request, about=user)
