"""Addresses of the advisors' desk (`/advies/`). Corrections and figures stand in their own apps."""

from django.urls import path

from navigator.advice.views import conversations, correcting, desk, importing, pick_lists, slips

app_name = "advice"
urlpatterns = [
    path("", desk.desk, name="desk"),
    path("gesprekken/", conversations.conversations, name="conversations"),
    path("gesprekken/namen/", conversations.names, name="names"),
    path("gesprekken/<int:pk>/", correcting.conversation, name="conversation"),
    path("gesprekken/<int:pk>/intrekken/", correcting.withdraw, name="withdraw_conversation"),
    path("gesprekken/<int:pk>/terughalen/", correcting.bring_back, name="bring_back_conversation"),
    path("invoer/", importing.upload, name="import"),
    path("invoer/controle/", importing.check, name="import_check"),
    path("invoer/voorbeeld/<slug:kind>/", importing.example, name="import_example"),
    path("lijstjes/", pick_lists.pick_lists, name="pick_lists"),
    path("lijstjes/<int:pk>/", pick_lists.pick_list, name="pick_list"),
    path("briefjes/", slips.slips, name="slips"),
    path("briefjes/<int:pk>/", slips.slip, name="slip"),
]
