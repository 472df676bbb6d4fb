"""The addresses of log-in and account: the views of django-allauth that we offer, under its names.

What does not stand here can't be reached: no registration, no log-in by code.
"""

from collections.abc import Callable

from allauth.account import views as account_views
from allauth.mfa.base import views as mfa_views
from allauth.mfa.recovery_codes import views as code_views
from allauth.mfa.totp import views as totp_views
from allauth.socialaccount import views as social_views
from allauth.socialaccount.providers.openid_connect import views as oidc_views
from allauth.usersessions import views as session_views
from django.conf import settings
from django.http import HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.cache import never_cache

from navigator.accounts import converters, own_account  # noqa: F401  # its converter is used
from navigator.methods import takes


def _read(route: str, view: Callable[..., HttpResponse], name: str) -> URLPattern:
    return path(route, never_cache(takes("GET", "HEAD")(view)), name=name)


def _form(route: str, view: Callable[..., HttpResponse], name: str) -> URLPattern:
    return path(route, never_cache(takes("GET", "HEAD", "POST")(view)), name=name)


urlpatterns = [
    _form("inloggen/", account_views.login, "account_login"),
    _form("inloggen/tweede-stap/", mfa_views.authenticate, "mfa_authenticate"),
    _read("inloggen/gesloten/", account_views.account_inactive, "account_inactive"),
    _form("uitloggen/", account_views.logout, "account_logout"),
    _form("wachtwoord-vergeten/", account_views.password_reset, "account_reset_password"),
    _read(
        "wachtwoord-vergeten/verzonden/",
        account_views.password_reset_done,
        "account_reset_password_done",
    ),
    _read(
        "wachtwoord-vergeten/klaar/",
        account_views.password_reset_from_key_done,
        "account_reset_password_from_key_done",
    ),
    _form(
        "wachtwoord-vergeten/<account_number:uidb36>-<str:key>/",
        account_views.password_reset_from_key,
        "account_reset_password_from_key",
    ),
    path("account/", own_account.overview, name="account_overview"),
    _form("account/bevestigen/", account_views.reauthenticate, "account_reauthenticate"),
    _form("account/bevestigen/tweede-stap/", mfa_views.reauthenticate, "mfa_reauthenticate"),
    path("account/e-mail/", own_account.change_email, name="account_email"),
    _read(
        "account/e-mail/verzonden/",
        account_views.email_verification_sent,
        "account_email_verification_sent",
    ),
    _form("account/e-mail/<str:key>/", account_views.confirm_email, "account_confirm_email"),
    _form("account/wachtwoord/", account_views.password_change, "account_change_password"),
    _form("account/wachtwoord/kiezen/", account_views.password_set, "account_set_password"),
    _read("account/tweede-stap/", mfa_views.index, "mfa_index"),
    _form("account/tweede-stap/instellen/", totp_views.activate_totp, "mfa_activate_totp"),
    _form("account/tweede-stap/uitzetten/", totp_views.deactivate_totp, "mfa_deactivate_totp"),
    _read(
        "account/tweede-stap/herstelcodes/",
        code_views.view_recovery_codes,
        "mfa_view_recovery_codes",
    ),
    _read(
        "account/tweede-stap/herstelcodes/bestand/",
        code_views.download_recovery_codes,
        "mfa_download_recovery_codes",
    ),
    _form(
        "account/tweede-stap/herstelcodes/maken/",
        code_views.generate_recovery_codes,
        "mfa_generate_recovery_codes",
    ),
    _form("account/sessies/", session_views.list_usersessions, "usersessions_list"),
]
if settings.SOCIALACCOUNT_PROVIDERS:
    urlpatterns += [
        _read(
            "inloggen/afgebroken/", social_views.login_cancelled, "socialaccount_login_cancelled"
        ),
        _read("inloggen/<slug:provider_id>/", oidc_views.login, "openid_connect_login"),
        _read("inloggen/<slug:provider_id>/terug/", oidc_views.callback, "openid_connect_callback"),
    ]
