"""What the conversation panel of the desk shows."""

from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from navigator.accounts import rules
from navigator.advice.forms import ConversationForm
from navigator.advice.models import (
    AdviceConversation,
    Destination,
    QuestionCategory,
    Referral,
)
from navigator.advice.words import office_names

MOST_OFFICES: Final = 50


@dataclass(frozen=True, slots=True)
class Registered:
    """A conversation that was registered just now, and what can be done with it."""

    conversation: AdviceConversation
    slip_for: Referral | None  # the referral to offices, as long as it has no slip


@dataclass(frozen=True, slots=True)
class Panel:
    """The form of one conversation; scripts open several in it."""

    form: ConversationForm
    registered: Registered | None
    categories: list[tuple[str, Any]]
    languages: list[tuple[str, str]]


def panel_context(request: HttpRequest) -> dict[str, Any]:
    """For `components/desk_conversation.html`; all of it stands under `panel`.

    A query for the offices in `gekozen`, and a few for the conversation in `geregistreerd`; none
    without them.
    """
    names = office_names(request.GET.getlist("gekozen")[:MOST_OFFICES])
    form = ConversationForm(at=timezone.now(), offices=names, names=names)
    return {"panel": panel(form, registered=_registered(request))}


def panel(form: ConversationForm, *, registered: Registered | None = None) -> Panel:
    """The panel around a form."""
    return Panel(form, registered, list(QuestionCategory.choices), list(settings.LANGUAGES))


def slip_for(conversation: AdviceConversation) -> Referral | None:
    """The referral that a slip can be made for. No queries for one of `whole()`."""
    if conversation.withdrawn_at is not None:
        return None
    for referral in conversation.referrals.all():
        is_told = any(slip.withdrawn_at is None for slip in referral.slips.all())
        if referral.destination == Destination.REGIONAL_OFFICE and referral.offices.all():
            return None if is_told else referral
    return None


def _registered(request: HttpRequest) -> Registered | None:
    number = request.GET.get("geregistreerd", "")
    if not (number.isascii() and number.isdigit() and len(number) < 16):
        return None
    found = AdviceConversation.objects.whole().standing().filter(pk=number).first()
    if found is None or not rules.may_correct_conversation(
        request.user,
        advisor_id=found.advisor_id,
        registered_at=found.registered_at,
        at=timezone.now(),
    ):
        return None
    return Registered(found, slip_for(found))
