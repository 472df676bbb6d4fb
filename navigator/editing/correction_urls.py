"""Addresses of corrections from the desk (`/advies/verbeteringen/`)."""

from django.urls import path

from navigator.editing.views import corrections

app_name = "corrections"
urlpatterns = [
    path("", corrections.corrections, name="list"),
    path("<slug:slug>/", corrections.correction, name="correction"),
]
