"""What was registered of a conversation: when, by which way, about what, and where it led."""

from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from navigator.advice.models.lasting import Lasting
from regions.models import RegionalOffice


class Channel(models.TextChoices):
    """How advisor and candidate spoke."""

    PLANNED_CALL = "planned-call", _("Planned call")
    PHONE = "phone", _("Phone")
    EMAIL = "email", _("E-mail")
    CHAT = "chat", _("Chat")
    VIDEO_CALL = "video-call", _("Video call")
    MEETING = "meeting", _("Meeting")


class Interest(models.TextChoices):
    """What a candidate can have in mind instead of sectors; each stands alone."""

    UNDECIDED = "undecided", _("Doesn't know yet")
    UNKNOWN = "unknown", _("Unknown")
    NOT_APPLICABLE = "not-applicable", _("Not applicable")


class Destination(models.TextChoices):
    """The ten kinds of places that a candidate is referred to."""

    TRAINING_INSTITUTE = "training-institute", _("Training institute")
    REGIONAL_OFFICE = "regional-office", _("Regional office")
    OWN_WEBSITE = "own-website", _("Own website")
    INFORMATION_WEBSITE = "information-website", _("Information website")
    SCHOOL = "school", _("School or school board")
    VACANCY_SITE = "vacancy-site", _("Vacancy site")
    GOVERNMENT_AGENCY = "government-agency", _("Government agency")
    TRADE_UNION = "trade-union", _("Trade union")
    CENTRAL_GOVERNMENT = "central-government", _("Central government")
    CONTACT_PERSON = "contact-person", _("Specific contact person")


class AdviceConversationQuerySet(models.QuerySet["AdviceConversation"]):
    """Questions about conversations."""

    def standing(self) -> Self:
        """Those that count: not withdrawn."""
        return self.filter(withdrawn_at=None)

    def between(self, first: date, last: date) -> Self:
        """Those of a period, both days included."""
        return self.filter(day__range=(first, last))

    def whole(self) -> Self:
        """With all that was registered, in a fixed number of queries."""
        return self.select_related("advisor").prefetch_related(
            "interests", "referrals__offices__office", "referrals__slips"
        )


class AdviceConversation(models.Model):
    """A conversation with a candidate, about whom nothing is stored.

    `navigator.advice.registration` alone writes it.
    """

    class Outcome(models.TextChoices):
        """What came of it. Empty: it was not registered, as in figures from before."""

        REFERRED = "referred", _("Referred")
        NOT_REFERRED = "not-referred", _("Not referred")

    class Origin(models.TextChoices):
        """The way by which it came in."""

        DESK = "desk", _("desk")
        API = "api", _("API")
        IMPORT = "import", _("import")

    key = models.UUIDField(
        _("key"), unique=True, help_text=_("Made by who sends it, so that it is stored once.")
    )
    moment = models.DateTimeField(_("moment"))
    day = models.DateField(_("day"), help_text=_("Of the moment, in Europe/Amsterdam."))
    channel = models.CharField(_("channel"), max_length=12, choices=Channel)
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome, blank=True)
    note = models.CharField(_("note"), max_length=1000, blank=True)
    origin = models.CharField(_("came by"), max_length=6, choices=Origin, default=Origin.DESK)
    advisor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="conversations",
        verbose_name=_("advisor"),
    )
    registered_at = models.DateTimeField(_("registered"))
    edition = models.PositiveIntegerField(
        _("edition"), default=1, help_text=_("Rises with each change: what was looked at.")
    )
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    objects = AdviceConversationQuerySet.as_manager()

    class Meta:
        verbose_name = _("advice conversation")
        verbose_name_plural = _("advice conversations")
        ordering = ["-moment", "-pk"]
        indexes = [
            models.Index(fields=["day"], name="conversation_by_day"),
            # All that figures ask of a conversation itself: they read none of the wide rows.
            models.Index(
                fields=["day", "channel", "outcome"],
                condition=models.Q(withdrawn_at=None),
                name="conversation_figures",
            ),
            models.Index(fields=["advisor", "registered_at"], name="conversation_by_advisor"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(channel__in=Channel.values), name="conversation_channel_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(outcome__in=["", "referred", "not-referred"]),
                name="conversation_outcome_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.channel}"


class ConversationInterest(models.Model):
    """A sector that a candidate was interested in, or one of `Interest` alone."""

    conversation = models.ForeignKey(
        AdviceConversation, on_delete=models.CASCADE, related_name="interests"
    )
    code = models.CharField(_("sector"), max_length=14)

    class Meta:
        verbose_name = _("interest")
        verbose_name_plural = _("interests")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["conversation", "code"], name="interest_once")
        ]

    def __str__(self) -> str:
        return self.code


class Referral(models.Model):
    """A conversation led to one kind of destination. To which offices: `ReferralOffice`."""

    conversation = models.ForeignKey(
        AdviceConversation, on_delete=models.CASCADE, related_name="referrals"
    )
    destination = models.CharField(_("destination"), max_length=20, choices=Destination)
    name = models.CharField(_("name"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("referral")
        verbose_name_plural = _("referrals")
        ordering = ["pk"]
        indexes = [models.Index(fields=["destination", "name"], name="referral_by_name")]
        constraints = [
            models.UniqueConstraint(
                fields=["conversation", "destination"], name="referral_once_a_destination"
            ),
            models.CheckConstraint(
                condition=models.Q(destination__in=Destination.values),
                name="referral_destination_is_known",
            ),
        ]

    def __str__(self) -> str:
        return self.destination


class ReferralOffice(models.Model):
    """A regional office that a candidate was referred to."""

    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, related_name="offices")
    office = models.ForeignKey(
        RegionalOffice,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("regional office"),
    )

    class Meta:
        verbose_name = _("referral to an office")
        verbose_name_plural = _("referrals to offices")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["referral", "office"], name="office_once_a_referral")
        ]

    def __str__(self) -> str:
        return f"{self.referral_id} {self.office_id}"


class ConversationChange(Lasting):
    """The history of a conversation: what it was and what it became."""

    class What(models.TextChoices):
        REGISTERED = "registered", _("Registered")
        CORRECTED = "corrected", _("Corrected")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        BROUGHT_BACK = "brought-back", _("Brought back")

    conversation = models.ForeignKey(
        AdviceConversation, on_delete=models.PROTECT, related_name="history"
    )
    at = models.DateTimeField(_("when"))
    who = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("who"),
    )
    what = models.CharField(_("what"), max_length=12, choices=What)
    # As `registration.as_json` writes it; empty where it says nothing new.
    before = models.JSONField(_("before"), default=dict)
    after = models.JSONField(_("after"), default=dict)

    class Meta:
        verbose_name = _("change of a conversation")
        verbose_name_plural = _("changes of conversations")
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d} {self.what}"
