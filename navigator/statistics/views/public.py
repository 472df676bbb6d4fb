"""The figures that everybody may see. Looking at them is neither a search nor a view."""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import cache_control

from navigator.methods import takes
from navigator.proxies import client_address
from navigator.statistics import brakes, campaigns, forms, pages, publishing, tables, usage_pages
from navigator.statistics.forms import Asked
from navigator.statistics.left_out import left_out
from navigator.statistics.periods import Period
from navigator.statistics.publishing import Published
from navigator.statistics.reports import advice_report
from navigator.statistics.sources import origin_of
from navigator.statistics.usage_report import USAGE_TABLES, usage_report
from navigator.statistics.values import AdviceReport
from regions import sheets

kept_by_the_browser_alone = cache_control(private=True, no_cache=True)


@login_not_required
@kept_by_the_browser_alone
@takes("GET", "HEAD")
def statistics(request: HttpRequest) -> HttpResponse:
    """The usage in a period, and the published figures of advice if there are any."""
    public = publishing.published_tables()
    asked, about = _asked(request)
    if asked.period and not _may_ask(request, asked.period):
        return too_often(request)
    order = request.GET.get("order", "")
    report = _report(asked.period, public) if asked.period and public.tables else None
    context = {**pages.context(asked, report, order=order), "public": public, **about}
    if asked.period:
        context |= usage_pages.context(
            usage_report(asked.period),
            left_out(asked.period),
            order=order,
            today=timezone.localdate(),
        )
    return render(request, "statistics/public.html", context, status=200 if asked.period else 400)


@login_not_required
@kept_by_the_browser_alone
@takes("GET", "HEAD")
def definitions(request: HttpRequest) -> HttpResponse:
    """What every figure means, and how many requests of a period were left out."""
    asked, about = _asked(request)
    if asked.period and not _may_ask(request, asked.period):
        return too_often(request)
    context = {
        **pages.context(asked, None, order=""),
        "left_out": usage_pages.left_out_rows(left_out(asked.period)) if asked.period else None,
        "keep_days": settings.KEEP_COUNTS_DAYS,
        "most_views": settings.VIEWS_A_VISITOR_A_DAY,
        **about,
    }
    return render(
        request, "statistics/definitions.html", context, status=200 if asked.period else 400
    )


@login_not_required
@kept_by_the_browser_alone
@takes("GET", "HEAD")
def usage_download(request: HttpRequest, table: str, kind: str) -> HttpResponse:
    """A table of usage as a file. Any other is not found."""
    if table not in USAGE_TABLES or kind not in sheets.FORMATS:
        raise Http404("no such table of usage")
    asked, _about = _asked(request)
    if asked.period is None:
        return statistics(request)
    if not _may_ask(request, asked.period):
        return too_often(request)
    return usage_pages.file(usage_report(asked.period), table, kind)


@login_not_required
@kept_by_the_browser_alone
@takes("GET", "HEAD")
def download(request: HttpRequest, table: str, kind: str) -> HttpResponse:
    """A published table of advice as a file. Any other is not found."""
    public = publishing.published_tables()
    if table not in public.tables or kind not in sheets.FORMATS:
        raise Http404("no such published table")
    asked, _about = _asked(request)
    if asked.period is None:
        return statistics(request)
    if not _may_ask(request, asked.period):
        return too_often(request)
    return pages.file(_report(asked.period, public), table, kind)


def _asked(request: HttpRequest) -> tuple[Asked, dict[str, Any]]:
    """The period of an address, and what pages say of it beyond that.

    `own_question` is the period as links of the page carry it, with where the visitor came from.
    """
    named = campaigns.named_periods()
    asked = forms.asked(request.GET.dict(), today=timezone.localdate(), campaigns=named)
    origin = origin_of(request)
    carried = origin.carried
    own_question = {**asked.question, **carried}
    return asked, {
        "campaigns": [(campaign.code, campaign.name) for campaign in named],
        "carried": carried,
        "carried_query": origin.carried_query,
        "own_question": own_question,
        "own_query": f"?{urlencode(own_question)}",
    }


def _may_ask(request: HttpRequest, period: Period) -> bool:
    return brakes.may_ask(period, client_address(request), timezone.now())


def too_often(request: HttpRequest) -> HttpResponse:
    """That long periods were asked for too often, and when that is over."""
    response = render(request, "429.html", status=429)
    response.headers["Retry-After"] = str(brakes.WAIT_S)
    return response


def _report(period: Period, public: Published) -> AdviceReport:
    return tables.published(advice_report(period), public.tables, hide_small=public.hide_small)
