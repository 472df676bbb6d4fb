"""The play: from a seed to all requests of all people, and the book of what they come to."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import urlencode

from tests.simulation import facts
from tests.simulation.book import AMSTERDAM, Book, Meaning

MOVED = "het-vorige-loket"  # what the first office was called before
CAMPAIGN_HOST = "campagne.example"
CAMPAIGN_UTM = "najaar"
PARTNER_HOST = "vakbond.example"
# Typed by people; none of it may be found again. The four digits are asked for in the play.
FULL_POSTCODES = ("3011XW", "9751ZT", "1911QJ")

_BROWSERS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/141.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/140.0.0.0 Mobile Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:142.0) Gecko/20100101 Firefox/142.0",
)
_BOTS = (
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; bingbot/2.0; "
    "+http://www.bing.com/bingbot.htm) Chrome/116.0.1938.76 Safari/537.36",
    "curl/8.14.1",
    "python-requests/2.32.5",
    "",
)


@dataclass(frozen=True)
class Origin:
    """Where somebody comes from: what their browser sends with the first page, and the source."""

    source: str
    referer: str = ""
    query: tuple[tuple[str, str], ...] = ()


_DIRECT = Origin("direct")
_ORIGINS = (
    _DIRECT,
    _DIRECT,
    Origin("search-engine", "https://www.google.nl/"),
    Origin("search-engine", f"https://www.bing.com/search?q=loket+{FULL_POSTCODES[0]}"),
    Origin("search-engine", "https://duckduckgo.com/", (("utm_term", FULL_POSTCODES[1]),)),
    Origin("social", "https://l.facebook.com/l.php"),
    Origin("social", "https://www.linkedin.com/feed/"),
    Origin("partner", "https://www.flevowijs.nl/over-ons"),
    Origin("partner", f"https://{PARTNER_HOST}/leraar-worden"),
    Origin("campaign", f"https://www.{CAMPAIGN_HOST}/"),
    Origin("campaign", f"https://actie.{CAMPAIGN_HOST}/start"),
    Origin("campaign", "", (("utm_source", "Najaar"), ("utm_medium", "email"))),
    Origin("campaign", "https://www.google.nl/", (("utm_source", CAMPAIGN_UTM),)),
    Origin("other-site", "https://blog.example/een-stuk"),
    Origin("other-site", "", (("utm_source", "nieuwsbrief"),)),
    Origin("widget", "https://school.example/", (("utm_medium", "widget"),)),
)


@dataclass(frozen=True)
class Step:
    """A request."""

    at: datetime  # in UTC
    person: str
    address: str
    browser: str
    path: str = "/"
    query: tuple[tuple[str, str], ...] = ()
    method: str = "GET"
    referer: str = ""
    purpose: str = ""
    role: str = ""  # of whoever is logged in
    form: tuple[tuple[str, str], ...] = ()
    json: str = ""
    statuses: tuple[int, ...] = (200,)
    follows: bool = False  # the link to this path in the answer before, as it stands there
    meaning: Meaning | None = None

    @property
    def target(self) -> str:
        """The path with its query."""
        return f"{self.path}?{urlencode(self.query)}" if self.query else self.path


@dataclass
class Play:
    """All requests in the order of time, and what they come to."""

    steps: list[Step] = field(default_factory=list)
    book: Book = field(default_factory=Book)

    def add(self, steps: list[Step]) -> None:
        self.steps += steps

    def finish(self) -> "Play":
        """Put all in order, and enter it."""
        self.steps.sort(key=lambda step: step.at)
        for step in self.steps:
            if step.meaning:
                self.book.enter(step.at, step.person, step.meaning)
        return self


class Person:
    """Somebody on one day, whose requests follow each other."""

    def __init__(self, number: int, chosen: random.Random, start: datetime) -> None:
        self.number = number
        self.chosen = chosen
        self.at = start
        self.origin = chosen.choice(_ORIGINS)
        # The same every day; who shares an address differs in it.
        self.browser = f"{_BROWSERS[number % len(_BROWSERS)]} Build/{number}"
        self.role = ""
        self.steps: list[Step] = []

    def wait(self, least: float, most: float | None = None) -> "Person":
        """Let seconds pass."""
        seconds = least if most is None else self.chosen.uniform(least, most)
        self.at += timedelta(seconds=round(seconds, 3))
        return self

    def ask(self, path: str, meaning: Meaning | None = None, **more) -> None:
        self.steps.append(
            Step(
                at=self.at,
                person=f"{self.number}",
                address=self._address(),
                browser=more.pop("browser", self.browser),
                path=path,
                role=self.role,
                meaning=meaning,
                referer=more.pop("referer", self.origin.referer),
                query=(*more.pop("query", ()), *self.origin.query),
                **more,
            )
        )

    def view(self, office: str, *, why: str = "", question=None, path: str = "", **more) -> None:
        """Look at the page of an office, after a search when `question` is given."""
        # A view has the province of the postcode or place that was searched, also when another of
        # the municipalities of the postcode was chosen.
        by_postcode = dict(question.query).get("postcode") if question else None
        home = facts.home_of(by_postcode) if by_postcode else question and question.municipality
        self.ask(
            path or f"/regioloketten/{office}/",
            Meaning(
                "view",
                (office,),
                self.origin.source,
                office=office,
                province=facts.provinces()[home] if home else "",
                why=why,
            ),
            query=question.query if question else (),
            **more,
        )

    def search(self, question, *, why: str = "", **more) -> None:
        """Ask which offices there are."""
        self.ask(
            more.pop("path", "/zoeken/"),
            _search_meaning(question, self.origin.source, why=why),
            query=more.pop("query", question.query),
            **more,
        )

    def click(self, office: str, target: str, *, why: str = "") -> None:
        """Follow a link of an office."""
        self.ask(
            "/klik/",
            Meaning(
                "click",
                (office, target),
                self.origin.source,
                office=office,
                target=target,
                why=why,
            ),
            method="POST",
            form=(("office", office), ("target", target)),
            statuses=(204,),
        )

    def leave(self) -> list[Step]:
        return self.steps

    def _address(self) -> str:
        """One of the ranges for documentation. Some have IPv6, where a household has a /64; some
        claim to come from elsewhere, which only the proxy can say.
        """
        number = self.number
        if number % 5 == 0:
            host = self.chosen.randrange(1, 1 << 16)
            return f"2001:db8:{number >> 16:x}:{number & 0xFFFF:x}::{host:x}"
        own = f"{('192.0.2', '198.51.100', '203.0.113')[number % 3]}.{number // 15 % 250 + 1}"
        # Who shares an address is told apart by the browser: the number stands in its name.
        return f"192.0.2.{self.chosen.randrange(256)}, {own}" if number % 7 == 0 else own


def _search_meaning(question, source: str, *, why: str = "", is_machine: bool = False) -> Meaning:
    return Meaning(
        "search",
        (question.postcode, question.municipality, question.sector),
        source,
        postcode=question.postcode,
        municipality=question.municipality,
        province=question.province,
        sector=question.sector,
        support=question.support,
        is_served=question.is_served,
        why=why,
        is_machine=is_machine,
    )


# What people do. Each takes somebody and lets them go.


def _searches_and_looks(person: Person) -> None:
    """Searches, follows the link to an office, maybe calls it; the source goes along."""
    question = person.chosen.choice(facts.searches())
    person.search(question)
    for office in person.chosen.sample(question.offices, min(2, len(question.offices))):
        # The link carries the source, and the browser says that it stood on an own page.
        person.wait(5, 120).view(office, question=question, follows=True, referer="own")
        if person.chosen.random() < 0.4:
            person.wait(5, 60).click(office, person.chosen.choice(("website", "phone", "email")))
    if person.chosen.random() < 0.3:
        person.wait(10, 3000).search(question)
    if person.chosen.random() < 0.3:
        person.wait(10, 300).search(person.chosen.choice(facts.searches()))


def _looks(person: Person) -> None:
    """Comes to the page of an office, and looks again."""
    office = person.chosen.choice(facts.offices()).slug
    person.view(office)
    for _ in range(person.chosen.randrange(3)):
        person.wait(1, 4000).view(office)


def _looks_on_the_edge(person: Person) -> None:
    """Looks again just within and just after half an hour."""
    office = person.chosen.choice(facts.offices()).slug
    person.view(office)
    person.wait(29 * 60 + 59).view(office)
    person.wait(1).view(office)  # 30:00 after the first
    person.wait(29 * 60 + 59.999).view(office)
    person.wait(0.001).view(office)
    person.click(office, "booking")
    person.wait(1799.999).click(office, "booking")
    person.wait(0.001).click(office, "booking")


def _looks_all_day(person: Person) -> None:
    """Looks and searches more often than a person does."""
    office = person.chosen.choice(facts.offices()).slug
    question = person.chosen.choice(facts.searches())
    for _ in range(12):
        person.view(office)
        person.wait(1).search(question)
        person.wait(1).click(office, "email")
        person.wait(5).view(office)
        person.wait(1900)


def _types(person: Person) -> None:
    """Types a full postcode, which the form and the address cut to its digits."""
    full = person.chosen.choice(FULL_POSTCODES)
    question = next(each for each in facts.searches() if each.query == (("postcode", full[:4]),))
    person.ask("/", method="POST", form=(("postcode", full),), statuses=(303,))
    person.wait(0.5).search(question, follows=True, referer="own")
    person.wait(30).ask("/zoeken/", query=(("postcode", full.lower()),), statuses=(302,))
    person.wait(0.5).search(question, follows=True)


def _asks_in_vain(person: Person) -> None:
    """Asks what is no search, or what isn't there, or what is counted by nobody."""
    for query in person.chosen.sample(facts.no_searches(), 2):
        person.wait(3, 60).ask("/zoeken/", query=query)
    person.wait(3, 60).ask("/zoeken/", query=(("postcode", "0123"),), statuses=(400,))
    person.wait(3, 60).ask("/regioloketten/bestaat-niet/", statuses=(404,))
    person.wait(3, 60).ask("/regioloketten/")
    person.wait(3, 60).ask("/over/privacy/")


def _follows_an_old_link(person: Person) -> None:
    office = facts.offices()[0].slug
    person.ask(f"/regioloketten/{MOVED}/", statuses=(301,))
    person.wait(0.5).view(office, follows=True)


def _fetches_beforehand(person: Person) -> None:
    office = person.chosen.choice(facts.offices()).slug
    question = person.chosen.choice(facts.searches())
    person.view(office, why="prefetch", purpose="prefetch")
    person.wait(1).search(question, why="prefetch", purpose="prefetch;prerender")
    person.wait(5).view(office)  # and then they came


def _asks_whether_it_is_there(person: Person) -> None:
    person.view(person.chosen.choice(facts.offices()).slug, why="head", method="HEAD")
    question = person.chosen.choice(facts.searches())
    person.wait(1).search(question, why="head", method="HEAD")


def _reads_as_a_bot(person: Person) -> None:
    person.browser = person.chosen.choice(_BOTS)
    for office in person.chosen.sample(facts.offices(), 4):
        person.wait(1, 9).view(office.slug, why="bot")
    person.wait(1).search(person.chosen.choice(facts.searches()), why="bot")
    person.wait(1).ask("/healthz")


def _asks_as_a_program(person: Person) -> None:
    """The API: every search counts, and there is nobody."""
    person.origin, person.browser = _DIRECT, "python-requests/2.32.5"
    for question in person.chosen.choices(facts.searches()[:60], k=3):
        asked = dict(question.query)
        body = "{" + ", ".join(f'"{name}": "{value}"' for name, value in asked.items()) + "}"
        if "support" in asked or "municipality" in asked:
            continue
        person.wait(0.5).ask(
            "/api/v1/searches",
            _search_meaning(question, "api", is_machine=True),
            method="POST",
            json=body,
        )


def _works_here(person: Person) -> None:
    """Advisors and administrators are at work, wherever they look."""
    person.role = person.chosen.choice(("advisor", "administrator"))
    office = person.chosen.choice(facts.offices()).slug
    person.view(office, why="own people")
    person.wait(5).search(person.chosen.choice(facts.searches()), why="own people")
    person.wait(5).click(office, "website", why="own people")


def _edits(person: Person) -> None:
    """The editor of the first office is at work there, and a visitor elsewhere."""
    person.role = "editor"
    own, *others = facts.offices()
    person.view(own.slug, why="own people")
    person.wait(5).click(own.slug, "phone", why="own people")
    elsewhere = person.chosen.choice([each for each in others if not own.regions & each.regions])
    person.wait(5).view(elsewhere.slug)
    person.wait(5).search(person.chosen.choice(facts.searches()), why="own people")


_DOINGS: tuple[tuple[int, Callable[[Person], None]], ...] = (
    (40, _searches_and_looks),
    (25, _looks),
    (4, _looks_on_the_edge),
    (1, _looks_all_day),
    (5, _types),
    (4, _asks_in_vain),
    (3, _follows_an_old_link),
    (4, _fetches_beforehand),
    (3, _asks_whether_it_is_there),
    (4, _reads_as_a_bot),
    (4, _asks_as_a_program),
    (3, _works_here),
    (3, _edits),
)


def local(day: date, *clock: int, fold: int = 0) -> datetime:
    """The moment of a time in Amsterdam; `fold` 1 for the second 02:30 of the last Sunday."""
    return datetime.combine(day, time(*clock), AMSTERDAM).replace(fold=fold).astimezone(UTC)


def _night(person: Person, day: date) -> list[Step]:
    """Looks before midnight and after it: two days, and two visitors."""
    office = person.chosen.choice(facts.offices()).slug
    question = person.chosen.choice(facts.searches())
    for moment in (
        local(day, 23, 59, 50),
        local(day, 23, 59, 59),
        local(day + timedelta(days=1), 0, 0, 0),
        local(day + timedelta(days=1), 0, 0, 10),
    ):
        person.at = moment
        person.view(office)
        person.wait(0.5).search(question)
    return person.leave()


def _hour_that_changes(person: Person, day: date) -> list[Step]:
    """Looks at each half hour from 00:30 to 04:30, of which October has two more than March."""
    office = person.chosen.choice(facts.offices()).slug
    person.at = local(day, 0, 30)
    while person.at <= local(day, 4, 30):
        person.view(office)
        person.wait(1800)
    for fold in (0, 1):
        person.at = local(day, 2, 30, 1, fold=fold)
        person.search(facts.searches()[0])
    return sorted(person.leave(), key=lambda step: step.at)


def write(seed: int, visits: int, days: list[date], *, edges: list[date]) -> Play:
    """A play of about so many requests on these days.

    At midnight of each of `edges`, and through its night, people look too.
    """
    chosen = random.Random(seed)
    play = Play()
    numbers = iter(range(1, 1 << 30))
    for day in edges:
        play.add(_night(Person(next(numbers), chosen, local(day, 23)), day))
        play.add(_hour_that_changes(Person(next(numbers), chosen, local(day, 0)), day))
    for _weight, doing in _DOINGS:  # all of them at least once
        play.add(_done(doing, next(numbers), chosen, days[0]))
    doings = _doings(chosen)
    known: list[tuple[int, date]] = []
    while len(play.steps) < visits:
        day = chosen.choice(days)
        number = next(numbers)
        if known and chosen.random() < 0.2:  # the same person on another day
            again, then = chosen.choice(known)
            if abs((day - then).days) > 2:
                number = again
                known.remove((again, then))
        else:
            known.append((number, day))
        play.add(_done(next(doings), number, chosen, day))
    return play.finish()


def _doings(chosen: random.Random) -> Iterator[Callable[[Person], None]]:
    weights, doings = zip(*_DOINGS, strict=True)
    while True:
        yield chosen.choices(doings, weights)[0]


def _done(doing, number: int, chosen: random.Random, day: date) -> list[Step]:
    """What somebody does who comes at a moment of that day; it may end on the next."""
    start = local(day, 0) + timedelta(milliseconds=chosen.randrange(24 * 3600 * 1000))
    person = Person(number, chosen, start)
    doing(person)
    return person.leave()
