"""Plays a play on a site, and holds all that is published against the book."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

from tests.simulation.clients import Clients, by_hour
from tests.simulation.compare import Reader
from tests.simulation.play import Play, local
from tests.simulation.privacy import left_behind
from tests.simulation.site import Site, site


@dataclass
class Outcome:
    """What came of it."""

    requests: int = 0
    figures: int = 0  # that were compared
    workers: int = 0
    differences: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class RollUp:
    """When the daily job runs, and how many days of single rows it leaves."""

    at: datetime
    keep_days: int


def run(
    play: Play,
    *,
    folder: Path,
    roll_ups: list[RollUp],
    periods: list[tuple[date, date]],
    database_url: str = "",
    tell: Callable[[str], None] = lambda _line: None,
) -> Outcome:
    """Play it on a new site, with the daily job at its moments while people come.

    Reads all figures twice: with a part in totals and a part in single rows, and when all single
    rows are gone.
    """
    outcome = Outcome()
    with site(folder, database_url) as place:
        clients = Clients(place.server.port, place.cookies)
        _play(play, place, clients, list(roll_ups), tell)
        outcome.differences += clients.differences
        end = play.steps[-1].at + timedelta(hours=3)
        _compare(play, place, end, periods, "before the last roll_up", outcome)
        tell(f"{clients.asked} requests played, {outcome.figures} figures compared")
        place.roll_up(end + timedelta(days=1), 0)
        _compare(play, place, end + timedelta(days=1), periods, "from totals alone", outcome)
        outcome.differences += left_behind(place.database, play.steps)
    outcome.requests, outcome.workers = clients.asked, len(clients.workers - {""})
    if outcome.workers != 2:
        outcome.differences.append(f"answers came from {outcome.workers} processes, not 2")
    outcome.differences += _logged(place.log)
    return outcome


def _play(play, place: Site, clients: Clients, roll_ups: list[RollUp], tell) -> None:
    for steps in by_hour(play.steps):
        jobs = []
        while roll_ups and roll_ups[0].at <= steps[0].at:
            due = roll_ups.pop(0)
            jobs.append(threading.Thread(target=_roll_up, args=(place, due, clients, tell)))
        for job in jobs:
            job.start()
        clients.play(steps)
        for job in jobs:
            job.join()


def _roll_up(place: Site, due: RollUp, clients: Clients, tell) -> None:
    try:
        done = place.roll_up(due.at, due.keep_days)
        tell(f"roll_up at {due.at}: {done}")
    except Exception as error:  # whatever it is, it belongs in the report
        clients.differences.append(f"roll_up at {due.at}: {error}")


def _compare(play, place: Site, at: datetime, periods, when: str, outcome: Outcome) -> None:
    reader = Reader(place.server.port, play.book, at)
    for first, last in periods:
        reader.api(first, last)
        reader.pages(first, last)
    first, last = min(play.book.days), max(play.book.days)
    numbers, rest = play.book.numbers(first, last), place.rest(first, last)
    reader.same("clicks", _told(rest["clicks"]), _known(numbers["clicks"]))
    reader.same("support", _told(rest["support"]), _known(numbers["support"]))
    reader.same("salts at most one", rest["salts"] <= 1, True)
    outcome.figures += reader.compared
    outcome.differences += [f"{when}: {each}" for each in reader.differences]


def _told(rows):
    return sorted((tuple(key), number) for *key, number in rows)


def _known(numbers):
    return sorted((key, number) for (key, _measure), number in numbers.items())


def _logged(log: Path) -> list[str]:
    wrong = ("count_failed", "database is locked", "Traceback", "known_sources_failed")
    return [
        f"the server logged: {line[:300]}"
        for line in log.read_text().splitlines()
        if any(each in line for each in wrong)
    ]


def night_after(day: date) -> datetime:
    """When the daily job has run over that day."""
    return local(day + timedelta(days=1), 3)
