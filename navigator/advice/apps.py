from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AdviceConfig(AppConfig):
    """The advisors' desk: what is registered of conversations, and what becomes of referrals."""

    name = "navigator.advice"
    verbose_name = _("Advice")
