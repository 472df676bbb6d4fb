"""Pick lists: made while talking, and handed on as an address."""

from typing import Final, cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from navigator.accounts import rules
from navigator.accounts.models import User
from navigator.advice import handouts, pick_lists as lists
from navigator.advice.doors import advisors_only
from navigator.advice.handout_forms import LANGUAGES, TypedList
from navigator.advice.models import PickList
from navigator.methods import SeeOther, takes

_A_PAGE: Final = 50


@takes("GET", "HEAD", "POST")
@advisors_only
@sensitive_post_parameters("link-title", "link-url")
def pick_lists(request: HttpRequest) -> HttpResponse:
    """My lists with how often they were opened, those of all for administrators; and a new one."""
    if request.method != "POST":
        return _page(request)
    typed = TypedList.from_post(request.POST)
    try:
        made = lists.make(
            offices=typed.slugs,
            links=typed.links,
            language=typed.language,
            by=cast(User, request.user),
            at=timezone.now(),
        )
    except lists.Refused as refused:
        return _page(request, typed, refused)
    return SeeOther(reverse("advice:pick_list", args=[made.pk]))


@never_cache
@takes("GET", "HEAD", "POST")
@advisors_only
def pick_list(request: HttpRequest, pk: int) -> HttpResponse:
    """The address of a list and the words to send it with. What is posted withdraws it."""
    at = timezone.now()
    known = PickList.objects.select_related("made_by").prefetch_related("items__office")
    found = get_object_or_404(known, pk=pk)
    if not rules.may_see_of_advisor(request.user, advisor_id=found.made_by_id):
        raise Http404("a list of somebody else")
    if request.method == "POST":
        if lists.withdraw(found, at=at):
            messages.success(request, gettext("Withdrawn. Nobody can read this list any more."))
        return SeeOther(reverse("advice:pick_list", args=[pk]))
    is_open = lists.is_open(found, at)
    context = {
        "pick_list": found,
        "handout": handouts.of_pick_list(found) if is_open else None,
    }
    return render(request, "advice/pick_list.html", context)


def _page(
    request: HttpRequest, typed: TypedList | None = None, refused: lists.Refused | None = None
) -> HttpResponse:
    mistakes = refused.mistakes if refused else ()
    found = (
        PickList.objects.select_related("made_by")
        .annotate(size=Count("items"))
        .order_by("-made_at", "-pk")
    )
    if not rules.is_administrator(request.user):
        found = found.filter(made_by=cast(User, request.user))
    context = {
        "page": Paginator(found, _A_PAGE).get_page(request.GET.get("page")),
        "at": timezone.now(),
        "typed": typed,
        "links": typed.with_mistakes(mistakes) if typed else [],
        "mistakes": mistakes,
        "languages": LANGUAGES,
    }
    return render(request, "advice/pick_lists.html", context, status=400 if refused else 200)
