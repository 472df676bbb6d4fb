"""The web addresses on published profiles: which are there, and which are dead.

A link is dead when its host says that the page is gone for good (410), or when it failed in two
runs that lie most of a day apart and in no run between them worked. A host that refuses to tell a
program (401, 403, 429), redirects in circles or asks for a browser leaves us unsure, and so does a
first failure: neither is shown to editors.
"""

from collections import deque
from collections.abc import Generator, Hashable, Iterable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

from django.utils.translation import gettext as _, gettext_lazy

from regions import markdown, records
from regions.derived import Progress
from regions.fetching import Outcome, Verdict, Visitor
from regions.models import EducationRegion, LinkCheck, RegionalOffice
from regions.records import SUPPORT

RECENT: Final = timedelta(hours=6)  # what was checked since then is skipped
DEAD_AFTER: Final = timedelta(hours=20)  # so that a run every day is a day apart, even if early
HOSTS_AT_ONCE: Final = 8
MOST_CHARACTERS: Final = 500  # of an address that can be checked
ADDRESSES: Final = ("website", "privacy_url", "calendar_url", "advice_url")
TEXTS: Final = (
    "description",
    "target_groups",
    "schools",
    "training_institutes",
    "regulations",
    "matching",
    "what_to_expect",
)
REASONS: Final[Mapping[str, Any]] = {
    "404": gettext_lazy("this page doesn't exist"),
    "410": gettext_lazy("this page was taken away"),
    "no_host": gettext_lazy("this site doesn't exist"),
    "timeout": gettext_lazy("the site does not answer in time"),
    "refused": gettext_lazy("the site does not answer"),
    "no_answer": gettext_lazy("the site does not answer"),
    "unreachable": gettext_lazy("the site can't be reached from here"),
    "certificate": gettext_lazy("the site is not secure: its certificate is wrong"),
    "redirects": gettext_lazy("the site keeps sending visitors on"),
    "private": gettext_lazy("the site is not on the public internet"),
    "not_an_address": gettext_lazy("this is not a web address"),
}
Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class DeadLink:
    """A web address on a profile that leads nowhere, and the field that it stands in."""

    field: str
    url: str
    reason: str  # a status or a code of REASONS
    since: datetime | None

    @property
    def why(self) -> str:
        """The reason in words, in the language of the moment."""
        known = REASONS.get(self.reason)
        return str(known) if known else _("the site gives error %(code)s") % {"code": self.reason}


@dataclass(slots=True)
class Summary:
    """What a run found. `dead` are all that are dead now; `moved` pairs of old and new address."""

    works: int = 0
    unsure: int = 0
    skipped: int = 0
    dropped: int = 0
    dead: list[str] = field(default_factory=list)
    moved: list[tuple[str, str]] = field(default_factory=list)


def addresses_of(record: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The web addresses of an office's or region's record, each with its field."""
    found: list[tuple[str, str]] = []
    for name, value in record.items():
        if not value:
            continue
        if name in ADDRESSES:
            found.append((name, value))
        elif name in TEXTS:
            found.extend((name, url) for url in markdown.links_in(value))
        elif name.startswith(SUPPORT):
            found.extend((name, url) for url in value["links"])
    return found


def addresses_in_use() -> list[str]:
    """All web addresses on published profiles, each once. As many queries as their records."""
    offices = records.read_many(RegionalOffice.objects.published())
    regions = records.read_regions(EducationRegion.objects.published())
    return sorted(
        {
            url
            for record in (*offices.values(), *regions.values())
            for _field, url in addresses_of(record)
            if len(url) <= MOST_CHARACTERS
        }
    )


def dead_links(record: Mapping[str, Any]) -> list[DeadLink]:
    """What leads nowhere on one profile. One query."""
    return dead_links_of({"": record})[""]


def dead_links_of(profiles: Mapping[Key, Mapping[str, Any]]) -> dict[Key, list[DeadLink]]:
    """What leads nowhere on each of these records. One query, however many."""
    dead = {check.url: check for check in LinkCheck.objects.filter(result=LinkCheck.Result.DEAD)}
    return {
        key: [
            DeadLink(name, url, dead[url].reason, dead[url].failing_since)
            for name, url in addresses_of(record)
            if url in dead
        ]
        for key, record in profiles.items()
    }


def check(
    visitor: Visitor,
    *,
    at: datetime,
    everything: bool = False,
    progress: Progress | None = None,
) -> Summary:
    """Visit the addresses that are in use, and store what is found, one by one.

    What was checked in the last hours is skipped, unless `everything`: so a run that was broken
    off goes on where it was. Addresses that are no longer in use are forgotten.
    """
    urls = addresses_in_use()
    known = {stored.url: stored for stored in LinkCheck.objects.all()}
    gone = [stored.pk for url, stored in known.items() if url not in set(urls)]
    LinkCheck.objects.filter(pk__in=gone).delete()
    due = [
        url
        for url in urls
        if everything or url not in known or known[url].checked_at <= at - RECENT
    ]
    summary = Summary(skipped=len(urls) - len(due), dropped=len(gone))
    with closing(_visits(visitor, due)) as visits:
        for done, (url, outcome) in enumerate(visits, start=1):
            facts = judged(known.get(url), outcome, at)
            LinkCheck.objects.update_or_create(url=url, defaults=facts)
            _count(summary, url, facts["result"], outcome)
            if progress:
                progress(_("Links"), done, len(due))
    return summary


def judged(before: LinkCheck | None, outcome: Outcome, at: datetime) -> dict[str, Any]:
    """What to store of an address after a visit, given what was known."""
    since = before.failing_since if before else None
    failures = before.failures if before else 0
    if outcome.verdict == Verdict.WORKS:
        since, failures, result = None, 0, LinkCheck.Result.WORKS
    elif outcome.verdict == Verdict.UNSURE:
        result = LinkCheck.Result.UNSURE
    else:
        since, failures = since or at, min(failures + 1, 1000)
        dead = outcome.verdict == Verdict.GONE or since <= at - DEAD_AFTER
        result = LinkCheck.Result.DEAD if dead else LinkCheck.Result.UNSURE
    return {
        "result": result,
        "reason": outcome.reason,
        "checked_at": at,
        "failing_since": since,
        "failures": failures,
    }


def _count(summary: Summary, url: str, result: str, outcome: Outcome) -> None:
    if result == LinkCheck.Result.DEAD:
        summary.dead.append(url)
    elif result == LinkCheck.Result.WORKS:
        summary.works += 1
    else:
        summary.unsure += 1
    if outcome.moved_to:
        summary.moved.append((url, outcome.moved_to))


def _visits(visitor: Visitor, urls: Iterable[str]) -> Generator[tuple[str, Outcome], None, None]:
    """Visit addresses: those of one host after each other, several hosts at once.

    Whoever stops listening stops the visits too.
    """
    queues: dict[str, deque[str]] = {}
    for url in urls:
        queues.setdefault((urlsplit(url).hostname or "").lower(), deque()).append(url)
    longest_first = sorted(queues.values(), key=len, reverse=True)
    with ThreadPoolExecutor(HOSTS_AT_ONCE) as pool:
        running: dict[Future[Outcome], tuple[str, deque[str]]] = {}

        def send(queue: deque[str]) -> None:
            url = queue.popleft()
            running[pool.submit(visitor.visit, url)] = url, queue

        try:
            for queue in longest_first:
                send(queue)
            while running:
                for ended in wait(running, return_when=FIRST_COMPLETED).done:
                    url, queue = running.pop(ended)
                    if queue:
                        send(queue)
                    yield url, ended.result()
        except BaseException:
            visitor.pace.stop.set()
            pool.shutdown(wait=False, cancel_futures=True)
            raise
