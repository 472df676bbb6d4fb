"""The period that a page with figures is asked for."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from navigator.statistics import periods
from navigator.statistics.periods import NamedPeriod, Period, PeriodError


class PeriodForm(forms.Form):
    """The first and the last day, as they stand in the address.

    Whether they make a period, `periods.read` says; see `asked`.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # No names that Python would take.
        self.fields["from"] = forms.CharField(label=_("First day"), required=False)
        self.fields["to"] = forms.CharField(label=_("Last day"), required=False)
        for field in self.fields.values():
            # A browser shows nothing of what is no date, unless it is a text.
            kind = "text" if self.is_bound else "date"
            field.widget = forms.TextInput(attrs={"autocomplete": "off"})
            field.widget.input_type = kind


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for: a period, or a form that says why there is none."""

    form: PeriodForm
    period: Period | None
    preset: str  # a code of `periods.PRESETS` or of a campaign, or nothing

    @property
    def question(self) -> dict[str, str]:
        """The same period, as it stands in an address."""
        if self.preset:
            return {"period": self.preset}
        if self.period is None:
            return {}
        return {"from": self.period.first.isoformat(), "to": self.period.last.isoformat()}


def asked(
    parameters: Mapping[str, str], *, today: date, campaigns: Collection[NamedPeriod] = ()
) -> Asked:
    """The period of an address; nothing is raised for what is no period.

    `campaigns` can be asked for by their codes, beside the presets.
    """
    try:
        period = periods.read(parameters, today=today, campaigns=campaigns)
    except PeriodError as error:
        form = PeriodForm(parameters)
        for wrong in (error, *error.also):
            form.add_error(wrong.name if wrong.name in form.fields else None, wrong.message)
        return Asked(form, None, "")
    form = PeriodForm(initial={"from": period.first.isoformat(), "to": period.last.isoformat()})
    named = not (parameters.get("from") or parameters.get("to"))
    preset = parameters.get("period", "").strip() or periods.NORMAL if named else ""
    return Asked(form, period, preset)
