"""What people type to come in and to change what they come in with.

The library's forms with our words. Labels say all: no placeholders.
"""

from typing import TYPE_CHECKING, Any

from allauth.account import forms as account_forms
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.password_reset import request_password_reset
from allauth.mfa.base import forms as mfa_forms
from allauth.mfa.totp import forms as totp_forms
from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from navigator.accounts.models import User

if TYPE_CHECKING:
    Base = forms.Form
else:
    Base = object

EMAIL = _("E-mail address")
PASSWORD = _("Password")
NEW_PASSWORD = _("New password")
AGAIN = _("The new password once more")
CODE = _("Code")
LONG = _("At least 12 characters. A sentence that only you know is strong and easy to remember.")
SIX_DIGITS = _("The 6 digits that the app on your phone shows now, or a recovery code.")


class _OurWords(Base):
    """Replaces labels and hints of the library. `words`: field -> (label, hint)."""

    words: dict[str, tuple[Any, Any]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, (label, hint) in self.words.items():
            field = self.fields[name]
            field.label, field.help_text = label, hint
            field.widget.attrs.pop("placeholder", None)
            field.error_messages["required"] = _("Fill this in.")
        for code in {"code"} & self.fields.keys():
            self.fields[code].widget.attrs |= {"autocapitalize": "off", "spellcheck": "false"}


class LoginForm(_OurWords, account_forms.LoginForm):
    """E-mail address and password."""

    words = {"login": (EMAIL, ""), "password": (PASSWORD, "")}


class ReauthenticateForm(_OurWords, account_forms.ReauthenticateForm):
    """The password once more, before something that matters."""

    words = {"password": (PASSWORD, "")}


class ResetPasswordForm(_OurWords, account_forms.ResetPasswordForm):
    """The address that a link to a new password is sent to."""

    words = {"email": (EMAIL, "")}

    def clean_email(self) -> str:
        """Only the address of an account counts, not one that somebody is changing to: whoever
        reads mail there could take the account over."""
        email: str = self.cleaned_data["email"].lower()
        self.users = list(User.objects.filter(email=email, is_active=True))
        return email

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        """Send the link, or the news that there is no account."""
        email: str = self.cleaned_data["email"]
        if self.users:
            request_password_reset(request, email, self.users, None)
        else:
            get_adapter().send_mail("account/email/unknown_account", email, {})
        return email


class NewPasswordForm(_OurWords, account_forms.ResetPasswordKeyForm):
    """A new password, by the link of a mail."""

    words = {"password1": (NEW_PASSWORD, LONG), "password2": (AGAIN, "")}


class ChangePasswordForm(_OurWords, account_forms.ChangePasswordForm):
    """Another password."""

    words = {
        "oldpassword": (_("Your present password"), ""),
        "password1": (NEW_PASSWORD, LONG),
        "password2": (AGAIN, ""),
    }


class SetPasswordForm(_OurWords, account_forms.SetPasswordForm):
    """The first password, of who logged in by single sign-on so far."""

    words = {"password1": (NEW_PASSWORD, LONG), "password2": (AGAIN, "")}


class ChangeEmailForm(_OurWords, account_forms.AddEmailForm):
    """Another address. It counts from when it is confirmed."""

    words = {"email": (_("New e-mail address"), "")}


class AuthenticateForm(_OurWords, mfa_forms.AuthenticateForm):
    """The second factor, at the log-in."""

    words = {"code": (CODE, SIX_DIGITS)}


class ReauthenticateByCodeForm(_OurWords, mfa_forms.ReauthenticateForm):
    """The second factor once more, before something that matters."""

    words = {"code": (CODE, SIX_DIGITS)}


class ActivateAppForm(_OurWords, totp_forms.ActivateTOTPForm):
    """The first code of the app, which proves that it is set up."""

    words = {"code": (CODE, _("The 6 digits that the app shows now."))}
