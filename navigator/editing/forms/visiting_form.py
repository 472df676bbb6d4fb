"""The visiting address as a form: its point is looked up, shown, and stored once confirmed."""

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext, gettext_lazy as _

from navigator.editing import maps
from navigator.editing.forms.fields import Shown
from navigator.editing.forms.sections import Block, SectionForm
from navigator.editing.maps import Map
from regions import geocoding, revisions
from regions.distances import Point
from regions.records import Record, Subject

ADDRESS: Final = "visiting_address"
POINT: Final = "visiting_point"
CONFIRMED: Final = "confirmed"
_DEGREES: Final = re.compile(r"[0-9]{1,2}(?:[.,][0-9]{1,10})?", re.ASCII)
_LATITUDES: Final = (50.5, 53.7)
_LONGITUDES: Final = (3.2, 7.3)


@dataclass(frozen=True, slots=True)
class Found:
    """Where the address is. `how`: stored, hand, address, postcode, place, or empty for nowhere."""

    point: Point | None
    how: str
    name: str = ""  # the postcode or place that it is the middle of
    is_service_away: bool = False

    @property
    def map(self) -> Map | None:
        return maps.place_map(self.point) if self.point else None

    @property
    def is_approximate(self) -> bool:
        return self.how in ("postcode", "place")


class PointInput(forms.Widget):
    """A latitude and a longitude."""

    PARTS: Final = ("latitude", "longitude")

    def value_from_datadict(self, data: Any, files: Any, name: str) -> dict[str, str]:
        return {part: str(data.get(f"{name}.{part}", "")).strip() for part in self.PARTS}


class PointField(Shown, forms.Field):
    """A point given by hand; empty most of the time, since it is looked up."""

    component = "components/area_point.html"
    widget = PointInput

    def names(self, name: str) -> set[str]:
        return {f"{name}.{part}" for part in PointInput.PARTS}

    def as_typed(self, value: Any) -> dict[str, str]:
        return dict.fromkeys(PointInput.PARTS, "")

    def clean(self, value: Any) -> Point | None:
        latitude, longitude = (value[part] for part in PointInput.PARTS)
        if not latitude and not longitude:
            return None
        point = _degrees(latitude), _degrees(longitude)
        if point[0] is None or point[1] is None:
            raise ValidationError(
                gettext("Give both as a number, such as 51.92245 and 4.47945."), code="no_point"
            )
        within = _LATITUDES[0] <= point[0] <= _LATITUDES[1]
        if not (within and _LONGITUDES[0] <= point[1] <= _LONGITUDES[1]):
            raise ValidationError(
                gettext(
                    "This point lies outside the Netherlands. The latitude is between 50.5 and "
                    "53.7, the longitude between 3.2 and 7.3."
                ),
                code="outside",
            )
        return point[0], point[1]


class VisitingForm(SectionForm):
    """The section `visiting` of an office."""

    template = "editing/visiting.html"
    asks = False  # whether the point has to be confirmed before it is stored

    def __init__(self, subject: Subject, record: Record, data: Any = None) -> None:
        super().__init__(subject, "visiting", record, data)

    def names(self) -> frozenset[str]:
        """The names under which this form is posted, and no others."""
        return super().names() | {CONFIRMED}

    @cached_property
    def blocks(self) -> list[Block]:
        """The address with its point after the two flags."""
        order = ("has_visiting_location", "appointment_needed", ADDRESS, POINT)
        return [Block((self[name],)) for name in order]

    def clean(self) -> dict[str, Any]:
        """Who can be visited has an address."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        lacks = ADDRESS in cleaned and not cleaned[ADDRESS]
        if lacks and cleaned.get("has_visiting_location"):
            self.add_error(
                ADDRESS, gettext("Where can people visit you? Give the address, or untick that.")
            )
        return cleaned

    @cached_property
    def found(self) -> Found:
        """The point of what is typed; asks the address service when it has to be looked up."""
        known = self.record.get(POINT)
        stored = Found((known[0], known[1]), "stored") if known else Found(None, "")
        if not self.is_bound or not self.is_valid():
            return stored
        address, by_hand = self.cleaned_data[ADDRESS], self.cleaned_data[POINT]
        if not address:
            return Found(None, "")
        if by_hand:
            return Found(by_hand, "hand")
        if known and address == self.record.get(ADDRESS):
            return stored
        return _look_up(address)

    def values(self) -> Record:
        """What a valid form says, by field of the record."""
        point = self.found.point
        return {**super().values(), POINT: list(point) if point else None}

    @property
    def stands_for(self) -> str:
        """What stands for the address and point that are shown, posted to confirm them."""
        address = self.cleaned_data[ADDRESS] if self.is_bound else self.record.get(ADDRESS)
        point = self.found.point
        return revisions.fingerprint([address, list(point) if point else None])

    @property
    def is_confirmed(self) -> bool:
        """Whether nothing about the place changes, or just this was seen. It must be valid."""
        values = self.values()
        same = all(values[name] == self.record.get(name) for name in (ADDRESS, POINT))
        nowhere = not values[ADDRESS]
        return same or nowhere or self.data.get(CONFIRMED) == self.stands_for

    def _field(self, name: str) -> Any:
        if name == POINT:
            return PointField(required=False, label=capfirst(_("point on the map")))
        return super()._field(name)


def _look_up(address: str) -> Found:
    found = geocoding.point_of(address)
    if found is None:
        return Found(None, "")
    latitude, longitude = found.point
    point = round(latitude, 5), round(longitude, 5)
    return Found(point, found.precision, found.name, found.note == "geocoder_away")


def _degrees(typed: str) -> float | None:
    return float(typed.replace(",", ".")) if _DEGREES.fullmatch(typed) else None
