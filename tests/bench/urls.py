from django.urls import include, path

from tests.bench import views

urlpatterns = [
    path("bench/nothing", views.nothing),
    path("bench/insert", views.insert),
    path("", include("navigator.urls")),
]
handler400 = "navigator.views.bad_request"
handler403 = "navigator.views.permission_denied"
handler404 = "navigator.views.page_not_found"
handler500 = "navigator.views.server_error"
