"""Where a visitor came from: a campaign, a search engine, another site.

Nothing is kept in the browser for it. The first page learns it from the referring host and from
`utm_*`; own pages hand it on in their links, as `carried` says.
"""

import re
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from django.http import HttpRequest

from navigator.statistics import known_sources
from navigator.statistics.known_sources import fit_to_keep, host_name
from navigator.statistics.models import Source
from regions import versions
from regions.national import NATIONAL_DESK

UTM = ("utm_source", "utm_medium", "utm_campaign", "utm_content", "utm_term")
VIA = "via"  # the parameter in which own links carry the referring host
_WIDGET = "widget"  # the `utm_medium` of links in the widget

_SEARCH_ENGINES = re.compile(
    r"(^|\.)(google|bing|duckduckgo|ecosia|startpage|qwant|yahoo|yandex|brave|baidu|kagi)\.[a-z.]+$"
)
_SOCIAL = re.compile(
    r"(^|\.)(facebook\.com|instagram\.com|linkedin\.com|lnkd\.in|x\.com|twitter\.com|t\.co|"
    r"tiktok\.com|youtube\.com|youtu\.be|whatsapp\.com|wa\.me|reddit\.com|pinterest\.[a-z.]+|"
    r"threads\.net|bsky\.app|snapchat\.com)$"
)


@dataclass(frozen=True, slots=True)
class Origin:
    """A source with what it is known by. Texts are empty when unknown."""

    source: Source
    host: str = ""
    utm_source: str = ""
    utm_medium: str = ""
    utm_campaign: str = ""
    utm_content: str = ""
    utm_term: str = ""

    @property
    def carried(self) -> dict[str, str]:
        """What own links hand on, as query parameters."""
        utm = {name: getattr(self, name) for name in UTM}
        return {name: value for name, value in ({VIA: self.host} | utm).items() if value}

    @property
    def carried_query(self) -> str:
        """The same behind an address: "?via=…", or nothing."""
        return f"?{urlencode(self.carried)}" if self.carried else ""


def origin_of(request: HttpRequest) -> Origin:
    """Where the visitor of this request came from first."""
    utm = {name: fit_to_keep(request.GET.get(name, "")) for name in UTM}
    host = host_name(request.GET.get(VIA, "")) or _referring_host(request)
    source = _source(host, utm_source=utm["utm_source"], utm_medium=utm["utm_medium"])
    return Origin(source, host, **utm)


def _source(host: str, *, utm_source: str, utm_medium: str) -> Source:
    """What administrators know goes first; docs/operations.md tells these rules in words."""
    known = known_sources.current().source_of(host=host, utm_source=utm_source)
    if known is not None:
        return known
    if utm_medium.strip().lower() == _WIDGET:
        return Source.WIDGET
    if not host:
        return Source.OTHER_SITE if utm_source else Source.DIRECT
    if _SEARCH_ENGINES.search(host):
        return Source.SEARCH_ENGINE
    if _SOCIAL.search(host):
        return Source.SOCIAL
    if host in versions.prepared("partner hosts", _partner_hosts):
        return Source.PARTNER
    return Source.OTHER_SITE


def _partner_hosts() -> frozenset[str]:
    """The hosts of the offices' own websites, and of the national desk."""
    addresses = [profile.website for profile in versions.current().profiles.values()]
    hosts = (host_name(urlsplit(url).hostname or "") for url in (*addresses, NATIONAL_DESK.website))
    return frozenset(host for host in hosts if host)


def _referring_host(request: HttpRequest) -> str:
    try:
        referring = urlsplit(request.META.get("HTTP_REFERER", ""))
        host = referring.hostname or ""
    except ValueError:
        return ""
    if host == request.get_host().partition(":")[0]:
        return ""
    return host_name(host)
