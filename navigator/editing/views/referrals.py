"""The open referrals of the own offices, and what became of them."""

from datetime import timedelta
from typing import Any, Final, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from navigator.accounts import audit, rules
from navigator.accounts.models import User
from navigator.advice import codes, outcome_brakes, outcome_form, outcomes
from navigator.advice.models import SlipOffice, SlipOutcome
from navigator.advice.outcome_form import OutcomeForm
from navigator.editing.own_figures import own_offices_context
from navigator.methods import SeeOther, takes
from navigator.statistics import periods

DONE_DAYS: Final = 30
ON_A_PAGE: Final = 50


@takes("GET", "HEAD")
def referrals(request: HttpRequest) -> HttpResponse:
    """What waits for the own offices, the oldest first, and what was done in the last 30 days.

    With a code: that referral alone, whatever became of it.
    """
    if not rules.is_editor(request.user):
        raise PermissionDenied("editors alone")
    if typed := request.GET.get("code", "").strip():
        return _searched(request, typed)
    at = timezone.now()
    today = timezone.localdate(at)
    offices = rules.editable_offices(request.user)
    waiting = Paginator(outcomes.open_query(offices), ON_A_PAGE).get_page(request.GET.get("pagina"))
    context = {
        "waiting": outcomes.received(cast("QuerySet[SlipOffice]", waiting.object_list), at=at),
        "page": waiting,
        "done": outcomes.done_referrals(offices, since=today - timedelta(days=DONE_DAYS), at=at),
        "days": DONE_DAYS,
        **own_offices_context(request.user, periods.read({"period": "last-365"}, today=today)),
        **_common(),
    }
    return render(request, "editing/referrals.html", context)


@takes("POST")
def outcome(request: HttpRequest, pk: int) -> HttpResponse:
    """Tell what became of one referral, or withdraw its links with or without a new one."""
    there = SlipOffice.objects.select_related("slip", "office")
    found = get_object_or_404(there, pk=pk)
    if not rules.may_edit(request.user, found.office):
        raise Http404("an office of others")
    do = request.POST.get("do", "tell")
    if do in ("new-link", "withdraw-link"):
        return _link_changed(request, found, with_new=do == "new-link")
    form = OutcomeForm(request.POST)
    if not form.is_valid():
        return _alone(request, found, str(form.errors["outcome"][0]), status=400)
    try:
        told = outcomes.tell(
            found,
            outcome=form.cleaned_data["outcome"],
            teller=SlipOutcome.Teller.ACCOUNT,
            at=timezone.now(),
            who=cast(User, request.user),
        )
    except outcomes.OutcomeError as error:
        return _alone(request, found, str(outcome_form.WORDS[error.code]), status=409)
    said = gettext("Stored for referral %(code)s: %(outcome)s.")
    messages.success(request, said % {"code": _code(found), "outcome": told.get_outcome_display()})
    return SeeOther(reverse("editing:referrals"))


def _link_changed(request: HttpRequest, found: SlipOffice, *, with_new: bool) -> HttpResponse:
    """The links so far stop working; a new one is mailed to the office when that was asked."""
    at = timezone.now()
    if not outcomes.state_of(found, at=at).is_open:
        return _alone(request, found, gettext("This referral is done: no link is needed."), 409)
    if with_new and not outcome_brakes.may_send_link(found.pk, at):
        words = gettext("We mailed enough links for this referral today. Try it again tomorrow.")
        return _alone(request, found, words, status=429)
    outcomes.withdraw_links(found)
    told = {"code": _code(found)}
    if not with_new:
        audit.record("outcome_link_withdrawn", request=request, about=found)
        messages.success(request, gettext("The links for referral %(code)s stopped.") % told)
    elif outcomes.send_new_link(found, at=at):
        audit.record("outcome_link_renewed", request=request, about=found)
        messages.success(request, gettext("A new link for referral %(code)s was mailed.") % told)
    else:
        audit.record("outcome_link_withdrawn", request=request, about=found)
        words = gettext("The links so far stopped, but the new one could not be mailed.")
        messages.error(request, words)
    return SeeOther(reverse("editing:referrals"))


def _searched(request: HttpRequest, typed: str) -> HttpResponse:
    own = SlipOffice.objects.filter(
        office__in=rules.editable_offices(request.user), slip__withdrawn_at=None
    )
    context: dict[str, Any] = {"asked": typed[:60], **_common()}
    try:
        found = own.filter(slip__code=codes.read(typed)).order_by("pk")
    except codes.CodeError as error:
        context["wrong"] = error.message
        return render(request, "editing/referrals.html", context, status=400)
    return render(request, "editing/referrals.html", context | {"found": outcomes.received(found)})


def _alone(request: HttpRequest, found: SlipOffice, wrong: str, status: int) -> HttpResponse:
    """One referral with what is wrong, and with what was chosen."""
    context = {
        "found": outcomes.received(SlipOffice.objects.filter(pk=found.pk)),
        "wrong_there": wrong,
        "chosen": request.POST.get("outcome", ""),
        **_common(),
    }
    return render(request, "editing/referrals.html", context, status=status)


def _common() -> dict[str, Any]:
    return {"choices": outcome_form.CHOICES}


def _code(found: SlipOffice) -> str:
    return codes.shown(found.slip.code) if found.slip.code else ""
