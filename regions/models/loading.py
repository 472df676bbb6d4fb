"""What `load_directory` gave, so that it knows what was edited on the site since."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class LoadedFact(models.Model):
    """The values of one object as the fixtures gave them last.

    A field whose value is no longer this one was edited on the site, and is left alone.
    """

    model = models.CharField(_("model"), max_length=60)
    key = models.CharField(_("natural key"), max_length=700, help_text=_("As JSON."))
    values = models.JSONField(_("values"))

    class Meta:
        verbose_name = _("loaded fact")
        verbose_name_plural = _("loaded facts")
        ordering = ["model", "key"]
        constraints = [models.UniqueConstraint(fields=["model", "key"], name="loaded_fact_once")]

    def __str__(self) -> str:
        return f"{self.model} {self.key}"
