"""The education regions that somebody may edit."""

from typing import Any

from drf_spectacular.utils import extend_schema_view
from rest_framework import serializers

from api.problems import ProblemSerializer
from api.v1.my import revisions, subjects
from api.v1.my.described import changing, patching, reading
from api.values import TextOrNull
from regions.models import EducationRegion, PublicationState


class RegionFieldsSerializer(serializers.Serializer[Any]):
    """What can be changed of a region. `api.v1.my.fields` reads and writes it."""

    name = serializers.CharField()
    website = TextOrNull()
    description = TextOrNull(help_text="Markdown.")
    slug = serializers.CharField(help_text="Administrators only, as all that follows.")
    state = serializers.ChoiceField(choices=PublicationState.values)
    reviewRequired = serializers.BooleanField(help_text="Whether its changes are reviewed.")


class RegionChangeSerializer(RegionFieldsSerializer):
    """The fields of a region that change (JSON merge patch), and why."""

    note = TextOrNull(max_length=500, help_text="Why; it stands in the history.")


class MyRegionSerializer(RegionFieldsSerializer, subjects.WorkSerializer):
    """A region as its editors have it: the draft, where there is one, over what is public."""


class MyRegionTooLateSerializer(ProblemSerializer):
    """Somebody else was first."""

    current = MyRegionSerializer(help_text="What it is now.")


@extend_schema_view(
    get=reading(
        "listMyRegions",
        "Education regions that you may edit",
        "By name, with how far the change of each is.",
        subjects.SummarySerializer(many=True),
    )
)
class MyRegions(subjects.SubjectList):
    """The regions that somebody may edit. At most eleven queries."""

    kind = EducationRegion


@extend_schema_view(
    get=reading(
        "getMyRegion",
        "A region with what is being changed",
        "All that can be changed, the draft included. `ETag` names this state.",
        MyRegionSerializer,
    ),
    patch=patching(
        "changeMyRegion",
        "Change a region",
        RegionChangeSerializer,
        MyRegionSerializer,
        MyRegionTooLateSerializer,
    ),
)
class MyRegion(subjects.SubjectView):
    """A region that somebody may edit."""

    kind = EducationRegion


@extend_schema_view(
    get=reading(
        "getRegionRevision",
        "The change of a region",
        "What is being worked on; 404 when nothing is.",
        revisions.RevisionSerializer,
    ),
    delete=changing(
        "withdrawRegionRevision",
        "Give the change of a region up",
        "What is public stays as it is.",
        answers={204: None},
        too_late=MyRegionTooLateSerializer,
    ),
)
class RegionRevision(revisions.RevisionView):
    """The change of a region."""

    kind = EducationRegion


@extend_schema_view(
    post=changing(
        "submitRegionRevision",
        "Send the change of a region for review",
        "An administrator publishes it or sends it back.",
        request=revisions.SubmissionSerializer,
        answers={200: revisions.RevisionSerializer},
        too_late=MyRegionTooLateSerializer,
    )
)
class RegionSubmission(revisions.SubmissionView):
    """Sending the change of a region for review."""

    kind = EducationRegion


@extend_schema_view(
    post=changing(
        "publishRegionRevision",
        "Make the change of a region public",
        "For who may publish without review.",
        answers={200: revisions.RevisionSerializer},
        too_late=MyRegionTooLateSerializer,
    )
)
class RegionPublication(revisions.PublicationView):
    """Making the change of a region public."""

    kind = EducationRegion


@extend_schema_view(
    get=reading(
        "listRegionHistory",
        "What was changed of a region",
        "What became public, the last first.",
        revisions.RevisionSerializer(many=True),
    )
)
class RegionHistory(revisions.HistoryView):
    """What was changed of a region."""

    kind = EducationRegion
