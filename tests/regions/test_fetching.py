"""A web address is visited politely, and never inside our own network."""

import socket
import threading
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from regions import fetching
from regions.fetching import Outcome, Pace, Verdict, Visitor, is_public
from tests.regions.web_host import drops_head, refuses_head, web_host

WORKS = Outcome(Verdict.WORKS)


class StoppedPace(Pace):
    """Never waits, and remembers what it would have waited."""

    def __init__(self, seconds=0.0):
        super().__init__(seconds)
        self.clock = 0.0
        self.pauses = []

    def pause(self, seconds):
        if seconds > 0:
            self.pauses.append(round(seconds))
            self.clock += seconds

    def now(self):
        return self.clock


def visitor(**options):
    options = {"pace": StoppedPace(), "private_too": True, "timeout_s": 5.0} | options
    return Visitor(site="https://navigator.example", **options)


def visit(answers, path="/", **options):
    """What a visit to a page of a host tells, and what the host was asked."""
    with web_host(answers) as host:
        outcome = visitor(**options).visit(host.url + path)
        return outcome, host.asked


def test_a_page_that_works_is_asked_once_without_its_body():
    outcome, asked = visit({"/": 200})

    assert (outcome, asked) == (WORKS, ["HEAD /"])


def test_the_host_sees_who_asks():
    with web_host({}) as host:
        visitor().visit(host.url)

        assert host.agents == {"Loketwijzer-check-links/1.0 (+https://navigator.example)"}


@pytest.mark.parametrize("answer", [refuses_head, drops_head, [403, 200], [404, 200], [501, 200]])
def test_a_host_that_refuses_head_is_asked_with_get(answer):
    outcome, asked = visit({"/": answer})

    assert (outcome, asked) == (WORKS, ["HEAD /", "GET /"])


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (404, Outcome(Verdict.FAILS, "404")),
        (410, Outcome(Verdict.GONE, "410")),
        (401, Outcome(Verdict.UNSURE, "401")),
        (403, Outcome(Verdict.UNSURE, "403")),
        (429, Outcome(Verdict.UNSURE, "429")),
        (500, Outcome(Verdict.FAILS, "500")),
        (503, Outcome(Verdict.FAILS, "503")),
    ],
)
def test_a_status_tells_whether_the_page_is_there(status, outcome):
    assert visit({"/": status})[0] == outcome


def test_a_page_that_is_not_there_is_not_asked_for_again():
    _outcome, asked = visit({"/": 404})

    assert asked == ["HEAD /", "GET /"]


def test_a_host_that_stumbles_is_asked_again_after_a_pause():
    pace = StoppedPace()

    outcome, asked = visit({"/": [503, 503, 200]}, pace=pace)

    assert (outcome, asked) == (WORKS, ["HEAD /", "GET /", "HEAD /"])
    assert pace.pauses == [2]


def test_a_host_that_stays_away_is_left_alone_after_three_tries():
    pace = StoppedPace()

    _outcome, asked = visit({"/": 500}, pace=pace)

    assert len(asked) == 6
    assert pace.pauses == [2, 4]


def test_a_host_that_asks_for_a_pause_gets_it():
    pace = StoppedPace()

    outcome, asked = visit({"/": [(429, {"Retry-After": "7"}), 200]}, pace=pace)

    assert (outcome, asked, pace.pauses) == (WORKS, ["HEAD /", "HEAD /"], [7])


def test_a_pause_may_be_asked_until_a_moment():
    pace = StoppedPace()
    moment = format_datetime(datetime.now(UTC) + timedelta(seconds=31), usegmt=True)

    outcome, _asked = visit({"/": [(429, {"Retry-After": moment}), 200]}, pace=pace)

    assert outcome == WORKS
    assert 28 <= pace.pauses[0] <= 31


def test_nobody_waits_for_a_host_that_asks_for_an_hour():
    pace = StoppedPace()

    outcome, asked = visit({"/": (429, {"Retry-After": "3600"})}, pace=pace)

    assert (outcome, asked, pace.pauses) == (Outcome(Verdict.UNSURE, "429"), ["HEAD /"], [])


def test_a_redirect_is_followed_and_told_when_it_is_for_good():
    moved = {"/": (301, {"Location": "/a"}), "/a": (308, {"Location": "/b"})}

    with web_host(moved) as host:
        outcome = visitor().visit(host.url)

        assert outcome == Outcome(Verdict.WORKS, moved_to=f"{host.url}/b")


def test_a_redirect_for_now_is_not_told():
    assert visit({"/": (302, {"Location": "/a"})})[0] == WORKS


def test_a_redirect_to_an_address_that_is_not_encoded_is_followed():
    with web_host({"/": (302, {"Location": "/één".encode().decode("latin-1")})}) as host:
        outcome = visitor().visit(host.url)

        assert (outcome, host.asked[-1]) == (WORKS, "HEAD /%C3%A9%C3%A9n")


def test_a_redirect_in_a_circle_is_left_after_five():
    outcome, asked = visit({"/": (302, {"Location": "/"})})

    assert outcome == Outcome(Verdict.UNSURE, "redirects")
    assert len(asked) == 6


@pytest.mark.parametrize("to", ["ftp://school.nl/", "javascript:alert(1)", "file:///etc/passwd"])
def test_a_redirect_to_something_else_than_a_web_page_is_not_followed(to):
    outcome, asked = visit({"/": (302, {"Location": to})})

    assert (outcome.verdict, asked) == (Verdict.UNSURE, ["HEAD /"])


def test_a_host_that_does_not_answer_in_time_fails():
    with web_host({}) as host:
        host.answers["/"] = lambda handler: host.released.wait(5)

        outcome = visitor(timeout_s=0.05, tries=1).visit(host.url)

    assert outcome == Outcome(Verdict.FAILS, "timeout")


def test_a_host_that_drips_is_hung_up_on():
    with web_host({}) as host:

        def drip(handler):
            while not host.released.wait(0.02):
                handler.wfile.write(b"H")

        host.answers["/"] = drip

        outcome = visitor(timeout_s=0.1, tries=1).visit(host.url)

    assert outcome == Outcome(Verdict.FAILS, "timeout")


def test_a_body_without_end_is_not_read():
    sent = []
    with web_host({}) as host:

        def pour(handler):
            handler.send_response(404 if handler.command == "HEAD" else 200)
            handler.end_headers()
            while handler.command == "GET" and not host.released.is_set():
                sent.append(handler.wfile.write(b"x" * 65536))

        host.answers["/"] = pour

        outcome = visitor().visit(host.url)

    assert outcome == WORKS


def test_a_port_where_nobody_listens_fails():
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))

        outcome = visitor().visit(f"http://127.0.0.1:{unused.getsockname()[1]}/")

    assert outcome == Outcome(Verdict.FAILS, "refused")


def test_a_host_without_a_certificate_is_no_reason_to_call_a_link_dead():
    with web_host({}) as host:
        outcome = visitor().visit(host.url.replace("http:", "https:"))

    assert outcome == Outcome(Verdict.UNSURE, "certificate")


def test_a_host_that_does_not_exist_fails(monkeypatch):
    def nobody(*args, **options):
        raise socket.gaierror(socket.EAI_NONAME, "no such host")

    monkeypatch.setattr(fetching.socket, "getaddrinfo", nobody)

    assert visitor().visit("https://school.example/") == Outcome(Verdict.FAILS, "no_host")


def test_a_name_server_that_is_away_is_no_reason_to_call_a_link_dead(monkeypatch):
    tries = []

    def away(*args, **options):
        tries.append(args)
        raise socket.gaierror(socket.EAI_AGAIN, "try again")

    monkeypatch.setattr(fetching.socket, "getaddrinfo", away)

    outcome = visitor().visit("https://school.example/")

    assert (outcome, len(tries)) == (Outcome(Verdict.UNSURE, "no_host"), 3)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1",
        "fc00::1",
        "::ffff:127.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
    ],
)
def test_an_address_within_a_network_is_not_public(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.215.14", "2a00:1450:400e::1", "64:ff9b::5db8:d70e"])
def test_an_address_on_the_internet_is_public(address):
    assert is_public(address)


@pytest.mark.parametrize("path", ["/", "/status"])
def test_our_own_network_is_never_visited(path):
    outcome, asked = visit({}, path, private_too=False)

    assert (outcome, asked) == (Outcome(Verdict.UNSURE, "private"), [])


def test_a_redirect_into_our_own_network_is_not_followed(monkeypatch):
    resolve = socket.getaddrinfo

    def found(host, *args, **options):
        return resolve("::1" if host == "inside.example" else host, *args, **options)

    monkeypatch.setattr(fetching.socket, "getaddrinfo", found)
    monkeypatch.setattr(fetching, "is_public", lambda address: address == "127.0.0.1")

    outcome, asked = visit({"/": (302, {"Location": "http://inside.example/"})}, private_too=False)

    assert (outcome, asked) == (Outcome(Verdict.UNSURE, "private"), ["HEAD /"])


def test_a_name_that_has_one_address_within_our_network_is_not_visited(monkeypatch):
    found = [
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443))
        for address in ("93.184.215.14", "10.0.0.1")
    ]
    monkeypatch.setattr(fetching.socket, "getaddrinfo", lambda *args, **options: found)

    outcome = visitor(private_too=False).visit("https://school.example/")

    assert outcome == Outcome(Verdict.UNSURE, "private")


def test_the_connection_goes_to_the_address_that_was_looked_at(monkeypatch):
    asked = []
    with web_host({}) as host:
        port = int(host.url.rpartition(":")[2])

        def once(name, *args, **options):
            asked.append(name)
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

        with monkeypatch.context() as patched:
            patched.setattr(fetching.Visitor, "_resolve", lambda *args: ["127.0.0.1"])
            patched.setattr(fetching.socket, "getaddrinfo", once)
            outcome = visitor().visit(f"http://school.example:{port}/")

    assert outcome == WORKS
    assert "school.example" not in asked


def test_a_host_is_asked_once_in_a_second_and_others_meanwhile():
    pace = StoppedPace(1.0)

    for host in ("a.nl", "b.nl", "a.nl", "a.nl"):
        pace.wait_for(host)

    assert pace.pauses == [1, 1]


def test_every_request_waits_for_its_turn():
    pace = StoppedPace(1.0)

    _outcome, asked = visit({"/": [404, (302, {"Location": "/a"})]}, pace=pace)

    assert asked == ["HEAD /", "GET /", "HEAD /a"]
    assert pace.pauses == [1, 1]


def test_a_pause_ends_when_the_run_is_stopped():
    stop = threading.Event()
    stop.set()

    Pace(1.0, stop).pause(3600)  # would last an hour

    assert stop.is_set()
