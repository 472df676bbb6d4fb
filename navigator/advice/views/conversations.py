"""Conversations: register them, and what I registered today."""

from datetime import date, datetime
from typing import Any, Final, cast

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters

from navigator import kept
from navigator.accounts import rules
from navigator.accounts.models import User
from navigator.advice import moments, registration, words
from navigator.advice.doors import advisors_only
from navigator.advice.facts import MOST_OF_NAME, Refused
from navigator.advice.forms import ConversationForm
from navigator.advice.models import AdviceConversation, Referral
from navigator.advice.panel import panel, slip_for
from navigator.advice.registration import KeyTaken
from navigator.kept import keeps_typed
from navigator.methods import SeeOther, takes

MOST_NAMES: Final = 10
MOST_ON_A_PAGE: Final = 100


@keeps_typed(ConversationForm.posted_names)
@takes("GET", "HEAD", "POST")
@advisors_only
@sensitive_post_parameters()
def conversations(request: HttpRequest) -> HttpResponse:
    """What I registered on a day, by default today; or a conversation to register."""
    if request.method == "POST":
        if request.POST.get("do") == "forget":
            kept.forget(request)
            return SeeOther(request.get_full_path())
        return _register(request)
    waiting = kept.kept(request)
    if waiting is not None:
        typed, at = waiting
        return _registering(request, _form(typed), kept_at=at)
    return _day(request)


@takes("GET", "HEAD")
@advisors_only
def names(request: HttpRequest) -> JsonResponse:
    """Names that were given before for a kind of destination, most used first. A query."""
    known = (
        Referral.objects.filter(
            destination=_asked(request, "soort"),
            name__icontains=_asked(request, "q").strip()[:MOST_OF_NAME],
            conversation__withdrawn_at=None,
        )
        .exclude(name="")
        .values("name")
        .annotate(uses=Count("pk"))
        .order_by("-uses", "name")
    )
    return JsonResponse({"names": [each["name"] for each in known[:MOST_NAMES]]})


def _asked(request: HttpRequest, name: str) -> str:
    """What was asked for, without the one character that PostgreSQL takes in no text."""
    return request.GET.get(name, "").replace("\0", "")


def _register(request: HttpRequest) -> HttpResponse:
    if request.POST.get("who", "") not in ("", str(request.user.pk)):
        # Somebody else logged in in this browser: it waits for the one who had the conversation.
        raise PermissionDenied("kept for another user")
    form, status = _form(request.POST), 400
    if form.is_valid():
        try:
            registered = registration.register(
                key=form.cleaned_data["key"],
                facts=form.facts(),
                by=cast(User, request.user),
                at=form.at,
            )
        except Refused as refused:
            form.tell(refused.mistakes)
        except KeyTaken:
            form.tell_taken()
            status = 409
        else:
            return _done(request, *registered)
    if _wants_json(request):
        return JsonResponse({"errors": form.as_json()}, status=status)
    return _registering(request, form, status=status)


def _done(request: HttpRequest, conversation: AdviceConversation, is_new: bool) -> HttpResponse:
    if not _wants_json(request):
        kept.forget(request)
        return SeeOther(f"{reverse('advice:desk')}?geregistreerd={conversation.pk}")
    whole = AdviceConversation.objects.whole().get(pk=conversation.pk)
    referral = slip_for(whole)
    told = {
        "id": whole.pk,
        "key": str(whole.key),
        "url": reverse("advice:conversation", args=[whole.pk]),
        "referral": referral.pk if referral else None,
    }
    return JsonResponse(told, status=201 if is_new else 200)


def _form(data: Any, conversation: AdviceConversation | None = None) -> ConversationForm:
    slugs = data.getlist("offices") if data is not None else ()
    known = words.office_names(slugs)
    return ConversationForm(data, at=timezone.now(), conversation=conversation, names=known)


def _wants_json(request: HttpRequest) -> bool:
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"


def _registering(
    request: HttpRequest,
    form: ConversationForm,
    *,
    kept_at: datetime | None = None,
    status: int = 200,
) -> HttpResponse:
    """The form on a page of its own: as it came from a browser without scripts."""
    context = {"panel": panel(form), "form": form, "kept_at": kept_at}
    return render(request, "advice/registering.html", context, status=status)


def _day(request: HttpRequest) -> HttpResponse:
    """Those that were registered on a day, or took place then; of all for administrators."""
    at, user = timezone.now(), cast(User, request.user)
    today = timezone.localdate(at)
    day = _asked_day(request.GET.get("dag", "")) or today
    on_day = Q(day=day) | Q(registered_at__range=moments.bounds(day))
    found = AdviceConversation.objects.whole().filter(on_day)
    if not rules.is_administrator(user):
        found = found.filter(advisor=user)
    page = Paginator(found, MOST_ON_A_PAGE).get_page(request.GET.get("pagina"))
    lines = [words.line(each, may_correct=_may_correct(user, each, at)) for each in page]
    context = {
        "day": day,
        "today": today,
        "page": page,
        "lines": lines,
        "everybody": rules.is_administrator(user),
    }
    return render(request, "advice/conversations.html", context)


def _asked_day(typed: str) -> date | None:
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        return None
    return day if 2000 <= day.year <= 2100 else None


def _may_correct(user: User, found: AdviceConversation, at: datetime) -> bool:
    return rules.may_correct_conversation(
        user, advisor_id=found.advisor_id, registered_at=found.registered_at, at=at
    )
