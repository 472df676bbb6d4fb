from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StatisticsConfig(AppConfig):
    """What was looked at and looked for."""

    name = "navigator.statistics"
    verbose_name = _("Statistics")
