"""Regional offices: the list with its filters, and one with all that is known of it."""

from collections.abc import Sequence
from typing import Any

import django_filters
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpResponseBase
from django_filters.fields import MultipleChoiceField
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.resources import ReadOnlyResource, ValueList, moved
from api.schema import problems
from api.v1.geography import digits_of, redirect_to_digits
from api.values import (
    MunicipalitySerializer,
    NamedSerializer,
    ProvinceSerializer,
    TextOrNull,
    page_address,
    province_json,
)
from regions import places, versions
from regions.models import (
    EducationRegion,
    Municipality,
    Postcode,
    Reach,
    RegionalOffice,
)
from regions.opening import Hours
from regions.postcodes import PostcodeError, parse_postcode
from regions.profiles import OfferedSupport, Profile, ServedMunicipality


class PhoneHoursSerializer(serializers.Serializer[Hours]):
    """A time on a weekday at which the phone is answered; local time, not on public holidays."""

    weekday = serializers.IntegerField(min_value=1, max_value=7, help_text="1 is Monday.")
    opens = serializers.TimeField(format="%H:%M", help_text="Such as 09:00.")
    closes = serializers.TimeField(format="%H:%M", help_text="Such as 17:00.")


class ContactSerializer(serializers.Serializer[Profile]):
    """How to reach an office. What is unknown is null."""

    website = TextOrNull()
    email = TextOrNull()
    emailResponse = serializers.ChoiceField(  # how soon a mail is answered
        source="email_response", choices=RegionalOffice.EmailResponse.values, allow_null=True
    )
    phone = TextOrNull(help_text="In international form, such as +31302270374.")
    phoneHours = PhoneHoursSerializer(source="phone_hours", many=True)
    canBeVisited = serializers.BooleanField(source="has_visiting_location")
    visitingAddress = TextOrNull(source="visiting_address")
    appointmentNeeded = serializers.BooleanField(source="appointment_needed")
    adviceUrl = TextOrNull(source="advice_url", help_text="Where to book a personal conversation.")
    privacyUrl = TextOrNull(source="privacy_url")

    def to_representation(self, profile: Profile) -> dict[str, Any]:
        contact = super().to_representation(profile)
        return {**contact, "emailResponse": contact["emailResponse"] or None}


class OfficeSerializer(serializers.Serializer[Profile]):
    """An office as lists and answers have it."""

    slug = serializers.CharField()
    name = serializers.CharField()
    url = serializers.SerializerMethodField(help_text="The office's page, for people.")
    nationwide = serializers.BooleanField()
    regions = NamedSerializer(many=True)
    sectors = serializers.ListField(child=serializers.CharField(), help_text="Codes; see /sectors.")
    support = serializers.SerializerMethodField(help_text="Codes; see /support-types.")
    contact = ContactSerializer(source="*")

    @extend_schema_field({"type": "string", "format": "uri"})
    def get_url(self, profile: Profile) -> str:
        return page_address(self.context["request"], "finder:office", profile.slug)

    def get_support(self, profile: Profile) -> list[str]:
        return [offered.code for offered in profile.support]


class SupportSerializer(serializers.Serializer[OfferedSupport]):
    """A type of support that the office offers."""

    code = serializers.CharField()
    kind = serializers.SerializerMethodField(
        help_text="advice, orientation, placement or information."
    )
    note = TextOrNull()
    links = serializers.ListField(child=serializers.CharField())

    def get_kind(self, offered: OfferedSupport) -> str:
        return versions.current().support_types[offered.code].kind


class ServiceAreaSerializer(serializers.Serializer[ServedMunicipality]):
    """A municipality that the office says it serves."""

    municipality = MunicipalitySerializer(source="*")
    province = serializers.SerializerMethodField()
    postcodes = serializers.ListField(
        child=serializers.CharField(),
        help_text="Those that it serves; empty when it serves the whole municipality.",
    )

    @extend_schema_field(ProvinceSerializer)
    def get_province(self, served: ServedMunicipality) -> dict[str, str]:
        return province_json(served.province)


class OfficeDetailSerializer(OfficeSerializer):
    """An office with all that is known of it. Texts said to be Markdown are as they were typed."""

    description = TextOrNull(help_text="What the office does. Markdown.")
    targetGroups = TextOrNull(source="target_groups", help_text="Whom it helps. Markdown.")
    schools = TextOrNull(help_text="Schools in the region. Markdown.")
    trainingInstitutes = TextOrNull(source="training_institutes", help_text="Markdown.")
    regulations = TextOrNull(help_text="Regulations and subsidies. Markdown.")
    matching = TextOrNull(help_text="What it does, and doesn't, to find a school. Markdown.")
    calendarUrl = TextOrNull(source="calendar_url", help_text="Calendar of activities.")
    phoneNote = TextOrNull(source="phone_note", help_text="Belongs to `contact.phoneHours`.")
    preferredContact = serializers.ChoiceField(  # which way of contact works best
        source="preferred_contact", choices=RegionalOffice.Way.values, allow_null=True
    )
    contactTeam = TextOrNull(source="contact_team", help_text="Team or person to ask for.")
    whatToExpect = TextOrNull(
        source="what_to_expect", help_text="What happens after contact was made. Markdown."
    )
    adviceNote = TextOrNull(source="advice_note", help_text="How a personal conversation works.")
    supportDetails = SupportSerializer(source="support", many=True)
    serviceArea = ServiceAreaSerializer(source="municipalities", many=True)
    servedPostcodes = serializers.IntegerField(
        source="served_postcodes", help_text="How many postcodes it serves."
    )
    neighbours = NamedSerializer(
        many=True, help_text="Offices that serve some of the same postcodes."
    )
    factsOf = serializers.DateField(
        source="facts_of", allow_null=True, help_text="When the source last changed these facts."
    )
    confirmedOn = serializers.DateField(
        source="confirmed_on", allow_null=True, help_text="When the office last said: all right."
    )

    def to_representation(self, profile: Profile) -> dict[str, Any]:
        office = super().to_representation(profile)
        return {**office, "preferredContact": office["preferredContact"] or None}


def _check_postcode(typed: str) -> None:
    try:
        postcode = parse_postcode(typed)
    except PostcodeError as error:
        raise ValidationError(str(error), error.code) from None
    known = Postcode.objects.filter(code=postcode).values_list("po_box_only", flat=True).first()
    if known is None:
        raise ValidationError("This postcode does not exist.", "unknown_postcode")
    if known:
        raise ValidationError("This postcode has PO boxes only; nobody lives there.", "po_box_only")


def _check_sector(code: str) -> None:
    if code not in (known := versions.current().sectors):
        raise ValidationError(
            f"There is no such sector; choose from {', '.join(known)}.", "unknown_sector"
        )


def _check_region(slug: str) -> None:
    if not EducationRegion.objects.published().filter(slug=slug).exists():
        raise ValidationError("There is no such region; see /regions.", "unknown_region")


def _check_municipality(code: str) -> None:
    if not Municipality.objects.filter(code=code).exists():
        raise ValidationError(
            "There is no municipality with this CBS code, such as GM0599.", "unknown_municipality"
        )


def _check_name(typed: str) -> None:
    if not places.name_key(typed):
        raise ValidationError("Give at least one letter or digit.", "no_letters")


class _SupportField(MultipleChoiceField):  # type: ignore[misc]  # django-filter has no types
    def validate(self, value: list[str]) -> None:
        if not set(value) <= (known := versions.current().support_types).keys():
            raise ValidationError(
                f"There is no such type of support; choose from {', '.join(known)}.",
                "unknown_support",
            )


_SUPPORT = "A code of /support-types. Can be given several times: all must be offered."


@extend_schema_field({"type": "string", "description": _SUPPORT})
class SupportFilter(django_filters.MultipleChoiceFilter):  # type: ignore[misc]  # the same
    """Types of support; offices that have all of them."""

    field_class = _SupportField


class OfficeFilter(django_filters.FilterSet):  # type: ignore[misc]  # the same
    """Which offices; all that is given must hold."""

    postcode = django_filters.CharFilter(
        method="serving_postcode",
        validators=[_check_postcode],
        help_text="Four digits: offices that serve it. POST /searches puts them in order.",
    )
    sector = django_filters.CharFilter(
        field_name="sectors", validators=[_check_sector], help_text="A code of /sectors."
    )
    support = SupportFilter(
        field_name="support__type",
        conjoined=True,
        distinct=False,
        help_text=_SUPPORT,
    )
    region = django_filters.CharFilter(
        field_name="regions__slug", validators=[_check_region], help_text="A slug of /regions."
    )
    municipality = django_filters.CharFilter(
        method="serving_municipality",
        validators=[_check_municipality],
        help_text="A CBS code, such as GM0599: offices that serve any part of it.",
    )
    q = django_filters.CharFilter(
        method="named", validators=[_check_name], help_text="A part of the name."
    )

    def serving_postcode(
        self, offices: QuerySet[RegionalOffice], name: str, value: str
    ) -> QuerySet[RegionalOffice]:
        served = Reach.objects.filter(postcode=parse_postcode(value), serves=True)
        return offices.filter(pk__in=served.values("office"))

    def serving_municipality(
        self, offices: QuerySet[RegionalOffice], name: str, value: str
    ) -> QuerySet[RegionalOffice]:
        served = Reach.objects.filter(municipality=value, serves=True)
        return offices.filter(pk__in=served.values("office"))

    def named(
        self, offices: QuerySet[RegionalOffice], name: str, value: str
    ) -> QuerySet[RegionalOffice]:
        """Compared without capitals, accents and spaces, so not by the database."""
        profiles = versions.current().profiles.values()
        part = places.name_key(value)
        return offices.filter(
            pk__in=[profile.id for profile in profiles if part in places.name_key(profile.name)]
        )


@extend_schema_view(
    get=extend_schema(
        operation_id="listOffices",
        summary="Offices, by name",
        description=(
            "In the order of their names. Which offices serve a postcode best is another "
            "question, with an order of its own: ask POST /searches. A postcode with letters is "
            "redirected to its digits."
        ),
        tags=["offices"],
        responses={200: OfficeSerializer(many=True), **problems(400, 404)},
    )
)
class OfficeList(ValueList):
    """Published offices. At most four queries; one without filters."""

    queryset = RegionalOffice.objects.published().order_by()
    serializer_class = OfficeSerializer
    filter_backends = [DjangoFilterBackend]
    filterset_class = OfficeFilter
    parameters = (*OfficeFilter.base_filters, *ValueList.parameters)
    repeatable = ("support",)

    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:  # type: ignore[override]  # or a redirect
        typed = request.query_params.get("postcode", "")
        digits = digits_of(typed)
        if digits and digits != typed:
            query = request.query_params.copy()
            query["postcode"] = digits
            return redirect_to_digits(f"{request.path}?{query.urlencode()}")
        return super().get(request, *args, **kwargs)

    def values(self) -> Sequence[Profile]:
        found = set(self.filter_queryset(self.get_queryset()).values_list("pk", flat=True))
        profiles = versions.current().profiles.values()
        return [profile for profile in profiles if profile.id in found]


class OfficeView(ReadOnlyResource):
    """A published office. No query, unless it has another address now."""

    @extend_schema(
        operation_id="getOffice",
        summary="An office with all that is known of it",
        description=(
            "The slug is the one of its page on the site. One that it had before is redirected."
        ),
        tags=["offices"],
        responses={200: OfficeDetailSerializer, **problems(400, 404)},
    )
    def get(self, request: Request, slug: str) -> HttpResponseBase:
        profile = versions.current().profiles.get(slug)
        if profile is None:
            return moved(RegionalOffice, "office", slug)
        return Response(OfficeDetailSerializer(profile, context={"request": request}).data)
