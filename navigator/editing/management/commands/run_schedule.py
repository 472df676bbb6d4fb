"""Publishes what was planned, at its moment."""

import signal
import threading
from argparse import ArgumentParser
from types import FrameType
from typing import Any

import structlog
from django.core.management.base import BaseCommand
from django.db import InterfaceError, OperationalError, close_old_connections, connection
from django.utils import timezone
from django.utils.translation import gettext as _

from navigator.editing import publication

EVERY_S = 20
log = structlog.get_logger(__name__)


class Command(BaseCommand):
    help = "Publishes planned changes at their moment, until it is stopped; late ones at once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--once", action="store_true", help="publish what is due now, and end (for cron)"
        )

    def handle(self, *, once: bool, **options: Any) -> None:
        if once:
            self._tell()
            return
        stop = threading.Event()

        def end(_signal: int, _frame: FrameType | None) -> None:
            stop.set()  # what is being published is finished first

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
            try:
                close_old_connections()
                self._tell()
            except (OperationalError, InterfaceError) as error:
                # The database is away or busy. What is due now is still due the next time.
                log.warning("schedule_waits", reason=type(error).__name__)
                connection.close()
            if stop.wait(EVERY_S):
                break
        log.info("schedule_stopped")

    def _tell(self) -> None:
        for due in publication.publish_due(timezone.now()):
            words = _("Not published: %s") if due.error else _("Published: %s")
            self.stdout.write(words % due.revision.subject.slug)
