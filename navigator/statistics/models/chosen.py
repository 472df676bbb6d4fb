"""What administrators and editors choose about figures."""

from django.conf import settings
from django.db import models
from django.utils.translation import get_language, gettext_lazy as _

from navigator.statistics.models.counted import Source
from regions.models import RegionalOffice


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


class Campaign(models.Model):
    """A period with a name, which everybody can choose on the page with figures."""

    code = models.SlugField(_("code"), max_length=40, unique=True, help_text=_("For addresses."))
    name_nl = models.CharField(_("name in Dutch"), max_length=80)
    name_en = models.CharField(_("name in English"), max_length=80, blank=True)
    first = models.DateField(_("first day"))
    last = models.DateField(_("last day"))

    class Meta:
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")
        ordering = ["-first", "code"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(last__gte=models.F("first")),
                name="campaign_ends_after_it_begins",
                violation_error_message=_(
                    "The last day lies before the first. Change one of both."
                ),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """In the language of the moment; in Dutch when there is no other."""
        return (self.name_en if get_language() == "en" else "") or self.name_nl


class KnownSource(models.Model):
    """A site or a `utm_source` with the kind of source that its visitors are counted under.

    `navigator.statistics.sources` reads it.
    """

    class By(models.TextChoices):
        """What a visitor is known by."""

        HOST = "host", _("Host of the site")
        UTM_SOURCE = "utm_source", _("utm_source in the link")

    by = models.CharField(_("known by"), max_length=10, choices=By)
    value = models.CharField(
        _("value"),
        max_length=100,
        help_text=_("As example.nl, without www; or the text that stands behind utm_source=."),
    )
    source = models.CharField(
        _("counted as"),
        max_length=13,
        choices=[
            (each.value, each.label)
            for each in (Source.CAMPAIGN, Source.PARTNER, Source.SOCIAL, Source.SEARCH_ENGINE)
        ],
        default=Source.CAMPAIGN.value,
    )

    class Meta:
        verbose_name = _("known source")
        verbose_name_plural = _("known sources")
        ordering = ["source", "by", "value"]
        constraints = [
            models.UniqueConstraint(fields=["by", "value"], name="known_source_once"),
            models.CheckConstraint(
                condition=models.Q(by__in=["host", "utm_source"]), name="known_source_by_exists"
            ),
        ]

    def __str__(self) -> str:
        return self.value


class Exclusion(models.Model):
    """Views of an office that an administrator left out afterwards, since no people made them.

    `navigator.statistics.exclusions` alone makes and withdraws them.
    """

    office = models.ForeignKey(
        RegionalOffice, on_delete=models.PROTECT, related_name="+", verbose_name=_("office")
    )
    first = models.DateTimeField(_("from"))
    last = models.DateTimeField(_("until"), help_text=_("Not included."))
    source = models.CharField(_("source"), max_length=13, choices=Source, blank=True)
    source_host = models.CharField(_("host of the source"), max_length=100, blank=True)
    reason = models.CharField(_("reason"), max_length=300)
    views = models.PositiveIntegerField(_("views"), help_text=_("How many were left out."))
    made_at = models.DateTimeField(_("made"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("made by"),
    )
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("withdrawn by"),
    )

    class Meta:
        verbose_name = _("exclusion of views")
        verbose_name_plural = _("exclusions of views")
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(last__gt=models.F("first")),
                name="exclusion_ends_after_it_begins",
            )
        ]

    def __str__(self) -> str:
        return f"{self.office_id} {self.first} {self.last}"


class MonthlyMail(models.Model):
    """An editor gets the figures of the own offices by mail each month. No row: switched off."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="monthly_figures"
    )
    since = models.DateTimeField(_("switched on"))
    sent_for = models.DateField(
        _("last month that was sent"), null=True, help_text=_("Its first day.")
    )

    class Meta:
        verbose_name = _("monthly mail with figures")
        verbose_name_plural = _("monthly mails with figures")

    def __str__(self) -> str:
        return f"{self.user_id}"
