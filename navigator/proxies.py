"""Where a request comes from: the network address, as far as proxies can be trusted."""

from collections.abc import Iterable
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The address that the request came from. One of IPv6 is cut to its /64, which is what one
    household has.
    """
    address = _whole_address(request)
    parsed = _parsed(address)
    if isinstance(parsed, IPv6Address):
        return str(ip_network((parsed, 64), strict=False).network_address)
    return str(parsed or address[:45])


def comes_from(request: HttpRequest, networks: Iterable[str]) -> bool:
    """Whether the request came from one of these networks. Not when it came by a socket."""
    parsed = _parsed(_whole_address(request))
    return parsed is not None and any(parsed in ip_network(network) for network in networks)


def _whole_address(request: HttpRequest) -> str:
    """The forwarded header is believed only when a trusted proxy (`TRUSTED_PROXIES`) hands it over,
    and then from the right, up to the first address that is no such proxy.
    """
    hops: list[str] = [request.META.get("REMOTE_ADDR", "")]
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "")
    hops = [*(hop.strip() for hop in forwarded.split(",") if hop.strip()), *hops][-20:]
    address = hops.pop()
    while hops and _is_trusted(address):
        address = hops.pop()
    return address


def network_address(request: HttpRequest) -> str | None:
    """The same as a database stores it: None when it is no address, as with a socket."""
    address = client_address(request)
    return address if _parsed(address) else None


def _parsed(address: str) -> IPv4Address | IPv6Address | None:
    try:
        parsed = ip_address(address)
    except ValueError:
        return None
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped:
        return parsed.ipv4_mapped
    return parsed


@lru_cache(maxsize=1024)
def _is_trusted(address: str) -> bool:
    parsed = _parsed(address)
    return parsed is not None and any(
        parsed in ip_network(network) for network in settings.TRUSTED_PROXIES
    )
