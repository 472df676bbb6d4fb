"""What measurements of reports share: a filled database of their own, the best of five, a limit.

Django is set up before this is imported.
"""

import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from django.db import connection
from django.test.utils import CaptureQueriesContext

from navigator.statistics.periods import Period

LAST = date(2026, 10, 31)
DAYS = 3 * 365
MOST_MS = 1_000  # after a second, people lose the thread
_ROUNDS = 5
_LENGTHS = (("a month", 31), ("a year", 365), ("three years", DAYS))


@dataclass(frozen=True, slots=True)
class Reading:
    """A report to measure. `read` makes it for a period, and answers a number that it found."""

    about: str
    read: Callable[[Period], int]


@contextmanager
def filled(fill: Callable[[], None]) -> Iterator[None]:
    """An empty database with what `fill` puts in it, gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        name = str(Path(folder) / "bench.sqlite3") if connection.vendor == "sqlite" else "bench"
        connection.settings_dict["TEST"]["NAME"] = name
        connection.creation.create_test_db(verbosity=0, autoclobber=True)
        try:
            fill()
            if connection.vendor == "postgresql":  # which does so by itself, some time later
                with connection.cursor() as cursor:
                    cursor.execute("VACUUM ANALYZE")
            yield
        finally:
            connection.creation.destroy_test_db("", verbosity=0)


def measured(counted: str, readings: Iterable[Reading]) -> bool:
    """Print what each report takes for a month, a year and three years; whether all are quick.

    `counted` is what the number is that a report answers.
    """
    print(f"{'':24}{counted:>14}{'ms':>8}{'CPU ms':>8}{'queries':>9}   at most {MOST_MS} ms")
    readings, is_fast = tuple(readings), True
    for length, days in _LENGTHS:
        period = Period(LAST - timedelta(days=days - 1), LAST)
        for reading in readings:
            taken, worked, queries, number = _taken(reading, period)
            name = ", ".join(filter(None, (length, reading.about)))
            print(f"{name:24}{number:14,}{taken:8.0f}{worked:8.0f}{queries:9}", flush=True)
            is_fast = is_fast and taken <= MOST_MS
    if not is_fast:
        print("A target was missed.", file=sys.stderr)
    return is_fast


def _taken(reading: Reading, period: Period) -> tuple[float, float, int, int]:
    """Milliseconds, those of the processor in this process, queries, and what was found."""
    times = []
    for _ in range(_ROUNDS):
        begin, working = time.perf_counter(), time.process_time()
        reading.read(period)
        times.append((time.perf_counter() - begin, time.process_time() - working))
    with CaptureQueriesContext(connection) as queries:
        number = reading.read(period)
    taken, worked = (min(column) * 1000 for column in zip(*times, strict=True))
    return taken, worked, len(queries), number
