"""Somebody is asked to work here: invite, resend, withdraw, accept.

The link works once, for two weeks. Its key is stored as a hash alone, so that who reads the
database can't use it. What it grants is looked at again when it is accepted: by then who invited
may no longer be allowed to.
"""

import logging
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import sha256
from smtplib import SMTPException
from typing import Final

from django.conf import settings
from django.core.cache import cache
from django.core.mail import EmailMessage
from django.db import IntegrityError, models, transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext, gettext_lazy as _

from navigator.accounts import rules
from navigator.accounts.models import Invitation, Membership, User
from regions.models import EducationRegion

TERM: Final = timedelta(days=14)
# The link that was just mailed dies when it is mailed again: a second click should not do that.
BETWEEN_MAILS: Final = timedelta(minutes=1)
# Nobody should be able to flood others with mails of ours. Administrators invite whole teams.
MOST_MAILS_BY_EDITOR: Final = 30  # a day
MOST_MAILS_TO_ADDRESS: Final = 3  # a day
_A_DAY_S: Final = 24 * 3600
_log = logging.getLogger(__name__)


class InvitationError(Exception):
    """Why it can't be done. `code`:

    - `not_allowed`: who invites may not, or may not any more
    - `invited_already`, `works_already`: for exactly this
    - `just_sent`, `not_sent`: the mail went out less than a minute ago; could not go out
    - `many_by_you`, `many_to_address`: enough mails for one day
    - `unknown`, `expired`, `used`, `withdrawn`: the link does not work
    - `account_exists`, `account_closed`, `other_account`: about who accepts
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class State(models.TextChoices):
    """How an invitation stands at a moment."""

    OPEN = "open", _("Waiting for an answer")
    EXPIRED = "expired", _("Expired")
    ACCEPTED = "accepted", _("Accepted")
    WITHDRAWN = "withdrawn", _("Withdrawn")


def state_of(invitation: Invitation, at: datetime) -> State:
    """How it stands. No query."""
    if invitation.accepted_at is not None:
        return State.ACCEPTED
    if invitation.withdrawn_at is not None:
        return State.WITHDRAWN
    return State.OPEN if invitation.expires_at > at else State.EXPIRED


def invite(
    *,
    email: str,
    regions: Iterable[EducationRegion],
    as_advisor: bool = False,
    as_administrator: bool = False,
    by: User,
    at: datetime,
) -> tuple[Invitation, str]:
    """Ask somebody for these regions and roles, by mail; answers the key of the link too.

    It works the same whether or not the address has an account, so that nobody learns which. Raises
    InvitationError: not_allowed, invited_already, works_already, many_by_you, many_to_address,
    not_sent (nothing is stored then).
    """
    email, wanted = email.strip().lower(), list(regions)
    if not rules.may_invite(by, regions=wanted, advisor=as_advisor, admin=as_administrator):
        raise InvitationError("not_allowed")
    key = _new_key()
    with transaction.atomic():
        _refuse_what_is_there(email, wanted, as_advisor, as_administrator, at)
        _count_mail(email, by, at)
        invitation = Invitation.objects.create(
            email=email,
            as_advisor=as_advisor,
            as_administrator=as_administrator,
            invited_by=by,
            created_at=at,
            sent_at=at,
            expires_at=at + TERM,
            key_hash=_hash_of(key),
        )
        invitation.regions.set(wanted)
    if not _sent(invitation, key):
        invitation.delete()
        raise InvitationError("not_sent")
    return invitation, key


def resend(invitation: Invitation, *, by: User, at: datetime) -> str:
    """Mail it again, with a new link for a new term; answers its key. The old link is dead.

    Who resends it invites from now on. Raises InvitationError: not_allowed, used, withdrawn,
    just_sent, many_by_you, many_to_address, not_sent (the new link is stored, but nobody has it).
    """
    lasting = _lasting(invitation)
    if not rules.may_manage_invitation(by, invitation) or not rules.may_invite(
        by, regions=lasting, advisor=invitation.as_advisor, admin=invitation.as_administrator
    ):
        raise InvitationError("not_allowed")
    _refuse_if_done(invitation)
    if invitation.sent_at > at - BETWEEN_MAILS:
        raise InvitationError("just_sent")
    _count_mail(invitation.email, by, at)
    key = _new_key()
    changed = Invitation.objects.filter(
        pk=invitation.pk, accepted_at=None, withdrawn_at=None, sent_at__lte=at - BETWEEN_MAILS
    ).update(key_hash=_hash_of(key), invited_by=by, sent_at=at, expires_at=at + TERM)
    invitation.refresh_from_db()
    if not changed:
        _refuse_if_done(invitation)
        raise InvitationError("just_sent")
    if not _sent(invitation, key):
        raise InvitationError("not_sent")
    return key


def withdraw(invitation: Invitation, *, by: User, at: datetime) -> None:
    """Make the link dead. Raises InvitationError: not_allowed, used, withdrawn."""
    if not rules.may_manage_invitation(by, invitation):
        raise InvitationError("not_allowed")
    waiting = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, withdrawn_at=None)
    changed = waiting.update(withdrawn_at=at)
    invitation.refresh_from_db()
    if not changed:
        _refuse_if_done(invitation)


def find(key: str, at: datetime) -> Invitation:
    """The invitation of a link that works. Raises InvitationError: unknown, expired, used,
    withdrawn. One query; changes nothing, since mail programs open links too.
    """
    invitation = Invitation.objects.filter(key_hash=_hash_of(key)).first()
    if invitation is None:
        raise InvitationError("unknown")
    _refuse_if_done(invitation)
    if state_of(invitation, at) is State.EXPIRED:
        raise InvitationError("expired")
    return invitation


def granted(invitation: Invitation) -> list[EducationRegion]:
    """The regions that accepting gives, by name: those that are not archived.

    Raises InvitationError `not_allowed` when who invited may not do so any more, or nothing is
    left to grant. At most four queries.
    """
    regions = _lasting(invitation)
    if invitation.invited_by is None or not rules.may_invite(
        invitation.invited_by,
        regions=regions,
        advisor=invitation.as_advisor,
        admin=invitation.as_administrator,
    ):
        raise InvitationError("not_allowed")
    return regions


def account_of(invitation: Invitation) -> User | None:
    """The account of the invited address, if there is one. Only for who holds the link."""
    return User.objects.filter(email=invitation.email).first()


def accept_as_new(key: str, *, password: str, name: str = "", at: datetime) -> User:
    """Make the account of the invited address, with what was granted; answers it.

    `password` was checked by the form. Raises InvitationError: as `find` and `granted`, and
    account_exists.
    """
    with transaction.atomic():
        invitation = _consumed(key, at)
        if account_of(invitation) is not None:
            raise InvitationError("account_exists")
        try:
            with transaction.atomic():
                user = User.objects.create_user(invitation.email, password, first_name=name)
        except IntegrityError as error:  # by another link, at the same moment
            raise InvitationError("account_exists") from error
        _give(invitation, user)
    return user


def accept(key: str, *, user: User, at: datetime) -> Invitation:
    """Give what was granted to the account of the invited address.

    Raises InvitationError: as `find` and `granted`, and other_account, account_closed.
    """
    with transaction.atomic():
        invitation = _consumed(key, at)
        if user.email != invitation.email:
            raise InvitationError("other_account")
        now = User.objects.select_for_update().get(pk=user.pk)
        if not now.is_active:
            raise InvitationError("account_closed")
        _give(invitation, now)
    return invitation


def _consumed(key: str, at: datetime) -> Invitation:
    """The invitation, marked as accepted: of two requests at once one gets here."""
    open_ones = Invitation.objects.open(at).filter(key_hash=_hash_of(key))
    if not open_ones.update(accepted_at=at):
        find(key, at)  # says why
        raise InvitationError("unknown")
    return Invitation.objects.select_related("invited_by").get(key_hash=_hash_of(key))


def _give(invitation: Invitation, user: User) -> None:
    regions = granted(invitation)
    for region in regions:
        Membership.objects.get_or_create(user=user, region=region)
    user.is_advisor = user.is_advisor or invitation.as_advisor
    user.is_superuser = user.is_staff = user.is_superuser or invitation.as_administrator
    user.save(update_fields=["is_advisor", "is_superuser", "is_staff"])
    invitation.accepted_by = user
    invitation.save(update_fields=["accepted_by"])


def _refuse_what_is_there(
    email: str, regions: list[EducationRegion], advisor: bool, admin: bool, at: datetime
) -> None:
    """Tells nothing that who invites can't see: colleagues and invitations of these regions."""
    wanted = {region.pk for region in regions}
    same = Invitation.objects.open(at).filter(
        email=email, as_advisor=advisor, as_administrator=admin
    )
    if any({region.pk for region in each.regions.all()} == wanted for each in same):
        raise InvitationError("invited_already")
    user = User.objects.filter(email=email, is_active=True).first()
    if user is None or (advisor and not user.is_advisor) or (admin and not user.is_superuser):
        return
    if user.memberships.filter(region__in=wanted).count() == len(wanted):
        raise InvitationError("works_already")


def _count_mail(email: str, by: User, at: datetime) -> None:
    """One mail more today by this editor and to this address, unless there were enough.

    Counted in the shared cache, which may forget: a brake, and no book.
    """
    to_address = f"invitations:to:{sha256(email.encode()).hexdigest()}"
    if not rules.is_administrator(by):
        _one_more(f"invitations:by:{by.pk}", at, MOST_MAILS_BY_EDITOR, "many_by_you")
    _one_more(to_address, at, MOST_MAILS_TO_ADDRESS, "many_to_address")


def _one_more(name: str, at: datetime, most: int, code: str) -> None:
    key = f"{name}:{timezone.localdate(at)}"
    count = cache.get_or_set(key, 0, _A_DAY_S)
    if count is not None and count >= most:
        raise InvitationError(code)
    cache.set(key, (count or 0) + 1, _A_DAY_S)


def _refuse_if_done(invitation: Invitation) -> None:
    if invitation.accepted_at is not None:
        raise InvitationError("used")
    if invitation.withdrawn_at is not None:
        raise InvitationError("withdrawn")


def _lasting(invitation: Invitation) -> list[EducationRegion]:
    regions = invitation.regions.exclude(state=EducationRegion.State.ARCHIVED)
    return list(regions.order_by("name"))


def _sent(invitation: Invitation, key: str) -> bool:
    try:
        _mail(invitation, key).send()
    except (SMTPException, OSError) as error:
        _log.warning(
            "invitation_not_sent invitation=%s reason=%s", invitation.pk, type(error).__name__
        )
        return False
    return True


def _mail(invitation: Invitation, key: str) -> EmailMessage:
    """The mail with the link, in Dutch."""
    with translation.override("nl"):
        context = {
            "invitation": invitation,
            "regions": _lasting(invitation),
            "link": f"{settings.SITE_URL}{reverse('people:invitation', args=[key])}",
            "site_url": settings.SITE_URL,
        }
        return EmailMessage(
            subject=gettext("You are invited to work on the regional office navigator"),
            body=render_to_string("accounts/mails/invitation.txt", context),
            to=[invitation.email],
        )


def _new_key() -> str:
    return secrets.token_urlsafe(32)


def _hash_of(key: str) -> str:
    return sha256(key.encode()).hexdigest()
