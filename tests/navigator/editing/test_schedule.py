"""`run_schedule` publishes at the moment, survives what happens around it, and ends when told."""

import os
import signal
import subprocess
import sys
import threading
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.utils import timezone

from navigator.editing import publication
from navigator.editing.management.commands import run_schedule
from regions import revisions, versions
from regions.models import RegionalOffice, Revision
from tests.navigator.editing.changes import State, planned, propose

PAST = timezone.now() - timedelta(days=3)


@pytest.fixture
def office(world):
    return world.office("rotterdam", description="Oud")


def run_once():
    told = StringIO()
    call_command("run_schedule", "--once", stdout=told)
    return told.getvalue()


def test_what_came_due_is_published_also_days_late(office):
    planned(office, publish_at=PAST)

    told = run_once()

    office.refresh_from_db()
    assert office.description == "Nieuw"
    assert "rotterdam" in told


def test_what_is_not_due_waits(office):
    planned(office, publish_at=timezone.now() + timedelta(hours=1))

    assert run_once() == ""
    assert Revision.objects.get().state == State.PLANNED


def test_what_can_not_be_published_is_said_and_does_not_stop_it(office):
    planned(office, publish_at=PAST)
    revisions.publish_now(
        subject=office, values={"description": "Van hen"}, by=None, at=timezone.now()
    )

    told = run_once()

    assert "rotterdam" in told
    assert Revision.objects.filter(state=State.RETURNED).count() == 1


def test_it_says_in_the_log_what_it_published(office, caplog):
    planned(office, publish_at=PAST)

    run_once()

    [line] = [record for record in caplog.records if "revision_published" in record.getMessage()]
    assert "rotterdam" in line.getMessage()


class Rounds:
    """Stands in for the wait between rounds: ends after so many."""

    def __init__(self, count):
        self.left = count
        self.waited = []

    def set(self):
        self.left = 0

    def wait(self, seconds):
        self.waited.append(seconds)
        self.left -= 1
        return self.left <= 0


def run_rounds(monkeypatch, count):
    rounds = Rounds(count)
    monkeypatch.setattr(run_schedule.threading, "Event", lambda: rounds)
    call_command("run_schedule", stdout=StringIO())
    return rounds


def test_it_looks_several_times_a_minute(office, monkeypatch):
    asked = []
    monkeypatch.setattr(publication, "publish_due", lambda at: asked.append(at) or [])

    rounds = run_rounds(monkeypatch, 3)

    assert len(asked) == 3
    assert max(rounds.waited) <= 30


def test_a_database_that_is_away_for_a_while_does_not_stop_it(office, monkeypatch, caplog):
    answers = [OperationalError("away"), OperationalError("away"), []]

    def publish_due(at):
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(publication, "publish_due", publish_due)
    monkeypatch.setattr(connection, "close", lambda: None)  # the test needs it

    run_rounds(monkeypatch, 3)

    assert answers == []
    assert caplog.text.count("schedule_waits") == 2


@pytest.fixture
def jobs(monkeypatch):
    """What the other jobs are asked, in their order; none does anything."""
    asked = []
    for module, name in (
        (run_schedule.referral_reminders, "announce_again"),
        (run_schedule.referral_reminders, "remind"),
        (run_schedule.slips, "forget_old"),
    ):
        monkeypatch.setattr(module, name, lambda at, name=name: asked.append(name))
    return asked


EACH = ["announce_again", "remind", "forget_old"]


def test_referrals_are_followed_now_and_then_and_not_every_round(office, jobs, monkeypatch):
    run_rounds(monkeypatch, 3)

    assert jobs == EACH


def test_referrals_are_followed_again_after_ten_minutes_and_forgotten_the_next_day(
    office, jobs, monkeypatch
):
    now = timezone.now()
    moments = iter([now, now + timedelta(minutes=9), now + timedelta(minutes=11)])
    command = run_schedule.Command()

    for _round in range(3):
        monkeypatch.setattr(run_schedule.timezone, "now", lambda: next(moments))
        command._round()

    assert jobs == [*EACH, "announce_again", "remind"]


def test_counts_are_totalled_each_hour_and_salts_destroyed_each_round(
    office, jobs, monkeypatch, settings
):
    settings.KEEP_COUNTS_DAYS = 30
    now, done = timezone.now(), []
    moments = iter([now, now + timedelta(minutes=59), now + timedelta(minutes=61)])
    monkeypatch.setattr(run_schedule.salts, "renew", lambda at: done.append("renew"))
    monkeypatch.setattr(
        run_schedule.totals, "roll_up", lambda at, keep_days: done.append(("roll_up", keep_days))
    )
    command = run_schedule.Command()

    for _round in range(3):
        monkeypatch.setattr(run_schedule.timezone, "now", lambda: next(moments))
        command._round()

    assert done == ["renew", ("roll_up", 30), "renew", "renew", ("roll_up", 30)]


@pytest.mark.parametrize("error", [ValueError, OperationalError])
def test_a_job_that_breaks_holds_up_no_other(office, jobs, monkeypatch, caplog, error):
    def broken(at):
        raise error

    monkeypatch.setattr(publication, "publish_due", broken)
    monkeypatch.setattr(connection, "close", lambda: None)  # the test needs it

    with pytest.raises(CommandError):
        run_once()

    assert jobs == EACH
    assert ("schedule_failed" in caplog.text) is (error is ValueError)


def test_it_ends_when_it_is_told_to(office, monkeypatch):
    before = signal.getsignal(signal.SIGTERM)

    def publish_due(at):
        os.kill(os.getpid(), signal.SIGTERM)
        return []

    monkeypatch.setattr(publication, "publish_due", publish_due)

    call_command("run_schedule", stdout=StringIO())

    assert signal.getsignal(signal.SIGTERM) is before


def _environment(database):
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "TEST_DATABASE_URL": database,
        "PYTHONUNBUFFERED": "1",
    }


@pytest.fixture
def database(shared_world):
    """The address of the test's own database, for other processes."""
    known = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{known['NAME']}"
    host, port = known["HOST"] or "127.0.0.1", known["PORT"] or 5432
    secret = f":{known['PASSWORD']}" if known["PASSWORD"] else ""
    return f"postgres://{known['USER']}{secret}@{host}:{port}/{known['NAME']}"


def test_two_processes_publish_once_and_this_one_sees_it_within_a_second(
    shared_world, database, monkeypatch, tmp_path
):
    """The whole way: two schedulers in processes of their own, and a reader in this one."""
    monkeypatch.undo()  # a clock that goes
    office = shared_world.office("rotterdam", description="Oud")
    planned(office, publish_at=PAST)
    versions.forget()
    before = versions.current()

    logs = [tmp_path / name for name in ("one.log", "two.log")]
    processes = [_scheduler(database, log) for log in logs]
    try:
        seen = _wait_until(lambda: versions.current().profiles["rotterdam"].description == "Nieuw")
        # One that is told to end before it listens would end as the system lets it.
        started = _wait_until(lambda: all("schedule_started" in log.read_text() for log in logs))
        published = Revision.objects.published().count()
    finally:
        for process in processes:
            process.send_signal(signal.SIGTERM)
        codes = [process.wait(timeout=30) for process in processes]

    assert seen
    assert started
    assert published == 1
    assert versions.current().number == before.number + 1
    assert codes == [0, 0]
    told = "".join(log.read_text() for log in logs)
    assert told.count("revision_published") == 1
    assert told.count("schedule_stopped") == 2


def _scheduler(database, log):
    with log.open("w") as told:
        return subprocess.Popen(
            [sys.executable, "manage.py", "run_schedule"],
            env=_environment(database),
            stdout=subprocess.DEVNULL,
            stderr=told,
        )


def _wait_until(answer, seconds=60):
    """Ask several times a second, as a page would; whether it came."""
    pause = threading.Event()
    for _ in range(seconds * 5):
        if answer():
            return True
        pause.wait(0.2)
    return False


def test_a_change_published_here_is_public_here_at_once(shared_world):
    office = shared_world.office("rotterdam", description="Oud")
    draft = propose(office)
    versions.current()

    revisions.publish(draft, by=None, at=timezone.now())

    assert versions.current().profiles["rotterdam"].description == "Nieuw"
    assert RegionalOffice.objects.get().description == "Nieuw"
