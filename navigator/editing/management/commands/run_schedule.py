"""Does what is due: planned changes at their moment, mails, totals, and the forgetting."""

import signal
import threading
from argparse import ArgumentParser
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import FrameType
from typing import Any

import structlog
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import InterfaceError, OperationalError, close_old_connections, connection
from django.utils import timezone
from django.utils.translation import gettext as _

from navigator.advice import referral_reminders, slips
from navigator.editing import figure_mails, publication
from navigator.statistics import salts, totals

EVERY_S = 20
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Job:
    """Something to do every so often; what was due meanwhile is done the next time."""

    name: str
    every: timedelta
    do: Callable[[datetime], object]


def _roll_up(at: datetime) -> None:
    totals.roll_up(at=at, keep_days=settings.KEEP_COUNTS_DAYS)


class Command(BaseCommand):
    help = (
        "Publishes planned changes at their moment, mails offices about referrals, totals what was "
        "counted, and lets old slips and the salts of yesterday be forgotten, until it is stopped; "
        "what is late at once."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        a_while = timedelta(minutes=10)
        self._jobs = (
            Job("publish_due", timedelta(0), self._publish),
            Job("renew_salt", timedelta(0), salts.renew),
            Job("announce_referrals", a_while, referral_reminders.announce_again),
            Job("remind_offices", a_while, referral_reminders.remind),
            Job("forget_old_slips", timedelta(days=1), slips.forget_old),
            Job("mail_figures", timedelta(hours=1), figure_mails.send_due),
            Job("roll_up", timedelta(hours=1), _roll_up),  # last: it may have weeks to make up for
        )
        self._done_at: dict[str, datetime] = {}

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--once", action="store_true", help="do what is due now, and end (for cron)"
        )

    def handle(self, *, once: bool, **options: Any) -> None:
        if once:
            if not self._round():
                raise CommandError(_("Not everything could be done. The log says what, and why."))
            return
        stop = threading.Event()

        def end(_signal: int, _frame: FrameType | None) -> None:
            stop.set()  # what is being done is finished first

        before = {number: signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGINT)}
        try:
            self._run(stop)
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _run(self, stop: threading.Event) -> None:
        """Once at the start, for what came due while nobody looked, and then every so often."""
        log.info("schedule_started")
        while True:
            close_old_connections()
            self._round()
            if stop.wait(EVERY_S):
                break
        log.info("schedule_stopped")

    def _round(self) -> bool:
        """Do the jobs that it is time for; whether all went well."""
        now = timezone.now()
        went_well = [self._did(job, now) for job in self._jobs if self._is_due(job, now)]
        return all(went_well)

    def _is_due(self, job: Job, now: datetime) -> bool:
        done_at = self._done_at.get(job.name)
        return done_at is None or now - done_at >= job.every

    def _did(self, job: Job, now: datetime) -> bool:
        """Do a job; whatever goes wrong in it is logged, and holds up no other."""
        try:
            job.do(now)
        except (OperationalError, InterfaceError) as error:
            # The database is away or busy. What is due now is still due the next time.
            log.warning("schedule_waits", job=job.name, reason=type(error).__name__)
            connection.close()
            return False
        except Exception:  # whatever it is: the other jobs have their moment too
            log.exception("schedule_failed", job=job.name)
            self._done_at[job.name] = now  # not a traceback every 20 seconds
            return False
        self._done_at[job.name] = now
        return True

    def _publish(self, now: datetime) -> None:
        for due in publication.publish_due(now):
            words = _("Not published: %s") if due.error else _("Published: %s")
            self.stdout.write(words % due.revision.subject.slug)
