"""What is derived from the stored areas: rebuilt by `regions.derived`, never edited."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from regions.models.directory import RegionalOffice
from regions.models.geography import Municipality, Postcode
from regions.models.support import Sector


class Reach(models.Model):
    """Whether an office serves a postcode, how that is known, and how far away its area is.

    There is a row for each office that serves the postcode or comes within 30 km of it. A split
    postcode has such rows for each of its municipalities; every other has them for its one.
    """

    postcode = models.ForeignKey(Postcode, on_delete=models.CASCADE, related_name="reach")
    municipality = models.ForeignKey(Municipality, on_delete=models.CASCADE, related_name="+")
    office = models.ForeignKey(RegionalOffice, on_delete=models.CASCADE, related_name="reach")
    serves = models.BooleanField(_("serves the postcode"))
    by_list = models.BooleanField(_("on the office's list"))
    by_polygon = models.BooleanField(_("in the drawn area"))
    distance_km = models.FloatField(
        _("distance"), help_text=_("Kilometres, geodesic; 0 when served.")
    )

    class Meta:
        verbose_name = _("reach")
        verbose_name_plural = _("reach")
        ordering = ["postcode", "municipality", "office"]
        constraints = [
            models.UniqueConstraint(
                fields=["postcode", "municipality", "office"], name="reach_once"
            ),
            models.CheckConstraint(
                condition=models.Q(serves=True) | models.Q(by_list=False),
                name="reach_listed_is_served",
            ),
            models.CheckConstraint(
                condition=models.Q(distance_km__gte=0), name="reach_distance_is_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.office_id} {self.postcode_id}"


class Gap(models.Model):
    """A postcode and sector without a regional office (*witte vlek*), and who is nearest."""

    postcode = models.ForeignKey(Postcode, on_delete=models.CASCADE, related_name="gaps")
    sector = models.ForeignKey(Sector, on_delete=models.CASCADE, related_name="gaps")
    nearest_office = models.ForeignKey(
        RegionalOffice, on_delete=models.CASCADE, null=True, related_name="+"
    )
    distance_km = models.FloatField(null=True, help_text=_("Kilometres, geodesic."))

    class Meta:
        verbose_name = _("gap")
        verbose_name_plural = _("gaps")
        ordering = ["postcode", "sector"]
        constraints = [
            models.UniqueConstraint(fields=["postcode", "sector"], name="gap_once"),
            models.CheckConstraint(
                condition=models.Q(nearest_office=None, distance_km=None)
                | models.Q(
                    nearest_office__isnull=False,
                    distance_km__isnull=False,  # a comparison with NULL would pass the check
                    distance_km__gte=0,
                ),
                name="gap_nearest_has_a_distance",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.postcode_id} {self.sector_id}"


class DirectoryVersion(models.Model):
    """The directory as the public sees it: one row, with a number that rises with every change.

    The document holds all published profiles with what a page or a client shows of them, so that
    reading costs one query instead of ten, and nothing unpublished can be read by accident. The
    row is also the lock under which everything derived is rebuilt.
    """

    number = models.PositiveBigIntegerField(default=0)
    document = models.JSONField(default=dict, help_text=_("`regions.profiles.build_document`."))

    class Meta:
        verbose_name = _("directory version")
        verbose_name_plural = _("directory versions")
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="directory_version_is_one_row")
        ]

    def __str__(self) -> str:
        return str(self.number)
