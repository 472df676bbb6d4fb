"""What the service tells of itself, to whom, and with several processes."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from navigator import metrics_folder, proxies

ROOT = Path(__file__).resolve().parent.parent.parent
SERIES = 'navigator_counts_total{what="profileview"}'
COUNTS = """
import os, pathlib, sys
from navigator import metrics_folder
metrics_folder.prepare(pathlib.Path(sys.argv[1]))
from navigator import metrics
metrics.count_written("profileview", int(sys.argv[2]))
sys.stdout.write(metrics.exposition().decode())
"""


@pytest.fixture(autouse=True)
def _trusted(settings):
    """Which proxies are trusted is remembered."""
    settings.TRUSTED_PROXIES = ["10.0.0.1/32"]
    proxies._is_trusted.cache_clear()
    yield
    proxies._is_trusted.cache_clear()


@pytest.mark.parametrize(
    ("address", "forwarded", "status"),
    [
        ("127.0.0.1", "", 200),
        ("::1", "", 200),
        ("::ffff:127.0.0.1", "", 200),
        ("::2", "", 404),
        ("203.0.113.9", "", 404),
        ("203.0.113.9", "127.0.0.1", 404),  # invented
        ("10.0.0.1", "127.0.0.1, 203.0.113.9", 404),  # the proxy added the last
        ("10.0.0.1", "127.0.0.1", 200),
        ("", "", 404),  # a socket
    ],
)
def test_metrics_are_there_for_known_networks_alone(client, db, address, forwarded, status):
    response = client.get("/metrics", REMOTE_ADDR=address, HTTP_X_FORWARDED_FOR=forwarded)

    assert response.status_code == status


def test_other_networks_can_be_named(client, db, settings):
    settings.METRICS_NETWORKS = ["192.0.2.0/24"]

    assert client.get("/metrics", REMOTE_ADDR="192.0.2.7").status_code == 200
    assert client.get("/metrics", REMOTE_ADDR="127.0.0.1").status_code == 404


def test_they_ask_nothing_of_the_database_and_need_no_https(
    client, db, settings, django_assert_num_queries
):
    settings.SECURE_SSL_REDIRECT = True

    with django_assert_num_queries(0):
        response = client.get("/metrics")

    assert response.headers["Content-Type"].startswith("text/plain; version=")
    assert "# HELP navigator_counts_total" in response.text


def process(folder, rows):
    """A process of a server of which this one is the parent; what it tells."""
    env = {key: value for key, value in os.environ.items() if key != metrics_folder.VARIABLE}
    return subprocess.run(
        [sys.executable, "-c", COUNTS, str(folder), str(rows)],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        check=True,
    )


def test_each_process_tells_of_all_and_nothing_of_servers_that_are_gone(tmp_path):
    gone = tmp_path / "metrics" / "999999999-1"
    gone.mkdir(parents=True)
    other = tmp_path / "metrics" / "not-ours"
    other.mkdir()

    process(tmp_path / "metrics", 2)
    told = process(tmp_path / "metrics", 3)

    assert f"{SERIES} 5.0" in told.stdout
    assert sorted(each.name for each in (tmp_path / "metrics").iterdir()) == sorted(
        [metrics_folder._name(os.getpid()), "not-ours"]
    )


def test_without_a_folder_that_can_be_written_a_process_tells_its_own(tmp_path):
    no_folder = tmp_path / "file"
    no_folder.touch()

    process(no_folder, 2)
    told = process(no_folder, 3)

    assert f"{SERIES} 3.0" in told.stdout
    assert "metrics_of_one_process" in told.stdout + told.stderr


def test_a_folder_that_the_environment_names_is_left_alone(tmp_path, monkeypatch):
    monkeypatch.setenv(metrics_folder.VARIABLE, str(tmp_path / "theirs"))

    metrics_folder.prepare(tmp_path / "metrics")

    assert os.environ[metrics_folder.VARIABLE] == str(tmp_path / "theirs")
    assert not (tmp_path / "metrics").exists()
