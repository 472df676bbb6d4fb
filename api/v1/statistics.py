"""The figures of advice: exact for who works with them, and what is published for everybody."""

from collections.abc import Sequence
from typing import Any, Final

from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from drf_spectacular.utils import (
    extend_schema,
    extend_schema_field,
    extend_schema_view,
)
from rest_framework import exceptions, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.authentication import BearerAuthentication, SessionAuthentication
from api.resources import ReadOnlyResource, ValueList
from api.schema import problems
from api.v1 import asked_period
from api.v1.asked_period import period_from
from navigator.accounts import rules
from navigator.proxies import client_address
from navigator.statistics import brakes, publishing, tables
from navigator.statistics.periods import Period
from navigator.statistics.reports import TABLES, AdviceReport, advice_report
from navigator.statistics.values import Count, Hidden, Table

# Of the columns of tables, the names in JSON.
_NAMES: Final = {
    "code": "code",
    "name": "name",
    "now": "now",
    "share": "share",
    "before": "before",
    "change_before": "changeBefore",
    "year_before": "yearBefore",
    "change_year": "changeYear",
    "known": "known",
    "contacted": "contacted",
    "median_days": "medianDays",
    "mean_days": "meanDays",
    "helped": "helped",
}


@extend_schema_field(
    {
        "oneOf": [
            {"type": "integer", "minimum": 0},
            {"type": "string", "enum": [each.value for each in Hidden]},
        ]
    }
)
class FigureField(serializers.Field[Any, Any, Any, Any]):
    """A number; published ones can be hidden: `<5`, or `x` when it would give one away."""

    def to_representation(self, value: Any) -> int | str:
        return str(value) if isinstance(value, str) else int(value)


class PercentField(serializers.FloatField):
    """In percent, with one decimal; null when it can't be told."""

    def __init__(self, **options: Any) -> None:
        super().__init__(allow_null=True, **options)


class CountSerializer(serializers.Serializer[Any]):
    """A number in the period, in the one before it, and in the same a year earlier."""

    now = FigureField()
    before = FigureField()
    changeBefore = PercentField()
    yearBefore = FigureField()
    changeYear = PercentField()


class PeriodSerializer(serializers.Serializer[Period]):
    """Whole days; both belong to it."""

    first = serializers.DateField()
    last = serializers.DateField()


class DayCountSerializer(serializers.Serializer[Any]):
    """A day with its number of conversations."""

    day = serializers.DateField()
    count = serializers.IntegerField()


class TableLinkSerializer(serializers.Serializer[Any]):
    """A table of the same period."""

    code = serializers.ChoiceField(choices=TABLES)
    title = serializers.CharField()
    url = serializers.CharField()


class AdviceFiguresSerializer(serializers.Serializer[Any]):
    """The figures of a period."""

    exact = serializers.BooleanField(help_text="False: as they are published.")
    period = PeriodSerializer()
    before = PeriodSerializer(help_text="As long, and directly before it.")
    yearBefore = PeriodSerializer(help_text="The same dates a year earlier.")
    conversations = CountSerializer(allow_null=True, help_text="Null when nothing is published.")
    withOutcome = CountSerializer(allow_null=True, help_text="Conversations with an outcome.")
    referrals = CountSerializer(allow_null=True, help_text="To the ten kinds of destination.")
    recordDay = DayCountSerializer(
        allow_null=True, help_text="The earliest day with the most conversations."
    )
    tables = TableLinkSerializer(many=True)


class LineSerializer(CountSerializer):
    """A line of a table. What the table doesn't have is left out."""

    code = serializers.CharField()
    name = serializers.CharField(help_text="In English, but for offices.")
    isTotal = serializers.BooleanField(help_text="What the lines are parts of. At the end.")
    share = PercentField(
        required=False, help_text="Of `destinations`: of the conversations with an outcome."
    )
    known = FigureField(required=False, help_text="Of `slips`: the outcome was told.")
    contacted = FigureField(required=False, help_text="Of `slips`: office and candidate spoke.")
    medianDays = PercentField(required=False, help_text="Of `slips`: working days until then.")
    meanDays = PercentField(required=False, help_text="Of `slips`: the same, on average.")
    helped = FigureField(required=False, help_text="Of `slips`.")


class AdviceFigures(ReadOnlyResource):
    """What both addresses know of who asks, and for what."""

    authentication_classes = [BearerAuthentication, SessionAuthentication]

    @property
    def is_exact(self) -> bool:
        """Whether who asks works with the figures."""
        return rules.is_advisor(self.request.user)

    @property
    def period(self) -> Period:
        """What is asked for. Raises InvalidRequest."""
        return period_from(self.request)

    def report(self) -> AdviceReport | None:
        """The figures as who asks may see them; None when nothing is published."""
        period = self.period
        if self.is_exact:
            return advice_report(period)
        public = publishing.published_tables()
        if not public.tables:
            return None
        if not brakes.may_ask(period, client_address(self.request._request), timezone.now()):
            raise exceptions.Throttled(wait=brakes.WAIT_S)
        report = advice_report(period)
        return tables.published(report, public.tables, hide_small=public.hide_small)

    def finalize_response(
        self, request: Request, response: Any, *args: Any, **kwargs: Any
    ) -> Response:
        told = super().finalize_response(request, response, *args, **kwargs)
        patch_vary_headers(told, ("Authorization", "Cookie"))
        if self.is_exact:
            told.headers["Cache-Control"] = "no-store, private"
            del told.headers["Access-Control-Allow-Origin"]
        return told


def _count_json(count: Count) -> dict[str, Any]:
    return {
        "now": count.now,
        "before": count.before,
        "changeBefore": count.change_before,
        "yearBefore": count.year_before,
        "changeYear": count.change_year,
    }


class AdviceView(AdviceFigures):
    """The figures of a period, and where its tables are. Seven queries at most."""

    parameters = asked_period.NAMES

    @extend_schema(
        operation_id="getAdviceFigures",
        summary="How many conversations advisors had, and where they led",
        description=(
            "Exact for advisors and administrators, by token or session; for everybody else what "
            "is published."
        ),
        tags=["statistics"],
        parameters=asked_period.DESCRIBED,
        responses={200: AdviceFiguresSerializer, **problems(400, 401, 403, 429)},
    )
    def get(self, request: Request) -> Response:
        period, report = self.period, self.report()
        figures = {
            "exact": self.is_exact,
            "period": period,
            "before": period.before,
            "yearBefore": period.year_before,
            "conversations": _count_json(report.conversations) if report else None,
            "withOutcome": _count_json(report.with_outcome) if report else None,
            "referrals": _count_json(report.referrals) if report else None,
            "recordDay": report and report.record_day,
            "tables": [
                {"code": table.code, "title": table.title, "url": self._url(table, period)}
                for table in (report.tables.values() if report else ())
            ],
        }
        return Response(AdviceFiguresSerializer(figures).data)

    def _url(self, table: Table, period: Period) -> str:
        """Of the same days, also tomorrow."""
        path = reverse("api:advice-table", args=[table.code])
        return self.request.build_absolute_uri(f"{path}?from={period.first}&to={period.last}")


@extend_schema_view(
    get=extend_schema(
        operation_id="listAdviceFigures",
        summary="A table of the figures of advice",
        description=(
            "`destinations`, `offices`, `sectors`, `channels`, `days`, `months` or `slips`; its "
            "totals come last. A table that isn't published is found by advisors and "
            "administrators alone."
        ),
        tags=["statistics"],
        parameters=asked_period.DESCRIBED,
        responses={200: LineSerializer(many=True), **problems(400, 401, 403, 404, 429)},
    )
)
class AdviceTable(AdviceFigures, ValueList):
    """A table of a period. Seven queries at most."""

    serializer_class = LineSerializer
    parameters = (*asked_period.NAMES, *ValueList.parameters)

    def values(self) -> Sequence[dict[str, Any]]:
        report = self.report()
        table = report.tables.get(self.kwargs["table"]) if report else None
        if table is None:
            raise exceptions.NotFound("There is no such table, or it isn't published.")
        return [
            {_NAMES[code]: value for code, value in row.items()}
            | {"isTotal": place >= len(table.lines)}
            for place, row in enumerate(tables.rows(table))
        ]
