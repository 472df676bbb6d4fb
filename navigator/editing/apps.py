from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EditingConfig(AppConfig):
    """My region: where editors keep their profile right, and administrators the directory."""

    name = "navigator.editing"
    verbose_name = _("Editing")
