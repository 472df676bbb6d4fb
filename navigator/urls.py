"""The table of contents of the site. Dutch has no prefix; English stands under /en/."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib.auth.decorators import login_not_required
from django.contrib.sitemaps.views import sitemap
from django.urls import URLPattern, URLResolver, include, path

from navigator import views
from navigator.administration.admin import data_site
from navigator.finder.sitemaps import SITEMAPS
from navigator.methods import takes

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("metrics", views.metrics, name="metrics"),
    path("robots.txt", views.robots, name="robots"),
    path(
        "sitemap.xml",
        login_not_required(takes("GET", "HEAD")(sitemap)),
        {"sitemaps": SITEMAPS},
        name="sitemap",
    ),
    path("api/", include("api.urls")),
    *i18n_patterns(
        path("", include("navigator.finder.urls")),
        path("", include("navigator.accounts.urls")),
        path("", include("navigator.accounts.people_urls")),
        path("mijn-regio/", include("navigator.editing.urls")),
        path("", include("navigator.statistics.urls")),
        path("advies/verbeteringen/", include("navigator.editing.correction_urls")),
        path("advies/", include("navigator.advice.urls")),
        path("", include("navigator.advice.link_urls")),
        path("", include("navigator.finder.candidate_urls")),
        path("", include("navigator.finder.preview_urls")),
        path("beheer/gegevens/", data_site.urls),
        path("beheer/", include("navigator.administration.urls")),
        prefix_default_language=False,
    ),
]

handler400 = "navigator.views.bad_request"
handler403 = "navigator.views.permission_denied"
handler404 = "navigator.views.page_not_found"
handler500 = "navigator.views.server_error"
