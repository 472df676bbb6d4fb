"""The figures of advice, for advisors and administrators."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from navigator.advice.doors import advisors_only
from navigator.methods import takes
from navigator.statistics import forms, pages
from navigator.statistics.reports import TABLES, advice_report
from regions import sheets


@takes("GET", "HEAD")
@advisors_only
def figures(request: HttpRequest) -> HttpResponse:
    """The figures of a period, beside those of the period before and of a year before."""
    asked = forms.asked(request.GET.dict(), today=timezone.localdate())
    report = advice_report(asked.period) if asked.period else None
    context = pages.context(asked, report, order=request.GET.get("order", ""))
    return render(request, "statistics/advice.html", context, status=200 if report else 400)


@takes("GET", "HEAD")
@advisors_only
def download(request: HttpRequest, table: str, kind: str) -> HttpResponse:
    """A table as a file; the page with what is wrong when there is no such period."""
    if table not in TABLES or kind not in sheets.FORMATS:
        raise Http404("no such table")
    asked = forms.asked(request.GET.dict(), today=timezone.localdate())
    if asked.period is None:
        return figures(request)
    return pages.file(advice_report(asked.period), table, kind)
