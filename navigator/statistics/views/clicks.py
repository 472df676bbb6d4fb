"""A link of an office was followed: the page tells so, and hears nothing back."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from navigator.methods import takes
from navigator.statistics import counting
from navigator.statistics.models import Click
from navigator.statistics.visits import visit_from
from regions import versions


@csrf_exempt  # visitors have no cookie; what another site could forge is a count, see below
@login_not_required
@never_cache
@takes("POST")
def click(request: HttpRequest) -> HttpResponse:
    """Count it. `office` is the short name of a published office, `target` a `Click.Target`.

    204 whether it counted or not, since the page has nothing to do with that; 400 for nonsense.
    """
    profile = versions.current().profiles.get(request.POST.get("office", ""))
    target = request.POST.get("target", "")
    if profile is None or target not in Click.Target.values or not _is_from_own_page(request):
        return HttpResponse(status=400)
    counting.record_click(visit_from(request, office=profile.id), profile.id, target)
    return HttpResponse(status=204)


def _is_from_own_page(request: HttpRequest) -> bool:
    """Whether the browser says so; one that says nothing is believed, as any program would be."""
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    origin = request.headers.get("Origin")
    return site == "same-origin" and (
        origin is None or origin.partition("://")[2] == request.get_host()
    )
