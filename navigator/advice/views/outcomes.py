"""What an office tells of one referral, by its link, without an account."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from navigator.advice import outcome_brakes, outcomes
from navigator.advice.models import SlipOffice, SlipOutcome
from navigator.advice.outcome_form import OutcomeForm
from navigator.methods import SeeOther, takes
from navigator.proxies import client_address

# What stands in the answer for a link that can't be used.
_STATUS = {"unknown": 404, "expired": 410, "withdrawn": 410}


def _without_trace(
    view: Callable[[HttpRequest, str], HttpResponse],
) -> Callable[[HttpRequest, str], HttpResponse]:
    """The link stands in the address: no other page, cache or search engine may learn it."""

    @wraps(view)
    def traceless(request: HttpRequest, link: str) -> HttpResponse:
        response = view(request, link)
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return traceless


# Without a cookie there is no check against forged forms, and it would protect nothing: a site
# that could forge this form has to know the link, and who knows the link may tell. No account
# that happens to be logged in counts here.
@csrf_exempt
@never_cache
@_without_trace
@login_not_required
@takes("GET", "HEAD", "POST")
def report(request: HttpRequest, link: str) -> HttpResponse:
    """Show a referral and store what became of it. Only a POST stores: mail scanners open links."""
    at = timezone.now()
    if request.method == "POST" and not outcome_brakes.may_post(link, client_address(request), at):
        response = render(request, "advice/report_too_often.html", status=429)
        response.headers["Retry-After"] = "3600"
        return response
    try:
        found = outcomes.read_link(link, at=at)
    except outcomes.LinkError as error:
        return _unusable(request, error.code)
    if request.method != "POST":
        return _page(request, found, OutcomeForm())
    return _told(request, found, OutcomeForm(request.POST))


def _told(request: HttpRequest, found: SlipOffice, form: OutcomeForm) -> HttpResponse:
    if not form.is_valid():
        return _page(request, found, form, status=400)
    try:
        outcomes.tell(
            found,
            outcome=form.cleaned_data["outcome"],
            teller=SlipOutcome.Teller.LINK,
            at=timezone.now(),
        )
    except outcomes.ToldAlready:
        return _page(request, found, form, told_already=True, status=409)
    except outcomes.NotOpen:
        return _unusable(request, "withdrawn")
    return SeeOther(f"{request.path}?bedankt=1")


def _page(
    request: HttpRequest,
    found: SlipOffice,
    form: OutcomeForm,
    *,
    told_already: bool = False,
    status: int = 200,
) -> HttpResponse:
    """The referral with what was told of it. Six queries with those of the link."""
    [here] = outcomes.received(SlipOffice.objects.filter(pk=found.pk))
    context = {
        "here": here,
        "form": form,
        "told_already": told_already,
        "thanks": "bedankt" in request.GET and bool(here.history) and not form.is_bound,
    }
    return render(request, "advice/report.html", context, status=status)


def _unusable(request: HttpRequest, code: str) -> HttpResponse:
    return render(request, "advice/report_unusable.html", {"code": code}, status=_STATUS[code])
