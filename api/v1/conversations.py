"""What advisors registered of conversations: for other contact systems, and for their own lists."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final, cast
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import exceptions, generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api.bodies import read_object
from api.problems import Impossible, Mistake
from api.schema import problems
from api.v1 import conversation_body, conversation_filter
from api.v1.conversation_body import Sent
from api.v1.my.resources import IsSomebody, OwnResource
from api.values import TextOrNull, page_address
from navigator.accounts import rules
from navigator.accounts.models import User
from navigator.advice import registration
from navigator.advice.facts import MOST_OF_NAME, MOST_OF_NOTE, Outcome
from navigator.advice.models import AdviceConversation, Channel, Destination
from navigator.advice.models.conversations import AdviceConversationQuerySet
from navigator.advice.registration import ChangedSince, HasSlip, KeyTaken

OUTCOMES: Final = Outcome.values
ORIGINS: Final = AdviceConversation.Origin.values
_REASONS: Final = {
    "key_taken": "Under this key something else was registered, which stays as it is. Make a new "
    "key for another conversation.",
    "has_slip": "A slip belongs to this conversation. Withdraw that on the site first.",
    "changed_since": "Somebody else changed it meanwhile. Read it again.",
}


class IsAdvisor(IsSomebody):
    """An advisor, or an administrator."""

    message = "Conversations are for advisors."

    def has_permission(self, request: Request, view: APIView) -> bool:
        return super().has_permission(request, view) and rules.is_advisor(request.user)


class AdvisorsResource(OwnResource):
    """A view for advisors, of what they may see: their own; administrators all."""

    permission_classes = [IsAdvisor]

    @property
    def user(self) -> User:
        """Who asks."""
        return cast(User, self.request.user)

    def visible(self) -> AdviceConversationQuerySet:
        """The conversations that they may see."""
        every: AdviceConversationQuerySet = AdviceConversation.objects.all()
        return every if rules.is_administrator(self.user) else every.filter(advisor=self.user)


class ReferralSerializer(serializers.Serializer[Any]):
    """A referral to one kind of destination."""

    destination = serializers.ChoiceField(choices=Destination.values)
    name = TextOrNull(
        required=False,
        max_length=MOST_OF_NAME,
        help_text="Which one; not of regional-office and contact-person. No personal data.",
    )
    offices = serializers.ListField(
        child=serializers.CharField(),
        required=False,
        help_text="Slugs, of regional-office alone; see /offices.",
    )


class RegistrationSerializer(serializers.Serializer[Any]):
    """What is sent of a conversation. `api.v1.conversation_body` reads it."""

    key = serializers.UUIDField(
        required=False,
        help_text="Made by you, so that it is stored once; or in `Idempotency-Key`.",
    )
    moment = serializers.DateTimeField(
        required=False, allow_null=True, help_text="With its offset. Left out: now."
    )
    channel = serializers.ChoiceField(choices=Channel.values)
    interests = serializers.ListField(
        child=serializers.CharField(),
        required=False,
        help_text="Codes of /sectors; or one of undecided, unknown and not-applicable.",
    )
    outcome = serializers.ChoiceField(  # left out, it follows from the referrals
        choices=OUTCOMES, required=False, allow_null=True
    )
    referrals = ReferralSerializer(many=True, required=False)
    note = TextOrNull(required=False, max_length=MOST_OF_NOTE, help_text="No personal data.")


class ToldReferralSerializer(serializers.Serializer[Any]):
    """A referral as it is told."""

    destination = serializers.ChoiceField(choices=Destination.values)
    name = TextOrNull()
    offices = serializers.ListField(child=serializers.CharField(), help_text="Slugs.")


class ConversationSerializer(serializers.Serializer[Any]):
    """A conversation as it is registered now. Nothing tells who the candidate was."""

    key = serializers.UUIDField()
    url = serializers.CharField(help_text="Its page, for people.")
    moment = serializers.DateTimeField()
    day = serializers.DateField(help_text="Of the moment, in Europe/Amsterdam.")
    channel = serializers.ChoiceField(choices=Channel.values)
    outcome = serializers.ChoiceField(  # null in figures from before
        choices=OUTCOMES, allow_null=True
    )
    interests = serializers.ListField(child=serializers.CharField())
    referrals = ToldReferralSerializer(many=True)
    note = TextOrNull()
    origin = serializers.ChoiceField(choices=ORIGINS)
    advisor = TextOrNull(help_text="Whose it is; null for what was imported.")
    registeredAt = serializers.DateTimeField()
    withdrawnAt = serializers.DateTimeField(allow_null=True, help_text="Then it doesn't count.")


def _filter(name: str, description: str, kind: Any = str, **more: Any) -> OpenApiParameter:
    return OpenApiParameter(name, kind, description=description, **more)


@extend_schema_view(
    get=extend_schema(
        operation_id="listConversations",
        summary="Conversations",
        description="Advisors their own, administrators all; the last first.",
        tags=["conversations"],
        parameters=[
            _filter("from", "The first day, such as 2026-11-01."),
            _filter("to", "The last day; it is included."),
            _filter("channel", "By this channel.", enum=Channel.values),
            _filter("destination", "Referred to this kind of destination, or not-referred."),
            _filter("office", "Referred to this office (slug)."),
            _filter("sector", "With this interest: a sector, or undecided and the like."),
            _filter("mine", "`true`: only your own, for administrators.", bool),
            _filter("withdrawn", "`true`: those that were withdrawn, instead of those not.", bool),
        ],
        responses={200: ConversationSerializer(many=True), **problems(400, 401, 403, 404)},
    ),
    post=extend_schema(
        operation_id="registerConversation",
        summary="Register a conversation",
        description=(
            "Stored once under its key: sent again it is answered with 200, and 409 when the key "
            "stands for something else. Without a moment a repeated key keeps the first one."
        ),
        tags=["conversations"],
        parameters=[
            OpenApiParameter(
                "Idempotency-Key",
                {"type": "string", "format": "uuid"},
                OpenApiParameter.HEADER,
                description="The key, when it isn't in the body.",
            )
        ],
        request=RegistrationSerializer,
        responses={
            201: ConversationSerializer,
            200: ConversationSerializer,
            **problems(400, 401, 403, 409, 413, 415, 429),
        },
    ),
)
class Conversations(AdvisorsResource, generics.ListAPIView[AdviceConversation]):
    """Register a conversation, and list those that somebody may see. A fixed number of queries."""

    parameters = (*conversation_filter.PARAMETERS, "page", "pageSize")

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        asked = conversation_filter.chosen(self.visible(), request.query_params, user=self.user)
        page = self.paginate_queryset(asked.whole()) or ()
        return self.get_paginated_response([_tell(each, request) for each in page])

    def post(self, request: Request) -> Response:
        at = timezone.now()
        header = request.headers.get("Idempotency-Key")
        sent = conversation_body.read(read_object(request), header=header, at=at)
        conversation, is_new = _register(sent, by=self.user, at=at)
        there = reverse("api:conversation", args=[conversation.key])
        return Response(
            _tell(conversation, request),
            status=status.HTTP_201_CREATED if is_new else status.HTTP_200_OK,
            headers={"Location": request.build_absolute_uri(there)},
        )


@extend_schema_view(
    get=extend_schema(
        operation_id="getConversation",
        summary="A conversation",
        description="As it is registered now; also when it was withdrawn.",
        tags=["conversations"],
        responses={200: ConversationSerializer, **problems(400, 401, 403, 404)},
    ),
    delete=extend_schema(
        operation_id="withdrawConversation",
        summary="Withdraw a conversation",
        description=(
            "It doesn't count any more, and can be brought back on the site. Advisors their own, "
            "for 30 days; administrators always."
        ),
        tags=["conversations"],
        responses={204: None, **problems(400, 401, 403, 404, 409, 429)},
    ),
)
class Conversation(AdvisorsResource):
    """A conversation that somebody may see."""

    def get(self, request: Request, key: UUID) -> Response:
        return Response(_tell(self.found(key), request))

    def delete(self, request: Request, key: UUID) -> Response:
        """Withdraw it; it stays in the history."""
        found, at = self.found(key), timezone.now()
        if not rules.may_correct_conversation(
            self.user, advisor_id=found.advisor_id, registered_at=found.registered_at, at=at
        ):
            raise exceptions.PermissionDenied(
                "Advisors withdraw their own conversations for 30 days; ask an administrator."
            )
        try:
            registration.withdraw(found, by=self.user, at=at, seen=found.edition)
        except HasSlip:
            raise _impossible("", "has_slip") from None
        except ChangedSince:
            raise _impossible("", "changed_since") from None
        return Response(status=status.HTTP_204_NO_CONTENT)

    def found(self, key: UUID) -> AdviceConversation:
        """The conversation with this key. Raises NotFound."""
        found = self.visible().filter(key=key).whole().first()
        if found is None:
            raise exceptions.NotFound("There is no conversation with this key that you may see.")
        return found


def _register(sent: Sent, *, by: User, at: datetime) -> tuple[AdviceConversation, bool]:
    """Raises Impossible when the key stands for something else."""
    told: dict[str, Any] = {"key": sent.key, "by": by, "at": at}
    origin = AdviceConversation.Origin.API
    try:
        try:
            made, is_new = registration.register(facts=sent.facts, origin=origin, **told)
        except KeyTaken:
            first = None if sent.has_moment else registration.first_moment(sent.key)
            if first is None:
                raise
            again = replace(sent.facts, moment=first)
            made, is_new = registration.register(facts=again, origin=origin, **told)
    except KeyTaken:
        raise _impossible("key", "key_taken") from None
    return AdviceConversation.objects.whole().get(pk=made.pk), is_new


def _impossible(field: str, code: str) -> Impossible:
    return Impossible([Mistake(field, code, _REASONS[code])])


def _tell(conversation: AdviceConversation, request: Request) -> Mapping[str, Any]:
    """A conversation as `ConversationSerializer` describes it. No queries for one of `whole()`."""
    facts = registration.facts_of(conversation)
    return {
        "key": conversation.key,
        "url": page_address(request, "advice:conversation", str(conversation.pk)),
        "moment": conversation.moment,
        "day": conversation.day,
        "channel": facts.channel,
        "outcome": facts.outcome or None,
        "interests": facts.interests,
        "referrals": [
            {"destination": each.destination, "name": each.name or None, "offices": each.offices}
            for each in facts.referrals
        ],
        "note": facts.note or None,
        "origin": conversation.origin,
        "advisor": str(conversation.advisor) if conversation.advisor else None,
        "registeredAt": conversation.registered_at,
        "withdrawnAt": conversation.withdrawn_at,
    }
