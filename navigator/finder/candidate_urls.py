"""Addresses that a candidate gets from an advisor. Whoever has one may read the page."""

from django.urls import path

from navigator.finder import candidate

app_name = "candidate"
urlpatterns = [
    path("lijstje/<slug:key>/", candidate.pick_list, name="pick_list"),
    path("briefje/<slug:key>/", candidate.slip, name="slip"),
    path("briefje/<slug:key>/niet-gebeld/", candidate.nobody_called, name="nobody_called"),
]
