"""What was looked at and looked for: a row each, without anything that tells who it was."""

from django.conf import settings
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


class PublishedFigures(models.Model):
    """Which figures of advice everybody may see. At most one row; without it there are none.

    `navigator.statistics.publishing` alone reads and writes it.
    """

    tables = models.JSONField(_("tables"), default=list, help_text=_("Codes of tables."))
    hide_small = models.BooleanField(
        _("hide small numbers"), default=True, help_text=_("Shows 1 to 4 as “<5”.")
    )
    changed_at = models.DateTimeField(_("changed"))
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("changed by"),
    )

    class Meta:
        verbose_name = _("published figures")
        verbose_name_plural = _("published figures")
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="published_figures_one_row")
        ]

    def __str__(self) -> str:
        return ", ".join(self.tables)


class LeftOutTotal(models.Model):
    """Requests of a day that were not counted, by why: so that nobody has to believe the counts."""

    day = models.DateField(_("day"))
    what = models.CharField(_("what was asked for"), max_length=11)  # a model: "profileview"
    why = models.CharField(_("why it was left out"), max_length=10)  # of visits.LeftOut
    requests = models.PositiveIntegerField(_("requests"))

    class Meta:
        verbose_name = _("total of requests left out")
        verbose_name_plural = _("totals of requests left out")
        constraints = [models.UniqueConstraint(fields=["day", "what", "why"], name="left_out_once")]

    def __str__(self) -> str:
        return f"{self.day} {self.what} {self.why}"


class TotalledDay(models.Model):
    """A day that is over and stands in the totals: they are read instead of its single rows."""

    day = models.DateField(_("day"), unique=True)
    is_imported = models.BooleanField(
        _("imported"), default=False, help_text=_("Counted elsewhere, before this service.")
    )

    class Meta:
        verbose_name = _("day in the totals")
        verbose_name_plural = _("days in the totals")
        ordering = ["day"]

    def __str__(self) -> str:
        return self.day.isoformat()


class Total(models.Model):
    """What every line of the totals says."""

    day = models.DateField(_("day"))
    source = models.CharField(_("source"), max_length=13, choices=Source)
    province = models.CharField(
        _("province of the search"), max_length=20, choices=Province, blank=True
    )

    class Meta:
        abstract = True


class ViewTotal(Total):
    """Views of an office's page on a day. A visitor stands where the first view of the day did."""

    office = models.ForeignKey(
        RegionalOffice, on_delete=models.PROTECT, related_name="+", verbose_name=_("office")
    )
    views = models.PositiveIntegerField(_("views"))
    visitors = models.PositiveIntegerField(
        _("visitors"), help_text=_("Their sum over an office and a day counts each person once.")
    )

    class Meta:
        verbose_name = _("total of views")
        verbose_name_plural = _("totals of views")
        constraints = [
            models.UniqueConstraint(
                fields=["day", "office", "source", "province"], name="view_total_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.office_id}"


class SearchTotal(Total):
    """Searches for a place and sector on a day."""

    postcode = models.CharField(_("postcode"), max_length=4, blank=True)
    municipality = models.CharField(_("municipality"), max_length=6, blank=True)
    sector = models.CharField(_("sector"), max_length=40, blank=True)
    searches = models.PositiveIntegerField(_("searches"))
    without_office = models.PositiveIntegerField(
        _("without an office"), help_text=_("No regional office with the asked sector served it.")
    )

    class Meta:
        verbose_name = _("total of searches")
        verbose_name_plural = _("totals of searches")
        constraints = [
            models.UniqueConstraint(
                fields=["day", "postcode", "municipality", "sector", "source", "province"],
                name="search_total_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.postcode or self.municipality}"


class VisitorTotal(Total):
    """People on a day, whatever they did. Each stands where the first thing they did stands."""

    visitors = models.PositiveIntegerField(_("visitors"))

    class Meta:
        verbose_name = _("total of visitors")
        verbose_name_plural = _("totals of visitors")
        constraints = [
            models.UniqueConstraint(fields=["day", "source", "province"], name="visitor_total_once")
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.source}"
