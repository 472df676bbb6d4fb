"""Views that no people made: found, left out of all figures, and brought back."""

from datetime import datetime, timedelta
from typing import Any, Final, cast

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import ngettext

from navigator.accounts import audit
from navigator.accounts.models import User
from navigator.administration.administrators import administrators_only
from navigator.administration.exclusion_form import MOMENT, ExclusionForm
from navigator.methods import SeeOther, takes
from navigator.statistics import exclusions as left_out, runs
from navigator.statistics.exclusions import ExclusionError, Preview
from navigator.statistics.models import Exclusion
from navigator.statistics.periods import Period
from navigator.statistics.runs import Run

LOOK_BACK_DAYS: Final = 90
_MOST_RUNS: Final = 50
_PER_PAGE: Final = 50
_FILLED: Final = ("office", "first", "last")  # what an address can fill in


@takes("GET", "HEAD", "POST")
@administrators_only
def exclusions(request: HttpRequest) -> HttpResponse:
    """Suspicious runs, a form to leave views out, and what was left out.

    Posting shows first what would be left out; `do=exclude` does it.
    """
    at = timezone.now()
    if request.method != "POST":
        filled = {name: request.GET[name] for name in _FILLED if name in request.GET}
        return _page(request, ExclusionForm(initial=filled, at=at), at)
    form = ExclusionForm(request.POST, at=at)
    found: Preview | None = None
    if form.is_valid():
        try:
            if request.POST.get("do") == "exclude":
                return _exclude(request, form, at)
            found = left_out.preview(form.window)
        except ExclusionError as error:
            form.add_error(None, error.message)
    return _page(request, form, at, found)


@takes("POST")
@administrators_only
def bring_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the views of an exclusion count again."""
    exclusion = get_object_or_404(Exclusion, pk=pk)
    try:
        with transaction.atomic():
            count = left_out.withdraw(exclusion, by=cast(User, request.user), at=timezone.now())
            audit.record("views_brought_back", request=request, about=exclusion.office)
    except ExclusionError as error:
        messages.error(request, error.message)
    else:
        told = ngettext("%(count)s view counts again.", "%(count)s views count again.", count)
        messages.success(request, told % {"count": count})
    return SeeOther(reverse("administration:exclusions"))


def _exclude(request: HttpRequest, form: ExclusionForm, at: datetime) -> HttpResponse:
    with transaction.atomic():
        made = left_out.exclude(**form.cleaned_data, by=cast(User, request.user), at=at)
        audit.record("views_excluded", request=request, about=made.office)
    told = ngettext(
        "%(count)s view is left out. You can bring it back here.",
        "%(count)s views are left out. You can bring them back here.",
        made.views,
    )
    messages.success(request, told % {"count": made.views})
    return SeeOther(reverse("administration:exclusions"))


def _page(
    request: HttpRequest, form: ExclusionForm, at: datetime, found: Preview | None = None
) -> HttpResponse:
    """The whole page. Eight queries at most beside those of `preview`."""
    today = timezone.localdate(at)
    suspicious = runs.find_runs(Period(today - timedelta(days=LOOK_BACK_DAYS - 1), today))
    made = Exclusion.objects.select_related("office", "made_by", "withdrawn_by")
    page = Paginator(made.order_by("-made_at", "-pk"), _PER_PAGE).get_page(
        request.GET.get("pagina")
    )
    there = left_out.still_there(page.object_list)
    context = {
        "form": form,
        "found": found,
        "runs": [(run, _address(run)) for run in suspicious[:_MOST_RUNS]],
        "more_runs": max(0, len(suspicious) - _MOST_RUNS),
        "days": LOOK_BACK_DAYS,
        "kept_days": settings.KEEP_COUNTS_DAYS,
        "least": runs.LEAST_VIEWS,
        "times": runs.TIMES_USUAL,
        "page": page,
        "lines": [(each, each.pk in there) for each in page.object_list],
    }
    status = 400 if form.errors else 200
    return render(request, "administration/exclusions.html", context, status=status)


def _address(run: Run) -> str:
    """This page with the form filled for a run."""
    asked: dict[str, Any] = {
        "office": run.office.slug,
        "first": timezone.localtime(run.first).strftime(MOMENT),
        "last": timezone.localtime(run.last).strftime(MOMENT),
    }
    return f"{reverse('administration:exclusions')}?{urlencode(asked)}#uitsluiten"
