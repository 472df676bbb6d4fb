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


class PublicationState(models.TextChoices):
    """Whether the public sees a region or an office. Nothing is ever deleted."""

    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
    ARCHIVED = "archived", _("Archived")


class EducationRegionQuerySet(models.QuerySet["EducationRegion"]):
    """Questions about regions."""

    def get_by_natural_key(self, slug: str) -> "EducationRegion":
        return self.get(slug=slug)

    def published(self) -> Self:
        """Regions that the public may see."""
        return self.filter(state=PublicationState.PUBLISHED)


class EducationRegion(models.Model):
    """School boards and training institutes that work together (*onderwijsregio*)."""

    State = PublicationState

    slug = models.SlugField(_("address name"), max_length=80, unique=True)
    name = models.CharField(_("name"), max_length=120, unique=True)
    state = models.CharField(
        _("publication state"),
        max_length=9,
        choices=PublicationState,
        default=PublicationState.PUBLISHED,
    )
    website = models.URLField(_("website"), max_length=300, blank=True)
    description = models.TextField(_("description"), max_length=4000, blank=True)
    review_required = models.BooleanField(
        _("changes are reviewed"),
        default=True,
        help_text=_("What its editors change is published after an administrator has approved it."),
    )

    objects = EducationRegionQuerySet.as_manager()

    class Meta:
        verbose_name = _("education region")
        verbose_name_plural = _("education regions")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["draft", "published", "archived"]),
                name="region_state_exists",
            ),
            models.CheckConstraint(
                condition=_web_address_or_empty("website"), name="region_website_is_a_web_address"
            ),
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

    State = PublicationState

    class EmailResponse(models.TextChoices):
        ONE_WORKING_DAY = "one-working-day", _("within one working day")
        TWO_WORKING_DAYS = "two-working-days", _("within two working days")
        ONE_WORKING_WEEK = "one-working-week", _("within one working week")
        AS_SOON_AS_POSSIBLE = "as-soon-as-possible", _("as soon as possible")

    class Way(models.TextChoices):
        """A way to contact an office."""

        PHONE = "phone", _("by phone")
        EMAIL = "email", _("by e-mail")
        ADVICE = "advice", _("by booking a conversation")
        WEBSITE = "website", _("through the website")
        VISIT = "visit", _("by visiting")

    slug = models.SlugField(_("address name"), max_length=80, unique=True)
    name = models.CharField(_("name"), max_length=120, unique=True)
    state = models.CharField(
        _("publication state"), max_length=9, choices=State, default=State.PUBLISHED
    )
    regions = models.ManyToManyField(
        EducationRegion, related_name="offices", verbose_name=_("education regions")
    )
    sectors = models.ManyToManyField(Sector, related_name="offices", verbose_name=_("sectors"))
    description = models.TextField(_("what the office does"), max_length=4000, blank=True)
    target_groups = models.TextField(_("whom the office helps"), max_length=2000, blank=True)
    schools = models.TextField(_("schools in the region"), max_length=2000, blank=True)
    training_institutes = models.TextField(_("training institutes"), max_length=2000, blank=True)
    regulations = models.TextField(_("regulations and subsidies"), max_length=2000, blank=True)
    matching = models.TextField(
        _("what the office does, and does not do, to find you a school"),
        max_length=2000,
        blank=True,
    )
    calendar_url = models.URLField(_("calendar of activities"), max_length=300, blank=True)

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
    phone_note = models.CharField(
        _("note with the phone hours"),
        max_length=200,
        blank=True,
        help_text=_("For example about holidays."),
    )
    preferred_contact = models.CharField(
        _("best way to make contact"), max_length=7, choices=Way, blank=True
    )
    contact_team = models.CharField(
        _("team or person to ask for"),
        max_length=120,
        blank=True,
        help_text=_("Public: the name of a team, or of a person who agrees to it."),
    )
    what_to_expect = models.TextField(
        _("what to expect of the contact"), max_length=2000, blank=True
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
    advice_note = models.CharField(_("how the advice works"), max_length=300, blank=True)

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
                condition=models.Q(
                    preferred_contact__in=["", "phone", "email", "advice", "website", "visit"]
                ),
                name="office_preferred_contact_exists",
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
                condition=_web_address_or_empty("calendar_url"),
                name="office_calendar_url_is_a_web_address",
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


class FormerSlug(models.Model):
    """An address under which a region or an office was known; it leads on to what it is now."""

    slug = models.SlugField(_("former address name"), max_length=80)
    office = models.ForeignKey(
        RegionalOffice,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="former_slugs",
        verbose_name=_("regional office"),
    )
    region = models.ForeignKey(
        EducationRegion,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="former_slugs",
        verbose_name=_("education region"),
    )

    class Meta:
        verbose_name = _("former address")
        verbose_name_plural = _("former addresses")
        ordering = ["slug", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(office__isnull=True, region__isnull=False)
                | models.Q(office__isnull=False, region__isnull=True),
                name="former_slug_is_of_one_thing",
            ),
            models.UniqueConstraint(
                fields=["slug"],
                condition=models.Q(office__isnull=False),
                name="former_office_slug_once",
            ),
            models.UniqueConstraint(
                fields=["slug"],
                condition=models.Q(region__isnull=False),
                name="former_region_slug_once",
            ),
        ]

    def __str__(self) -> str:
        return self.slug
