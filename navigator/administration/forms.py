"""What administrators type: new offices and regions, mergers, splits, addresses, and files."""

from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from navigator.accounts.models import User
from navigator.spreadsheets import TableField
from regions import cleaning, tables
from regions.models import EducationRegion, PublicationState, RegionalOffice
from regions.records import Refused

_NEEDED: Final = {"required": _("Fill this in.")}
_CHOOSE: Final = {"required": _("Choose at least one.")}
TABLE_NAMES: Final = {"offices": _("Regional offices"), "regions": _("Education regions")}


class UploadForm(forms.Form):
    """A file with one of the tables; `cleaned_data["file"]` is the table in it."""

    table = forms.ChoiceField(
        label=_("Which table is it?"), choices=list(TABLE_NAMES.items()), initial="offices"
    )
    file = TableField(
        label=_("File"),
        help_text=_("A CSV or XLSX file of at most 2 MB, such as one that you exported here."),
    )


class _NameForm(forms.Form):
    """A name, and the address that goes with it."""

    name = forms.CharField(label=_("Name"), max_length=120, error_messages=_NEEDED)
    slug = forms.CharField(
        label=_("Name in the address"),
        required=False,
        max_length=80,
        help_text=_("Stands in the address of its page. Empty: made of the name."),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false"}),
    )

    def clean_name(self) -> str:
        return _cleaned(cleaning.line, self.cleaned_data["name"], 120)

    def clean_slug(self) -> str:
        return _cleaned(cleaning.slug, self.cleaned_data["slug"], 80)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("slug") and "slug" in cleaned and cleaned.get("name"):
            cleaned["slug"] = _cleaned(cleaning.slug, cleaned["name"][:80], 80)
        return cleaned

    def refuse(self, refused: Refused) -> None:
        """Tell at each field why the directory can't hold it."""
        for field, told in refused.errors.items():
            self.add_error(field if field in self.fields else None, told)


class AddRegionForm(_NameForm):
    """A new region."""


class AddOfficeForm(_NameForm):
    """A new office of one or more regions."""

    regions = forms.ModelMultipleChoiceField(
        label=_("Education regions"),
        queryset=EducationRegion.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages=_CHOOSE,
        help_text=_("The editors of these regions edit the office."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _queryset(self, "regions", regions_in_use())


class AddressForm(forms.Form):
    """Another address for an office or region."""

    slug = forms.CharField(
        label=_("New name in the address"),
        max_length=80,
        error_messages=_NEEDED,
        help_text=_("The present address keeps working: it leads to the new one."),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false"}),
    )

    def clean_slug(self) -> str:
        return _cleaned(cleaning.slug, self.cleaned_data["slug"], 80)

    def refuse(self, refused: Refused) -> None:
        """Tell why the directory can't hold it."""
        for told in refused.errors.values():
            self.add_error("slug", told)


class MergeForm(forms.Form):
    """The region that another is merged into."""

    into = forms.ModelChoiceField(
        label=_("Into which region?"),
        queryset=EducationRegion.objects.none(),
        error_messages={"required": _("Choose a region.")},
    )

    def __init__(self, *args: Any, source: EducationRegion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _queryset(self, "into", regions_in_use().exclude(pk=source.pk))


class SplitForm(_NameForm):
    """The region that is split off: its name, its offices, its editors."""

    offices = forms.ModelMultipleChoiceField(
        label=_("Offices that go along"),
        queryset=RegionalOffice.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages=_CHOOSE,
    )
    editors = forms.ModelMultipleChoiceField(
        label=_("Who edits the new region?"),
        queryset=User.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("They keep editing the old one too. You can invite others later."),
    )

    def __init__(self, *args: Any, source: EducationRegion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _queryset(self, "offices", source.offices.order_by("name"))
        _queryset(
            self, "editors", User.objects.filter(memberships__region=source).order_by("email")
        )


def regions_in_use() -> Any:
    """The regions that are not archived, by name."""
    return EducationRegion.objects.exclude(state=PublicationState.ARCHIVED).order_by("name")


def _queryset(form: forms.Form, name: str, found: Any) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - the class above says so
    field.queryset = found


def _cleaned(clean: Any, text: str, most: int) -> str:
    try:
        cleaned: str = clean(text, most)
    except cleaning.Unclean as error:
        raise ValidationError(cleaning.message(error), code=error.code) from None
    return cleaned


assert set(TABLE_NAMES) == set(tables.TABLES)  # noqa: S101 - a table has a name
