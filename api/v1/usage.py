"""Who used the navigator: open data, as JSON, as CSV, and as an archive of a period.

The rows and what is said of their columns come from `navigator.statistics.open_data`.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Any, ClassVar, Final

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import (
    OpenApiParameter,
    OpenApiResponse,
    extend_schema,
    extend_schema_view,
)
from rest_framework import exceptions, serializers
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from api.pagination import PageNumberPagination
from api.problems import InvalidRequest, Mistake
from api.resources import ReadOnlyResource, ValueList
from api.schema import problems
from api.v1.statistics import DayCountSerializer, PercentField, PeriodSerializer
from api.values import TextOrNull
from navigator.statistics import brakes, campaigns, freshness, open_data, periods
from navigator.statistics.brakes import TooOften
from navigator.statistics.left_out import left_out
from navigator.statistics.open_data import Column, Compare, Kind, Row
from navigator.statistics.periods import Period, PeriodError
from navigator.statistics.usage_report import usage_report
from navigator.statistics.views import archive

_FORMATS: Final = ("json", "csv")
_PERIOD: Final = [
    OpenApiParameter("from", date, description="The first day of the period."),
    OpenApiParameter("to", date, description="The last day of the period, which belongs to it."),
    OpenApiParameter(
        "period",
        str,
        description=(
            f"Instead of `from` and `to`: {', '.join(f'`{code}`' for code in periods.PRESETS)}, "
            "or the code of a campaign (see `/statistics/usage`). Without any of them: `last-30`."
        ),
    ),
]
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
    enum=_FORMATS,
    description="Instead of the header `Accept`. CSV has the whole table, without pages.",
)


class CsvRenderer(BaseRenderer):
    """Rows of a view with `columns`, as CSV."""

    media_type = "text/csv"
    format = "csv"

    def render(
        self,
        data: Sequence[Row],
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        columns: Sequence[Column] = (renderer_context or {})["view"].columns
        return open_data.csv(columns, data)


class WholeTable(PageNumberPagination):
    """Pages that hold a whole table, most of the time: all offices, and a year of days."""

    page_size = 500
    max_page_size = 1000
    page_size_query_description = "How many results a page has: 1 to 1000, normally 500."


class OpenData(ReadOnlyResource):
    """Figures of a period. Who has them already is told so before they are computed."""

    parameters: ClassVar[Sequence[str]] = periods.NAMES
    tells_left_out: ClassVar[bool] = False

    @cached_property
    def period(self) -> Period:
        """What is asked for. Raises InvalidRequest."""
        given = {name: self.request.query_params.get(name, "") for name in periods.NAMES}
        named = campaigns.named_periods() if given["period"] else ()
        try:
            return periods.read(given, today=timezone.localdate(), campaigns=named)
        except PeriodError as error:
            codes = (*periods.PRESETS, *(each.code for each in named))
            known = codes if error.code == "unknown_period" else ()
            mistakes = [
                Mistake(wrong.name, wrong.code, wrong.message, known)
                for wrong in (error, *error.also)
            ]
        raise InvalidRequest(mistakes)

    @property
    def preset(self) -> str:
        """The name by which the period is asked for; empty when it is asked for by its days."""
        given = self.request.query_params
        return given.get("period", "" if "from" in given else periods.NORMAL)

    @property
    def about(self) -> str:
        """What the answer depends on, beside the figures of the period."""
        asked = sorted(self.request.query_params.items())
        renderer = getattr(self.request, "accepted_renderer", None)
        return repr((self.request.path, asked, renderer and renderer.format))

    def answer(self, make: Callable[[], HttpResponse]) -> HttpResponse:
        """What `make` answers, or that nothing has changed."""
        fresh = freshness.of(
            self.period,
            preset=self.preset,
            about=self.about,
            left_out=self.tells_left_out,
            now=timezone.now(),
        )
        return freshness.answer(self.request._request, fresh, self.period, make)

    def handle_exception(self, exc: Exception) -> Response:
        """Too many long periods are the same problem as other requests that come too often."""
        if isinstance(exc, TooOften):
            exc = exceptions.Throttled(wait=brakes.WAIT_S)
        return super().handle_exception(exc)

    def finalize_response(
        self, request: Request, response: Any, *args: Any, **kwargs: Any
    ) -> Response:
        told = super().finalize_response(request, response, *args, **kwargs)
        told.headers["Link"] = f'<{open_data.LICENCE_URL}>; rel="license"'
        return told

    def url(self, name: str, period: Period) -> str:
        """The absolute address of something of the same days, also tomorrow."""
        path = reverse(f"api:{name}")
        return self.request.build_absolute_uri(f"{path}?from={period.first}&to={period.last}")


class OpenList(OpenData, ValueList):
    """A table of a period: a page at a time as JSON, or the whole of it as CSV."""

    renderer_classes = [JSONRenderer, CsvRenderer]
    pagination_class = WholeTable
    columns: ClassVar[Sequence[Column]] = ()
    code: ClassVar[str] = ""
    parameters = (*periods.NAMES, "compare", "format", *ValueList.parameters)

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:
        """By `format`, and without it by `Accept`."""
        for renderer in self.get_renderers():
            if renderer.format == request.query_params.get("format"):
                return renderer, renderer.media_type
        return super().perform_content_negotiation(request, force)

    def handle_exception(self, exc: Exception) -> Response:
        """A problem is told as JSON, also to who asked for CSV."""
        self.request.accepted_renderer = JSONRenderer()
        return super().handle_exception(exc)

    def get(  # type: ignore[override]  # a 304 is no answer of REST framework
        self, request: Request, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        self._refuse_what_is_unknown()
        return self.answer(lambda: self._told(request))

    @property
    def compare(self) -> Compare:
        """With what to compare."""
        return Compare(self.request.query_params.get("compare", Compare.BEFORE))

    def _told(self, request: Request) -> Response:
        if request.accepted_renderer.format != "csv":
            return self.list(request)
        period = self.period
        name = f"{self.code}-{period.first.isoformat()}-{period.last.isoformat()}.csv"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return Response(self.values(), headers=headers)

    def _refuse_what_is_unknown(self) -> None:
        """Raises InvalidRequest for another `compare` or `format` than there are."""
        choices = {"compare": tuple(Compare), "format": _FORMATS}
        given = self.request.query_params
        mistakes = [
            Mistake(name, f"unknown_{name}", f"Choose from {', '.join(known)}.", tuple(known))
            for name, known in choices.items()
            if name in self.parameters and given.get(name, known[0]) not in known
        ]
        if mistakes:
            raise InvalidRequest(mistakes)


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
                parameters=[*_PERIOD, *parameters, _FORMAT],
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

    parameters = (*periods.NAMES, "format", *ValueList.parameters)
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
        parameters=_PERIOD,
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
        parameters=_PERIOD,
        responses={(200, "application/zip"): OpenApiTypes.BINARY, **problems(400, 429)},
    )
    def get(self, request: Request) -> HttpResponse:
        return archive.answer(request._request, self.period, preset=self.preset)

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:
        """It is a zip file whatever is accepted; a problem is JSON."""
        return JSONRenderer(), JSONRenderer.media_type
