"""The address service of the Dutch government (PDOK Locatieserver) as a geocoder of geopy.

Made so that a page never suffers from it: a deadline for the whole request, a limit to what is
read, no redirects, no more than a few requests a second, and a pause after a failure.
"""

import http.client
import json
import re
import socket
import ssl
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from geopy.adapters import AdapterHTTPError, BaseSyncAdapter
from geopy.exc import (
    ConfigurationError,
    GeocoderParseError,
    GeocoderRateLimited,
    GeocoderServiceError,
    GeocoderTimedOut,
    GeocoderUnavailable,
)
from geopy.geocoders.base import DEFAULT_SENTINEL, Geocoder
from geopy.location import Location

from regions.postcodes import parse_postcode

PDOK_URL: Final = "https://api.pdok.nl/bzk/locatieserver/search/v3_1"
MOST_BYTES: Final = 256 * 1024
REQUESTS_PER_SECOND: Final = 10
PAUSE_S: Final = 15.0

# The same bounds as those of a stored postcode.
_LATITUDES: Final = (50.5, 53.7)
_LONGITUDES: Final = (3.2, 7.3)
_POINT = re.compile(r"POINT ?\((-?[0-9]{1,3}(?:\.[0-9]{1,20})?) (-?[0-9]{1,3}(?:\.[0-9]{1,20})?)\)")
_FIELDS: Final = "type,postcode,woonplaatsnaam,gemeentenaam,centroide_ll,score"
# Places are found in the own table, and parcels and kilometre posts are no addresses.
_TYPES: Final = "type:(adres OR postcode OR weg)"
_ROWS: Final = 10
_MOST_CHARACTERS_OF_A_NAME: Final = 100


class PDOKLocatieserver(Geocoder):  # type: ignore[misc]  # geopy has no types
    """Addresses in the Netherlands -> points, by the `free` endpoint of version 3.1.

    One object is meant to be shared by all threads of a process: it keeps count of its requests.
    `timeout` is in seconds and holds for a whole request, name look-up included. No proxy is
    used. `clock` gives seconds that never go back.
    """

    def __init__(
        self,
        *,
        url: str = PDOK_URL,
        timeout: float,
        requests_per_second: int = REQUESTS_PER_SECOND,
        pause_s: float = PAUSE_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        address = urlsplit(url)
        if address.scheme not in ("http", "https") or not address.hostname:
            raise ConfigurationError("The address of a geocoder starts with https:// or http://.")
        super().__init__(
            scheme=address.scheme,
            timeout=timeout,
            proxies={},
            user_agent="regional-office-navigator",
            adapter_factory=DeadlineAdapter,
        )
        self._url = f"{url.rstrip('/')}/free"
        self._pace = _Pace(requests_per_second, pause_s, clock)

    def geocode(
        self, query: str, *, exactly_one: bool = True, timeout: Any = DEFAULT_SENTINEL
    ) -> Location | list[Location] | None:
        """The place of an address: the best one, or all that fit equally well.

        A location's `address` is the name of its place and nothing more precise; `raw` holds
        `postcode` (four digits, "" when a street has several), `place` and `municipality`.
        None when no address fits. Raises GeocoderTimedOut, GeocoderUnavailable,
        GeocoderParseError (an answer that makes no sense), GeocoderRateLimited (not asked: too
        many requests, or it failed a moment ago), GeocoderServiceError (any other answer than
        200, redirects included). No message repeats the query.
        """
        self._pace.take()
        asked = urlencode(
            # A lone half of a surrogate pair can be typed but not sent.
            {"q": query, "fq": _TYPES, "fl": _FIELDS, "rows": _ROWS},
            errors="replace",
        )
        try:
            found: list[Location] = self._call_geocoder(
                f"{self._url}?{asked}", _locations, timeout=timeout
            )
        except GeocoderParseError:
            raise
        except GeocoderServiceError:
            self._pace.pause()
            raise
        if not found:
            return None
        return found[0] if exactly_one else found

    def _geocoder_exception_handler(self, error: Exception) -> None:
        # geopy would call some of them a time-out, and repeat the body.
        if isinstance(error, AdapterHTTPError):
            raise GeocoderServiceError(f"status {error.status_code}") from None


class DeadlineAdapter(BaseSyncAdapter):  # type: ignore[misc]  # geopy has no types
    """Fetches within a deadline for everything together.

    Time-outs of sockets start anew with every byte, and the look-up of a name has none. So the
    work is done in a thread of its own, and at the deadline its connection is cut.
    """

    def __init__(self, *, proxies: dict[str, str], ssl_context: ssl.SSLContext | None) -> None:
        super().__init__(proxies=proxies, ssl_context=ssl_context)
        # Reading the system's certificates takes longer than a request should.
        self._ssl_context = ssl_context or ssl.create_default_context()

    def get_json(self, url: str, *, timeout: float, headers: dict[str, str]) -> Any:
        text = self.get_text(url, timeout=timeout, headers=headers)
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            raise GeocoderParseError("no JSON") from None

    def get_text(self, url: str, *, timeout: float, headers: dict[str, str]) -> str:
        request = _Request(url, timeout, headers, self._ssl_context)
        answer: Future[tuple[int, bytes]] = Future()
        threading.Thread(
            target=request.answer_in, args=(answer,), name="geocoder", daemon=True
        ).start()
        try:
            status, body = answer.result(timeout)
        except TimeoutError:
            request.cut()
            raise GeocoderTimedOut("timed out") from None
        except (OSError, UnicodeError):
            # UnicodeError: a host name that can't be one.
            raise GeocoderUnavailable("unreachable") from None
        except (http.client.HTTPException, ValueError):
            raise GeocoderParseError("no HTTP") from None
        if status != http.HTTPStatus.OK:
            raise AdapterHTTPError("status", status_code=status, headers={}, text=None)
        if len(body) > MOST_BYTES:
            raise GeocoderParseError("too long")
        try:
            return body.decode()
        except UnicodeDecodeError:
            raise GeocoderParseError("no UTF-8") from None


class _Request:
    """One GET, which another thread may cut off."""

    def __init__(
        self, url: str, timeout: float, headers: dict[str, str], ssl_context: ssl.SSLContext
    ) -> None:
        address = urlsplit(url)
        host, port = address.hostname or "", address.port
        self._connection = (
            http.client.HTTPSConnection(host, port, timeout=timeout, context=ssl_context)
            if address.scheme == "https"
            else http.client.HTTPConnection(host, port, timeout=timeout)
        )
        self._target = f"{address.path}?{address.query}"
        self._headers = {**headers, "Accept": "application/json", "Connection": "close"}
        self._socket: socket.socket | None = None
        self._is_cut = False

    def answer_in(self, answer: Future[tuple[int, bytes]]) -> None:
        """Put the status and at most one byte too many in `answer`, or what went wrong."""
        try:
            self._connection.connect()
            # The connection lets go of its socket while the answer is still being read.
            self._socket = self._connection.sock
            if self._is_cut:
                return
            self._connection.request("GET", self._target, headers=self._headers)
            with self._connection.getresponse() as response:
                answer.set_result((response.status, response.read(MOST_BYTES + 1)))
        except (OSError, ValueError, http.client.HTTPException) as error:
            answer.set_exception(error)
        finally:
            self._connection.close()

    def cut(self) -> None:
        """End the request, wherever it is; its thread ends soon after."""
        self._is_cut = True
        if self._socket is not None:
            with suppress(OSError):  # it was over already
                self._socket.shutdown(socket.SHUT_RDWR)


class _Pace:
    """At most so many requests a second, and none for a while after a failure."""

    def __init__(self, per_second: int, pause_s: float, clock: Callable[[], float]) -> None:
        self._per_second = per_second
        self._pause_s = pause_s
        self._clock = clock
        self._lock = threading.Lock()
        self._asked: deque[float] = deque(maxlen=per_second)
        self._paused_until = float("-inf")

    def take(self) -> None:
        """Note a request that is about to be made, or raise GeocoderRateLimited."""
        with self._lock:
            now = self._clock()
            full = len(self._asked) == self._per_second and now - self._asked[0] < 1
            if full or now < self._paused_until:
                raise GeocoderRateLimited("not asked")
            self._asked.append(now)

    def pause(self) -> None:
        with self._lock:
            self._paused_until = self._clock() + self._pause_s


def _locations(answer: Any) -> list[Location]:
    """The documents of an answer that fit as well as the first one does."""
    try:
        documents = answer["response"]["docs"]
        if not isinstance(documents, list):
            raise TypeError
        # They stand in the order of their score.
        best = [document for document in documents if _rank(document) == _rank(documents[0])]
        return [_location(document) for document in best]
    except (AttributeError, KeyError, TypeError, ValueError):
        raise GeocoderParseError("another shape") from None


def _rank(document: dict[str, Any]) -> tuple[Any, ...]:
    score = document.get("score")
    # Without a score nothing is as good as the first.
    return (score, document.get("type")) if score is not None else (id(document),)


def _location(document: dict[str, Any]) -> Location:
    place, municipality, written = (
        _text(document, field) for field in ("woonplaatsnaam", "gemeentenaam", "postcode")
    )
    point = _POINT.fullmatch(document["centroide_ll"])
    if point is None:
        raise ValueError
    longitude, latitude = float(point[1]), float(point[2])
    if not (
        _LATITUDES[0] <= latitude <= _LATITUDES[1] and _LONGITUDES[0] <= longitude <= _LONGITUDES[1]
    ):
        raise ValueError
    # A PostcodeError is a ValueError, and does not repeat the postcode.
    postcode = parse_postcode(written) if written else ""
    raw = {"postcode": postcode, "place": place, "municipality": municipality}
    return Location(place, (latitude, longitude), raw)


def _text(document: dict[str, Any], field: str) -> str:
    text = document.get(field, "")
    if not isinstance(text, str) or len(text) > _MOST_CHARACTERS_OF_A_NAME:
        raise TypeError
    return text
