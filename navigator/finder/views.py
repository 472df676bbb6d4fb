"""The pages of the candidate: read, ask once, record, answer.

None of them sets a cookie. None may be kept by shared caches, since what those answer is not
counted; a browser may keep it for its back button, and asks again for anything else.
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters

from navigator import ready
from navigator.finder import presentation
from navigator.finder.forms import OfficeListForm, PostcodeForm, SearchForm
from navigator.methods import SeeOther, takes
from navigator.statistics import counting
from navigator.statistics.sources import origin_of
from navigator.statistics.visits import visit_from
from regions import addresses, provinces, versions
from regions.models import EducationRegion, RegionalOffice
from regions.records import SubjectModel

kept_by_the_browser_alone = cache_control(private=True, no_cache=True)


@csrf_exempt  # asks something and changes nothing; so visitors need no cookie for it
@login_not_required
@kept_by_the_browser_alone
@takes("GET", "HEAD", "POST")
@sensitive_post_parameters("postcode", "latitude", "longitude")
def home(request: HttpRequest) -> HttpResponse:
    """The question; what is typed here goes on as four digits or a name."""
    carried = origin_of(request).carried
    if request.method != "POST":
        return _page(
            request,
            "finder/home.html",
            tuple(carried.items()),
            lambda: {"form": PostcodeForm(), **_links(carried)},
        )
    form = PostcodeForm(request.POST)
    if not form.is_valid():
        asking = {"form": form, "similar": form.similar, **_links(carried)}
        return render(request, "finder/home.html", asking, status=400)
    return SeeOther(reverse("finder:search") + _query(form.question | carried))


@login_not_required
@kept_by_the_browser_alone
@takes("GET", "HEAD")
def search(request: HttpRequest) -> HttpResponse:
    """The offices for a postcode or a place: the whole page, or the results alone for htmx."""
    visit = visit_from(request)
    carried = visit.origin.carried
    form = SearchForm(request.GET)
    answer = form.ask() if form.is_valid() else None
    if answer is None:
        return render(request, "finder/home.html", _asking_again(carried, form), status=400)
    part = "#results" if getattr(request, "htmx", False) else ""
    note = "geocoder_away" if request.GET.get("note") == "geocoder_away" else ""
    response = _page(
        request,
        f"finder/answer.html{part}",
        (note, urlencode(form.question, doseq=True), *carried.items()),
        lambda: {"form": form, "answer": answer, "note": note, **_links(carried, form.question)},
    )
    patch_vary_headers(response, ("HX-Request",))
    counting.record_search(visit, answer)  # a page that breaks on the way counts for nothing
    return response


@login_not_required
@kept_by_the_browser_alone
@takes("GET", "HEAD")
def office(request: HttpRequest, slug: str) -> HttpResponse:
    """The profile of an office; the look at it is counted."""
    directory = versions.current()
    profile = directory.profiles.get(slug)
    if profile is None:
        return _moved(request, RegionalOffice, slug)
    visit = visit_from(request, office=profile.id)
    carried = visit.origin.carried
    form = SearchForm(request.GET)
    asked = form.question if form.is_valid() else {}
    province = provinces.province_of(
        postcode=asked.get("postcode", ""), municipality=asked.get("municipality", "")
    )
    response = _page(
        request,
        "finder/office.html",
        (slug, urlencode(asked, doseq=True), *carried.items()),
        lambda: {
            "office": profile,
            "view": presentation.arrange(profile, directory, timezone.now()),
            "asked": {"postcode": "", "place": "", "sector": "", **asked},
            "answer_link": reverse("finder:search") + _query(asked | carried) if asked else "",
            **_links(carried, asked),
        },
    )
    counting.record_profile_view(visit, office_id=profile.id, province=province)
    return response


@login_not_required
@kept_by_the_browser_alone
@takes("GET", "HEAD")
def office_list(request: HttpRequest) -> HttpResponse:
    """All offices, or those that fit, under headings."""
    form = OfficeListForm(request.GET)
    status = 200 if form.is_valid() else 400
    profiles = versions.current().profiles.values()
    offices = [profile for profile in profiles if presentation.fits(profile, **form.filters)]
    context = {
        "form": form,
        "groups": presentation.grouped(offices, by=form.grouped_by),
        "count": len(offices),
        **_links(origin_of(request).carried, form.question),
    }
    return render(request, "finder/office_list.html", context, status=status)


@login_not_required
@kept_by_the_browser_alone
@takes("GET", "HEAD")
def region_list(request: HttpRequest) -> HttpResponse:
    """All education regions with their offices."""
    groups = presentation.by_region(versions.current().profiles.values())
    offices = {group.slug: group.offices for group in groups}
    regions = [
        {"region": region, "offices": offices.get(region.slug, ())}
        for region in EducationRegion.objects.published().order_by("name")
    ]
    context = {"regions": regions, **_links(origin_of(request).carried)}
    return render(request, "finder/region_list.html", context)


@login_not_required
@kept_by_the_browser_alone
@takes("GET", "HEAD")
def region(request: HttpRequest, slug: str) -> HttpResponse:
    """An education region and the offices that it runs."""
    found = EducationRegion.objects.published().filter(slug=slug).first()
    if found is None:
        return _moved(request, EducationRegion, slug)
    offices = [
        profile
        for profile in versions.current().profiles.values()
        if slug in {known.slug for known in profile.regions}
    ]
    context = {"region": found, "offices": offices, **_links(origin_of(request).carried)}
    return render(request, "finder/region.html", context)


@login_not_required
@kept_by_the_browser_alone
@takes("GET", "HEAD")
def about(request: HttpRequest, page: str) -> HttpResponse:
    """What this is, how accessible it is, and what it does with data."""
    return render(request, f"finder/{page}.html", _links(origin_of(request).carried))


def _moved(request: HttpRequest, model: SubjectModel, slug: str) -> HttpResponse:
    """To the page that this one became, for good; what never was or isn't public is not found."""
    present = addresses.present_slug(model, slug)
    if present is None:
        raise Http404("nothing published has this name")
    name = "office" if model is RegionalOffice else "region"
    query = request.META.get("QUERY_STRING", "")
    there = reverse(f"finder:{name}", args=[present])
    return HttpResponsePermanentRedirect(f"{there}?{query}" if query else there)


def _page(
    request: HttpRequest, template: str, key: tuple[Any, ...], context: Callable[[], dict[str, Any]]
) -> HttpResponse:
    """A page that is the same for everybody who asks for `key`: made once, until the directory or
    the time of day changes what it says.

    So the context, and the template too, may use nothing of the request that is not in the key,
    such as the rest of the address.
    """
    now = timezone.now()
    until = ready.unchanged_until(now)

    def render_ready() -> ready.Ready:
        page = render_to_string(template, {**context(), "now": now}, request=request)
        return ready.make_ready(page.encode())

    full_key = (template, get_language(), until, request.scheme, request.get_host(), *key)
    # While pages are being written, each is made anew.
    made = render_ready() if settings.DEBUG else versions.prepared(full_key, render_ready)
    return ready.send(request, made)


def _asking_again(carried: dict[str, str], form: SearchForm) -> dict[str, Any]:
    """The question, with what is wrong in an address and what it asked for."""
    asked = form.data
    typed = {"postcode": asked.get("postcode") or asked.get("place"), "sector": asked.get("sector")}
    return {
        "form": PostcodeForm(initial=typed),
        "wrong": [str(message) for messages in form.errors.values() for message in messages],
        "similar": form.similar,
        **_links(carried),
    }


def _links(carried: dict[str, str], question: dict[str, Any] | None = None) -> dict[str, Any]:
    """What links on a page need: what they all hand on, and the page's own question.

    Never the address as it came in: it can hold anything, and what is made here is kept.
    """
    return {
        "carried": carried,
        "carried_query": _query(carried),
        "own_query": _query({**(question or {}), **carried}),
    }


def _query(parameters: dict[str, Any]) -> str:
    return f"?{urlencode(parameters, doseq=True)}" if parameters else ""
