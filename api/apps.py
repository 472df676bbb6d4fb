from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApiConfig(AppConfig):
    """The same as the pages, for machines; no models, no rules."""

    name = "api"
    verbose_name = _("API")
