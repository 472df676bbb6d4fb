"""All open figures of a period, to be kept as a file."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from navigator.methods import takes
from navigator.statistics import archive, campaigns, forms, freshness
from navigator.statistics.brakes import TooOften
from navigator.statistics.freshness import Freshness
from navigator.statistics.periods import Period
from navigator.statistics.views import public


@login_not_required
@takes("GET", "HEAD")
def download(request: HttpRequest) -> HttpResponse:
    """The archive of a period; the page with what is wrong when there is no such period."""
    asked = forms.asked(
        request.GET.dict(), today=timezone.localdate(), campaigns=campaigns.named_periods()
    )
    if asked.period is None:
        return public.statistics(request)
    try:
        return answer(request, asked.period, preset=asked.preset)
    except TooOften:
        return public.too_often(request)


def answer(request: HttpRequest, period: Period, *, preset: str) -> HttpResponse:
    """The archive, unless the client has it. `preset`: see `freshness.of`. Raises TooOften."""
    fresh = freshness.of(period, preset=preset, about="archive", left_out=True, now=timezone.now())
    return freshness.answer(request, fresh, period, lambda: _file(period, fresh))


def _file(period: Period, fresh: Freshness) -> HttpResponse:
    return HttpResponse(
        archive.archive(period, changed_at=fresh.changed_at),
        content_type=archive.CONTENT_TYPE,
        headers={"Content-Disposition": f'attachment; filename="{archive.name_of(period)}"'},
    )
