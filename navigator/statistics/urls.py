"""Addresses of figures: those of advice for who works here, and those that are public."""

from django.urls import path

from navigator.statistics.views import advice, archive, clicks, public

app_name = "statistics"
urlpatterns = [
    path("advies/cijfers/", advice.figures, name="advice"),
    path("advies/cijfers/<slug:table>/<slug:kind>/", advice.download, name="advice_download"),
    path("statistiek/", public.statistics, name="public"),
    path("statistiek/uitleg/", public.definitions, name="definitions"),
    path("statistiek/archief/", archive.download, name="archive"),
    path("klik/", clicks.click, name="click"),
    path("statistiek/advies/<slug:table>/<slug:kind>/", public.download, name="public_download"),
    path("statistiek/<slug:table>/<slug:kind>/", public.usage_download, name="usage_download"),
]
