"""The addresses of the API, below /api/. English, without a slash at the end."""

from django.urls import path

from api import schema
from api.v1 import (
    conversations,
    geography,
    offices,
    problems,
    regions,
    search,
    statistics,
    usage,
    vocabulary,
)
from api.v1.my import offices as my_offices, regions as my_regions

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
    path("v1/conversations", conversations.Conversations.as_view(), name="conversation-list"),
    # The only address with a slash: so it was promised to other contact systems.
    path("v1/conversations/", conversations.Conversations.as_view(schema=None)),
    path("v1/conversations/<uuid:key>", conversations.Conversation.as_view(), name="conversation"),
    path("v1/statistics/advice", statistics.AdviceView.as_view(), name="advice"),
    path(
        "v1/statistics/advice/<slug:table>", statistics.AdviceTable.as_view(), name="advice-table"
    ),
    path("v1/statistics/usage", usage.Usage.as_view(), name="usage"),
    path("v1/statistics/days", usage.Days.as_view(), name="usage-days"),
    path("v1/statistics/sources", usage.Sources.as_view(), name="usage-sources"),
    path("v1/statistics/provinces", usage.Provinces.as_view(), name="usage-provinces"),
    path(
        "v1/statistics/municipalities",
        usage.Municipalities.as_view(),
        name="usage-municipalities",
    ),
    path("v1/statistics/searches", usage.Searches.as_view(), name="usage-searches"),
    path(
        "v1/statistics/without-office",
        usage.WithoutOffice.as_view(),
        name="usage-without-office",
    ),
    path("v1/statistics/offices", usage.Offices.as_view(), name="usage-offices"),
    path("v1/statistics/left-out", usage.LeftOut.as_view(), name="usage-left-out"),
    path("v1/statistics/archive", usage.Archive.as_view(), name="usage-archive"),
    path("v1/my/offices", my_offices.MyOffices.as_view(), name="my-office-list"),
    path("v1/my/offices/<slug:slug>", my_offices.MyOffice.as_view(), name="my-office"),
    path(
        "v1/my/offices/<slug:slug>/revision",
        my_offices.OfficeRevision.as_view(),
        name="my-office-revision",
    ),
    path(
        "v1/my/offices/<slug:slug>/revision/submit",
        my_offices.OfficeSubmission.as_view(),
        name="my-office-submit",
    ),
    path(
        "v1/my/offices/<slug:slug>/revision/publish",
        my_offices.OfficePublication.as_view(),
        name="my-office-publish",
    ),
    path(
        "v1/my/offices/<slug:slug>/history",
        my_offices.OfficeHistory.as_view(),
        name="my-office-history",
    ),
    path(
        "v1/my/offices/<slug:slug>/confirm",
        my_offices.OfficeConfirmation.as_view(),
        name="my-office-confirm",
    ),
    path("v1/my/regions", my_regions.MyRegions.as_view(), name="my-region-list"),
    path("v1/my/regions/<slug:slug>", my_regions.MyRegion.as_view(), name="my-region"),
    path(
        "v1/my/regions/<slug:slug>/revision",
        my_regions.RegionRevision.as_view(),
        name="my-region-revision",
    ),
    path(
        "v1/my/regions/<slug:slug>/revision/submit",
        my_regions.RegionSubmission.as_view(),
        name="my-region-submit",
    ),
    path(
        "v1/my/regions/<slug:slug>/revision/publish",
        my_regions.RegionPublication.as_view(),
        name="my-region-publish",
    ),
    path(
        "v1/my/regions/<slug:slug>/history",
        my_regions.RegionHistory.as_view(),
        name="my-region-history",
    ),
    path("v1/problems/<slug:code>", problems.ProblemTypeView.as_view(), name="problem-type"),
    path("v1/openapi.json", schema.DescriptionView.as_view(), name="openapi"),
    path("v1/docs", schema.documentation, name="docs"),
    path("", problems.Nowhere.as_view()),
    path("<path:anything>", problems.Nowhere.as_view()),
]
