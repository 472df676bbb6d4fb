"""Accounts of people who work with the service, and what they are let in by. Candidates have none.

`navigator.accounts.rules` says what each may do.
"""

from datetime import datetime
from typing import Any, ClassVar, NoReturn, Self

from django.conf import settings
from django.contrib.auth.models import AbstractUser, UserManager as DjangoUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from regions.models import EducationRegion


class UserManager(DjangoUserManager["User"]):
    """Makes users that are known by their e-mail address alone."""

    def create_user(  # type: ignore[override]  # no user name: the address takes its place
        self, email: str, password: str | None = None, **fields: Any
    ) -> "User":
        """A user without rights. `email` is stored in lower case, so that each exists once."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(  # type: ignore[override]  # as above
        self, email: str, password: str | None = None, **fields: Any
    ) -> "User":
        """An administrator."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractUser):
    """Someone who works here: region editor (by a membership), advisor or administrator.

    An administrator is a superuser, and staff, so that Django's admin opens; both go together.
    """

    username = None  # type: ignore[assignment]  # people log in with their e-mail address
    email = models.EmailField(_("e-mail address"), unique=True)
    is_advisor = models.BooleanField(_("is an advisor"), default=False)
    regions = models.ManyToManyField(
        EducationRegion,
        through="Membership",
        through_fields=("user", "region"),
        related_name="editors",
        verbose_name=_("education regions"),
    )
    reminded_on = models.DateField(_("last reminded"), null=True, blank=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[UserManager] = UserManager()

    class Meta(AbstractUser.Meta):
        constraints = [
            models.CheckConstraint(
                condition=models.Q(is_staff=models.F("is_superuser")),
                name="administrator_is_staff",
            ),
            models.UniqueConstraint(Lower("email"), name="email_once_whatever_its_case"),
        ]

    def __str__(self) -> str:
        return self.get_full_name() or self.email

    @property
    def is_administrator(self) -> bool:
        """Whether this account runs the directory."""
        return self.is_active and self.is_superuser


class Membership(models.Model):
    """A user edits a region and its offices."""

    user = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="memberships", verbose_name=_("editor")
    )
    region = models.ForeignKey(
        EducationRegion,
        on_delete=models.CASCADE,
        related_name="memberships",
        verbose_name=_("education region"),
    )
    since = models.DateTimeField(_("since"), auto_now_add=True)

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ["region", "user"]
        constraints = [models.UniqueConstraint(fields=["user", "region"], name="membership_once")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.region_id}"


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Questions about invitations."""

    def open(self, at: datetime) -> Self:
        """Those that can still be accepted."""
        return self.filter(accepted_at=None, withdrawn_at=None, expires_at__gt=at)


class Invitation(models.Model):
    """Somebody is asked to work here. The link is single-use; only its hash is stored."""

    email = models.EmailField(_("e-mail address"))
    regions = models.ManyToManyField(
        EducationRegion,
        blank=True,
        related_name="invitations",
        verbose_name=_("education regions"),
    )
    as_advisor = models.BooleanField(_("as an advisor"), default=False)
    as_administrator = models.BooleanField(_("as an administrator"), default=False)
    invited_by = models.ForeignKey(
        User,
        on_delete=models.SET_NULL,
        null=True,
        related_name="sent_invitations",
        verbose_name=_("invited by"),
    )
    created_at = models.DateTimeField(_("made"))
    sent_at = models.DateTimeField(_("last sent"))
    expires_at = models.DateTimeField(_("expires"))
    key_hash = models.CharField(max_length=64, unique=True, editable=False)  # SHA-256, hex
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)
    accepted_by = models.ForeignKey(
        User,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="accepted_invitations",
        verbose_name=_("accepted by"),
    )
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(accepted_at=None) | models.Q(withdrawn_at=None),
                name="invitation_is_accepted_or_withdrawn",
            )
        ]

    def __str__(self) -> str:
        return self.email


class TokenQuerySet(models.QuerySet["Token"]):
    """Questions about tokens."""

    def usable(self, at: datetime) -> Self:
        """Those that still let somebody in."""
        return self.filter(withdrawn_at=None, expires_at__gt=at, user__is_active=True)


class Token(models.Model):
    """A personal key for the API. Shown once; only its hash is stored."""

    user = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="tokens", verbose_name=_("user")
    )
    name = models.CharField(_("name"), max_length=80, help_text=_("What it is used for."))
    key_hash = models.CharField(max_length=64, unique=True, editable=False)  # SHA-256, hex
    beginning = models.CharField(_("begins with"), max_length=8)
    created_at = models.DateTimeField(_("made"))
    expires_at = models.DateTimeField(_("expires"))
    last_used_on = models.DateField(_("last used"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    objects = TokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("token")
        verbose_name_plural = _("tokens")
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.name


class AuditEntry(models.Model):
    """Who did what, when, to what, and from where. Written once; never a password or typed text."""

    at = models.DateTimeField(_("when"), db_index=True)
    who = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("who"),
    )
    what = models.CharField(_("what"), max_length=40, db_index=True)  # a code: "logged_in"
    about = models.CharField(_("about"), max_length=200, blank=True)  # such as "office flevowijs"
    address = models.GenericIPAddressField(_("from where"), null=True)

    class Meta:
        verbose_name = _("entry of the audit log")
        verbose_name_plural = _("audit log")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.what} {self.about}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Stores a new entry. Raises TypeError for one that is there already."""
        if not self._state.adding:
            raise TypeError("An entry of the audit log never changes.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Raises TypeError: what happened stays."""
        raise TypeError("An entry of the audit log is never deleted.")
