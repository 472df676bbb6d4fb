"""Slips: made for a referral, handed on, followed."""

from typing import Any, Final, cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache

from navigator.accounts import rules
from navigator.accounts.models import User
from navigator.advice import codes, handouts, outcome_brakes, outcomes, slips as made_slips
from navigator.advice.doors import advisors_only
from navigator.advice.handout_forms import SlipForm
from navigator.advice.models import Referral, Slip
from navigator.methods import SeeOther, takes

_A_PAGE: Final = 50
_MOST_NUMBER: Final = 16  # digits of the number of a row


@takes("GET", "HEAD", "POST")
@advisors_only
def slips(request: HttpRequest) -> HttpResponse:
    """My slips, those of all for administrators; `?code=` looks one up, and `?referral=` begins a
    new one, which is posted.
    """
    if request.method == "POST":
        return _make(request)
    if "code" in request.GET:
        return _look_up(request, request.GET["code"])
    referral = _referral(request, request.GET.get("referral", ""))
    form = SlipForm(initial={"referral": referral.pk}) if referral else None
    return _page(request, form=form, referral=referral)


@never_cache
@takes("GET", "HEAD", "POST")
@advisors_only
def slip(request: HttpRequest, pk: int) -> HttpResponse:
    """The code to read aloud, what to send, what the offices told. What is posted withdraws it."""
    at = timezone.now()
    found = get_object_or_404(
        Slip.objects.select_related("made_by", "referral__conversation").prefetch_related(
            "offices__office", "offices__outcomes"
        ),
        pk=pk,
    )
    if not _may_see(request, found):
        raise Http404("a slip of somebody else")
    if request.method == "POST":
        if made_slips.withdraw(found, at=at):
            messages.success(request, gettext("Withdrawn. The page says so, and the offices know."))
        return SeeOther(reverse("advice:slip", args=[pk]))
    is_readable = found.withdrawn_at is None and not made_slips.is_forgotten(found, at)
    code = found.code if is_readable else None
    context = {
        "slip": found,
        "code": codes.shown(code) if code else "",
        "spoken": codes.spoken(code, found.language) if code else (),
        "handout": handouts.of_slip(found) if is_readable else None,
        "receivers": _receivers(found),
        "until": made_slips.last_day(found),
    }
    return render(request, "advice/slip.html", context)


def _make(request: HttpRequest) -> HttpResponse:
    form = SlipForm(request.POST)
    referral = _referral(request, request.POST.get("referral", ""))
    if referral is None:
        return _page(request, without_referral=True, status=400)
    by, at = cast(User, request.user), timezone.now()
    if form.is_valid() and not outcome_brakes.may_make_slip(by.pk, at):
        form.add_error(
            None, gettext("You made very many slips this hour. Try it again in an hour.")
        )
        return _page(request, form=form, referral=referral, status=429)
    if form.is_valid():
        try:
            made, is_new = made_slips.make(
                referral,
                category=form.cleaned_data["category"],
                language=form.cleaned_data["language"],
                by=by,
                at=at,
            )
        except made_slips.SlipError as error:
            form.add_error(None, error.message)
        else:
            if not is_new:
                messages.info(request, gettext("This referral has this slip already."))
            return SeeOther(reverse("advice:slip", args=[made.pk]))
    return _page(request, form=form, referral=referral, status=400)


def _look_up(request: HttpRequest, typed: str) -> HttpResponse:
    try:
        found = made_slips.find_by_code(typed, timezone.now())
    except codes.CodeError as error:
        return _page(request, code=typed, wrong_code=error.message, status=400)
    if found is None or not _may_see(request, found):
        nothing = gettext("You have no slip with this code.")
        return _page(request, code=typed, wrong_code=nothing, status=404)
    return HttpResponseRedirect(reverse("advice:slip", args=[found.pk]))


def _page(request: HttpRequest, *, status: int = 200, **more: Any) -> HttpResponse:
    found = made_slips.to_follow(Slip.objects.select_related("made_by"))
    if not rules.is_administrator(request.user):
        own = cast(User, request.user)
        found = found.filter(Q(made_by=own) | Q(referral__conversation__advisor=own))
    page = Paginator(found, _A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "lines": [{"slip": each, "receivers": _receivers(each)} for each in page],
        **more,
    }
    return render(request, "advice/slips.html", context, status=status)


def _receivers(found: Slip) -> list[dict[str, Any]]:
    """The offices of a slip: how each stands, and all that was told, the oldest first."""
    return [
        {"office": each.office, "state": outcomes.state_of(each), "told": each.outcomes.all()}
        for each in found.offices.all()
    ]


def _referral(request: HttpRequest, number: str) -> Referral | None:
    """The referral of this number, if any is given. That of somebody else isn't found (404)."""
    if not (number.isascii() and number.isdigit() and len(number) < _MOST_NUMBER):
        return None
    known = Referral.objects.select_related("conversation").prefetch_related("offices__office")
    found = get_object_or_404(known, pk=int(number))
    if not rules.may_see_of_advisor(request.user, advisor_id=found.conversation.advisor_id):
        raise Http404("a referral of somebody else")
    return found


def _may_see(request: HttpRequest, found: Slip) -> bool:
    """Who made the slip, and who had the conversation that it belongs to."""
    makers = {found.made_by_id}
    if found.referral is not None:
        makers.add(found.referral.conversation.advisor_id)
    return any(rules.may_see_of_advisor(request.user, advisor_id=maker) for maker in makers)
