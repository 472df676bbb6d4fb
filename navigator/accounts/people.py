"""Changes to the account of somebody else: roles, the second factor, and whether it is open.

There is always an administrator who can come in.
"""

import logging
from collections.abc import Iterable
from datetime import datetime
from smtplib import SMTPException

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext

from navigator.accounts import tokens
from navigator.accounts.models import Membership, User
from regions.models import EducationRegion

_log = logging.getLogger(__name__)


class LastAdministrator(Exception):
    """Nobody would be left to run the directory."""


def change_roles(
    user: User, *, regions: Iterable[EducationRegion], is_advisor: bool, is_administrator: bool
) -> bool:
    """Give exactly these regions and roles; answers whether that changed anything.

    Raises LastAdministrator.
    """
    with transaction.atomic():
        locked = _locked(user)
        if not is_administrator:
            _refuse_the_last(locked)
        wanted = {region.pk for region in regions}
        present = set(locked.memberships.values_list("region", flat=True))
        locked.memberships.exclude(region__in=wanted).delete()
        for pk in sorted(wanted - present):
            Membership.objects.create(user=locked, region_id=pk)
        before = (locked.is_advisor, locked.is_superuser)
        locked.is_advisor = is_advisor
        locked.is_superuser = locked.is_staff = is_administrator
        locked.save(update_fields=["is_advisor", "is_superuser", "is_staff"])
    user.refresh_from_db()
    return wanted != present or before != (is_advisor, is_administrator)


def deactivate(user: User, *, at: datetime) -> bool:
    """Close an account: logged out everywhere, all its keys withdrawn; answers whether it was open.

    Its roles stay, for when it is opened again. Raises LastAdministrator.
    """
    with transaction.atomic():
        locked = _locked(user)
        _refuse_the_last(locked)
        was_open = locked.is_active
        locked.is_active = False
        locked.save(update_fields=["is_active"])
        tokens.withdraw_all(locked, at=at)
        for session in UserSession.objects.filter(user=locked):
            session.end()
    user.refresh_from_db()
    return was_open


def activate(user: User) -> bool:
    """Open an account again, with the roles it had; answers whether it was closed."""
    changed = User.objects.filter(pk=user.pk, is_active=False).update(is_active=True)
    user.refresh_from_db()
    return bool(changed)


def forget_second_factor(user: User) -> bool:
    """For who lost both phone and recovery codes: no second factor, and logged out everywhere.

    They set a new one up at the next log-in, and get a mail, so that nobody does this unseen.
    Answers whether there was one.
    """
    with transaction.atomic():
        gone, _by_kind = Authenticator.objects.filter(user=user).delete()
        for session in UserSession.objects.filter(user=user):
            session.end()
    if gone:
        _tell_without_second_factor(user)
    return bool(gone)


def _tell_without_second_factor(user: User) -> None:
    with translation.override("nl"):
        body = render_to_string(
            "accounts/mails/second_factor_gone.txt", {"site_url": settings.SITE_URL}
        )
        mail = EmailMessage(gettext("Your second step was turned off"), body, to=[user.email])
    try:
        mail.send()
    except (OSError, SMTPException):
        _log.warning("mail_not_sent", extra={"mail": "second_factor_gone"})


def _locked(user: User) -> User:
    """The account as it is now; two who remove each other wait for one another."""
    administrators = User.objects.filter(is_superuser=True).order_by("pk")
    list(administrators.select_for_update())
    return User.objects.select_for_update().get(pk=user.pk)


def _refuse_the_last(user: User) -> None:
    others = User.objects.filter(is_superuser=True, is_active=True).exclude(pk=user.pk)
    if user.is_administrator and not others.exists():
        raise LastAdministrator
