"""The pages of the candidate: read, ask once, record, answer.

None of them sets a cookie. An answer may not be kept by shared caches, since what they answer is
not counted; a browser may, for its back button.
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language, gettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters

from navigator import ready
from navigator.finder import presentation
from navigator.finder.forms import OfficeListForm, PostcodeForm, SearchForm
from navigator.methods import takes
from navigator.statistics import counting
from navigator.statistics.sources import origin_of
from navigator.statistics.visits import visit_from
from regions import provinces, versions
from regions.models import EducationRegion
from regions.postcodes import PostcodeError, parse_postcode
from regions.profiles import Profile


class SeeOther(HttpResponseRedirect):
    """The answer to what was posted stands elsewhere (303)."""

    status_code = 303


@csrf_exempt  # asks something and changes nothing; so visitors need no cookie for it
@login_not_required
@takes("GET", "HEAD", "POST")
@sensitive_post_parameters("postcode", "latitude", "longitude")
def home(request: HttpRequest) -> HttpResponse:
    """The question; what is typed here goes on as four digits or a name."""
    carried = origin_of(request).carried
    if request.method != "POST":
        return _page(
            request, "finder/home.html", ("home", *carried.items()), lambda: _asking(carried)
        )
    form = PostcodeForm(request.POST)
    if not form.is_valid():
        return render(request, "finder/home.html", _asking(carried, form), status=400)
    return SeeOther(f"{reverse('finder:search')}?{urlencode({**form.question, **carried})}")


@login_not_required
@takes("GET", "HEAD")
def search(request: HttpRequest) -> HttpResponse:
    """The offices for a postcode or a place: the whole page, or the results alone for htmx."""
    better = _better_address(request)
    if better:
        return HttpResponseRedirect(better)
    visit = visit_from(request)
    carried = visit.origin.carried
    form = SearchForm(request.GET)
    answer = form.ask() if form.is_valid() else None
    if answer is None:
        asking = _asking(carried, form, similar=form.similar)
        return render(request, "finder/home.html", asking, status=400)
    counting.record_search(visit, answer)
    part = "#results" if getattr(request, "htmx", False) else ""
    note = "geocoder_away" if request.GET.get("note") == "geocoder_away" else ""
    asked = {key: value for key, value in form.cleaned_data.items() if value}
    response = _page(
        request,
        f"finder/answer.html{part}",
        ("answer", note, urlencode(asked, doseq=True), *carried.items()),
        lambda: {"form": form, "answer": answer, "note": note, **_carrying(carried)},
    )
    patch_vary_headers(response, ("HX-Request",))
    return response


@login_not_required
@takes("GET", "HEAD")
def office(request: HttpRequest, slug: str) -> HttpResponse:
    """The profile of an office; the look at it is counted."""
    directory = versions.current()
    profile = directory.profiles.get(slug)
    if profile is None:
        raise Http404("no published office has this name")
    visit = visit_from(request)
    carried = visit.origin.carried
    asked = _asked_before(request)
    counting.record_profile_view(
        visit,
        office_id=profile.id,
        province=provinces.province_of(
            postcode=asked.get("postcode", ""), municipality=asked.get("municipality", "")
        ),
    )
    return _page(
        request,
        "finder/office.html",
        ("office", slug, urlencode(asked, doseq=True), *carried.items()),
        lambda: {
            "office": profile,
            "view": presentation.arrange(profile, directory, timezone.now()),
            "asked": {"postcode": "", "place": "", "sector": "", **asked},
            "answer_link": _answer_link(asked, carried),
            **_carrying(carried),
        },
    )


@login_not_required
@takes("GET", "HEAD")
def office_list(request: HttpRequest) -> HttpResponse:
    """All offices, or those that fit, under headings."""
    form = OfficeListForm(request.GET)
    if not form.is_valid():
        context = {"form": form, "groups": [], "count": 0}
        return render(request, "finder/office_list.html", context, status=400)
    wanted = dict(form.cleaned_data)
    order = wanted.pop("order") or OfficeListForm.Order.NAME
    offices = [
        profile
        for profile in versions.current().profiles.values()
        if presentation.fits(profile, **wanted)
    ]
    if order == OfficeListForm.Order.REGION:
        groups = presentation.by_region(offices)
    elif order == OfficeListForm.Order.PROVINCE:
        groups = presentation.by_province(offices, nationwide=gettext("The whole country"))
    else:
        groups = presentation.by_name(offices)
    context = {
        "form": form,
        "groups": groups,
        "count": len(offices),
        **_carrying(origin_of(request).carried),
    }
    return render(request, "finder/office_list.html", context)


@login_not_required
@takes("GET", "HEAD")
def region_list(request: HttpRequest) -> HttpResponse:
    """All education regions with their offices."""
    offices = {group.slug: group.offices for group in presentation.by_region(_profiles())}
    regions = [
        {"region": region, "offices": offices.get(region.slug, ())}
        for region in EducationRegion.objects.order_by("name")
    ]
    context = {"regions": regions, **_carrying(origin_of(request).carried)}
    return render(request, "finder/region_list.html", context)


@login_not_required
@takes("GET", "HEAD")
def region(request: HttpRequest, slug: str) -> HttpResponse:
    """An education region and the offices that it runs."""
    found = get_object_or_404(EducationRegion, slug=slug)
    offices = [
        profile for profile in _profiles() if slug in {known.slug for known in profile.regions}
    ]
    context = {"region": found, "offices": offices, **_carrying(origin_of(request).carried)}
    return render(request, "finder/region.html", context)


@login_not_required
@takes("GET", "HEAD")
def about(request: HttpRequest, page: str) -> HttpResponse:
    """What this is, how accessible it is, and what it does with data."""
    return render(request, f"finder/{page}.html", _carrying(origin_of(request).carried))


def _page(
    request: HttpRequest, template: str, key: tuple[Any, ...], context: Callable[[], dict[str, Any]]
) -> HttpResponse:
    """A page that is the same for everybody: made once, until the directory or the time of day
    changes what it says."""
    now = timezone.now()
    until = ready.unchanged_until(now)

    def render_ready() -> ready.Ready:
        page = render_to_string(template, {**context(), "now": now}, request=request)
        return ready.make_ready(page.encode())

    full_key = (template, get_language(), until, request.get_host(), *key)
    # While pages are being written, each is made anew.
    made = render_ready() if settings.DEBUG else versions.prepared(full_key, render_ready)
    response = ready.send(request, made)
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def _asking(
    carried: dict[str, str],
    form: PostcodeForm | SearchForm | None = None,
    similar: tuple[str, ...] = (),
) -> dict[str, Any]:
    """What the page with the question shows; a form of another kind lends its errors."""
    question = form if isinstance(form, PostcodeForm) else PostcodeForm()
    wrong = _all_errors(form) if isinstance(form, SearchForm) else []
    return {
        "form": question,
        "wrong": wrong,
        "similar": similar or question.similar,
        **_carrying(carried),
    }


def _all_errors(form: SearchForm) -> list[str]:
    return [str(message) for messages in form.errors.values() for message in messages]


def _carrying(carried: dict[str, str]) -> dict[str, Any]:
    return {"carried": carried, "carried_query": f"?{urlencode(carried)}" if carried else ""}


def _better_address(request: HttpRequest) -> str:
    """Where to go when the address has more of a postcode than its digits, or no slash at its end.

    Empty when the address is as it should be.
    """
    typed = request.GET.get("postcode", "")
    try:
        digits = parse_postcode(typed) if typed else typed
    except PostcodeError:
        digits = typed
    path = reverse("finder:search")
    if digits == typed and request.path == path:
        return ""
    kept = request.GET.copy()
    if digits:
        kept["postcode"] = digits
    return f"{path}?{kept.urlencode()}" if kept else path


def _asked_before(request: HttpRequest) -> dict[str, Any]:
    """The question of the answer that a visitor came from, as far as it makes sense."""
    form = SearchForm(request.GET)
    if not form.is_valid():
        return {}
    return {key: value for key, value in form.cleaned_data.items() if value}


def _answer_link(asked: dict[str, Any], carried: dict[str, str]) -> str:
    if not asked:
        return ""
    return f"{reverse('finder:search')}?{urlencode({**asked, **carried}, doseq=True)}"


def _profiles() -> list[Profile]:
    return list(versions.current().profiles.values())
