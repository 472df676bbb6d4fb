from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FinderConfig(AppConfig):
    """The pages of the candidate; no models."""

    name = "navigator.finder"
    verbose_name = _("Finder")
