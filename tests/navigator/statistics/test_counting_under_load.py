"""The production server with two processes, and more visitors at once than it has threads."""

import hashlib
import http.client
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from datetime import datetime
from itertools import chain

import pytest

from tests.bench import load
from tests.bench.databases import own_database
from tests.bench.server import ROOT, environment, manage, serving
from tests.simulation.clock import MOMENT

# One moment for all: no midnight comes in between.
NOW = datetime.fromisoformat("2026-10-14T12:00:00+02:00")
BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
WORLD = """
from datetime import datetime, timedelta
from navigator.statistics.models import ProfileView
from regions import derived
from regions.models import Municipality, Postcode, RegionalOffice
rotterdam = Municipality.objects.create(
    code="GM0599", name="Rotterdam", province="zuid-holland", boundary={}
)
Postcode.objects.create(
    code="3011", place="Rotterdam", municipality=rotterdam, latitude=51.9, longitude=4.5
)
office = RegionalOffice.objects.create(slug="here", name="Here")
derived.rebuild()
at = datetime.fromisoformat("2026-10-14T12:00:00+02:00")
ProfileView.objects.bulk_create(
    ProfileView(
        office=office, at=at - timedelta(days=ahead), day=(at - timedelta(days=ahead)).date(),
        visitor=f"{number:032x}", ordinal=0, source="direct",
    )
    for ahead in range(1, 41) for number in range(250)
)
"""
ROLL_UP = """
from datetime import datetime
from navigator.statistics import totals
at = datetime.fromisoformat("2026-10-14T12:00:00+02:00")
print(totals.roll_up(at=at, keep_days={keep_days}).removed)
"""
COUNT = """
import json
from datetime import date
from navigator.statistics.models import Click, LeftOutTotal, ProfileView, Salt, Search
today = date(2026, 10, 14)
visitors = {
    model._meta.model_name: list(model.objects.filter(day=today).values_list("visitor", flat=True))
    for model in (ProfileView, Search, Click)
}
left_out = LeftOutTotal.objects.filter(day=today).values_list("what", "why", "requests")
print(json.dumps({
    "visitors": visitors,
    "left out": list(left_out),
    "salt": bytes(Salt.objects.get().value).hex(),
}))
"""


@pytest.fixture(scope="module")
def env(tmp_path_factory):
    """A site with an office and the views of forty days; its database is of the suite's kind."""
    folder = tmp_path_factory.mktemp("load")
    with own_database(folder, os.environ.get("TEST_DATABASE_URL", "")) as url:
        env = environment(url, "tests.simulation.settings")
        manage(env, "migrate", "--verbosity=0")
        shell(env, WORLD)
        yield env


def shell(env, code):
    done = subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", code],
        cwd=ROOT,
        env=env,
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout


def stored(env):
    return json.loads(shell(env, COUNT))


def who(visitor, salt):
    """How a visitor is known that day."""
    key = bytes.fromhex(salt)
    said = f"{address(visitor)}\n{BROWSER}".encode()
    return hashlib.blake2b(said, key=key, digest_size=16).hexdigest()


def address(visitor):
    return f"10.{visitor >> 16}.{visitor >> 8 & 255}.{visitor & 255}"


def headers_of(visitor):
    return {
        "User-Agent": BROWSER,
        "X-Forwarded-For": address(visitor),
        "X-Forwarded-Proto": "https",
        MOMENT: NOW.isoformat(),
    }


def request(visitor, line, body=""):
    head = "".join(f"{name}: {value}\r\n" for name, value in headers_of(visitor).items())
    if body:
        head += (
            f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n"
        )
    return f"{line} HTTP/1.1\r\nHost: 127.0.0.1\r\n{head}\r\n{body}".encode()


def logged(log):
    """What went wrong, as the server tells it."""
    wrong = ("count_failed", "locked", "Traceback", "Internal Server Error")
    return [line for line in log.read_text().splitlines() if any(word in line for word in wrong)]


def test_no_view_search_or_click_is_lost_or_doubled_while_old_rows_go(env, tmp_path):
    visitors, times_each = range(200), 4
    asked = [
        [
            request(visitor, "GET /regioloketten/here/"),
            request(visitor, "GET /zoeken/?postcode=3011"),
            request(visitor, "POST /klik/", "office=here&target=phone"),
        ]
        * times_each
        for visitor in visitors
    ]
    neighbours = [list(chain(*asked[at : at + 10])) for at in range(0, len(asked), 10)]
    for number, group in enumerate(neighbours):  # each again and again, nearly at once
        random.Random(number).shuffle(group)
    removed = []

    def roll_up():
        for keep_days in (30, 20, 10):
            removed.append(int(shell(env, ROLL_UP.format(keep_days=keep_days))))

    log = tmp_path / "server.log"
    with log.open("w") as told, serving(env, log=told) as server:
        daily_job = threading.Thread(target=roll_up)
        daily_job.start()
        done = load.run(server.port, chain.from_iterable(neighbours), clients=32, seconds=240)
        daily_job.join()
    found = stored(env)

    each = len(visitors) * times_each
    assert done.answers == {200: 2 * each, 204: each}
    known = sorted(who(visitor, found["salt"]) for visitor in visitors)
    assert {what: sorted(seen) for what, seen in found["visitors"].items()} == {
        "profileview": known,
        "search": known,
        "click": known,
    }
    repeats = len(visitors) * (times_each - 1)
    assert sorted(found["left out"]) == [
        ["click", "repeat", repeats],
        ["profileview", "repeat", repeats],
        ["search", "repeat", repeats],
    ]
    assert sum(removed) == 30 * 250
    assert logged(log) == []


@pytest.mark.parametrize("killed", ["one process", "all processes"])
def test_an_answered_view_is_on_disk_when_it_is_killed(env, tmp_path, killed):
    """Each client stops when its process is gone; a view whose answer came is stored once."""
    first = 100_000 if killed == "one process" else 200_000
    numbers = iter(range(first, first + 100_000))
    answered, asked, refused = [], [], []

    def ask(port):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            while not stop.is_set():
                visitor = next(numbers)
                asked.append(visitor)
                connection.request("GET", "/regioloketten/here/", headers=headers_of(visitor))
                response = connection.getresponse()
                response.read()
                (answered if response.status == 200 else refused).append(visitor)
        except (OSError, http.client.HTTPException):
            return  # the process is gone
        finally:
            connection.close()

    stop = threading.Event()
    with (tmp_path / "server.log").open("w") as told, serving(env, log=told) as server:
        clients = [threading.Thread(target=ask, args=(server.port,)) for _ in range(32)]
        for client in clients:
            client.start()
        deadline = time.monotonic() + 60
        while len(answered) < 300 and time.monotonic() < deadline:
            time.sleep(0.01)
        workers = server.workers()
        assert len(workers) == 2
        for pid in workers[:1] if killed == "one process" else [server.process.pid, *workers]:
            os.kill(pid, signal.SIGKILL)
        if killed == "one process":  # the other answers on
            time.sleep(0.5)
        stop.set()
        for client in clients:
            client.join(timeout=20)

    found = stored(env)
    of_these = {who(visitor, found["salt"]): visitor for visitor in asked}
    on_disk = [of_these[seen] for seen in found["visitors"]["profileview"] if seen in of_these]
    assert refused == []
    assert len(answered) >= 300
    assert len(on_disk) == len(set(on_disk))  # none twice
    assert set(answered) <= set(on_disk)  # none lost
    assert logged(tmp_path / "server.log") == []
