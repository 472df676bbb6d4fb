"""What was looked at and looked for: a row each, without anything that tells who it was."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from regions.models import Province, RegionalOffice


class Salt(models.Model):
    """The secret of one day under which visitors are told apart; destroyed when the day is over."""

    day = models.DateField(_("day"), unique=True)
    value = models.BinaryField(_("value"), max_length=32)

    class Meta:
        verbose_name = _("salt")
        verbose_name_plural = _("salts")

    def __str__(self) -> str:
        return self.day.isoformat()


class Source(models.TextChoices):
    """Where a visitor came from."""

    CAMPAIGN = "campaign", _("Campaign")
    SEARCH_ENGINE = "search-engine", _("Search engine")
    SOCIAL = "social", _("Social media")
    PARTNER = "partner", _("Education partner")
    OTHER_SITE = "other-site", _("Another site")
    DIRECT = "direct", _("Direct")
    WIDGET = "widget", _("Widget")
    API = "api", _("API")
    UNKNOWN = "unknown", _("Not known")  # of figures from before this service


class Counted(models.Model):
    """What every counted row says."""

    at = models.DateTimeField(_("moment"))
    day = models.DateField(_("day"), help_text=_("In Europe/Amsterdam."))
    visitor = models.CharField(  # noqa: DJ001  # unlike empty texts, nulls are never the same
        _("visitor"),
        max_length=32,
        null=True,
        help_text=_("Keyed hash under the salt of the day; none for machines."),
    )
    ordinal = models.PositiveSmallIntegerField(
        _("ordinal"), help_text=_("How many such rows the visitor already had that day.")
    )
    source = models.CharField(_("source"), max_length=13, choices=Source)
    source_host = models.CharField(_("host of the source"), max_length=100, blank=True)
    utm_source = models.CharField(max_length=100, blank=True)
    utm_medium = models.CharField(max_length=100, blank=True)
    utm_campaign = models.CharField(max_length=100, blank=True)
    utm_content = models.CharField(max_length=100, blank=True)
    utm_term = models.CharField(max_length=100, blank=True)
    province = models.CharField(
        _("province of the search"), max_length=20, choices=Province, blank=True
    )

    class Meta:
        abstract = True


class ProfileView(Counted):
    """A person looked at an office's public page."""

    office = models.ForeignKey(
        RegionalOffice, on_delete=models.PROTECT, related_name="+", verbose_name=_("office")
    )
    exclusion = models.ForeignKey(
        "statistics.Exclusion",
        on_delete=models.PROTECT,
        null=True,
        db_index=False,  # asked for by day; each view would pay for the index
        related_name="views_left_out",
        verbose_name=_("exclusion"),
        help_text=_("Why an administrator left it out afterwards; it is counted nowhere."),
    )

    class Meta:
        verbose_name = _("profile view")
        verbose_name_plural = _("profile views")
        constraints = [
            models.UniqueConstraint(
                fields=["day", "office", "visitor", "ordinal"], name="profile_view_once"
            ),
            models.CheckConstraint(
                condition=models.Q(source__in=Source.values), name="profile_view_source_exists"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.office_id}"


class Search(Counted):
    """Someone asked which offices serve a postcode or a place."""

    postcode = models.CharField(_("postcode"), max_length=4, blank=True)
    municipality = models.CharField(_("municipality"), max_length=6, blank=True)
    sector = models.CharField(_("sector"), max_length=40, blank=True)
    serving = models.PositiveSmallIntegerField(
        _("serving offices"), help_text=_("Regional offices with the asked sector.")
    )

    class Meta:
        verbose_name = _("search")
        verbose_name_plural = _("searches")
        constraints = [
            models.UniqueConstraint(
                fields=["day", "visitor", "postcode", "municipality", "sector", "ordinal"],
                name="search_once",
            ),
            models.CheckConstraint(
                condition=models.Q(postcode="") | models.Q(postcode__regex=r"^[1-9][0-9]{3}$"),
                name="search_postcode_is_four_digits",
            ),
            models.CheckConstraint(
                condition=models.Q(source__in=Source.values), name="search_source_exists"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.postcode or self.municipality}"


class Click(Counted):
    """A person went from an office's public page to its website, phone, mail or booking page."""

    class Target(models.TextChoices):
        """Where to."""

        WEBSITE = "website", _("Website")
        PHONE = "phone", _("Phone")
        EMAIL = "email", _("E-mail")
        BOOKING = "booking", _("Booking an advice conversation")

    office = models.ForeignKey(
        RegionalOffice, on_delete=models.PROTECT, related_name="+", verbose_name=_("office")
    )
    target = models.CharField(_("target"), max_length=7, choices=Target)

    class Meta:
        verbose_name = _("click")
        verbose_name_plural = _("clicks")
        constraints = [
            models.UniqueConstraint(
                fields=["day", "office", "target", "visitor", "ordinal"], name="click_once"
            ),
            models.CheckConstraint(
                condition=models.Q(source__in=Source.values), name="click_source_exists"
            ),
            models.CheckConstraint(
                condition=models.Q(target__in=["website", "phone", "email", "booking"]),
                name="click_target_exists",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.office_id} {self.target}"


class SupportAsked(Counted):
    """Somebody narrowed an answer down to offices with a type of support.

    A row of its own, since a search that is narrowed down stays one search.
    """

    postcode = models.CharField(_("postcode"), max_length=4, blank=True)
    municipality = models.CharField(_("municipality"), max_length=6, blank=True)
    support = models.CharField(_("support"), max_length=40)  # the code of one type

    class Meta:
        verbose_name = _("support that was asked for")
        verbose_name_plural = _("support that was asked for")
        constraints = [
            models.UniqueConstraint(
                fields=["day", "visitor", "postcode", "municipality", "support", "ordinal"],
                name="support_asked_once",
            ),
            models.CheckConstraint(
                condition=models.Q(postcode="") | models.Q(postcode__regex=r"^[1-9][0-9]{3}$"),
                name="support_asked_postcode_is_four_digits",
            ),
            models.CheckConstraint(
                condition=models.Q(source__in=Source.values), name="support_asked_source_exists"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.support}"
