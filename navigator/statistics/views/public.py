"""The figures that everybody may see. Looking at them is neither a search nor a view."""

from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import cache_control

from navigator.methods import takes
from navigator.proxies import client_address
from navigator.statistics import brakes, forms, pages, publishing, tables
from navigator.statistics.periods import Period
from navigator.statistics.publishing import Published
from navigator.statistics.reports import advice_report
from navigator.statistics.sources import origin_of
from navigator.statistics.values import AdviceReport
from regions import sheets

kept_by_the_browser_alone = cache_control(private=True, no_cache=True)


@login_not_required
@kept_by_the_browser_alone
@takes("GET", "HEAD")
def statistics(request: HttpRequest) -> HttpResponse:
    """The published figures of a period, or that there are none yet."""
    public = publishing.published_tables()
    asked = forms.asked(request.GET.dict(), today=timezone.localdate())
    if asked.period and public.tables and not _may_ask(request, asked.period):
        return _too_often(request)
    report = _report(asked.period, public) if asked.period and public.tables else None
    carried = origin_of(request).carried
    context = {
        **pages.context(asked, report, order=request.GET.get("order", "")),
        "public": public,
        "carried_query": f"?{urlencode(carried)}" if carried else "",
        "own_query": f"?{urlencode({**asked.question, **carried})}",
    }
    return render(request, "statistics/public.html", context, status=200 if asked.period else 400)


@login_not_required
@kept_by_the_browser_alone
@takes("GET", "HEAD")
def download(request: HttpRequest, table: str, kind: str) -> HttpResponse:
    """A published table as a file. Any other is not found."""
    public = publishing.published_tables()
    if table not in public.tables or kind not in sheets.FORMATS:
        raise Http404("no such published table")
    asked = forms.asked(request.GET.dict(), today=timezone.localdate())
    if asked.period is None:
        return statistics(request)
    if not _may_ask(request, asked.period):
        return _too_often(request)
    return pages.file(_report(asked.period, public), table, kind)


def _may_ask(request: HttpRequest, period: Period) -> bool:
    return brakes.may_ask(period, client_address(request), timezone.now())


def _too_often(request: HttpRequest) -> HttpResponse:
    response = render(request, "429.html", status=429)
    response.headers["Retry-After"] = str(brakes.WAIT_S)
    return response


def _report(period: Period, public: Published) -> AdviceReport:
    return tables.published(advice_report(period), public.tables, hide_small=public.hide_small)
