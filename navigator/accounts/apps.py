from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Who works here."""

    name = "navigator.accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        """Listen to the library that lets people in."""
        from navigator.accounts import receivers  # noqa: F401 - importing it listens
