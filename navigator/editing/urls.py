"""Addresses of My region (`/mijn-regio/`): `<kind>` is an office or a region, see `subjects`."""

from django.urls import URLPattern, URLResolver, path, register_converter

from navigator.editing import subjects
from navigator.editing.views import (
    area,
    draft,
    figures,
    history,
    overview,
    referrals,
    section,
    suggestions,
    visiting,
)

register_converter(subjects.KindConverter, "kind")
register_converter(subjects.SectionConverter, "section")

app_name = "editing"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", overview.overview, name="overview"),
    path("opmaak/", section.preview_text, name="preview_text"),
    path("doorverwijzingen/", referrals.referrals, name="referrals"),
    path("doorverwijzingen/<int:pk>/", referrals.outcome, name="outcome"),
    path("cijfers/", figures.figures, name="figures"),
    path("verbeteringen/<int:pk>/", suggestions.suggestion, name="suggestion"),
    path("<kind:kind>/<slug:slug>/", overview.subject, name="subject"),
    path("<kind:kind>/<slug:slug>/bevestigen/", overview.confirm, name="confirm"),
    path("loketten/<slug:slug>/werkgebied/", area.area, name="area"),
    path("loketten/<slug:slug>/bezoek/", visiting.visiting, name="visiting"),
    path("loketten/<slug:slug>/cijfers/", figures.office, name="office_figures"),
    path(
        "loketten/<slug:slug>/cijfers/<slug:table>/<slug:kind>/",
        figures.download,
        name="office_figures_file",
    ),
    path("<kind:kind>/<slug:slug>/voorstel/", draft.draft, name="draft"),
    path("<kind:kind>/<slug:slug>/geschiedenis/", history.history, name="history"),
    path("<kind:kind>/<slug:slug>/geschiedenis/begin/", history.at_first, name="at_first"),
    path("<kind:kind>/<slug:slug>/geschiedenis/<int:pk>/", history.revision, name="revision"),
    # Any other section; those with a page of their own stand before it.
    path("<kind:kind>/<slug:slug>/<section:section>/", section.section, name="section"),
]
