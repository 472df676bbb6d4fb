"""What a `type` of problem means, and the problem of an address that isn't one."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import exceptions, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.problems import TYPES, ProblemType, problem_type_address
from api.resources import ReadOnlyResource, Resource
from api.schema import problems


class ProblemTypeSerializer(serializers.Serializer[ProblemType]):
    """What a type of problem means."""

    type = serializers.SerializerMethodField(help_text="The `type` of such a problem.")
    title = serializers.CharField()
    status = serializers.IntegerField(help_text="The status of the response.")
    description = serializers.CharField()

    def get_type(self, kind: ProblemType) -> str:
        return problem_type_address(kind)


class ProblemTypeView(ReadOnlyResource):
    """What a type of problem means."""

    @extend_schema(
        operation_id="getProblemType",
        summary="What a type of problem means",
        description="The `type` of a problem is an address of this kind.",
        tags=["problems"],
        responses={200: ProblemTypeSerializer, **problems(404)},
    )
    def get(self, request: Request, code: str) -> Response:
        kind = TYPES.get(code)
        if kind is None:
            raise exceptions.NotFound("There is no such type of problem.")
        return Response(ProblemTypeSerializer(kind).data)


class Nowhere(Resource):
    """Every address below /api/ that isn't one."""

    schema = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        raise exceptions.NotFound(
            "There is nothing at this address. Addresses have no slash at the end; "
            "/api/v1/docs has them all."
        )
