from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AdministrationConfig(AppConfig):
    """The working pages of administrators; no models."""

    name = "navigator.administration"
    verbose_name = _("Administration")
