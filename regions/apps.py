from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RegionsConfig(AppConfig):
    """The directory: facts and rules. Knows no HTTP and no roles."""

    name = "regions"
    verbose_name = _("Directory")
