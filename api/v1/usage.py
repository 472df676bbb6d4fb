"""Who used the navigator: open data, as JSON, as CSV, and as an archive of a period.

The rows and what is said of their columns come from `navigator.statistics.open_data`.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any, Final

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import (
    OpenApiParameter,
    OpenApiResponse,
    extend_schema,
    extend_schema_view,
)
from rest_framework import serializers
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from api.schema import problems
from api.v1 import asked_period
from api.v1.open_figures import FORMATS, OpenData, OpenList
from api.v1.statistics import DayCountSerializer, PercentField, PeriodSerializer
from api.values import TextOrNull
from navigator.statistics import campaigns, open_data, periods
from navigator.statistics.left_out import left_out
from navigator.statistics.open_data import Column, Compare, Kind, Row
from navigator.statistics.usage_report import usage_report
from navigator.statistics.views import archive

_COMPARE: Final = OpenApiParameter(
    "compare",
    str,
    enum=[each.value for each in Compare],
    default=Compare.BEFORE.value,
    description="With the period before, with the same dates a year earlier, or with nothing.",
)
_FORMAT: Final = OpenApiParameter(
    "format",
    str,
    enum=FORMATS,
    description="Instead of the header `Accept`. CSV has the whole table, without pages.",
)


class UsageTableList(OpenList):
    """A table of the report of a period."""

    def values(self) -> Sequence[Row]:
        return open_data.rows(usage_report(self.period).tables[self.code], self.compare)


_FIELDS: Final[Mapping[Kind, type[serializers.Field[Any, Any, Any, Any]]]] = {
    Kind.TEXT: serializers.CharField,
    Kind.DAY: serializers.DateField,
    Kind.NUMBER: serializers.IntegerField,
    Kind.RATIO: PercentField,
}


def _field(column: Column) -> Any:
    told: dict[str, Any] = {"help_text": column.description}
    if column.kind is Kind.RATIO:
        return PercentField(**told)
    if column.kind is Kind.TEXT and column.can_be_empty:
        return TextOrNull(**told)
    return _FIELDS[column.kind](**told, allow_null=column.can_be_empty)


def _serializer(name: str, columns: Sequence[Column]) -> type[serializers.Serializer[Any]]:
    """What tells a row with these columns, called `name` in the description."""
    fields = {column.name: _field(column) for column in columns}
    return type(f"{name}Serializer", (serializers.Serializer,), fields)


def _described(
    operation: str, row: str, table: open_data.OpenTable, *parameters: OpenApiParameter
) -> Callable[[type[OpenList]], type[OpenList]]:
    """Gives a list its table, the serializer of its rows, and its place in the description."""

    def decorate(view: type[OpenList]) -> type[OpenList]:
        serializer = _serializer(row, table.columns)
        view.code, view.columns, view.serializer_class = table.code, table.columns, serializer
        described: type[OpenList] = extend_schema_view(
            get=extend_schema(
                operation_id=operation,
                summary=table.title,
                description=f"{table.description} Licence: {open_data.LICENCE}.",
                tags=["statistics"],
                parameters=[*asked_period.DESCRIBED, *parameters, _FORMAT],
                responses={
                    (200, "application/json"): serializer(many=True),
                    (200, "text/csv"): OpenApiResponse(
                        OpenApiTypes.STR, description="The whole table, under the names of JSON."
                    ),
                    **problems(400, 404, 429),
                },
            )
        )(view)
        return described

    return decorate


@_described("listUsageByDay", "UsageDay", open_data.TABLES["days"], _COMPARE)
class Days(UsageTableList):
    """Every day of the period."""


@_described("listUsageBySource", "UsageSource", open_data.TABLES["sources"], _COMPARE)
class Sources(UsageTableList):
    """Where people came from."""


@_described("listUsageByProvince", "UsageProvince", open_data.TABLES["provinces"], _COMPARE)
class Provinces(UsageTableList):
    """By province of what was searched."""


@_described(
    "listUsageByMunicipality",
    "UsageMunicipality",
    open_data.TABLES["municipalities"],
    _COMPARE,
)
class Municipalities(UsageTableList):
    """What was searched, by municipality."""


@_described("listUsageBySearch", "UsageSearch", open_data.TABLES["searches"], _COMPARE)
class Searches(UsageTableList):
    """What was searched, by municipality and sector."""


@_described(
    "listUsageWithoutOffice", "UsageWithoutOffice", open_data.TABLES["without-office"], _COMPARE
)
class WithoutOffice(UsageTableList):
    """What was searched in vain, by municipality and sector."""


@_described("listUsageByOffice", "UsageOffice", open_data.TABLES["offices"], _COMPARE)
class Offices(UsageTableList):
    """All offices, with their views."""


@_described("listUsageLeftOut", "UsageLeftOut", open_data.LEFT_OUT)
class LeftOut(OpenList):
    """What was not counted, by why."""

    parameters = tuple(name for name in OpenList.parameters if name != "compare")
    tells_left_out = True

    def values(self) -> Sequence[Row]:
        return open_data.left_out_rows(left_out(self.period))


class UsageCountSerializer(serializers.Serializer[Any]):
    """A number in the period, in the one before it, and in the same a year earlier."""

    now = serializers.IntegerField()
    before = serializers.IntegerField()
    changeBefore = PercentField(help_text="In percent of what it was.")
    yearBefore = serializers.IntegerField()
    changeYear = PercentField(help_text="In percent of what it was.")


class UsageRatioSerializer(serializers.Serializer[Any]):
    """A number with one decimal, as `UsageCount` has whole ones. Null: nothing to divide by."""

    now = PercentField()
    before = PercentField()
    changeBefore = PercentField(help_text="In percent of what it was.")
    yearBefore = PercentField()
    changeYear = PercentField(help_text="In percent of what it was.")


class UsageLinkSerializer(serializers.Serializer[Any]):
    """A table of the same period."""

    code = serializers.ChoiceField(choices=[*open_data.TABLES, open_data.LEFT_OUT.code])
    title = serializers.CharField()
    url = serializers.CharField()


class CampaignSerializer(serializers.Serializer[Any]):
    """A period with a name: its code can be given as `period`."""

    code = serializers.CharField()
    name = serializers.CharField()
    first = serializers.DateField()
    last = serializers.DateField()


class UsageSerializer(serializers.Serializer[Any]):
    """The main figures of a period."""

    period = PeriodSerializer()
    before = PeriodSerializer(help_text="As long, and directly before it.")
    yearBefore = PeriodSerializer(help_text="The same dates a year earlier.")
    visitors = UsageCountSerializer(
        help_text="Daily visitors, added up: who came on two days counts twice."
    )
    searches = UsageCountSerializer()
    views = UsageCountSerializer(help_text="Of the pages of offices.")
    viewsAVisitor = UsageRatioSerializer()
    servedShare = UsageRatioSerializer(
        help_text="Of the searches, in percent: with at least one regional office."
    )
    recordDay = DayCountSerializer(
        allow_null=True, help_text="The earliest day with the most visitors."
    )
    firstDay = serializers.DateField(
        allow_null=True, help_text="The earliest day of which anything is known."
    )
    tables = UsageLinkSerializer(many=True)
    archive = serializers.CharField(help_text="Address of all tables in one file.")
    campaigns = CampaignSerializer(many=True)
    licence = serializers.CharField(help_text="As SPDX names it.")


class Usage(OpenData):
    """The main figures of a period, and where its tables are."""

    @extend_schema(
        operation_id="getUsage",
        summary="How many people used the navigator",
        description=(
            "Visitors, searches and views of a period, beside those of the period before and of a "
            f"year earlier. Licence: {open_data.LICENCE}."
        ),
        tags=["statistics"],
        parameters=asked_period.DESCRIBED,
        responses={200: UsageSerializer, **problems(400, 429)},
    )
    def get(self, request: Request) -> HttpResponse:
        return self.answer(self._told)

    @cached_property
    def campaigns(self) -> Sequence[periods.NamedPeriod]:
        """All campaigns. One query."""
        return campaigns.named_periods()

    @property
    def about(self) -> str:
        return f"{super().about} {self.campaigns}"

    def _told(self) -> Response:
        period, report = self.period, usage_report(self.period)
        figures = {
            "period": period,
            "before": period.before,
            "yearBefore": period.year_before,
            "visitors": open_data.beside(report.visitors),
            "searches": open_data.beside(report.searches),
            "views": open_data.beside(report.views),
            "viewsAVisitor": open_data.beside(report.views_a_visitor),
            "servedShare": open_data.beside(report.served_share),
            "recordDay": report.record_day,
            "firstDay": report.first_day,
            "tables": [
                {
                    "code": table.code,
                    "title": table.title,
                    "url": self.url(f"usage-{table.code}", period),
                }
                for table in (*open_data.TABLES.values(), open_data.LEFT_OUT)
            ],
            "archive": self.url("usage-archive", period),
            "campaigns": [
                {
                    "code": each.code,
                    "name": each.name,
                    "first": each.period.first,
                    "last": each.period.last,
                }
                for each in self.campaigns
            ],
            "licence": open_data.LICENCE,
        }
        return Response(UsageSerializer(figures).data)


class Archive(OpenData):
    """All tables of a period in one file."""

    @extend_schema(
        operation_id="getUsageArchive",
        summary="All figures of a period in one file",
        description=(
            "A zip file with every table as CSV (`compare=before`), and a README that says what "
            "each column means and how it was counted. The same figures give the same bytes. "
            f"Licence: {open_data.LICENCE}."
        ),
        tags=["statistics"],
        parameters=asked_period.DESCRIBED,
        responses={(200, "application/zip"): OpenApiTypes.BINARY, **problems(400, 429)},
    )
    def get(self, request: Request) -> HttpResponse:
        return archive.answer(request._request, self.period, preset=self.preset)

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:
        """It is a zip file whatever is accepted; a problem is JSON."""
        return JSONRenderer(), JSONRenderer.media_type
