"""What open figures of a period have in common: told only to who doesn't have them yet, free to be
used by all, and as JSON or CSV.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any, ClassVar, Final

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from rest_framework import exceptions
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from api.pagination import PageNumberPagination
from api.problems import InvalidRequest, Mistake
from api.resources import ReadOnlyResource, ValueList
from api.v1 import asked_period
from api.v1.asked_period import period_from
from navigator.statistics import brakes, freshness, open_data, periods
from navigator.statistics.brakes import TooOften
from navigator.statistics.open_data import Column, Compare, Row
from navigator.statistics.periods import Period

FORMATS: Final = ("json", "csv")


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

    parameters: ClassVar[Sequence[str]] = asked_period.NAMES
    tells_left_out: ClassVar[bool] = False

    @cached_property
    def period(self) -> Period:
        """What is asked for. Raises InvalidRequest."""
        return period_from(self.request)

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
    parameters = (*asked_period.NAMES, "compare", "format", *ValueList.parameters)

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
        choices = {"compare": tuple(Compare), "format": FORMATS}
        given = self.request.query_params
        mistakes = [
            Mistake(name, f"unknown_{name}", f"Choose from {', '.join(known)}.", tuple(known))
            for name, known in choices.items()
            if name in self.parameters and given.get(name, known[0]) not in known
        ]
        if mistakes:
            raise InvalidRequest(mistakes)
