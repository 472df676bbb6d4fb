"""Long work while somebody looks on.

It runs in a thread with a connection of its own, in one transaction; a page is written meanwhile,
piece by piece, so that it needs no script. Who closes that page doesn't stop the work.
"""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from queue import SimpleQueue
from threading import Thread
from typing import Any

from django.db import connections
from django.utils import translation

_log = logging.getLogger(__name__)

Tell = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Step:
    """How far it is."""

    done: int
    of: int

    @property
    def percent(self) -> int:
        return 100 * self.done // max(self.of, 1)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How it ended: with an answer, or with what was raised."""

    answer: Any = None
    error: Exception | None = None


def run(work: Callable[[Tell], Any]) -> Iterator[Step | Outcome]:
    """Do it, telling each percent once, and how it ended at the end."""
    told: SimpleQueue[Step | Outcome] = SimpleQueue()
    language = translation.get_language()

    def do() -> None:
        translation.activate(language or "nl")
        try:
            told.put(Outcome(work(lambda done, of: told.put(Step(done, of)))))
        except Exception as error:
            _log.exception("import_failed")
            told.put(Outcome(error=error))
        finally:
            connections.close_all()

    thread = Thread(target=do)
    thread.start()
    percent = -1
    while isinstance(news := told.get(), Step):
        if news.percent > percent:
            percent = news.percent
            yield news
    thread.join()
    yield news
