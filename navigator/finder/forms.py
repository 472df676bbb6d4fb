"""What is typed, and what is in an address: cleaned, and explained when it is wrong."""

import re
import unicodedata
from enum import StrEnum
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import lazystr
from django.utils.translation import gettext, gettext_lazy as _

from regions import geocoding, places, versions
from regions.answers import Answer, UnknownMunicipality, UnknownPlace, UnknownSector, UnknownSupport
from regions.location import OutsideNetherlands, postcode_at
from regions.postcodes import PostcodeError, looks_like_postcode, parse_postcode
from regions.search import find_offices

# What names and addresses are written with; whatever else is typed is neither.
_WRITTEN_WITH = re.compile(r"[\w\s.,'’‘´`()/&+\-–:#°]*")
# What is wrong with a text whatever it was meant to be.
_NEVER_A_NAME = {"empty", "too_long", "not_text", "not_ascii_digits"}
_MOST_CHARACTERS = 100  # of a name in an address
_NO_NAME = ("max_length", "null_characters_not_allowed")  # why a text can't be a name at all

_NO_POSTCODE = {"null_characters_not_allowed": lazystr(PostcodeError("not_a_postcode"))}
_UNKNOWN_PLACE = _("We know no place with this name. Check the spelling, or type a postcode.")


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


class NoLocation(ValueError):
    """What was sent as a location is none."""

    code = "no_location"


class PostcodeForm(forms.Form):
    """The question: a postcode, a place or an address as people type it, or a shared location.

    After `is_valid`, `question` holds what goes into the address: never more than four digits of a
    postcode, and never a location. `similar` holds names like one that we don't know.
    """

    postcode = forms.CharField(
        label=_("Your postcode or place"),
        required=False,
        strip=False,
        error_messages=_NO_POSTCODE,
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
                self.question = self._located(cleaned) or self._typed(cleaned["postcode"])
        except (PostcodeError, NoLocation, OutsideNetherlands, UnknownPlace) as error:
            self._explain(error)
        if cleaned.get("sector"):
            self.question["sector"] = cleaned["sector"]
        return cleaned

    def _located(self, cleaned: dict[str, Any]) -> dict[str, str]:
        """The question of a shared location; empty when there is none, or a text goes first.

        The fields of a location are not in sight, so what is wrong with it is told at the text.
        """
        wrong = [self.errors.pop(name, None) for name in ("latitude", "longitude")]
        latitude, longitude = cleaned.get("latitude"), cleaned.get("longitude")
        if cleaned["postcode"].strip() or (latitude is longitude is None and not any(wrong)):
            return {}
        if latitude is None or longitude is None:
            raise NoLocation
        return {"postcode": postcode_at(latitude=latitude, longitude=longitude)}

    def _typed(self, typed: str) -> dict[str, str]:
        try:
            return {"postcode": parse_postcode(typed)}
        except PostcodeError as error:
            is_odd = not _WRITTEN_WITH.fullmatch(unicodedata.normalize("NFC", typed))
            if error.code in _NEVER_A_NAME or is_odd or looks_like_postcode(typed):
                raise
        return _named(typed) or _addressed(typed)

    def _explain(
        self, error: PostcodeError | NoLocation | OutsideNetherlands | UnknownPlace
    ) -> None:
        if isinstance(error, UnknownPlace):
            self.similar = error.similar
            told = str(_UNKNOWN_PLACE)
        elif isinstance(error, NoLocation):
            told = gettext("Your location could not be found. Type your postcode instead.")
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


class AddressForm(forms.Form):
    """What is in an address."""

    @property
    def question(self) -> dict[str, Any]:
        """What was understood of it, without what is empty, as query parameters."""
        return {name: value for name, value in self.cleaned_data.items() if value}


class SearchForm(AddressForm):
    """What is in the address of an answer."""

    postcode = forms.CharField(
        required=False, widget=forms.HiddenInput, error_messages=_NO_POSTCODE
    )
    place = forms.CharField(
        required=False,
        max_length=_MOST_CHARACTERS,
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(_NO_NAME, _UNKNOWN_PLACE),
    )
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
            self._refuse("place", str(_UNKNOWN_PLACE), error.code)
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


class OfficeListForm(AddressForm):
    """How the list of all offices is filtered and ordered. Also a wrong form has a list."""

    class Order(StrEnum):
        NAME = "name"
        REGION = "region"
        PROVINCE = "province"

    q = forms.CharField(
        label=_("Name, region or municipality"),
        required=False,
        max_length=_MOST_CHARACTERS,
        error_messages=dict.fromkeys(
            _NO_NAME, _("No office fits. Try another name, or choose less.")
        ),
    )
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

    @property
    def filters(self) -> dict[str, Any]:
        """What an office has to fit: `q`, `sector` and `support`; what is wrong counts as empty."""
        known = self.cleaned_data
        return {
            "q": known.get("q", ""),
            "sector": known.get("sector", ""),
            "support": known.get("support", ()),
        }

    @property
    def grouped_by(self) -> str:
        return self.cleaned_data.get("order") or self.Order.NAME
