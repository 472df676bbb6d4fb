"""A warm referral: the candidate's page with a code, and what the offices tell became of it."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from navigator.advice.models.conversations import Referral
from navigator.advice.models.lasting import Lasting
from regions.models import RegionalOffice


class QuestionCategory(models.TextChoices):
    """What the candidate's question is about, as far as the receiving office has to know."""

    ORIENTATION = "orientation", _("Getting to know the work")
    LATERAL_ENTRY = "lateral-entry", _("Lateral entry")
    TRAINING = "training", _("Training and qualification")
    VACANCIES = "vacancies", _("Finding a job or a place to learn")
    RETURNING = "returning", _("Coming back to teaching")
    FOREIGN_DIPLOMA = "foreign-diploma", _("Diploma from abroad")
    MONEY = "money", _("Money, subsidies and rules")
    OTHER = "other", _("Something else")


class Slip(models.Model):
    """The page of a referral to regional offices, without a name.

    The code is for reading aloud; the key is the address. After 180 days both are forgotten.
    """

    # One that was withdrawn outlives a referral that turned out to be a mistake.
    referral = models.ForeignKey(
        Referral, on_delete=models.SET_NULL, null=True, related_name="slips"
    )
    key = models.CharField(  # noqa: DJ001 - unique, and forgotten ones have none
        _("key"), max_length=43, null=True, unique=True, editable=False
    )
    code = models.CharField(  # noqa: DJ001 - the same
        _("code"), max_length=7, null=True, unique=True, editable=False
    )
    category = models.CharField(_("question"), max_length=16, choices=QuestionCategory)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="slips",
        verbose_name=_("made by"),
    )
    made_at = models.DateTimeField(_("made"))
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    class Meta:
        verbose_name = _("slip")
        verbose_name_plural = _("slips")
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["referral"],
                condition=models.Q(withdrawn_at=None),
                name="one_slip_a_referral",
            )
        ]

    def __str__(self) -> str:
        return self.code or str(self.pk)


class SlipOffice(models.Model):
    """A regional office that a slip leads to, and the link by which it tells what became of it."""

    slip = models.ForeignKey(Slip, on_delete=models.CASCADE, related_name="offices")
    office = models.ForeignKey(
        RegionalOffice,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("regional office"),
    )
    # Links carry the number that stood here when they were made; raising it withdraws them all.
    link_number = models.PositiveIntegerField(_("number of the link"), default=1)
    mailed_at = models.DateTimeField(_("mailed"), null=True)
    reminders = models.PositiveSmallIntegerField(_("reminders sent"), default=0)

    class Meta:
        verbose_name = _("office of a slip")
        verbose_name_plural = _("offices of slips")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["slip", "office"], name="office_once_a_slip")
        ]

    def __str__(self) -> str:
        return f"{self.slip_id} {self.office_id}"


class SlipOutcome(Lasting):
    """What was told of a referral, by an office or by the candidate. Only added to."""

    class Outcome(models.TextChoices):
        NOT_YET_UPDATED = "not-yet-updated", _("Not yet updated")
        CONTACTED = "contacted", _("Contacted")
        WAITING = "waiting", _("Waiting for the candidate")
        REFERRED_ON = "referred-on", _("Referred on")
        HELPED = "helped", _("Helped")
        NOT_REACHED = "not-reached", _("Not reached")
        NOT_ELIGIBLE = "not-eligible", _("Not eligible")
        NO_CAPACITY = "no-capacity", _("No capacity")
        NO_LONGER_INTERESTED = "no-longer-interested", _("No longer interested")
        NOBODY_CALLED = "nobody-called", _("Nobody called")  # told by the candidate alone

    class Teller(models.TextChoices):
        LINK = "link", _("the office, by its link")
        ACCOUNT = "account", _("the office, logged in")
        CANDIDATE = "candidate", _("the candidate")

    # What tells that the office and the candidate spoke, whatever came of it.
    CONTACT: ClassVar[frozenset[str]] = frozenset(
        {
            Outcome.CONTACTED,
            Outcome.WAITING,
            Outcome.REFERRED_ON,
            Outcome.HELPED,
            Outcome.NOT_ELIGIBLE,
            Outcome.NO_LONGER_INTERESTED,
        }
    )
    # What tells what became of it; not that there is no news yet, nor the candidate's word.
    KNOWN: ClassVar[frozenset[str]] = frozenset(Outcome) - {
        Outcome.NOT_YET_UPDATED,
        Outcome.NOBODY_CALLED,
    }
    # After these the office has nothing left to tell.
    FINAL: ClassVar[frozenset[str]] = frozenset(
        {
            Outcome.REFERRED_ON,
            Outcome.HELPED,
            Outcome.NOT_REACHED,
            Outcome.NOT_ELIGIBLE,
            Outcome.NO_CAPACITY,
            Outcome.NO_LONGER_INTERESTED,
        }
    )

    slip_office = models.ForeignKey(SlipOffice, on_delete=models.PROTECT, related_name="outcomes")
    outcome = models.CharField(_("what became of it"), max_length=20, choices=Outcome)
    at = models.DateTimeField(_("when"))
    day = models.DateField(_("day"), help_text=_("Of the moment, in Europe/Amsterdam."))
    teller = models.CharField(_("told by"), max_length=9, choices=Teller)
    who = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("who"),
    )

    class Meta:
        verbose_name = _("outcome of a referral")
        verbose_name_plural = _("outcomes of referrals")
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["slip_office", "outcome", "day"], name="outcome_once_a_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.outcome}"
