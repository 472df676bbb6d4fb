"""The site's own addresses, and two more."""

from django.urls import path

from navigator.urls import (
    handler400,
    handler403,
    handler404,
    handler500,
    urlpatterns as own_urlpatterns,
)
from tests.bench import views

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

urlpatterns = [
    path("bench/nothing", views.nothing),
    path("bench/insert", views.insert),
    *own_urlpatterns,
]
