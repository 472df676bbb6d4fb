"""`make bench`: the hot paths beside a view that does nothing and one that inserts a row.

The production server with 2 workers on a fresh SQLite database, 32 clients; every view in turn
within a round, five rounds, medians. Prints requests a second, the ratio to the view it is held
against, processor time a request, and the slowest of a hundred. Fails when a target is missed.
"""

import gzip
import itertools
import json
import random
import statistics
import sys
import tempfile
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.bench import load
from tests.bench.server import ROOT, Server, environment, manage, serving

ROUNDS = 5
SECONDS = 3.0
CLIENTS = 32
MOST_KILOBYTES = 40

_BROWSERS = [
    f"Mozilla/5.0 (Linux; Android {android}; K) AppleWebKit/537.36 (KHTML, like Gecko) "
    f"Chrome/{chrome}.0.0.0 Mobile Safari/537.36"
    for android in range(9, 17)
    for chrome in range(140, 152)
]


@dataclass(frozen=True)
class Case:
    """A view, and what share of which other view it should reach."""

    name: str
    requests: Callable[[], Iterator[bytes]]
    beside: str = ""
    target: float = 0.0


def _get(paths: list[str]) -> Callable[[], Iterator[bytes]]:
    return lambda: _requests("GET", paths, [b""])


def _post(path: str, bodies: list[bytes]) -> Callable[[], Iterator[bytes]]:
    return lambda: _requests("POST", [path], bodies)


def _requests(method: str, paths: list[str], bodies: list[bytes]) -> Iterator[bytes]:
    """Requests without an end, each by another visitor: another address, one of many browsers."""
    chosen = random.Random(1)
    start = chosen.randrange(1 << 24)
    for number in itertools.count(start):
        address = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
        body = chosen.choice(bodies)
        head = (
            f"{method} {chosen.choice(paths)} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            f"User-Agent: {chosen.choice(_BROWSERS)}\r\nX-Forwarded-For: {address}\r\n"
            f"X-Forwarded-Proto: https\r\n"
            f"Accept: */*\r\nAccept-Encoding: gzip, deflate, br\r\n"
        )
        if body:
            head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
        yield head.encode() + b"\r\n" + body


def _cases(slugs: list[str], postcodes: list[str], everywhere: list[str]) -> list[Case]:
    asked = [json.dumps({"postcode": f"{code}AB", "sector": "po"}).encode() for code in postcodes]
    new = [
        json.dumps({"postcode": code, "sector": sector}).encode()
        for code in everywhere
        for sector in ("po", "vo", "mbo", "ho", "so")
    ]
    profiles = [f"/regioloketten/{slug}/" for slug in slugs]
    return [
        Case("no-op view", _get(["/bench/nothing"])),
        Case("insert-only view", _get(["/bench/insert"])),
        Case("search by API", _post("/api/v1/searches", asked), "no-op view", 0.3),
        Case("profile page, counted", _get(profiles), "insert-only view", 0.3),
        Case("answer page, counted", _get([f"/zoeken/?postcode={code}" for code in postcodes])),
        Case("home page", _get(["/"])),
        Case("offices by API", _get(["/api/v1/offices"])),
        # More questions than a process keeps: nearly all of them are asked for the first time.
        Case("search by API, new", _post("/api/v1/searches", new)),
    ]


def _measure(server: Server, cases: list[Case]) -> dict[str, list[tuple[load.Load, float]]]:
    rounds: dict[str, list[tuple[load.Load, float]]] = {case.name: [] for case in cases}
    for case in cases:  # everything is read and prepared once before it is measured
        load.run(server.port, case.requests(), clients=CLIENTS, seconds=1.0)
    streams = {case.name: case.requests() for case in cases}
    for number in range(ROUNDS):
        for case in cases:
            before = server.cpu_seconds()
            done = load.run(server.port, streams[case.name], clients=CLIENTS, seconds=SECONDS)
            rounds[case.name].append((done, server.cpu_seconds() - before))
        print(f"round {number + 1} of {ROUNDS} done", file=sys.stderr)
    return rounds


def _report(cases: list[Case], rounds: dict[str, list[tuple[load.Load, float]]]) -> bool:
    speed = {
        name: statistics.median(done.per_second for done, _ in results)
        for name, results in rounds.items()
    }
    print(f"{'':24}{'requests/s':>11}{'ratio':>8}{'CPU ms':>8}{'p50 ms':>8}{'p99 ms':>8}  errors")
    reached = True
    for case in cases:
        results = rounds[case.name]
        ratio = speed[case.name] / speed[case.beside] if case.beside else None
        cpu = statistics.median(cpu / done.count * 1000 for done, cpu in results)
        middle = statistics.median(done.percentile_ms(0.5) for done, _ in results)
        slow = statistics.median(done.percentile_ms(0.99) for done, _ in results)
        errors = sum(done.count - done.answers.get(200, 0) for done, _ in results)
        print(
            f"{case.name:24}{speed[case.name]:11.0f}"
            f"{f'{ratio:.2f}' if ratio else '':>8}{cpu:8.2f}{middle:8.1f}{slow:8.1f}  {errors}"
            + (f"   of the {case.beside}; target {case.target}" if case.beside else "")
        )
        reached = reached and not errors and (ratio is None or ratio >= case.target)
    return reached


def _weights(server: Server, pages: dict[str, str]) -> bool:
    """What a first visit to a page fetches, compressed, with its stylesheets and scripts."""
    light = True
    for name, path in pages.items():
        parts = [path]
        total = 0
        html = ""
        for part in parts:
            body = _fetched(server.port, part)
            total += len(body)
            if part == path:
                html = gzip.decompress(body).decode() if body[:2] == b"\x1f\x8b" else body.decode()
                parts += _linked(html)
        print(f"{name:24}{total / 1000:8.1f} kB in {len(parts)} requests; at most {MOST_KILOBYTES}")
        light = light and total < MOST_KILOBYTES * 1000
    return light


def _fetched(port: int, path: str) -> bytes:
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}{path}",
        headers={"Accept-Encoding": "gzip", "X-Forwarded-Proto": "https"},
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        return bytes(answer.read())


def _linked(html: str) -> list[str]:
    """The addresses of the stylesheets, scripts and icons of a page."""
    found = []
    for piece in html.split('"'):
        if piece.startswith("/static/") and piece not in found:
            found.append(piece)
    return found


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        env = environment(f"sqlite:///{Path(folder) / 'bench.sqlite3'}", "tests.bench.settings")
        manage(env, "migrate", "--verbosity=0")
        manage(env, "load_directory")
        manage(env, "collectstatic", "--noinput", "--verbosity=0")
        with serving(env) as server:
            offices = json.loads(_plain(server.port, "/api/v1/offices?pageSize=100"))
            slugs = [office["slug"] for office in offices["results"]]
            postcodes = [f"{code}" for code in range(3011, 3090) if code not in (3080, 3088)]
            cases = _cases(slugs, postcodes, _all_postcodes())
            fast = _report(cases, _measure(server, cases))
            light = _weights(
                server,
                {
                    "home": "/",
                    "answer": "/zoeken/?postcode=3011",
                    "profile": f"/regioloketten/{slugs[0]}/",
                },
            )
    if not (fast and light):
        print("A target was missed.", file=sys.stderr)
    return 0 if fast and light else 1


def _all_postcodes() -> list[str]:
    """Every postcode where people live, from the fixtures."""
    items = json.loads((ROOT / "fixtures" / "04_postcodes.json").read_text(encoding="utf-8"))
    return [item["pk"] for item in items if not item["fields"]["po_box_only"]]


def _plain(port: int, path: str) -> bytes:
    body = _fetched(port, path)
    return gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body


if __name__ == "__main__":
    sys.exit(main())
