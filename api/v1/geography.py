"""Postcodes: where they lie, and in which municipalities."""

from django.http import HttpResponseBase, HttpResponsePermanentRedirect
from django.urls import reverse
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import exceptions, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.problems import InvalidRequest, Mistake
from api.resources import ReadOnlyResource
from api.schema import problems
from api.values import MunicipalitySerializer, ProvinceSerializer, province_json
from regions.models import Postcode, PostcodeShare
from regions.postcodes import PostcodeError, parse_postcode
from regions.search import find_offices


class ShareSerializer(serializers.Serializer[PostcodeShare]):
    """A municipality in which a part of a split postcode lies."""

    municipality = MunicipalitySerializer()
    province = serializers.SerializerMethodField()
    areaShare = serializers.FloatField(
        source="area_share", help_text="Between 0 and 1: of the land, not of the addresses."
    )

    @extend_schema_field(ProvinceSerializer)
    def get_province(self, share: PostcodeShare) -> dict[str, str]:
        return province_json(share.municipality.province)


class PostcodeSerializer(serializers.Serializer[Postcode]):
    """A postcode of four digits."""

    postcode = serializers.CharField(source="code")
    place = serializers.CharField(help_text="The main place.")
    places = serializers.SerializerMethodField(help_text="All places, by name.")
    municipality = MunicipalitySerializer(help_text="The one with most of the addresses.")
    province = serializers.SerializerMethodField()
    latitude = serializers.FloatField(allow_null=True, help_text="WGS 84, where people live.")
    longitude = serializers.FloatField(allow_null=True)
    poBoxOnly = serializers.BooleanField(source="po_box_only")
    shares = ShareSerializer(
        many=True, help_text="Of a postcode that lies in several municipalities; otherwise empty."
    )

    @extend_schema_field({"type": "array", "items": {"type": "string"}})
    def get_places(self, postcode: Postcode) -> list[str]:
        return [place.name for place in postcode.places.all()]

    @extend_schema_field(ProvinceSerializer)
    def get_province(self, postcode: Postcode) -> dict[str, str]:
        return province_json(postcode.municipality.province)


class PostcodeView(ReadOnlyResource):
    """A postcode. Three queries."""

    @extend_schema(
        operation_id="getPostcode",
        summary="Where a postcode lies",
        description="A postcode with letters is redirected to its digits.",
        tags=["geography"],
        parameters=[
            OpenApiParameter(
                "pc4", {"type": "string", "pattern": "^[1-9][0-9]{3}$"}, OpenApiParameter.PATH
            )
        ],
        responses={200: PostcodeSerializer, **problems(400, 404)},
    )
    def get(self, request: Request, pc4: str) -> HttpResponseBase:
        try:
            digits = parse_postcode(pc4)
        except PostcodeError as error:
            raise InvalidRequest([Mistake("pc4", error.code, str(error))]) from None
        if digits != pc4:
            return redirect_to_digits(reverse("api:postcode", args=[digits]))
        postcode = (
            Postcode.objects.select_related("municipality")
            .defer("municipality__boundary")
            .prefetch_related("places", "shares__municipality")
            .filter(code=digits)
            .first()
        )
        if postcode is None:
            nearest = find_offices(postcode=digits).nearest_postcode
            raise exceptions.NotFound(f"This postcode does not exist; {nearest} is nearest.")
        return Response(PostcodeSerializer(postcode).data)


def digits_of(typed: str) -> str:
    """The four digits of a postcode, or an empty text when it is none."""
    try:
        return parse_postcode(typed)
    except PostcodeError:
        return ""


def redirect_to_digits(address: str) -> HttpResponsePermanentRedirect:
    """To the same question without the letters of the postcode, which nobody should keep."""
    return HttpResponsePermanentRedirect(address, headers={"Cache-Control": "no-store"})
