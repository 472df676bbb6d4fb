"""Answers that are ready before they are asked for: rendered and compressed once, then only sent.

A page or a JSON body is the same for everybody until the directory changes, or until an office
opens or closes. So it is made once per version (`regions.versions.prepared`), kept compressed, and
nothing is rendered or compressed in a peak. There is nothing secret in it: no cookie, no token.
"""

import gzip
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

import brotli
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import patch_vary_headers

from regions import versions
from regions.opening import opening

_GZIP_LEVEL = 6
_BROTLI_QUALITY = 5  # more is for what is compressed ahead of time


@dataclass(frozen=True, slots=True)
class Ready:
    """A body in both compressed forms; the plain one is unpacked for the few who ask for it."""

    gzip: bytes
    brotli: bytes
    content_type: str


def make_ready(body: bytes, content_type: str = "text/html; charset=utf-8") -> Ready:
    """Compress `body` for all who will ask for it."""
    return Ready(
        gzip=gzip.compress(body, _GZIP_LEVEL, mtime=0),
        brotli=bytes(brotli.compress(body, quality=_BROTLI_QUALITY)),
        content_type=content_type,
    )


def send(request: HttpRequest, ready: Ready, *, status: int = 200) -> HttpResponse:
    """The answer in the form that the client understands; brotli before gzip before plain."""
    accepted = _accepted(request.META.get("HTTP_ACCEPT_ENCODING", ""))
    if "br" in accepted:
        body, encoding = ready.brotli, "br"
    elif "gzip" in accepted:
        body, encoding = ready.gzip, "gzip"
    else:
        body, encoding = gzip.decompress(ready.gzip), ""
    response = HttpResponse(body, content_type=ready.content_type, status=status)
    if encoding:
        response.headers["Content-Encoding"] = encoding
    response.headers["Content-Length"] = str(len(body))
    patch_vary_headers(response, ("Accept-Encoding",))
    return response


def unchanged_until(at: datetime) -> datetime:
    """Until when every "now open" and "opens at" of the whole directory stays true.

    Part of the key of everything that is prepared and tells the time.
    """
    known = versions.prepared("unchanged until", list[datetime])
    if not known or known[0] <= at:
        known[:] = [_next_change(at)]
    return known[0]


def _next_change(at: datetime) -> datetime:
    hours = {profile.phone_hours for profile in versions.current().profiles.values()}
    changes = [now.valid_until for now in (opening(known, at) for known in hours) if now]
    midnight = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    tomorrow = timezone.make_aware((midnight + timedelta(days=1)).replace(tzinfo=None))
    return min([*changes, tomorrow])


@lru_cache(maxsize=256)
def _accepted(header: str) -> frozenset[str]:
    """The encodings of an Accept-Encoding header that are not refused with `q=0`."""
    names = set()
    for part in header.split(","):
        name, _, weight = part.partition(";")
        if weight.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000"):
            names.add(name.strip().lower())
    return frozenset(names)
