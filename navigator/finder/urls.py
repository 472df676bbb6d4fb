from django.urls import path

from navigator.finder import views

app_name = "finder"
urlpatterns = [
    path("", views.home, name="home"),
    path("zoeken/", views.search, name="search"),
    path("regioloketten/", views.office_list, name="office_list"),
    path("regioloketten/<slug:slug>/", views.office, name="office"),
    path("onderwijsregios/", views.region_list, name="region_list"),
    path("onderwijsregios/<slug:slug>/", views.region, name="region"),
    path("over/", views.about, {"page": "about"}, name="about"),
    path("over/toegankelijkheid/", views.about, {"page": "accessibility"}, name="accessibility"),
    path("over/privacy/", views.about, {"page": "privacy"}, name="privacy"),
]
