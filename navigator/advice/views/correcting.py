"""A conversation that was registered: correct it, withdraw it, bring it back, and its history."""

from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters

from navigator import kept
from navigator.accounts import rules
from navigator.accounts.models import User
from navigator.advice import registration, words
from navigator.advice.doors import advisors_only
from navigator.advice.facts import Refused
from navigator.advice.forms import ConversationForm
from navigator.advice.models import AdviceConversation
from navigator.advice.panel import panel, slip_for
from navigator.advice.registration import ChangedSince, HasSlip
from navigator.kept import keeps_typed
from navigator.methods import SeeOther, takes


def _names(pk: int) -> frozenset[str]:
    """What the form posts; the same for every conversation."""
    return (ConversationForm.posted_names() | {"seen"}) - {"key"}


@keeps_typed(_names)
@takes("GET", "HEAD", "POST")
@advisors_only
@sensitive_post_parameters()
def conversation(request: HttpRequest, pk: int) -> HttpResponse:
    """What was registered and what happened with it since, as a form to correct it."""
    found = _own_or_404(request, pk)
    if request.method != "POST":
        waiting = kept.kept(request)
        if waiting is None:
            return _page(request, found, _form(found), seen=found.edition)
        typed, at = waiting
        return _page(request, found, _form(found, typed), seen=_seen(typed), kept_at=at)
    if request.POST.get("do") == "forget":
        kept.forget(request)
        return SeeOther(request.get_full_path())
    return _correct(request, found, _form(found, request.POST))


@takes("POST")
@advisors_only
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take it out of the figures. Without the edition that was seen, it is the present one."""
    found = _own_or_404(request, pk)
    seen = _seen(request.POST) if "seen" in request.POST else found.edition
    try:
        registration.withdraw(found, by=_user(request), at=timezone.now(), seen=seen)
    except ChangedSince:
        messages.error(
            request,
            gettext("This conversation was changed meanwhile. Look at it, and decide once more."),
        )
    except HasSlip:
        messages.error(request, _slip_first())
    else:
        messages.success(
            request,
            gettext("Withdrawn: this conversation no longer counts. You can bring it back."),
        )
    return SeeOther(_address(found))


@takes("POST")
@advisors_only
def bring_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a withdrawn conversation count again."""
    found = _own_or_404(request, pk)
    registration.bring_back(found, by=_user(request), at=timezone.now())
    messages.success(request, gettext("Brought back: this conversation counts again."))
    return SeeOther(_address(found))


def _correct(
    request: HttpRequest, found: AdviceConversation, form: ConversationForm
) -> HttpResponse:
    seen = _seen(request.POST)
    if form.is_valid():
        try:
            corrected = registration.correct(
                found, facts=form.facts(), by=_user(request), at=form.at, seen=seen
            )
        except Refused as refused:
            form.tell(refused.mistakes)
        except HasSlip:
            form.add_error(None, _slip_first())
        except ChangedSince:
            return _changed(request, found, form)
        else:
            return _corrected(request, found, is_changed=corrected.edition != seen)
    return _page(request, found, form, seen=seen, status=400)


def _corrected(
    request: HttpRequest, found: AdviceConversation, *, is_changed: bool
) -> HttpResponse:
    kept.forget(request)
    if is_changed:
        messages.success(request, gettext("Corrected. What it was before stays in the history."))
    else:
        messages.info(request, gettext("Nothing was changed: this is what was registered already."))
    return SeeOther(_address(found))


def _changed(
    request: HttpRequest, found: AdviceConversation, form: ConversationForm
) -> HttpResponse:
    """Both registrations side by side. Saving once more lets mine take the place of theirs."""
    now = AdviceConversation.objects.whole().get(pk=found.pk)
    theirs = registration.as_json(registration.facts_of(now))
    mine = registration.as_json(form.facts())
    names = words.names_of((theirs, mine))
    return _page(
        request,
        now,
        form,
        seen=now.edition,
        clash=list(words.differences(theirs, mine, names)),
        changed=True,
        status=409,
    )


def _page(
    request: HttpRequest,
    found: AdviceConversation,
    form: ConversationForm,
    *,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    context = {
        "conversation": found,
        "line": words.line(found, may_correct=True),
        "history": words.history(found),
        "form": form,
        "panel": panel(form),
        "slip_for": slip_for(found),
        "slips": [
            slip
            for referral in found.referrals.all()
            for slip in referral.slips.all()
            if slip.withdrawn_at is None
        ],
        **more,
    }
    return render(request, "advice/conversation.html", context, status=status)


def _form(found: AdviceConversation, data: Any = None) -> ConversationForm:
    names = {
        each.office.slug: each.office.name
        for referral in found.referrals.all()
        for each in referral.offices.all()
    }
    more = [slug for slug in (data.getlist("offices") if data else ()) if slug not in names]
    names |= words.office_names(more)
    return ConversationForm(data, at=timezone.now(), conversation=found, names=names)


def _own_or_404(request: HttpRequest, pk: int) -> AdviceConversation:
    """One that this user may correct; nobody else finds it."""
    found = get_object_or_404(AdviceConversation.objects.whole(), pk=pk)
    if not rules.may_correct_conversation(
        request.user,
        advisor_id=found.advisor_id,
        registered_at=found.registered_at,
        at=timezone.now(),
    ):
        raise Http404("no conversation of this user")
    return found


def _seen(data: Any) -> int:
    """The edition that was looked at; 0 when nobody knows."""
    typed = data.get("seen", "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0


def _slip_first() -> str:
    return gettext(
        "A slip belongs to this referral, and it names these offices. Withdraw the slip first."
    )


def _user(request: HttpRequest) -> User:
    return cast(User, request.user)


def _address(found: AdviceConversation) -> str:
    return reverse("advice:conversation", args=[found.pk])
