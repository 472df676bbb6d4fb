"""How the library that lets people in (django-allauth) works here.

Nobody registers: accounts come from invitations and from the command line. So the address of an
account is known to be its owner's, and `User.email` is the one truth about it.
"""

import base64
from collections.abc import Iterable
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.models import EmailAddress
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.usersessions.adapter import DefaultUserSessionsAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext, gettext_lazy as _, override

from navigator.accounts import audit, rules
from navigator.accounts.models import User
from navigator.proxies import client_address, network_address

if TYPE_CHECKING:
    from allauth.socialaccount.models import SocialLogin
    from allauth.usersessions.models import UserSession

_TOO_MANY = _("That went wrong too often. Wait five minutes and try again.")


def know_address(user: User) -> None:
    """Tell the library that the address of an account is its owner's, and its only one.

    One query when it knows already. Call it where an account is made; every log-in does too.
    """
    addresses = EmailAddress.objects.filter(user=user)
    known = list(addresses)
    if any(each.email == user.email and each.verified and each.primary for each in known):
        return
    # Nobody else can have it: somebody who was changing to it came too late.
    EmailAddress.objects.filter(email=user.email).exclude(user=user).delete()
    addresses.exclude(email=user.email).exclude(verified=False, primary=False).delete()
    addresses.update_or_create(
        user=user, email=user.email, defaults={"verified": True, "primary": True}
    )


class AccountAdapter(DefaultAccountAdapter):
    """Log-in, passwords and addresses."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _(
            "This e-mail address and password don't belong together. Check both and try again."
        ),
        "too_many_login_attempts": _TOO_MANY,
        "rate_limited": _TOO_MANY,
        "enter_current_password": _("This is not your present password. Type it again."),
        "incorrect_password": _("This is not your password. Type it again."),
        "incorrect_code": _("This code is not right. Type the code that the app shows now."),
        "invalid_password_reset": _("This link doesn't work any more. Ask for a new one."),
        "duplicate_email": _("This is your address already."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: people are invited."""
        return False

    def is_safe_url(self, url: str) -> bool:
        """Only addresses of this site, without a host."""
        return bool(url_has_allowed_host_and_scheme(url, allowed_hosts=None))

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address as the rest of the service sees it: the same rule for proxies."""
        return network_address(request) or "0.0.0.0"  # noqa: S104  # of a socket: nothing listens

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Where somebody's work is."""
        names = ["account_overview"]
        if rules.is_editor(request.user):
            names.insert(0, "editing:overview")
        if rules.is_advisor(request.user):
            names.insert(0, "advice:desk")
        if rules.is_administrator(request.user):
            names.insert(0, "administration:overview")
        return next(address for name in names if (address := _address_of(name)))

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Back to all that can be changed."""
        return reverse("account_overview")

    def get_email_verification_redirect_url(self, email_address: EmailAddress) -> str:
        """To the account, or to the log-in on a device where nobody is logged in."""
        return reverse(
            "account_overview" if self.request.user.is_authenticated else "account_login"
        )

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Not for somebody who has just logged in."""
        request = context.request
        records = get_authentication_records(request, request.user)
        oldest = timezone.now().timestamp() - settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
        if any(record.get("at", 0) >= oldest for record in records):
            return False
        return bool(super().is_reauthentication_required(app=app, **kwargs))

    def pre_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse | None:
        """Before each log-in, whatever the way."""
        know_address(user)
        response: HttpResponse | None = super().pre_login(request, user, **kwargs)
        return response

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """Take a new address over, unless it became somebody else's meanwhile."""
        if _is_anothers(email_address):
            messages.error(request, gettext("This address can't be used. Choose another one."))
            return False
        return bool(super().confirm_email(request, email_address))

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Write down that somebody tried, and of whom if we know; never what was typed."""
        email = str(credentials.get("email", "")).lower()
        audit.record(
            "login_failed",
            request=request,
            about=User.objects.filter(email=email).first() or "",
        )

    def send_confirmation_mail(
        self, request: HttpRequest, emailconfirmation: Any, signup: bool
    ) -> None:
        """The link that confirms an address; if that has an account already, this news instead, to
        its owner and not to who asked."""
        address: EmailAddress = emailconfirmation.email_address
        if _is_anothers(address):
            self.send_mail("account/email/account_already_exists", address.email, {})
        else:
            super().send_confirmation_mail(request, emailconfirmation, signup)

    def get_reset_password_from_key_url(self, key: str) -> str:
        """The link of a mail, on the address that we know of ourselves."""
        return _on_our_site(super().get_reset_password_from_key_url(key))

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:
        """The link of a mail, on the address that we know of ourselves."""
        return _on_our_site(super().get_email_confirmation_url(request, emailconfirmation))

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """A mail, in Dutch whatever the page was."""
        with override("nl"):
            super().send_mail(template_prefix, email, {**context, "site_url": settings.SITE_URL})

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Whose failures count together: of an account and a network address, so that nobody is
        locked out by somebody else."""
        return f"{str(credentials.get('email', '')).lower()} {client_address(request)}"


class SecondFactorAdapter(DefaultMFAAdapter):
    """The second factor. Its secrets are stored encrypted."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": AccountAdapter.error_messages["incorrect_code"],
    }

    def encrypt(self, text: str) -> str:
        """What is stored of a secret: useless without SECRET_KEY."""
        return _keys().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The secret."""
        return _keys().decrypt(encrypted_text.encode()).decode()


class SessionsAdapter(DefaultUserSessionsAdapter):
    """Where somebody is logged in."""

    def end_sessions(self, sessions: Iterable["UserSession"]) -> None:
        """Log out elsewhere."""
        super().end_sessions(sessions)
        audit.record("sessions_ended", request=context.request)


class SingleSignOnAdapter(DefaultSocialAccountAdapter):
    """Log-in by a provider. It knows people; who works here we decide."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: "SocialLogin") -> bool:
        """Never: somebody whom only the provider knows gets no account."""
        return False

    def authenticate_by_email(self, sociallogin: "SocialLogin") -> tuple[User, str] | None:
        """The account with an address that the provider says is verified: `true`, no other word."""
        for address in sociallogin.email_addresses:
            if address.verified is True:
                user = User.objects.filter(email=address.email.lower(), is_active=True).first()
                if user is not None:
                    know_address(user)
                    return user, user.email
        return None


def _is_anothers(address: EmailAddress) -> bool:
    """Whether somebody changes to the address of another account."""
    return User.objects.filter(email=address.email).exclude(pk=address.user_id).exists()


def _on_our_site(url: str) -> str:
    """The same page, whatever host a request asked for: who asks for a mail to somebody else may
    not choose where its link leads.
    """
    return f"{settings.SITE_URL}{urlsplit(url).path}"


def _address_of(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def _keys() -> MultiFernet:
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet(
        [
            Fernet(base64.urlsafe_b64encode(sha256(f"second factor {key}".encode()).digest()))
            for key in secrets
        ]
    )
