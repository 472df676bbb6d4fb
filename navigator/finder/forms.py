"""What is typed, and what is in an address: cleaned, and explained when it is wrong."""

import re
import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, gettext_lazy as _

from regions import geocoding, places, versions
from regions.location import OutsideNetherlands, postcode_at
from regions.postcodes import PostcodeError, looks_like_postcode, parse_postcode
from regions.search import (
    Answer,
    UnknownMunicipality,
    UnknownPlace,
    UnknownSector,
    UnknownSupport,
    find_offices,
)

# What names and addresses are written with; whatever else is typed is neither.
_WRITTEN_WITH = re.compile(r"[\w\s.,'’‘´`()/&+\-–:#°]*")
# What is wrong with a text whatever it was meant to be.
_NEVER_A_NAME = {"empty", "too_long", "not_text", "not_ascii_digits"}


def _sector_choices() -> list[tuple[str, str]]:
    sectors = versions.current().sectors.values()
    return [("", gettext("All sectors")), *((sector.code, sector.name) for sector in sectors)]


def _support_choices() -> list[tuple[str, str]]:
    return [(term.code, term.name) for term in versions.current().support_types.values()]


class SectorField(forms.ChoiceField):
    """One of the sectors, or any."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            label=_("Sector"),
            required=False,
            choices=_sector_choices,
            error_messages={
                "invalid_choice": _("We don't know this sector. Choose one from the list.")
            },
            **options,
        )


class SupportField(forms.MultipleChoiceField):
    """Any number of types of support."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            label=_("Support"),
            required=False,
            choices=_support_choices,
            widget=forms.CheckboxSelectMultiple,
            error_messages={
                "invalid_choice": _("We don't know this kind of support. Choose from the list."),
                "invalid_list": _("We don't know this kind of support. Choose from the list."),
            },
            **options,
        )


class PostcodeForm(forms.Form):
    """The question: a postcode, a place or an address as people type it, or a shared location.

    After `is_valid`, `question` holds what goes into the address: never more than four digits of a
    postcode, and never a location. `similar` holds names like one that we don't know.
    """

    postcode = forms.CharField(
        label=_("Your postcode or place"),
        required=False,
        strip=False,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "postal-code",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "enterkeyhint": "search",
                "placeholder": "1234 AB",
            }
        ),
    )
    sector = SectorField()
    latitude = forms.FloatField(required=False, widget=forms.HiddenInput)
    longitude = forms.FloatField(required=False, widget=forms.HiddenInput)

    similar: tuple[str, ...] = ()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        self.question: dict[str, str] = {}
        try:
            if "postcode" in cleaned:
                self.question = self._location(cleaned) or self._typed(cleaned["postcode"])
        except (PostcodeError, OutsideNetherlands, UnknownPlace) as error:
            self._explain(error)
        if cleaned.get("sector"):
            self.question["sector"] = cleaned["sector"]
        return cleaned

    def _location(self, cleaned: dict[str, Any]) -> dict[str, str] | None:
        """The question of a shared location; a text that was typed goes first."""
        latitude, longitude = cleaned.get("latitude"), cleaned.get("longitude")
        if cleaned["postcode"].strip() or latitude is None or longitude is None:
            return None
        return {"postcode": postcode_at(latitude=latitude, longitude=longitude)}

    def _typed(self, typed: str) -> dict[str, str]:
        try:
            return {"postcode": parse_postcode(typed)}
        except PostcodeError as error:
            is_odd = not _WRITTEN_WITH.fullmatch(unicodedata.normalize("NFC", typed))
            if error.code in _NEVER_A_NAME or is_odd or looks_like_postcode(typed):
                raise
        return _named(typed) or _addressed(typed)

    def _explain(self, error: PostcodeError | OutsideNetherlands | UnknownPlace) -> None:
        if isinstance(error, UnknownPlace):
            self.similar = error.similar
            told = gettext(
                "We know no place with this name. Check the spelling, or type a postcode."
            )
        elif isinstance(error, OutsideNetherlands):
            told = gettext("Your location is not in the Netherlands. Type a postcode or a place.")
        else:
            told = str(error)
        self.add_error("postcode", ValidationError(told, code=error.code))


def _named(typed: str) -> dict[str, str]:
    """The question for a place's name; empty when no place has it."""
    found = places.find_places(name=typed)
    if len(found) == 1 and places.name_key(found[0].name) != places.name_key(typed):
        # "Hengelo Gelderland": say in the address which one was meant.
        return {"place": found[0].name, "municipality": found[0].municipality_id}
    return {"place": " ".join(typed.split())} if found else {}


def _addressed(typed: str) -> dict[str, str]:
    """The question for an address. Raises UnknownPlace when nothing in it is known."""
    located = geocoding.locate(typed)
    note = {"note": located.note} if located.note else {}
    if located.postcode:
        return {"postcode": located.postcode, **note}
    if located.place and places.find_places(name=located.place):
        return {"place": located.place, **note}
    raise UnknownPlace(places.similar_names(typed))


class SearchForm(forms.Form):
    """What is in the address of an answer."""

    postcode = forms.CharField(required=False, widget=forms.HiddenInput)
    place = forms.CharField(required=False, max_length=100, widget=forms.HiddenInput)
    municipality = forms.RegexField(
        r"^GM[0-9]{4}$",
        required=False,
        widget=forms.HiddenInput,
        error_messages={"invalid": _("We don't know this municipality. Search again.")},
    )
    sector = SectorField()
    support = SupportField()

    similar: tuple[str, ...] = ()

    def clean_postcode(self) -> str:
        typed = self.cleaned_data["postcode"]
        try:
            return parse_postcode(typed) if typed else ""
        except PostcodeError as error:
            raise ValidationError(str(error), code=error.code) from error

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not (cleaned.get("postcode") or cleaned.get("place")):
            self.add_error(None, ValidationError(_("Type a postcode or a place."), code="empty"))
        return cleaned

    def ask(self) -> Answer | None:
        """The answer to a valid form's question; when there is none, None and an error."""
        try:
            return find_offices(**self.cleaned_data)
        except UnknownPlace as error:
            self.similar = error.similar
            self._refuse(
                "place",
                gettext("We know no place with this name. Check the spelling, or type a postcode."),
                error.code,
            )
        except UnknownMunicipality as error:
            self._refuse(
                "municipality",
                gettext("This municipality has no part of that postcode. Search again."),
                error.code,
            )
        except UnknownSector as error:
            self._refuse("sector", gettext("We don't know this sector."), error.code)
        except UnknownSupport as error:
            self._refuse("support", gettext("We don't know this kind of support."), error.code)
        return None

    def _refuse(self, field: str, told: str, code: str) -> None:
        self.add_error(field, ValidationError(told, code=code))


class OfficeListForm(forms.Form):
    """How the list of all offices is filtered and ordered."""

    class Order:
        NAME = "name"
        REGION = "region"
        PROVINCE = "province"

    q = forms.CharField(label=_("Name, region or municipality"), required=False, max_length=100)
    sector = SectorField()
    support = SupportField()
    order = forms.ChoiceField(
        label=_("In order of"),
        required=False,
        choices=[
            (Order.NAME, _("Name")),
            (Order.REGION, _("Education region")),
            (Order.PROVINCE, _("Province")),
        ],
        error_messages={"invalid_choice": _("We don't know this order. Choose from the list.")},
    )
