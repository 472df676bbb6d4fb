"""Which views are left out afterwards, as an administrator types it."""

from datetime import UTC, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from navigator.statistics import known_sources
from navigator.statistics.exclusions import Window
from navigator.statistics.known_sources import UnclearSource
from navigator.statistics.models import KnownSource, Source
from regions.models import RegionalOffice

MOMENT = "%Y-%m-%dT%H:%M"  # as browsers send it
_NEEDED = {"required": _("Fill this in.")}


class Moment(forms.DateTimeField):
    """A day and time in Amsterdam -> a moment in UTC.

    In the hour that comes twice when the clock goes back, `fold` says which one is meant.
    """

    def __init__(self, *, fold: int, **options: Any) -> None:
        widget = forms.DateTimeInput(attrs={"autocomplete": "off", "step": "60"}, format=MOMENT)
        widget.input_type = "datetime-local"
        wrong = {"invalid": _("This is not a day and time. Write it like 2026-03-31T14:00.")}
        super().__init__(widget=widget, error_messages=_NEEDED | wrong, **options)
        self._fold = fold

    def to_python(self, value: Any) -> datetime | None:
        try:
            moment = super().to_python(value)
        except ValidationError as wrong:
            local = parse_datetime(str(value).strip())
            if wrong.code != "ambiguous_timezone" or local is None:
                raise
            moment = timezone.make_aware(local.replace(fold=self._fold))
        try:
            return moment.astimezone(UTC) if moment else None
        except OverflowError:  # the first hour of the year 1
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None


class ExclusionForm(forms.Form):
    """An office, from when until when, by which source, and why. `window` is all but the last."""

    office = forms.ModelChoiceField(
        label=_("Regional office"),
        queryset=RegionalOffice.objects.order_by("name"),
        to_field_name="slug",
        empty_label=_("Choose an office"),
        error_messages={
            "required": _("Choose an office."),
            "invalid_choice": _("We don't know this office. Choose one from the list."),
        },
    )
    first = Moment(label=_("From"), fold=0)
    last = Moment(label=_("Until"), fold=1, help_text=_("What comes at this moment still counts."))
    source = forms.ChoiceField(
        label=_("Only of this source"),
        required=False,
        choices=[("", _("All sources")), *Source.choices],
    )
    source_host = forms.CharField(
        label=_("Only of this site"),
        required=False,
        max_length=2000,
        help_text=_("Such as example.nl. Empty: of all sites, and of none."),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false"}),
    )
    reason = forms.CharField(
        label=_("Why are they left out?"),
        max_length=300,
        error_messages=_NEEDED,
        help_text=_("Other administrators read it. Give no personal data."),
    )

    def __init__(self, *args: Any, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._at = at

    @property
    def window(self) -> Window:
        """The views that are meant; of a form that is right."""
        names = ("office", "first", "last", "source", "source_host")
        return Window(**{name: self.cleaned_data[name] for name in names})

    def clean_source_host(self) -> str:
        text = self.cleaned_data["source_host"]
        try:
            return known_sources.cleaned(KnownSource.By.HOST, text) if text else ""
        except UnclearSource as wrong:
            raise ValidationError(wrong.message, code=wrong.code) from None

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        first, last = values.get("first"), values.get("last")
        if first and last and last <= first:
            self.add_error("last", _("The end lies before the beginning. Change one of both."))
        elif last and last > self._at:
            self.add_error(
                "last", _("This lies ahead. Only what was counted already can be left out.")
            )
        return values
