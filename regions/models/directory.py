"""Education regions and the regional offices that they run."""

from typing import Self

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from regions.models.geography import Municipality, Postcode
from regions.models.support import WEB_ADDRESS, Sector

PHONE = r"^\+[1-9][0-9]{7,14}$"


def _web_address_or_empty(field: str) -> models.Q:
    return models.Q(**{field: ""}) | models.Q(**{f"{field}__regex": WEB_ADDRESS})


class EducationRegionManager(models.Manager["EducationRegion"]):
    def get_by_natural_key(self, slug: str) -> "EducationRegion":
        return self.get(slug=slug)


class EducationRegion(models.Model):
    """School boards and training institutes that work together (*onderwijsregio*)."""

    slug = models.SlugField(_("address name"), max_length=80, unique=True)
    name = models.CharField(_("name"), max_length=120, unique=True)
    website = models.URLField(_("website"), max_length=300, blank=True)
    description = models.TextField(_("description"), blank=True)

    objects = EducationRegionManager()

    class Meta:
        verbose_name = _("education region")
        verbose_name_plural = _("education regions")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=_web_address_or_empty("website"), name="region_website_is_a_web_address"
            )
        ]

    def __str__(self) -> str:
        return self.name

    def natural_key(self) -> tuple[str]:
        return (self.slug,)


class RegionalOfficeQuerySet(models.QuerySet["RegionalOffice"]):
    """Questions about offices."""

    def get_by_natural_key(self, slug: str) -> "RegionalOffice":
        return self.get(slug=slug)

    def published(self) -> Self:
        """Offices that the public may see."""
        return self.filter(state=RegionalOffice.State.PUBLISHED)


class RegionalOffice(models.Model):
    """A *regioloket*: helps people in its service area who consider working in education.

    The service area is what the office wrote itself: whole municipalities, and postcodes of
    municipalities that it serves in part. The drawn area is an older polygon, known to be
    careless; `regions.reach` says when it counts.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PUBLISHED = "published", _("Published")
        ARCHIVED = "archived", _("Archived")

    class EmailResponse(models.TextChoices):
        ONE_WORKING_DAY = "one-working-day", _("within one working day")
        TWO_WORKING_DAYS = "two-working-days", _("within two working days")
        ONE_WORKING_WEEK = "one-working-week", _("within one working week")
        AS_SOON_AS_POSSIBLE = "as-soon-as-possible", _("as soon as possible")

    slug = models.SlugField(_("address name"), max_length=80, unique=True)
    name = models.CharField(_("name"), max_length=120, unique=True)
    state = models.CharField(
        _("publication state"), max_length=9, choices=State, default=State.PUBLISHED
    )
    regions = models.ManyToManyField(
        EducationRegion, related_name="offices", verbose_name=_("education regions")
    )
    sectors = models.ManyToManyField(Sector, related_name="offices", verbose_name=_("sectors"))
    description = models.TextField(_("description"), blank=True)

    nationwide = models.BooleanField(
        _("nationwide"), default=False, help_text=_("Serves every postcode, and comes last.")
    )
    municipalities = models.ManyToManyField(
        Municipality,
        blank=True,
        related_name="offices",
        verbose_name=_("municipalities"),
        help_text=_("Served as a whole."),
    )
    partial_postcodes = models.ManyToManyField(
        Postcode,
        blank=True,
        related_name="partial_offices",
        verbose_name=_("postcodes of municipalities served in part"),
    )
    drawn_area = models.JSONField(
        _("drawn area"),
        null=True,
        blank=True,
        help_text=_(
            "GeoJSON polygon in WGS 84, longitude first. Counts only where lists are silent."
        ),
    )

    website = models.URLField(_("website"), max_length=300, blank=True)
    privacy_url = models.URLField(_("privacy page"), max_length=300, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    email_response = models.CharField(
        _("usual e-mail response time"), max_length=20, choices=EmailResponse, blank=True
    )
    phone = models.CharField(
        _("phone"),
        max_length=16,
        blank=True,
        validators=[RegexValidator(PHONE)],
        help_text=_("International form, such as +31302270374."),
    )
    has_visiting_location = models.BooleanField(_("can be visited"), default=False)
    visiting_address = models.CharField(_("visiting address"), max_length=200, blank=True)
    visiting_latitude = models.FloatField(
        _("latitude of the visiting address"), null=True, blank=True
    )
    visiting_longitude = models.FloatField(
        _("longitude of the visiting address"), null=True, blank=True
    )
    appointment_needed = models.BooleanField(_("appointment needed"), default=False)
    advice_url = models.URLField(_("where to book advice"), max_length=300, blank=True)

    facts_of = models.DateField(
        _("facts as of"), null=True, blank=True, help_text=_("When the source last changed them.")
    )
    confirmed_on = models.DateField(
        _("last confirmed"), null=True, blank=True, help_text=_("When the office said: all right.")
    )

    objects = RegionalOfficeQuerySet.as_manager()

    class Meta:
        verbose_name = _("regional office")
        verbose_name_plural = _("regional offices")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["draft", "published", "archived"]),
                name="office_state_exists",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    email_response__in=[
                        "",
                        "one-working-day",
                        "two-working-days",
                        "one-working-week",
                        "as-soon-as-possible",
                    ]
                ),
                name="office_email_response_exists",
            ),
            models.CheckConstraint(
                condition=models.Q(phone="") | models.Q(phone__regex=PHONE),
                name="office_phone_is_international",
            ),
            models.CheckConstraint(
                condition=_web_address_or_empty("website"), name="office_website_is_a_web_address"
            ),
            models.CheckConstraint(
                condition=_web_address_or_empty("privacy_url"),
                name="office_privacy_url_is_a_web_address",
            ),
            models.CheckConstraint(
                condition=_web_address_or_empty("advice_url"),
                name="office_advice_url_is_a_web_address",
            ),
            models.CheckConstraint(
                condition=models.Q(visiting_latitude=None, visiting_longitude=None)
                | models.Q(visiting_latitude__isnull=False, visiting_longitude__isnull=False),
                name="office_visiting_point_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def natural_key(self) -> tuple[str]:
        return (self.slug,)


class PhoneHoursManager(models.Manager["PhoneHours"]):
    def get_by_natural_key(self, office: str, weekday: int, opens: str) -> "PhoneHours":
        return self.get(office__slug=office, weekday=weekday, opens=opens)


class PhoneHours(models.Model):
    """A time on a weekday at which an office answers the phone (local time)."""

    class Weekday(models.IntegerChoices):
        """ISO 8601: Monday is 1."""

        MONDAY = 1, _("Monday")
        TUESDAY = 2, _("Tuesday")
        WEDNESDAY = 3, _("Wednesday")
        THURSDAY = 4, _("Thursday")
        FRIDAY = 5, _("Friday")
        SATURDAY = 6, _("Saturday")
        SUNDAY = 7, _("Sunday")

    office = models.ForeignKey(
        RegionalOffice,
        on_delete=models.CASCADE,
        related_name="phone_hours",
        verbose_name=_("regional office"),
    )
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=Weekday)
    opens = models.TimeField(_("from"))
    closes = models.TimeField(_("until"))

    objects = PhoneHoursManager()

    class Meta:
        verbose_name = _("phone hours")
        verbose_name_plural = _("phone hours")
        ordering = ["office", "weekday", "opens"]
        constraints = [
            models.UniqueConstraint(
                fields=["office", "weekday", "opens"], name="phone_hours_begin_once"
            ),
            models.CheckConstraint(
                condition=models.Q(weekday__range=(1, 7)), name="phone_hours_weekday_exists"
            ),
            models.CheckConstraint(
                condition=models.Q(closes__gt=models.F("opens")), name="phone_hours_end_after_begin"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.opens:%H:%M}–{self.closes:%H:%M}"

    def natural_key(self) -> tuple[str, int, str]:
        return (self.office.slug, self.weekday, self.opens.isoformat())
