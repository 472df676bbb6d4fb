"""The form of a conversation: it reads what was posted; `registration` says what is wrong."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import uuid4

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext, gettext_lazy as _

from navigator import kept
from navigator.advice import moments
from navigator.advice.facts import MOST_OF_NAME, MOST_OF_NOTE, NAMED, Facts, Mistake, ReferralFacts
from navigator.advice.models import AdviceConversation, Channel, Destination, Interest
from regions import versions

NOT_REFERRED: Final = AdviceConversation.Outcome.NOT_REFERRED.value
_MOMENT_ERRORS: Final = {
    "unreadable": _(
        "We can't read this moment. Write it like 2026-11-24 10:30, or leave it empty."
    ),
    "skipped": _(
        "This moment doesn't exist: the clock went forward an hour that night. Choose another one."
    ),
}
# A field of `registration` -> that of this form, where they differ.
_FIELDS: Final = {"outcome": "destination", "referrals": "destination"}
# What one presses in a group to choose: the digits, and one more for the eleventh.
_DIGITS: Final = "1234567890-"


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a group, as the form shows it."""

    value: str
    label: str
    chosen: bool
    alone: bool = False  # excludes all others
    digit: str = ""
    name: Any = None  # the field for the name of a destination


class TicksField(forms.MultipleChoiceField):
    """Any codes; which of them exist is asked elsewhere."""

    widget = forms.CheckboxSelectMultiple

    def valid_value(self, value: Any) -> bool:
        """All are."""
        return True


class ConversationForm(forms.Form):
    """What is registered of a conversation, as an advisor fills it in.

    Bound with what was posted. Without it the form is empty, or holds a `conversation` to correct.
    `names` are those of offices, by slug.
    """

    base = forms.CharField(required=False, widget=forms.HiddenInput)
    key = forms.UUIDField(widget=forms.HiddenInput)
    moment = forms.CharField(label=_("Moment"), required=False)
    channel = forms.CharField(label=_("How did you speak?"), required=False)
    interests = TicksField(label=_("Interested in"), required=False)
    destination = TicksField(label=_("Referred to"), required=False)
    offices = TicksField(label=_("Regional offices"), required=False)
    note = forms.CharField(label=_("Note"), required=False, widget=forms.Textarea, strip=False)

    def __init__(
        self,
        data: Any = None,
        *,
        at: datetime,
        conversation: AdviceConversation | None = None,
        offices: Iterable[str] = (),
        names: Mapping[str, str] | None = None,
    ) -> None:
        self.at = at
        self.conversation = conversation
        self.names = names or {}
        initial = {
            "key": str(uuid4()),
            "moment": moments.written(at),
            "offices": list(offices),
            "base": kept.sign({}),
        }
        if conversation is not None:
            initial |= _initial(conversation)
        super().__init__(data, initial=initial)
        for code in Destination.values:
            if code in NAMED:
                label = _("%(destination)s: which one?") % {"destination": Destination(code).label}
                self.fields[f"name-{code}"] = forms.CharField(label=label, required=False)
        if conversation is not None:
            del self.fields["key"]

    @classmethod
    def posted_names(cls) -> frozenset[str]:
        """The names under which it is posted, and no others."""
        return frozenset(cls.base_fields) | {f"name-{code}" for code in NAMED}

    def clean_moment(self) -> datetime:
        """Empty: now, or as it was."""
        typed = self.cleaned_data["moment"]
        before = self.conversation.moment if self.conversation else None
        if before and typed in ("", moments.written(before)):
            return before  # a form knows no seconds, and no second hour of that night
        if not typed:
            return self.at
        try:
            return moments.read(typed)
        except moments.MomentError as error:
            raise ValidationError(_MOMENT_ERRORS[error.code], code=error.code) from None

    def clean_offices(self) -> list[str]:
        """Without the one that could be added, when none was."""
        return [slug for slug in self.cleaned_data["offices"] if slug]

    def facts(self) -> Facts:
        """What a valid form says."""
        data = self.cleaned_data
        codes = data["destination"]
        referrals = tuple(
            ReferralFacts(
                code,
                data.get(f"name-{code}", ""),
                tuple(data["offices"]) if code == Destination.REGIONAL_OFFICE else (),
            )
            for code in codes
            if code != NOT_REFERRED
        )
        outcome = AdviceConversation.Outcome.REFERRED.value if codes else ""
        return Facts(
            moment=data["moment"],
            channel=data["channel"],
            outcome=NOT_REFERRED if NOT_REFERRED in codes else outcome,
            interests=tuple(data["interests"]),
            referrals=referrals,
            note=data["note"],
        )

    def tell(self, mistakes: Iterable[Mistake]) -> None:
        """Put what `registration` says is wrong at the fields."""
        for mistake in mistakes:
            name = _FIELDS.get(mistake.field, mistake.field.replace(".", "-", 1))
            self.add_error(name if name in self.fields else None, str(mistake))

    def as_json(self) -> dict[str, list[str]]:
        """What is wrong, by field; the form as a whole under an empty name."""
        return {
            "" if name == NON_FIELD_ERRORS else name: [str(told) for told in errors]
            for name, errors in self.errors.items()
        }

    @property
    def channels(self) -> list[Choice]:
        """The ways to speak."""
        chosen = self["channel"].value()
        return _numbered(Choice(code, str(name), code == chosen) for code, name in Channel.choices)

    @property
    def sectors(self) -> list[Choice]:
        """The sectors, and what can be said instead."""
        chosen = self["interests"].value() or []
        sectors = ((code, term.name) for code, term in versions.current().sectors.items())
        return _numbered(
            Choice(code, str(name), code in chosen, alone=code in Interest.values)
            for code, name in (*sectors, *Interest.choices)
        )

    @property
    def destinations(self) -> list[Choice]:
        """The ten kinds of destination, and *not referred*."""
        chosen = self["destination"].value() or []
        kinds = (
            Choice(
                code,
                str(name),
                code in chosen,
                name=self[f"name-{code}"] if code in NAMED else None,
            )
            for code, name in Destination.choices
        )
        label = str(AdviceConversation.Outcome.NOT_REFERRED.label)
        alone = Choice(NOT_REFERRED, label, NOT_REFERRED in chosen, alone=True)
        return _numbered((*kinds, alone))

    @property
    def marked(self) -> list[Choice]:
        """The offices to choose from, those that were marked."""
        chosen = [slug for slug in self["offices"].value() or () if slug]
        slugs = dict.fromkeys([*self.initial["offices"], *chosen])
        return [Choice(slug, self.names.get(slug, slug), slug in chosen) for slug in slugs]

    @property
    def others(self) -> list[Choice]:
        """The offices that can be added, by name."""
        marked = {choice.value for choice in self.marked}
        public = versions.current().profiles.values()
        choices = (Choice(each.slug, each.name, chosen=False) for each in public)
        rest = (choice for choice in choices if choice.value not in marked)
        return sorted(rest, key=lambda choice: choice.label.casefold())

    @property
    def most(self) -> dict[str, int]:
        """How many characters fit."""
        return {"note": MOST_OF_NOTE, "name": MOST_OF_NAME}

    def tell_taken(self) -> None:
        """The key stands for a conversation that was registered already."""
        self.add_error(
            None,
            gettext(
                "A conversation was already registered with this form, and what you filled in "
                "differs from it. Register it once more if it is another conversation."
            ),
        )
        posted: Any = self.data
        self.data = again = posted.copy()
        again["key"] = str(uuid4())


def _numbered(choices: Iterable[Choice]) -> list[Choice]:
    return [
        replace(choice, digit=_DIGITS[place : place + 1]) for place, choice in enumerate(choices)
    ]


def _initial(conversation: AdviceConversation) -> dict[str, Any]:
    referrals = list(conversation.referrals.all())
    codes = [referral.destination for referral in referrals]
    if conversation.outcome == NOT_REFERRED:
        codes = [NOT_REFERRED]
    return {
        "moment": moments.written(conversation.moment),
        "channel": conversation.channel,
        "interests": [each.code for each in conversation.interests.all()],
        "destination": codes,
        "offices": [each.office.slug for referral in referrals for each in referral.offices.all()],
        "note": conversation.note,
        **{f"name-{each.destination}": each.name for each in referrals},
    }
