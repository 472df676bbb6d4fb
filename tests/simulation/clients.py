"""Browsers and programs that play their steps at once, each on a connection that is kept."""

import html
import http.client
import re
import threading
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import groupby
from urllib.parse import urlencode

from tests.simulation.clock import MOMENT, WORKER
from tests.simulation.play import Step

CLIENTS = 8


@dataclass
class Answer:
    """What a client keeps of an answer."""

    status: int
    location: str
    body: str


@dataclass
class Clients:
    """Those who play, and what they noticed."""

    port: int
    cookies: dict[str, str]  # by role
    differences: list[str] = field(default_factory=list)
    workers: set[str] = field(default_factory=set)
    asked: int = 0
    # By person: the answer before, and the last that told offices.
    _last: dict[str, Answer] = field(default_factory=dict)
    _offices: dict[str, Answer] = field(default_factory=dict)

    def play(self, steps: Iterable[Step]) -> None:
        """Play these at once; each person in the order of time. Waits for all answers."""
        people = defaultdict(list)
        for step in steps:
            people[step.person].append(step)
        hands = [list(people.values())[at::CLIENTS] for at in range(CLIENTS)]
        threads = [threading.Thread(target=self._play, args=(hand,)) for hand in hands if hand]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _play(self, hand: list[list[Step]]) -> None:
        """The steps of some people, mixed as they come, on one connection."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            for step in sorted(
                (step for steps in hand for step in steps), key=lambda each: each.at
            ):
                self._ask(connection, step)
        except Exception as error:  # whatever it is, it belongs in the report
            self.differences.append(f"a client broke off: {error!r}")
        finally:
            connection.close()

    def _ask(self, connection: http.client.HTTPConnection, step: Step) -> None:
        target = self._followed(step) if step.follows else step.target
        body, kind = _body(step)
        connection.request(step.method, target, body=body, headers=self._headers(step, kind))
        response = connection.getresponse()
        read = response.read().decode(errors="replace")
        self.asked += 1
        self.workers.add(response.headers.get(WORKER, ""))
        answer = Answer(response.status, response.headers.get("Location", ""), read)
        self._last[step.person] = answer
        if step.path == "/zoeken/":
            self._offices[step.person] = answer
        if response.status not in step.statuses:
            self.differences.append(
                f"{step.method} {target} at {step.at}: status {response.status}, "
                f"not {step.statuses}: {read[:200]!r}"
            )

    def _followed(self, step: Step) -> str:
        """Where the answer before sends them on to, or a link in the last answer to a search."""
        before, offices = self._last.get(step.person), self._offices.get(step.person)
        if before is not None and 300 <= before.status < 400:
            return before.location
        body = offices.body if offices else ""
        found = re.search(rf'href="({re.escape(step.path)}[^"]*)"', body)
        if found is None:
            self.differences.append(f"no link to {step.path} at {step.at} ({step.target})")
            return step.target
        return html.unescape(found[1])

    def _headers(self, step: Step, kind: str) -> dict[str, str]:
        referer = f"http://127.0.0.1:{self.port}/" if step.referer == "own" else step.referer
        given = {
            "User-Agent": step.browser,
            "X-Forwarded-For": step.address,
            "X-Forwarded-Proto": "https",
            "Accept-Encoding": "identity",
            "Referer": referer,
            "Sec-Purpose": step.purpose,
            "Cookie": f"sessionid={self.cookies[step.role]}" if step.role else "",
            "Content-Type": kind,
            MOMENT: step.at.isoformat(),
        }
        return {name: value for name, value in given.items() if value}


def _body(step: Step) -> tuple[str | None, str]:
    if step.json:
        return step.json, "application/json"
    if step.form:
        return urlencode(step.form), "application/x-www-form-urlencoded"
    return None, ""


def by_hour(steps: Iterable[Step]) -> Iterable[list[Step]]:
    """The steps of each hour of the clock; a day in Amsterdam ends with one."""
    for _hour, group in groupby(
        steps, key=lambda step: step.at.replace(minute=0, second=0, microsecond=0)
    ):
        yield list(group)
