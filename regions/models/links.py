"""What is known of the web addresses on profiles."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class LinkCheck(models.Model):
    """Whether a web address still answers, as `check_links` found it last."""

    class Result(models.TextChoices):
        WORKS = "works", _("works")
        DEAD = "dead", _("dead")
        UNSURE = "unsure", _("could not be checked")

    url = models.URLField(_("web address"), max_length=500, unique=True)
    result = models.CharField(_("result"), max_length=6, choices=Result)
    reason = models.CharField(
        _("reason"), max_length=40, blank=True, help_text=_("A status such as 404, or timeout.")
    )
    checked_at = models.DateTimeField(_("checked"))
    failing_since = models.DateTimeField(_("failing since"), null=True, blank=True)
    failures = models.PositiveSmallIntegerField(_("failures in a row"), default=0)

    class Meta:
        verbose_name = _("checked link")
        verbose_name_plural = _("checked links")
        ordering = ["url"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(result__in=["works", "dead", "unsure"]),
                name="link_check_result_exists",
            )
        ]

    def __str__(self) -> str:
        return f"{self.url}: {self.result}"
