"""An address -> a postcode, a place or a point.

It never makes a search fail: when the address service is away, the answer comes from the
postcode or the place that the text itself holds, and says so. Nothing of an address is logged or
kept.
"""

import hashlib
import re
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

import structlog
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from geopy.exc import (
    ConfigurationError,
    GeocoderParseError,
    GeocoderRateLimited,
    GeocoderServiceError,
    GeocoderTimedOut,
    GeocoderUnavailable,
)
from geopy.location import Location

from regions.distances import Point
from regions.models import Postcode
from regions.pdok import PDOK_URL, PDOKLocatieserver
from regions.places import find_places, place_name_in
from regions.postcodes import MOST_CHARACTERS, postcode_in

KEPT_FOR_S: Final = 3600.0
MOST_KEPT: Final = 512

_NUMBER_AFTER_NAME = re.compile(r"(?s:(.*\D))([1-9][0-9]{3})")

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Located:
    """Where an address is, as far as is known: all None when nothing of it is."""

    postcode: str | None  # four digits
    place: str | None  # a name that `find_places` takes
    point: Point | None
    source: Literal["pdok", "local"]  # the address service, or the text itself
    note: Literal["geocoder_away"] | None = None


_NOWHERE: Final = Located(None, None, None, "local")


class AddressService:
    """PDOK with a memory: an answer is kept for an hour, under a hash of the address.

    The hash is keyed by a secret of this object, so that nobody can find out from the memory
    which addresses were asked. Failures are not kept.
    """

    def __init__(
        self, geocoder: PDOKLocatieserver, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._geocoder = geocoder
        self._clock = clock
        self._secret = secrets.token_bytes(32)
        self._lock = threading.Lock()
        self._kept: OrderedDict[bytes, tuple[float, Located | None]] = OrderedDict()

    def locate(self, address: str) -> Located | None:
        """The one place that an address stands for, or None. Raises GeocoderServiceError."""
        key = self._key(address)
        with self._lock:
            until, located = self._kept.get(key, (float("-inf"), None))
            if self._clock() < until:
                self._kept.move_to_end(key)
                return located
        located = _one_place(self._geocoder.geocode(address, exactly_one=False) or ())
        with self._lock:
            self._kept[key] = (self._clock() + KEPT_FOR_S, located)
            self._kept.move_to_end(key)
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        return located

    def _key(self, address: str) -> bytes:
        words = " ".join(address.casefold().split())
        return hashlib.blake2b(words.encode(errors="replace"), key=self._secret).digest()


def locate(address: str) -> Located:
    """Where an address is; never raises, whatever the text.

    With `GEOCODER=pdok` the address service is asked, with the whole text and nothing else. What
    it says counts when it is one place, and when it does not contradict a postcode in the text.
    Else, and with `GEOCODER=local`, the postcode or the place name in the text counts. `note` is
    "geocoder_away" when the service should have been asked and gave no answer; an address that it
    does not know is no such case.
    Takes at most GEOCODER_TIMEOUT_S seconds and two queries.
    Raises ImproperlyConfigured for a GEOCODER or GEOCODER_URL that can't be used.
    """
    geocoder = geocoder_in_use()
    address = address.strip()
    if not address or len(address) > MOST_CHARACTERS:
        return _NOWHERE
    if geocoder is None:
        return _read_from(address)
    try:
        found = geocoder.locate(address)
    except GeocoderServiceError as error:
        reason = _reason(error)
        if reason == "busy":
            log.info("geocoder_away", reason=reason)
        else:
            log.warning("geocoder_away", reason=reason)
        return _read_from(address, note="geocoder_away")
    written = postcode_in(address)
    if found is None or (written and found.postcode != written):
        return _read_from(address)
    return found


@dataclass(frozen=True, slots=True)
class PointFound:
    """The point of an address, and how well it is known."""

    point: Point
    precision: Literal["address", "postcode", "place"]  # the last two only near it
    name: str  # the four digits or the place that it is the middle of; empty for an address
    note: Literal["geocoder_away"] | None = None


def point_of(address: str) -> PointFound | None:
    """Where an address is on the map; None when nothing of it is known, or it could be several.

    The address service says it exactly. Without it, it is the middle of the postcode that the
    text holds, else of the place at its end. Takes what `locate` takes, and two queries more.
    """
    located = locate(address)
    if located.point is not None:
        return PointFound(located.point, "address", "", located.note)
    if located.postcode is not None:
        postcode = Postcode.objects.with_area().filter(code=located.postcode).first()
        if postcode is not None and postcode.latitude and postcode.longitude:
            middle = (postcode.latitude, postcode.longitude)
            return PointFound(middle, "postcode", postcode.code, located.note)
    places = find_places(name=located.place) if located.place else ()
    if len(places) != 1:
        return None
    known = [
        (latitude, longitude)
        for latitude, longitude in places[0]
        .postcodes.with_area()
        .order_by("code")
        .values_list("latitude", "longitude")
        if latitude is not None and longitude is not None
    ]
    if not known:
        return None
    middle = (
        round(sum(latitude for latitude, _ in known) / len(known), 5),
        round(sum(longitude for _, longitude in known) / len(known), 5),
    )
    return PointFound(middle, "place", places[0].name, located.note)


def geocoder_in_use() -> AddressService | None:
    """The address service that the settings name, the same one each time; None with "local"."""
    if settings.GEOCODER == "local":
        return None
    if settings.GEOCODER != "pdok":
        raise ImproperlyConfigured(
            "GEOCODER must be “local” (the own postcode table) or “pdok” (PDOK Locatieserver)."
        )
    return _address_service(settings.GEOCODER_URL or PDOK_URL, settings.GEOCODER_TIMEOUT_S)


@lru_cache(maxsize=1)
def _address_service(url: str, timeout_s: float) -> AddressService:
    if not timeout_s > 0:
        raise ImproperlyConfigured("GEOCODER_TIMEOUT_S must be a number of seconds above 0.")
    try:
        return AddressService(PDOKLocatieserver(url=url, timeout=timeout_s))
    except (ConfigurationError, ValueError):
        raise ImproperlyConfigured(
            "GEOCODER_URL must be a web address that starts with https:// or http://."
        ) from None


def _one_place(locations: Sequence[Location]) -> Located | None:
    """Equally good locations as one, or None when they lie in several places: never a guess."""
    places = {(location.raw["place"], location.raw["municipality"]) for location in locations}
    if len(places) != 1:
        return None
    first = locations[0]
    # A street with several postcodes is known by its place alone.
    is_one = len({location.raw["postcode"] for location in locations}) == 1
    return Located(
        postcode=(first.raw["postcode"] or None) if is_one else None,
        place=first.raw["place"] or None,
        point=(first.latitude, first.longitude) if is_one else None,
        source="pdok",
    )


def _read_from(address: str, *, note: Literal["geocoder_away"] | None = None) -> Located:
    """What the text itself tells: its postcode and the name of the place at its end."""
    postcode = postcode_in(address)
    if postcode is None and (numbered := _NUMBER_AFTER_NAME.fullmatch(address)):
        # "Rotterdam 3011": behind a place it is no house number.
        postcode = numbered[2] if find_places(name=numbered[1]) else None
    return Located(postcode, place_name_in(address), None, "local", note)


def _reason(error: GeocoderServiceError) -> str:
    match error:
        case GeocoderTimedOut():
            return "timeout"
        case GeocoderParseError():
            return "nonsense"
        case GeocoderUnavailable():
            return "unreachable"
        case GeocoderRateLimited():
            return "busy"
        case _:
            return "status"
