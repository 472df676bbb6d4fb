"""The words that offices are described in: sectors, and types of support."""

from collections.abc import Sequence

from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers

from api.resources import ValueList
from api.schema import problems
from regions import versions
from regions.models import SupportType
from regions.profiles import Term


class SectorSerializer(serializers.Serializer[Term]):
    """A kind of education."""

    code = serializers.CharField(help_text="po, vo, mbo, ho, so, pro or vavo.")
    nameNl = serializers.CharField(source="name_nl")
    nameEn = serializers.CharField(source="name_en")


class SupportTypeSerializer(serializers.Serializer[Term]):
    """Something an office may offer."""

    code = serializers.CharField()
    kind = serializers.ChoiceField(choices=SupportType.Kind.values)
    nameNl = serializers.CharField(source="name_nl")
    nameEn = serializers.CharField(source="name_en")


@extend_schema_view(
    get=extend_schema(
        operation_id="listSectors",
        summary="Sectors of education",
        description="In the order in which they are shown. New ones may come.",
        tags=["vocabulary"],
        responses={200: SectorSerializer(many=True), **problems(400, 404)},
    )
)
class SectorList(ValueList):
    """All sectors that can be asked for. No query."""

    serializer_class = SectorSerializer

    def values(self) -> Sequence[Term]:
        return tuple(versions.current().sectors.values())


@extend_schema_view(
    get=extend_schema(
        operation_id="listSupportTypes",
        summary="Types of support",
        description="By kind, in the order in which they are shown. New ones may come.",
        tags=["vocabulary"],
        responses={200: SupportTypeSerializer(many=True), **problems(400, 404)},
    )
)
class SupportTypeList(ValueList):
    """All types of support, by kind. No query."""

    serializer_class = SupportTypeSerializer

    def values(self) -> Sequence[Term]:
        return tuple(versions.current().support_types.values())
