"""What is not a page of a subject: health, robots, and the pages for errors."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import Error
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse

from navigator import metrics as numbers
from navigator.methods import takes
from navigator.proxies import comes_from
from navigator.statistics.sources import origin_of
from regions.models import Reach
from regions.search import find_offices
from regions.versions import forget


@login_not_required
@takes("GET", "HEAD")
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers. Asks nothing of the database."""
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
@takes("GET", "HEAD")
def readyz(request: HttpRequest) -> HttpResponse:
    """The service can do its work: a real look-up in the stored directory. Not counted."""
    try:
        postcode = Reach.objects.order_by().values_list("postcode", flat=True).first()
        answer = find_offices(postcode=postcode) if postcode else None
    except Error:
        forget()
        return HttpResponse("no database\n", content_type="text/plain", status=503)
    if answer is None or not (answer.serving or answer.nearby or answer.nationwide):
        return HttpResponse("no directory\n", content_type="text/plain", status=503)
    return HttpResponse("ready\n", content_type="text/plain")


@login_not_required
@takes("GET", "HEAD")
def metrics(request: HttpRequest) -> HttpResponse:
    """How counting goes, for Prometheus. Found from the networks of `METRICS_NETWORKS` alone."""
    if not comes_from(request, settings.METRICS_NETWORKS):
        raise Http404("not for this network")
    return HttpResponse(numbers.exposition(), content_type=numbers.CONTENT_TYPE)


@login_not_required
@takes("GET", "HEAD")
def robots(request: HttpRequest) -> HttpResponse:
    """Everything may be read; answers to a question say themselves that they are no page to index.

    So they are not shut off here: a robot that may not read them can't see that.
    """
    sitemap = request.build_absolute_uri(reverse("sitemap"))
    return HttpResponse(
        f"User-agent: *\nDisallow: /api/\n\nSitemap: {sitemap}\n", content_type="text/plain"
    )


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The request makes no sense, or is too large."""
    return render(request, "400.html", status=400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Not for this visitor."""
    return render(request, "403.html", status=403)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """No such page: what to do next. Who came by an outdated link still came by that link."""
    context = {"carried_query": origin_of(request).carried_query}
    return render(request, "404.html", context, status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Something broke. The page needs neither the database nor anything else of ours."""
    try:
        page: str = render_to_string("500.html")
    except ValueError:  # the static files were not collected
        page = "<h1>Er ging iets mis</h1><p>Probeer het over een minuut nog eens.</p>"
    return HttpResponse(page, status=500)
