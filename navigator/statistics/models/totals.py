"""The totals of days: they stay when the single rows go."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from navigator.statistics.models.counted import Click, Source
from regions.models import Province, RegionalOffice


class LeftOutTotal(models.Model):
    """Requests of a day that were not counted, by why: so that nobody has to believe the counts."""

    day = models.DateField(_("day"))
    what = models.CharField(_("what was asked for"), max_length=12)  # a model: "profileview"
    why = models.CharField(_("why it was left out"), max_length=10)  # of visits.LeftOut
    requests = models.PositiveIntegerField(_("requests"))

    class Meta:
        verbose_name = _("total of requests left out")
        verbose_name_plural = _("totals of requests left out")
        constraints = [models.UniqueConstraint(fields=["day", "what", "why"], name="left_out_once")]

    def __str__(self) -> str:
        return f"{self.day} {self.what} {self.why}"


class TotalledDay(models.Model):
    """A day that is over and stands in the totals: they are read instead of its single rows.

    Its own numbers are the sums of its totals.
    """

    day = models.DateField(_("day"), unique=True)
    is_imported = models.BooleanField(
        _("imported"), default=False, help_text=_("Counted elsewhere, before this service.")
    )
    visitors = models.PositiveIntegerField(_("visitors"), default=0)
    views = models.PositiveIntegerField(_("views"), default=0)
    searches = models.PositiveIntegerField(_("searches"), default=0)
    without_office = models.PositiveIntegerField(_("without an office"), default=0)

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
        # An office asks for the postcodes that it serves.
        indexes = [models.Index(fields=["postcode", "day"], name="search_total_by_postcode")]

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


class ClickTotal(models.Model):
    """Clicks on an office's page on a day."""

    day = models.DateField(_("day"))
    office = models.ForeignKey(
        RegionalOffice, on_delete=models.PROTECT, related_name="+", verbose_name=_("office")
    )
    target = models.CharField(_("target"), max_length=7, choices=Click.Target)
    clicks = models.PositiveIntegerField(_("clicks"))

    class Meta:
        verbose_name = _("total of clicks")
        verbose_name_plural = _("totals of clicks")
        constraints = [
            models.UniqueConstraint(fields=["day", "office", "target"], name="click_total_once")
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.office_id} {self.target}"


class SupportTotal(models.Model):
    """How often support was asked for at a place on a day."""

    day = models.DateField(_("day"))
    postcode = models.CharField(_("postcode"), max_length=4, blank=True)
    municipality = models.CharField(_("municipality"), max_length=6, blank=True)
    support = models.CharField(_("support"), max_length=40)
    times = models.PositiveIntegerField(_("times"))

    class Meta:
        verbose_name = _("total of support asked for")
        verbose_name_plural = _("totals of support asked for")
        constraints = [
            models.UniqueConstraint(
                fields=["day", "postcode", "municipality", "support"], name="support_total_once"
            )
        ]
        # An office asks for the postcodes that it serves.
        indexes = [models.Index(fields=["postcode", "day"], name="support_total_by_postcode")]

    def __str__(self) -> str:
        return f"{self.day} {self.support}"


class MonthTotal(models.Model):
    """The sum over the totalled days of a month, so that years are read as quickly as weeks.

    It repeats what the totals of days say; `navigator.statistics.totals` keeps it equal to them.
    """

    class By(models.TextChoices):
        """What it is summed by, and what its key then is."""

        SOURCE = "source", _("Source")
        PROVINCE = "province", _("Province")  # empty: nothing was searched
        OFFICE = "office", _("Regional office")  # the id
        QUESTION = "question", _("Municipality and sector")  # "GM0599:po", each can be empty

    month = models.DateField(_("month"), help_text=_("Its first day."))
    by = models.CharField(_("summed by"), max_length=8, choices=By)
    key = models.CharField(_("key"), max_length=50, blank=True)
    visitors = models.PositiveIntegerField(_("visitors"), default=0)
    views = models.PositiveIntegerField(_("views"), default=0)
    searches = models.PositiveIntegerField(_("searches"), default=0)
    without_office = models.PositiveIntegerField(_("without an office"), default=0)

    class Meta:
        verbose_name = _("total of a month")
        verbose_name_plural = _("totals of months")
        constraints = [
            # In the order in which reports add up.
            models.UniqueConstraint(fields=["by", "key", "month"], name="month_total_once")
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.by} {self.key}"


class TotalsVersion(models.Model):
    """Counts up with every change of what is totalled. One row.

    Whoever reads totals and single rows in several queries sees by it that nothing moved from the
    one to the other meanwhile. `navigator.statistics.totals` alone reads and writes it.
    """

    number = models.PositiveBigIntegerField(_("number"), default=0)
    changed_at = models.DateTimeField(_("changed"), null=True)

    class Meta:
        verbose_name = _("version of the totals")
        verbose_name_plural = _("version of the totals")
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="totals_version_one_row")
        ]

    def __str__(self) -> str:
        return str(self.number)
