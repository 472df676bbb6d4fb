"""Education regions, with the offices that they run."""

from collections.abc import Mapping

from django.http import HttpResponseBase
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_view
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.resources import ReadOnlyResource, moved
from api.schema import problems
from api.values import NamedSerializer, TextOrNull, page_address
from regions import versions
from regions.models import EducationRegion


class RegionSerializer(serializers.Serializer[EducationRegion]):
    """An education region."""

    slug = serializers.CharField()
    name = serializers.CharField()
    url = serializers.SerializerMethodField(help_text="The region's page, for people.")
    website = TextOrNull()
    description = TextOrNull(help_text="Markdown.")
    offices = serializers.SerializerMethodField(help_text="Its published offices, by name.")

    @extend_schema_field({"type": "string", "format": "uri"})
    def get_url(self, region: EducationRegion) -> str:
        return page_address(self.context["request"], "finder:region", region.slug)

    @extend_schema_field(NamedSerializer(many=True))
    def get_offices(self, region: EducationRegion) -> list[dict[str, str]]:
        return versions.prepared("api offices of regions", _offices_by_region).get(region.slug, [])


def _offices_by_region() -> Mapping[str, list[dict[str, str]]]:
    by_region: dict[str, list[dict[str, str]]] = {}
    for profile in versions.current().profiles.values():
        for region in profile.regions:
            office = {"slug": profile.slug, "name": profile.name}
            by_region.setdefault(region.slug, []).append(office)
    return by_region


@extend_schema_view(
    get=extend_schema(
        operation_id="listRegions",
        summary="Education regions, by name",
        description="Each with its published offices.",
        tags=["regions"],
        responses={200: RegionSerializer(many=True), **problems(400, 404)},
    )
)
class RegionList(ReadOnlyResource, generics.ListAPIView[EducationRegion]):
    """All published education regions. Two queries."""

    queryset = EducationRegion.objects.published().order_by("name", "pk")
    serializer_class = RegionSerializer
    parameters = ("page", "pageSize")


class RegionView(ReadOnlyResource):
    """A published education region. One query."""

    @extend_schema(
        operation_id="getRegion",
        summary="An education region",
        description=(
            "With its published offices. A slug that it had before, or that of a region that was "
            "merged into it, is redirected."
        ),
        tags=["regions"],
        responses={200: RegionSerializer, **problems(400, 404)},
    )
    def get(self, request: Request, slug: str) -> HttpResponseBase:
        region = EducationRegion.objects.published().filter(slug=slug).first()
        if region is None:
            return moved(EducationRegion, "region", slug)
        return Response(RegionSerializer(region, context={"request": request}).data)
