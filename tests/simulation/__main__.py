"""`make simulate`: a month of visits from a seed, and every figure held against what was played.

    python -m tests.simulation [--seed N] [--visits N] [--month YYYY-MM]

SQLite, or the PostgreSQL that TEST_DATABASE_URL names. Prints each difference; fails when there
is one.
"""

import argparse
import os
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

from tests.simulation import play, running
from tests.simulation.running import RollUp, night_after


def _month(text: str) -> date:
    return date.fromisoformat(f"{text}-01")


def _last_sunday(year: int, month: int) -> date:
    last = date(year, month, 31)
    return last - timedelta(days=(last.weekday() + 1) % 7)


def main() -> int:
    parser = argparse.ArgumentParser(prog="make simulate", description="Plays a month of visits.")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--visits", type=int, default=8000, help="requests, about")
    parser.add_argument("--month", type=_month, default="2026-10", help="such as 2026-10")
    asked = parser.parse_args()
    first = asked.month
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    month = [first + timedelta(days=ahead) for ahead in range((last - first).days + 1)]
    changes = [_last_sunday(first.year, 3), _last_sunday(first.year, 10)]
    # The days around the last Sunday of March, when the month is another.
    spring = [changes[0] + timedelta(days=ahead) for ahead in (-1, 0, 1)]
    days = sorted({*spring, *month})
    edges = sorted({*changes, first, month[9], month[19]} & set(days))
    written = play.write(asked.seed, asked.visits, days, edges=edges)
    middle, late = month[len(month) // 2], month[-5]
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        outcome = running.run(
            written,
            folder=Path(folder),
            roll_ups=[RollUp(night_after(middle), 5), RollUp(night_after(late), 3)],
            periods=[
                (first, last),
                (middle, last),
                (late, late),
                (spring[0], spring[-1]),
                (date(first.year, 1, 1), last),
                (first.replace(year=first.year + 1), last.replace(year=last.year + 1)),
            ],
            database_url=os.environ.get("TEST_DATABASE_URL", ""),
            tell=lambda line: print(line, file=sys.stderr),
        )
    for difference in outcome.differences:
        print(difference)
    print(
        f"seed {asked.seed}: {outcome.requests} requests by {outcome.workers} processes, "
        f"{outcome.figures} figures compared in {time.monotonic() - started:.0f} s, "
        f"{len(outcome.differences)} differences"
    )
    return 1 if outcome.differences else 0


if __name__ == "__main__":
    sys.exit(main())
