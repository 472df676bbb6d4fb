"""The regional offices that somebody may edit."""

from typing import Any, cast

from django.utils import timezone
from drf_spectacular.utils import extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.problems import ProblemSerializer
from api.v1.my import revisions, subjects
from api.v1.my.described import changing, patching, reading
from api.v1.my.resources import OwnSubject, no_fields, read_body
from api.v1.my.work import work_on
from api.v1.offices import PhoneHoursSerializer
from api.values import TextOrNull
from navigator.accounts import audit
from regions.models import PublicationState, RegionalOffice
from regions.records import CONFIRMED
from regions.revisions import confirm


class PointSerializer(serializers.Serializer[Any]):
    """A point by WGS 84."""

    latitude = serializers.FloatField()
    longitude = serializers.FloatField()


class OfferedSerializer(serializers.Serializer[Any]):
    """A type of support that is offered."""

    note = TextOrNull()
    links = serializers.ListField(child=serializers.CharField())


class OfficeFieldsSerializer(serializers.Serializer[Any]):
    """What can be changed of an office. `api.v1.my.fields` reads and writes it."""

    name = serializers.CharField()
    description = TextOrNull(help_text="What the office does. Markdown.")
    targetGroups = TextOrNull(help_text="Whom it helps. Markdown.")
    schools = TextOrNull(help_text="Schools in the region. Markdown.")
    trainingInstitutes = TextOrNull(help_text="Markdown.")
    regulations = TextOrNull(help_text="Regulations and subsidies. Markdown.")
    matching = TextOrNull(help_text="What it does, and doesn't, to find a school. Markdown.")
    calendarUrl = TextOrNull(help_text="Calendar of activities.")
    website = TextOrNull()
    email = TextOrNull()
    emailResponse = serializers.ChoiceField(  # how soon a mail is answered
        choices=RegionalOffice.EmailResponse.values, allow_null=True
    )
    phone = TextOrNull(help_text="As people write it; told as +31302270374.")
    phoneHours = PhoneHoursSerializer(many=True)
    phoneNote = TextOrNull(help_text="Such as: closed in August.")
    preferredContact = serializers.ChoiceField(  # which way of contact works best
        choices=RegionalOffice.Way.values, allow_null=True
    )
    contactTeam = TextOrNull(help_text="Team or person to ask for.")
    whatToExpect = TextOrNull(help_text="What happens after contact was made. Markdown.")
    privacyUrl = TextOrNull()
    canBeVisited = serializers.BooleanField()
    visitingAddress = TextOrNull()
    visitingPoint = PointSerializer(allow_null=True)
    appointmentNeeded = serializers.BooleanField()
    sectors = serializers.ListField(child=serializers.CharField(), help_text="Codes; see /sectors.")
    municipalities = serializers.ListField(
        child=serializers.CharField(), help_text="CBS codes of those served as a whole."
    )
    partialPostcodes = serializers.ListField(
        child=serializers.CharField(), help_text="Of municipalities that are served in part."
    )
    support = serializers.DictField(
        child=OfferedSerializer(allow_null=True),
        help_text="By code of /support-types. Null takes one away; what isn't named stays.",
    )
    adviceUrl = TextOrNull(help_text="Where to book a personal conversation.")
    adviceNote = TextOrNull(help_text="How a personal conversation works.")
    slug = serializers.CharField(help_text="Administrators only, as all that follows.")
    state = serializers.ChoiceField(choices=PublicationState.values)
    nationwide = serializers.BooleanField()
    regions = serializers.ListField(child=serializers.CharField(), help_text="Slugs.")
    drawnArea = serializers.DictField(allow_null=True, help_text="A polygon in GeoJSON.")


class OfficeChangeSerializer(OfficeFieldsSerializer):
    """The fields of an office that change (JSON merge patch), and why."""

    note = TextOrNull(max_length=500, help_text="Why; it stands in the history.")


class MyOfficeSerializer(OfficeFieldsSerializer, subjects.WorkSerializer):
    """An office as its editors have it: the draft, where there is one, over what is public."""

    confirmedOn = serializers.DateField(allow_null=True)
    completeness = subjects.CompletenessSerializer()


class MyOfficeSummarySerializer(subjects.SummarySerializer):
    """An office in the list of those that somebody may edit."""

    confirmedOn = serializers.DateField(allow_null=True)
    completeness = subjects.CompletenessSerializer()


class MyOfficeTooLateSerializer(ProblemSerializer):
    """Somebody else was first."""

    current = MyOfficeSerializer(help_text="What it is now.")


class ConfirmationSerializer(serializers.Serializer[Any]):
    """When an office was last said to be right."""

    confirmedOn = serializers.DateField()


@extend_schema_view(
    get=reading(
        "listMyOffices",
        "Offices that you may edit",
        "By name, with how complete each is and how far its change is.",
        MyOfficeSummarySerializer(many=True),
    )
)
class MyOffices(subjects.SubjectList):
    """The offices that somebody may edit. At most nineteen queries."""

    kind = RegionalOffice


@extend_schema_view(
    get=reading(
        "getMyOffice",
        "An office with what is being changed",
        "All that can be changed, the draft included. `ETag` names this state.",
        MyOfficeSerializer,
    ),
    patch=patching(
        "changeMyOffice",
        "Change an office",
        OfficeChangeSerializer,
        MyOfficeSerializer,
        MyOfficeTooLateSerializer,
    ),
)
class MyOffice(subjects.SubjectView):
    """An office that somebody may edit."""

    kind = RegionalOffice


@extend_schema_view(
    get=reading(
        "getOfficeRevision",
        "The change of an office",
        "What is being worked on; 404 when nothing is.",
        revisions.RevisionSerializer,
    ),
    delete=changing(
        "withdrawOfficeRevision",
        "Give the change of an office up",
        "What is public stays as it is.",
        answers={204: None},
        too_late=MyOfficeTooLateSerializer,
    ),
)
class OfficeRevision(revisions.RevisionView):
    """The change of an office."""

    kind = RegionalOffice


@extend_schema_view(
    post=changing(
        "submitOfficeRevision",
        "Send the change of an office for review",
        "An administrator publishes it or sends it back.",
        request=revisions.SubmissionSerializer,
        answers={200: revisions.RevisionSerializer},
        too_late=MyOfficeTooLateSerializer,
    )
)
class OfficeSubmission(revisions.SubmissionView):
    """Sending the change of an office for review."""

    kind = RegionalOffice


@extend_schema_view(
    post=changing(
        "publishOfficeRevision",
        "Make the change of an office public",
        "For who may publish without review.",
        answers={200: revisions.RevisionSerializer},
        too_late=MyOfficeTooLateSerializer,
    )
)
class OfficePublication(revisions.PublicationView):
    """Making the change of an office public."""

    kind = RegionalOffice


@extend_schema_view(
    get=reading(
        "listOfficeHistory",
        "What was changed of an office",
        "What became public, the last first.",
        revisions.RevisionSerializer(many=True),
    )
)
class OfficeHistory(revisions.HistoryView):
    """What was changed of an office."""

    kind = RegionalOffice


@extend_schema_view(
    post=changing(
        "confirmMyOffice",
        "Everything is still right",
        "Stores today as the day on which the profile was confirmed, and who did it.",
        answers={200: ConfirmationSerializer},
        too_late=MyOfficeTooLateSerializer,
    )
)
class OfficeConfirmation(OwnSubject):
    """Everything is still right."""

    kind = RegionalOffice

    def post(self, request: Request, slug: str) -> Response:
        office = cast(RegionalOffice, self.subject(slug))
        no_fields(read_body(request))
        with self.as_seen(office):
            if confirm(office, by=self.user, at=timezone.now()):
                audit.record(
                    "profile_confirmed", request=request._request, who=self.user, about=office
                )
            work = work_on(office)
        confirmed = {"confirmedOn": work.record[CONFIRMED]}
        return Response(confirmed, headers={"ETag": work.etag})
