"""The addresses of the API, below /api/. English, without a slash at the end."""

from django.urls import path

from api import schema
from api.v1 import geography, offices, problems, regions, search, vocabulary

app_name = "api"
urlpatterns = [
    path("v1/offices", offices.OfficeList.as_view(), name="office-list"),
    path("v1/offices/<slug:slug>", offices.OfficeView.as_view(), name="office"),
    path("v1/regions", regions.RegionList.as_view(), name="region-list"),
    path("v1/regions/<slug:slug>", regions.RegionView.as_view(), name="region"),
    path("v1/sectors", vocabulary.SectorList.as_view(), name="sector-list"),
    path("v1/support-types", vocabulary.SupportTypeList.as_view(), name="support-type-list"),
    path("v1/postcodes/<str:pc4>", geography.PostcodeView.as_view(), name="postcode"),
    path("v1/searches", search.SearchView.as_view(), name="search"),
    path("v1/problems/<slug:code>", problems.ProblemTypeView.as_view(), name="problem-type"),
    path("v1/openapi.json", schema.DescriptionView.as_view(), name="openapi"),
    path("v1/docs", schema.documentation, name="docs"),
    path("", problems.Nowhere.as_view()),
    path("<path:anything>", problems.Nowhere.as_view()),
]
