"""Which figures of advice are public: what an administrator ticks."""

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from navigator.statistics import reports
from navigator.statistics.publishing import Published

_ARE_YOU_SURE: Final = _(
    "Without this, numbers from 1 to 4 are public too, and somebody could be recognised in them. "
    "Tick that you want this, or hide them."
)


class PublishingForm(forms.Form):
    """The tables, and whether small numbers are hidden. To show those takes a second tick."""

    tables = forms.MultipleChoiceField(
        label=_("Public tables"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("We don't know this table. Choose from the list.")},
    )
    hide_small = forms.BooleanField(
        label=_("Hide small numbers: show 1 to 4 as “<5”"),
        required=False,
        help_text=_(
            "Keep this on, unless you are sure that nobody can be recognised in the figures."
        ),
    )
    sure = forms.BooleanField(label=_("Yes, show small numbers to everybody"), required=False)

    def __init__(self, data: Any = None, *, published: Published) -> None:
        initial = {"tables": published.tables, "hide_small": published.hide_small}
        super().__init__(data, initial=initial)
        titles = reports.table_titles()
        self.fields["tables"].choices = [  # type: ignore[attr-defined]  # it is a choice field
            (code, titles[code]) for code in reports.TABLES
        ]
        self._were_shown = bool(published.tables) and not published.hide_small

    @property
    def asks_whether_sure(self) -> bool:
        """Whether the second tick is needed: small numbers are public, or would be."""
        return self._were_shown or "sure" in self.errors

    def clean(self) -> dict[str, Any]:
        """Small numbers are shown when somebody said so twice; without tables there are none."""
        values: dict[str, Any] = super().clean() or {}
        if not values.get("tables"):
            values["hide_small"] = True
        elif not values.get("hide_small") and not values.get("sure"):
            self.add_error("sure", _ARE_YOU_SURE)
        return values
