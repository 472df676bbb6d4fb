"""Addresses of the administrators' working pages (`/beheer/`)."""

from django.urls import URLPattern, URLResolver

app_name = "administration"
urlpatterns: list[URLPattern | URLResolver] = []
