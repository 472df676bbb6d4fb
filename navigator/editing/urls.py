"""Addresses of My region (`/mijn-regio/`): `<kind>` is an office or a region, see `subjects`."""

from django.urls import URLPattern, URLResolver, register_converter

from navigator.editing import subjects

register_converter(subjects.KindConverter, "kind")
register_converter(subjects.SectionConverter, "section")

app_name = "editing"
urlpatterns: list[URLPattern | URLResolver] = []
