"""The sites and `utm_source`s that administrators keep, each with what its visitors count under.

A process keeps the list and reads it anew at most once a second, in one query: what is changed in
another process is seen within that second, in the process that changes it at once.
"""

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

import idna
import structlog
from django.db import Error
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from navigator.logs import without_letters
from navigator.statistics.models import KnownSource, Source

log = structlog.get_logger(__name__)

LOOK_UP_EVERY_S: Final = 1.0
_MOST: Final = 100  # characters of a value that are kept
_HOST: Final = re.compile(r"(?=.{1,100}\Z)[a-z0-9-]+(\.[a-z0-9-]+)+")


class UnclearSource(ValueError):
    """What was given is no site and no `utm_source`; `code` is one of MESSAGES."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code

    @property
    def message(self) -> str:
        """What is wrong and how to mend it, in the language of the moment."""
        return str(MESSAGES[self.code])


MESSAGES: Final[Mapping[str, Promise]] = {
    "not_a_host": _("This is not the name of a site. Write it like example.nl."),
    "not_a_utm_source": _(
        "Give only the text that stands behind utm_source= in the link, up to the next &."
    ),
}


@dataclass(frozen=True, slots=True)
class KnownSources:
    """The list: a host or a `utm_source` in small letters -> what it counts under."""

    hosts: Mapping[str, Source] = field(default_factory=dict)
    utm_sources: Mapping[str, Source] = field(default_factory=dict)

    def source_of(self, *, host: str, utm_source: str) -> Source | None:
        """What a visitor counts under; None when neither is known.

        The link says more than the site on which it stood, so the `utm_source` goes first. A host
        stands for all below it too; the longest that is known decides.
        """
        known = self.utm_sources.get(utm_source.strip().lower()) if utm_source else None
        while known is None and host:
            known = self.hosts.get(host)
            host = host.partition(".")[2]
        return known


class _Process:
    """What this process knows of the list."""

    known: KnownSources | None = None
    looked_up_at: float = 0.0


def current() -> KnownSources:
    """The list: at most a second old, without a query most of the time.

    When the database fails it is the last one that was known: a count breaks no page.
    """
    now = time.monotonic()
    known = _Process.known
    if known is not None and now - _Process.looked_up_at < LOOK_UP_EVERY_S:
        return known
    try:
        known = _read()
    except Error as error:
        log.error("known_sources_failed", error=type(error).__name__)
        known = known or KnownSources()
    _Process.known, _Process.looked_up_at = known, now
    return known


def forget() -> None:
    """Read the list again at the next question."""
    _Process.known = None


def cleaned(by: str, text: str) -> str:
    """What somebody typed or pasted, as it is compared; `by` is one of KnownSource.By.

    A web address becomes the name of its site. Raises UnclearSource.
    """
    if by == KnownSource.By.HOST:
        return _site(text)
    if any(sign in text for sign in "=&?"):
        raise UnclearSource("not_a_utm_source")
    name = fit_to_keep(text).strip().lower()
    if not name:
        raise UnclearSource("not_a_utm_source")
    return name


def host_name(text: str) -> str:
    """The name of a host in small letters, without `www.`; empty when it is none."""
    host = text.lower().removeprefix("www.")
    return host if _HOST.fullmatch(host) else ""


def fit_to_keep(text: str) -> str:
    """A value fit to be kept: no control characters, no full postcode, not too long."""
    printable = "".join(character for character in text if character.isprintable())
    return without_letters(printable)[:_MOST]


def _site(text: str) -> str:
    text = text.strip()
    try:
        address = urlsplit(text if "//" in text else f"//{text}")
        given = address.hostname or ""
        name = idna.encode(given.rstrip("."), uts46=True).decode() if given else ""
    except (ValueError, idna.IDNAError):
        raise UnclearSource("not_a_host") from None
    host = host_name(name)
    if not host or "@" in address.netloc:
        raise UnclearSource("not_a_host")
    return host


def _read() -> KnownSources:
    hosts: dict[str, Source] = {}
    utm_sources: dict[str, Source] = {}
    for by, value, source in KnownSource.objects.order_by().values_list("by", "value", "source"):
        (hosts if by == KnownSource.By.HOST else utm_sources)[value] = Source(source)
    return KnownSources(hosts, utm_sources)
