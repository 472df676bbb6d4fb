"""Addresses of previews: beside what is being edited, and by a key that can be shared."""

from django.urls import path

from navigator.finder import preview

app_name = "preview"
urlpatterns = [
    path("mijn-regio/<kind:kind>/<slug:slug>/voorbeeld/", preview.own, name="own"),
    path("voorbeeld/<slug:key>/", preview.shared, name="shared"),
]
