"""What an advisor heard is wrong, as a form: what is public now, to put right on the spot."""

from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, gettext_lazy as _

from navigator.advice import personal
from navigator.editing.forms.fields import TextField
from navigator.editing.forms.publication import CommentForm
from navigator.editing.forms.sections import HOURS, MOST_NOTE, SectionForm, day_name
from navigator.kept import sign
from regions import cleaning, geocoding, revisions, suggestions
from regions.models import PhoneHours, RegionalOffice
from regions.records import Record

ADDRESS: Final = "visiting_address"


class CorrectionForm(SectionForm):
    """The fields that can be heard to be wrong, filled with what is public.

    Only what differs from what the page showed is suggested: what somebody else put right
    meanwhile is left alone. `focus` is the field in which typing begins.
    """

    template = "editing/correction.html"

    note = TextField(
        partial(cleaning.line, max_length=MOST_NOTE),
        label=_("What did you hear?"),
        help_text=_(
            "For who keeps this profile right. Write nothing about the candidate: no name, no "
            "number, no address."
        ),
        most=MOST_NOTE,
    )

    def __init__(
        self,
        office: RegionalOffice,
        record: Record,
        data: Mapping[str, Any] | None = None,
        *,
        focus: str = "",
    ) -> None:
        super().__init__(office, "correction", record, data)
        first = day_name(PhoneHours.Weekday.MONDAY) if focus == HOURS else focus
        if first in self.fields and not self.is_bound:
            field: Any = self.fields[first]
            field.has_focus = True

    def clean_note(self) -> str:
        """Nothing personal stands in it, as far as that can be seen."""
        note: str = self.cleaned_data["note"]
        found = personal.found_in(note)
        if found:
            raise ValidationError([personal.MESSAGES[kind] for kind in found])
        return note

    def clean(self) -> dict[str, Any]:
        """Something differs from what was shown, and nobody else changed that meanwhile."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        if not self.read_fingerprints():
            raise ValidationError(gettext("This form was too old. Have a look, and send it again."))
        changed = self._changed()
        if not changed:
            raise ValidationError(
                gettext(
                    "Nothing differs from what is public. Change the field that is wrong; make it "
                    "empty when you don't know what is right."
                )
            )
        self._tell_changed_meanwhile(changed)
        if changed.get(ADDRESS) == "" and self.record.get("has_visiting_location"):
            self.add_error(
                ADDRESS,
                gettext("People can visit this office. Give the address where they can do that."),
            )
        return cleaned

    def suggested(self) -> Record:
        """What a valid form suggests, by field. Looks up where a new address is."""
        changed = self._changed()
        if ADDRESS in changed:
            changed[suggestions.ALONG[ADDRESS]] = _point_of(changed[ADDRESS])
        return changed

    def _changed(self) -> Record:
        """The values that are not those with which the form was filled."""
        base = self.read_fingerprints()
        return {
            name: value
            for name, value in self.values().items()
            if revisions.fingerprint(value) != base.get(name)
        }

    def _tell_changed_meanwhile(self, changed: Record) -> None:
        base, now = self.read_fingerprints(), revisions.fingerprints(self.record, changed)
        for name, value in changed.items():
            if base.get(name) == now[name] or value == self.record.get(name):
                continue
            base[name] = now[name]  # seen, once the form is shown again
            public = ", ".join(self.in_words(name, self.record.get(name)))
            self.add_error(
                name if name in self.fields else day_name(PhoneHours.Weekday.MONDAY),
                gettext("This changed while you had the page open. Public is now: %(value)s.")
                % {"value": public or gettext("nothing")},
            )
        posted: Any = self.data
        renewed = posted.copy()
        renewed["base"] = sign(base)
        self.data = renewed

    def _own_fields(self) -> tuple[str, ...]:
        return suggestions.FIELDS

    def _add(self, name: str) -> None:
        super()._add(name)
        if name != HOURS:  # what a good profile has is for its editors
            field: Any = self.fields[name]
            field.must, field.is_missing = None, False


class AnswerForm(CommentForm):
    """What the advisor reads about a correction; needed when it is not taken over."""

    comment = forms.CharField(
        label=_("Comment for the advisor"),
        help_text=_("Needed when you don't take it over."),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def require_comment(self) -> None:
        """Say that a comment is missing, if it is."""
        if self.is_valid() and not self.cleaned_data["comment"]:
            self.add_error("comment", _("Write why not, so that the advisor knows."))


def _point_of(address: str) -> list[float] | None:
    """Where an address certainly is; None rather than a point nearby, or that of another place."""
    found = geocoding.point_of(address) if address else None
    if found is None or found.precision != "address":
        return None
    latitude, longitude = found.point
    return [round(latitude, 5), round(longitude, 5)]
