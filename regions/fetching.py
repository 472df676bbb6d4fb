"""Does a web address answer? Asked politely, and never inside our own network.

Hosts are resolved here, every address is looked at, and the connection goes to the very address
that was looked at: a name that answers differently the second time leads nowhere else. No body is
ever read.
"""

import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum
from functools import lru_cache
from typing import Final
from urllib.parse import urljoin

import certifi
from urllib3.exceptions import LocationParseError
from urllib3.util import Url, parse_url

AGENT: Final = "Loketwijzer-check-links"  # how it names itself; it is no visitor of our own pages
MOST_REDIRECTS: Final = 5
MOST_PAUSE_S: Final = 60  # longer than that nobody waits; the next run comes by again
_REDIRECTS: Final = {301, 302, 303, 307, 308}
_FOR_GOOD: Final = {301, 308}
_LATER: Final = {408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524}
# The host is there, and won't tell a program whether the page is.
_WONT_SAY: Final = {401, 402, 403, 405, 406, 407, 425, 429, 451, 999}
# Expired, self-signed, for another host: a browser stops there too. A chain that lacks a link is
# something that browsers mend by themselves, and this program doesn't.
_CERTIFICATE_WRONG: Final = {10, 18, 19, 62, 64}
_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class Verdict(StrEnum):
    """What one visit tells."""

    WORKS = "works"
    FAILS = "fails"
    GONE = "gone"  # the host says that the page was taken away for good
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a visit; `reason` is a status or one of the codes of `links.REASONS`."""

    verdict: Verdict
    reason: str = ""
    moved_to: str = ""  # where the host says that the page lives from now on


class _Failed(Exception):
    """A visit ended without an answer. `again`: another try can help; `connected`: GET can too."""

    def __init__(
        self, reason: str, *, sure: bool = True, again: bool = False, connected: bool = True
    ) -> None:
        super().__init__(reason)
        self.outcome = Outcome(Verdict.FAILS if sure else Verdict.UNSURE, reason)
        self.again = again
        self.connected = connected and again


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    location: str
    retry_after: str


class Pace:
    """One request in so many seconds for each host, whichever thread asks."""

    def __init__(self, seconds: float = 1.0, stop: threading.Event | None = None) -> None:
        self.seconds = seconds
        self.stop = stop or threading.Event()
        self._next: dict[str, float] = {}
        self._lock = threading.Lock()

    def wait_for(self, host: str) -> None:
        """Wait until it is this host's turn."""
        with self._lock:
            now = self.now()
            turn = max(now, self._next.get(host, now))
            self._next[host] = turn + self.seconds
        self.pause(turn - now)

    def pause(self, seconds: float) -> None:
        """Do nothing for a while; cut short when the run is stopped."""
        if seconds > 0:
            self.stop.wait(seconds)

    def now(self) -> float:
        return time.monotonic()


class Visitor:
    """Visits web addresses. Threads may share it.

    `site` is our own address, by which hosts see who asks. `private_too` also visits addresses
    that are not on the public internet: for tests.
    """

    def __init__(
        self,
        *,
        site: str,
        pace: Pace | None = None,
        timeout_s: float = 10.0,
        tries: int = 3,
        pause_s: float = 2.0,
        private_too: bool = False,
    ) -> None:
        self.pace = pace or Pace()
        self.timeout_s = timeout_s
        self.tries = tries
        self.pause_s = pause_s
        self.private_too = private_too
        self._headers = {
            "User-Agent": f"{AGENT}/1.0 (+{site})",
            "Accept": "*/*",
            "Connection": "close",
        }

    def visit(self, url: str) -> Outcome:
        """Whether a web address answers, after at most five redirects. Raises nothing expected."""
        moved_to, for_good = "", True
        try:
            for _hop in range(MOST_REDIRECTS + 1):
                answer = self._ask(url)
                if answer.status not in _REDIRECTS or not answer.location:
                    return _judged(answer.status, moved_to)
                url = urljoin(url, answer.location)
                for_good = for_good and answer.status in _FOR_GOOD
                moved_to = url if for_good else moved_to
        except _Failed as failed:
            return failed.outcome
        # Some hosts send those without their cookie around in circles.
        return Outcome(Verdict.UNSURE, "redirects")

    def _ask(self, url: str) -> _Answer:
        """The answer of one address. Comes back a few times when that can help."""
        target = _target(url)
        for left in reversed(range(self.tries)):
            pause = self.pause_s * 2 ** (self.tries - left - 1)
            try:
                answer = self._head_or_get(target)
            except _Failed as failed:
                if not failed.again or not left or self.pace.stop.is_set():
                    raise
            else:
                asked = _seconds(answer.retry_after)
                too_long = asked is not None and asked > MOST_PAUSE_S
                if answer.status not in _LATER or not left or too_long or self.pace.stop.is_set():
                    return answer
                pause = max(pause, asked or 0)
            self.pace.pause(pause)
        raise AssertionError("The last try answers or raises.")

    def _head_or_get(self, target: Url) -> _Answer:
        """What HEAD answers; GET where HEAD is refused or answered as nothing good."""
        try:
            answer = self._request("HEAD", target)
        except _Failed as failed:
            if not failed.connected:
                raise
        else:
            if answer.status < 400 or answer.status == 429:
                return answer
        return self._request("GET", target)

    def _request(self, method: str, target: Url) -> _Answer:
        host, https = (target.host or "").strip("[]"), target.scheme == "https"
        port = target.port or (443 if https else 80)
        addresses = self._resolve(host, port)
        self.pace.wait_for(host)
        with self._connect(addresses, port) as line, self._bounded(line) as over:
            try:
                return self._exchange(method, target, line)
            except (http.client.HTTPException, OSError) as error:
                raise _failed(error, timed_out=over.is_set()) from None

    def _exchange(self, method: str, target: Url, line: socket.socket) -> _Answer:
        """Ask over an open line. The line itself stays open, so that hanging up reaches it."""
        host = target.host or ""
        mine = line.dup()
        if target.scheme == "https":
            mine = _tls().wrap_socket(mine, server_hostname=host.strip("[]"))
        with mine:
            connection = http.client.HTTPConnection(host)
            connection.sock = mine
            headers = {"Host": target.netloc or host, **self._headers}
            connection.request(method, target.request_uri, headers=headers)
            with connection.getresponse() as response:
                return _Answer(
                    response.status,
                    _location(response.getheader("Location", "")),
                    response.getheader("Retry-After", ""),
                )

    def _resolve(self, host: str, port: int) -> list[str]:
        """The addresses of a host, IPv4 first; all of them public."""
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except socket.gaierror as error:
            sure = error.errno != socket.EAI_AGAIN
            raise _Failed("no_host", sure=sure, again=not sure, connected=False) from None
        except UnicodeError:
            raise _Failed("no_host") from None
        addresses = [str(each[4][0]).partition("%")[0] for each in found]
        if not self.private_too and not all(map(is_public, addresses)):
            raise _Failed("private", sure=False)
        return sorted(dict.fromkeys(addresses), key=lambda address: ":" in address)

    def _connect(self, addresses: list[str], port: int) -> socket.socket:
        failed = _Failed("no_host")
        for address in addresses:
            try:
                return socket.create_connection((address, port), timeout=self.timeout_s)
            except TimeoutError:
                failed = _Failed("timeout", again=True, connected=False)
            except ConnectionError:
                failed = _Failed("refused", again=True, connected=False)
            except OSError:  # such as no route: more likely our network than theirs
                failed = _Failed("unreachable", sure=False, again=True, connected=False)
        raise failed

    @contextmanager
    def _bounded(self, line: socket.socket) -> Iterator[threading.Event]:
        """Hang up after a while, also on a host that sends a byte every now and then."""
        over = threading.Event()

        def hang_up() -> None:
            over.set()
            with suppress(OSError):  # it has ended by itself
                line.shutdown(socket.SHUT_RDWR)

        timer = threading.Timer(2 * self.timeout_s, hang_up)
        timer.daemon = True
        timer.start()
        try:
            yield over
        finally:
            timer.cancel()


def is_public(address: str) -> bool:
    """Whether an IP address is on the public internet, also one within another (such as NAT64)."""
    found: Address = ipaddress.ip_address(address)
    if isinstance(found, ipaddress.IPv6Address):
        within = found.ipv4_mapped or found.sixtofour
        if found in _NAT64:
            within = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        if found.teredo is not None:
            return False
        found = within or found
    return found.is_global and not found.is_multicast and not found.is_reserved


def _failed(error: Exception, *, timed_out: bool) -> _Failed:
    """What went wrong after the connection was made."""
    if timed_out or isinstance(error, TimeoutError):
        return _Failed("timeout", again=True)
    if isinstance(error, ssl.SSLCertVerificationError):
        sure = error.verify_code in _CERTIFICATE_WRONG
        return _Failed("certificate", sure=sure, connected=False)
    if isinstance(error, ssl.SSLError):
        return _Failed("certificate", sure=False, connected=False)
    return _Failed("no_answer", again=True)


def _judged(status: int, moved_to: str) -> Outcome:
    if status < 400:
        return Outcome(Verdict.WORKS, moved_to=moved_to)
    if status == 410:
        return Outcome(Verdict.GONE, "410")
    unsure = status in _WONT_SAY
    return Outcome(Verdict.UNSURE if unsure else Verdict.FAILS, str(status))


def _target(url: str) -> Url:
    try:
        target = parse_url(url)
    except LocationParseError:
        raise _Failed("not_an_address") from None
    if target.scheme not in {"http", "https"} or not target.host:
        raise _Failed("not_an_address", sure=False)
    return Url(target.scheme, None, target.host, target.port, target.path or "/", target.query)


def _location(header: str) -> str:
    """An address to go on to, of which hosts send the bytes in UTF-8 rather than encoded."""
    try:
        return header.encode("latin-1").decode("utf-8")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return header


def _seconds(retry_after: str) -> float | None:
    """How long a host asks to wait: it tells seconds or a moment."""
    if retry_after.isascii() and retry_after.isdigit():
        return float(retry_after)
    try:
        moment = parsedate_to_datetime(retry_after)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())


@lru_cache(maxsize=1)
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context(cafile=certifi.where())
