"""Django's administration, within our own doors: our log-in, our rules, our second factor."""

from collections.abc import Callable, Iterable
from typing import Any, Final

from django.conf import settings
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver
from django.utils.translation import gettext_lazy as _

from navigator.accounts import rules, second_factor
from navigator.methods import takes

# What we have ourselves, and what would look objects up by their number for anybody.
_LEFT_OUT: Final = {
    "login",
    "logout",
    "password_change",
    "password_change_done",
    "autocomplete",
    "view_on_site",
}


class DataSite(AdminSite):
    """All data, for administrators alone; others are told so (403)."""

    site_title = _("All data")
    site_header = _("All data")
    index_title = _("All data")
    site_url = None
    final_catch_all_view = False
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        """Whether somebody may see any of it."""
        return rules.is_administrator(request.user) and second_factor.passed(request)

    def admin_view(self, view: Callable[..., Any], cacheable: bool = False) -> Any:
        """Closes a view. Who isn't logged in was led to the log-in before."""
        within = super().admin_view(view, cacheable)

        def closed(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not self.has_permission(request):
                raise PermissionDenied("administrators alone")
            answer: HttpResponse = within(request, *args, **kwargs)
            return answer

        return takes("GET", "HEAD", "POST")(closed)

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Those of Django, without what we have ourselves."""
        kept = [url for url in super().get_urls() if getattr(url, "name", "") not in _LEFT_OUT]
        _lead_to_our_log_in(kept)
        return kept


def _lead_to_our_log_in(urls: Iterable[URLPattern | URLResolver]) -> None:
    """For Django's own middleware, which would ask for the log-in page that isn't there."""
    for url in urls:
        if isinstance(url, URLResolver):
            _lead_to_our_log_in(url.url_patterns)
        else:
            url.callback.login_url = settings.LOGIN_URL  # type: ignore[attr-defined]


data_site = DataSite(name="admin")
