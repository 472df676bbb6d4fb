"""The question what became of a referral, as its office answers it: by link or logged in."""

from typing import Final

from django import forms
from django.utils.translation import gettext_lazy as _

from navigator.advice.models import SlipOutcome
from navigator.advice.outcomes import OF_OFFICES

Outcome = SlipOutcome.Outcome

# What each outcome means, as an office would say it.
IN_PLAIN_WORDS: Final = {
    Outcome.NOT_YET_UPDATED: _("There is no news yet"),
    Outcome.CONTACTED: _("We spoke with the candidate"),
    Outcome.WAITING: _("We wait for an answer of the candidate"),
    Outcome.REFERRED_ON: _("We referred the candidate on to somebody else"),
    Outcome.HELPED: _("We helped the candidate"),
    Outcome.NOT_REACHED: _("We could not reach the candidate, and stopped trying"),
    Outcome.NOT_ELIGIBLE: _("What we do is not meant for this candidate"),
    Outcome.NO_CAPACITY: _("We have no room for this candidate now"),
    Outcome.NO_LONGER_INTERESTED: _("The candidate is no longer interested"),
}
CHOICES: Final = [(each.value, IN_PLAIN_WORDS[each]) for each in OF_OFFICES]
# The code of an OutcomeError -> what to do now.
WORDS: Final = {
    "told_already": _("You told us this already today. That is fine: we stored it once."),
    "not_open": _("This referral was withdrawn, or is too old. You don't have to do anything."),
    "unknown_outcome": _("Choose what became of it."),
}


class OutcomeForm(forms.Form):
    """One of the nine outcomes that an office can tell."""

    outcome = forms.ChoiceField(
        label=_("What became of this referral?"),
        choices=CHOICES,
        widget=forms.RadioSelect,
        error_messages={
            "required": WORDS["unknown_outcome"],
            "invalid_choice": WORDS["unknown_outcome"],
        },
    )
