"""Addresses of the administrators' working pages (`/beheer/`)."""

from django.urls import URLPattern, URLResolver, path

from navigator.administration.views import (
    arrangement,
    exchange,
    exclusions,
    overview,
    publishing,
)
from navigator.editing import urls as editing_urls  # noqa: F401  # its converters are used
from navigator.editing.views import review

app_name = "administration"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", overview.overview, name="overview"),
    path("gaten/", overview.gap_list, name="gaps"),
    path("niet-bevestigd/", overview.stale, name="stale"),
    path("onvolledig/", overview.incomplete, name="incomplete"),
    path("dode-links/", overview.dead_links, name="dead_links"),
    path("in-en-uitvoer/", exchange.exchange, name="exchange"),
    path("in-en-uitvoer/controle/", exchange.check, name="exchange_check"),
    path("in-en-uitvoer/<slug:table>/<slug:kind>/", exchange.download, name="exchange_download"),
    path("indeling/", arrangement.arrangement, name="arrangement"),
    path("indeling/loket-toevoegen/", arrangement.add_office, name="add_office"),
    path("indeling/regio-toevoegen/", arrangement.add_region, name="add_region"),
    path("indeling/regios/<slug:slug>/samenvoegen/", arrangement.merge, name="merge"),
    path("indeling/regios/<slug:slug>/splitsen/", arrangement.split, name="split"),
    path(
        "indeling/<kind:kind>/<slug:slug>/adres/",
        arrangement.change_address,
        name="change_address",
    ),
    path("indeling/<kind:kind>/<slug:slug>/archiveren/", arrangement.archive, name="archive"),
    path("indeling/<kind:kind>/<slug:slug>/terughalen/", arrangement.bring_back, name="bring_back"),
    path("cijfers/", publishing.publishing, name="publishing"),
    path("weergaven/", exclusions.exclusions, name="exclusions"),
    path("weergaven/<int:pk>/terughalen/", exclusions.bring_back, name="bring_views_back"),
    path("beoordelen/", review.review_list, name="review_list"),
    path("beoordelen/<int:pk>/", review.review, name="review"),
]
