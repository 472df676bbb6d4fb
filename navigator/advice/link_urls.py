"""The address by which an office tells what became of a referral."""

from django.urls import path

from navigator.advice.views import outcomes

app_name = "outcomes"
urlpatterns = [path("terugmelden/<str:link>/", outcomes.report, name="report")]
