"""What an advisor picks while talking, as a page that the candidate gets the address of."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from regions.models import RegionalOffice


class PickListQuerySet(models.QuerySet["PickList"]):
    """Questions about pick lists."""

    def open(self, at: datetime) -> Self:
        """Those that can still be read."""
        return self.filter(withdrawn_at=None, expires_at__gt=at)


class PickList(models.Model):
    """A page of offices and links. Its address is the key; nothing tells for whom it is."""

    key = models.CharField(_("key"), max_length=43, unique=True, editable=False)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="pick_lists",
        verbose_name=_("made by"),
    )
    made_at = models.DateTimeField(_("made"))
    expires_at = models.DateTimeField(_("expires"))
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    opened_count = models.PositiveIntegerField(_("how often it was opened"), default=0)

    objects = PickListQuerySet.as_manager()

    class Meta:
        verbose_name = _("pick list")
        verbose_name_plural = _("pick lists")
        ordering = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.made_at:%Y-%m-%d}"


class PickListItem(models.Model):
    """An office, or a link of the advisor's own, on a pick list."""

    pick_list = models.ForeignKey(PickList, on_delete=models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField(_("position"))
    office = models.ForeignKey(
        RegionalOffice,
        on_delete=models.CASCADE,
        null=True,
        related_name="+",
        verbose_name=_("regional office"),
    )
    title = models.CharField(_("title"), max_length=120, blank=True)
    url = models.URLField(_("web address"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("item of a pick list")
        verbose_name_plural = _("items of pick lists")
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(office__isnull=False, url="")
                | (models.Q(office__isnull=True) & ~models.Q(url="")),
                name="item_is_an_office_or_a_link",
            )
        ]

    def __str__(self) -> str:
        return self.title or str(self.office_id)
