"""The production server with two processes, and more visitors at once than it has threads."""

import http.client
import os
import random
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from django.conf import settings
from psycopg import sql

from tests.bench import load
from tests.bench.server import ROOT, environment, manage, serving

WORLD = """
from regions import derived
from regions.models import RegionalOffice
RegionalOffice.objects.create(slug="here", name="Here")
derived.rebuild()
"""
COUNT = """
from navigator.statistics.models import ProfileView
print(ProfileView.objects.count(), ProfileView.objects.values("visitor").distinct().count())
"""
BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@contextmanager
def own_database(tmp_path):
    """The address of an empty database of the kind that the suite runs on."""
    if settings.DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
        yield f"sqlite:///{tmp_path / 'load.sqlite3'}"
        return
    given = settings.DATABASES["default"]
    admin = (
        f"postgres://{given['USER']}:{given['PASSWORD']}@{given['HOST'] or '127.0.0.1'}"
        f":{given['PORT'] or 5432}/postgres"
    )
    name = f"navigator_load_{os.getpid()}"
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    try:
        yield urlunsplit(urlsplit(admin)._replace(path=f"/{name}"))
    finally:
        with psycopg.connect(admin, autocommit=True) as connection:
            connection.execute(
                sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name))
            )


@pytest.fixture
def env(tmp_path):
    with own_database(tmp_path) as url:
        env = environment(url)
        manage(env, "migrate", "--verbosity=0")
        manage(env, "collectstatic", "--noinput", "--verbosity=0")
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
    return [int(number) for number in done.stdout.split()]


def view_by(visitor):
    address = f"10.1.{visitor >> 8}.{visitor & 255}"
    return (
        f"GET /regioloketten/here/ HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: {BROWSER}\r\n"
        f"X-Forwarded-For: {address}\r\nX-Forwarded-Proto: https\r\n\r\n"
    ).encode()


def test_no_view_is_lost_or_doubled_by_32_clients_on_2_processes(env):
    visitors, times_each = 300, 4
    asked = [view_by(visitor) for visitor in range(visitors) for _ in range(times_each)]
    neighbours = [asked[at : at + 40] for at in range(0, len(asked), 40)]
    for group in neighbours:  # the same visitor again and again, nearly at once
        random.Random(group[0]).shuffle(group)

    with serving(env) as server:
        done = load.run(
            server.port,
            iter([request for group in neighbours for request in group]),
            clients=32,
            seconds=120,
        )

    assert done.answers == {200: visitors * times_each}
    assert shell(env, COUNT) == [visitors, visitors]


def test_an_answered_view_is_on_disk_when_the_server_is_killed(env):
    answered = []
    numbers = iter(range(100_000))

    def ask(port):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            while True:
                visitor = next(numbers)
                headers = {
                    "User-Agent": BROWSER,
                    "X-Forwarded-For": f"10.{visitor >> 16}.{visitor >> 8 & 255}.{visitor & 255}",
                    "X-Forwarded-Proto": "https",
                }
                connection.request("GET", "/regioloketten/here/", headers=headers)
                if connection.getresponse().read() is not None:
                    answered.append(visitor)
        except (OSError, http.client.HTTPException):
            return  # the server is gone
        finally:
            connection.close()

    with serving(env) as server:
        clients = [threading.Thread(target=ask, args=(server.port,)) for _ in range(8)]
        for client in clients:
            client.start()
        deadline = time.monotonic() + 60
        while len(answered) < 200 and time.monotonic() < deadline:
            time.sleep(0.01)
        for pid in [server.process.pid, *server.workers()]:
            os.kill(pid, signal.SIGKILL)
        for client in clients:
            client.join(timeout=20)

    rows, visitors = shell(env, COUNT)
    assert len(answered) >= 200
    assert len(answered) <= rows <= len(answered) + len(clients)
    assert visitors == rows
