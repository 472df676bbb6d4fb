"""What accompanies a change on its way: a note, a moment, a comment."""

from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy as _


def moment(day: date, at: time) -> datetime:
    """A moment in the Netherlands. The first of two when the clock goes back.

    Raises ValidationError for an hour that does not exist, when the clock goes forward.
    """
    zone = ZoneInfo(settings.TIME_ZONE)
    local = datetime.combine(day, at)
    aware = local.replace(tzinfo=zone)
    if aware.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != local:
        raise forms.ValidationError(
            _("In that night the clock goes forward, so this time does not exist. Choose another."),
            code="no_such_time",
        )
    return aware.astimezone(UTC)


class _MomentForm(forms.Form):
    """A day and a time in the future, together in `cleaned_data["publish_at"]`."""

    day = forms.DateField(
        label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    time = forms.TimeField(
        label=_("Time"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        cleaned["publish_at"] = None
        day, at = cleaned.get("day"), cleaned.get("time")
        if day and at:
            try:
                cleaned["publish_at"] = moment(day, at)
            except (forms.ValidationError, OverflowError, ValueError) as wrong:
                self.add_error("time", _not_a_moment(wrong))
            else:
                self._refuse_the_past(cleaned["publish_at"])
        elif day and "time" in cleaned:
            self.add_error("time", gettext("Choose a time too."))
        elif at and "day" in cleaned:
            self.add_error("day", gettext("Choose a day too."))
        return cleaned

    def _refuse_the_past(self, publish_at: datetime) -> None:
        if publish_at <= timezone.now():
            self.add_error("day", gettext("This moment has passed. Choose a later one."))


def _not_a_moment(wrong: Exception) -> forms.ValidationError:
    if isinstance(wrong, forms.ValidationError):
        return wrong
    return forms.ValidationError(gettext("Choose another moment."))


class PlanForm(_MomentForm):
    """When a change becomes public."""

    prefix = "plan"


class SubmitForm(_MomentForm):
    """What the reviewer should know, and when the change should become public, if that matters."""

    prefix = "submit"
    note = forms.CharField(
        label=_("Note for the reviewer"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    field_order = ("note", "day", "time")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("day", "time"):
            self.fields[name].required = False
        self.fields["day"].label = _("Public from this day")
        self.fields["time"].label = _("At this time")


class CommentForm(forms.Form):
    """What the reviewer says; needed when a change is sent back."""

    comment = forms.CharField(
        label=_("Comment for the editor"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def require_comment(self) -> None:
        """Say that a comment is missing, if it is."""
        if self.is_valid() and not self.cleaned_data["comment"]:
            self.add_error("comment", _("Write what has to change, so that the editor can go on."))
