"""The web addresses on profiles are checked; who keeps them sees which are dead."""

from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from regions import links, records
from regions.fetching import Outcome, Pace, Verdict, Visitor
from regions.models import LinkCheck
from tests.factories import EducationRegionFactory
from tests.regions.web_host import refuses_head, web_host

NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)
DAY = timedelta(days=1)
WORKS = Outcome(Verdict.WORKS)
FAILS = Outcome(Verdict.FAILS, "404")
UNSURE = Outcome(Verdict.UNSURE, "403")


class Script:
    """Visits nothing: answers by address what a test says, and else that it works."""

    def __init__(self, outcomes=()):
        self.outcomes = dict(outcomes)
        self.visited = []
        self.pace = Pace(0)

    def visit(self, url):
        self.visited.append(url)
        outcome = self.outcomes.get(url, WORKS)
        if isinstance(outcome, BaseException):
            raise outcome
        return outcome


def office(world, **fields):
    return world.office("loket", **({"website": "https://a.nl/"} | fields))


def stored():
    return {check.url: check.result for check in LinkCheck.objects.all()}


def test_the_addresses_of_a_profile_are_those_in_fields_links_and_texts(world):
    made = office(
        world,
        website="https://a.nl/",
        privacy_url="https://a.nl/privacy",
        calendar_url="https://a.nl/agenda",
        advice_url="https://a.nl/afspraak",
        schools="Zie [de kaart](https://b.nl/kaart) of [mail](mailto:info@a.nl).",
        support=[("vacancies", ["https://c.nl/1", "https://c.nl/2"]), "webinar"],
    )

    found = links.addresses_of(records.read(made))

    assert set(found) == {
        ("website", "https://a.nl/"),
        ("privacy_url", "https://a.nl/privacy"),
        ("calendar_url", "https://a.nl/agenda"),
        ("advice_url", "https://a.nl/afspraak"),
        ("schools", "https://b.nl/kaart"),
        ("support.vacancies", "https://c.nl/1"),
        ("support.vacancies", "https://c.nl/2"),
    }


def test_only_what_is_published_is_visited_each_address_once(world):
    office(world, privacy_url="https://a.nl/")
    world.office("concept", state="draft", website="https://draft.nl/")
    EducationRegionFactory(website="https://region.nl/")
    EducationRegionFactory(website="https://archived.nl/", state="archived")

    assert links.addresses_in_use() == ["https://a.nl/", "https://region.nl/"]


def test_an_address_too_long_to_store_is_left_out(world):
    office(world, description=f"[lang](https://a.nl/{'x' * 500})")

    assert links.addresses_in_use() == ["https://a.nl/"]


def test_a_link_that_fails_once_is_not_dead_yet(world):
    office(world)

    summary = links.check(Script({"https://a.nl/": FAILS}), at=NOW)

    assert (stored(), summary.unsure) == ({"https://a.nl/": "unsure"}, 1)


@pytest.mark.parametrize(
    ("outcomes", "result"),
    [
        ([WORKS], "works"),
        ([FAILS, FAILS], "dead"),
        ([FAILS, UNSURE, FAILS], "dead"),
        ([FAILS, WORKS, FAILS], "unsure"),
        ([FAILS, FAILS, WORKS], "works"),
        ([FAILS, FAILS, UNSURE], "unsure"),
        ([UNSURE, UNSURE, UNSURE], "unsure"),
        ([Outcome(Verdict.GONE, "410")], "dead"),
    ],
)
def test_a_link_is_dead_when_it_fails_day_after_day(world, outcomes, result):
    office(world)

    for day, outcome in enumerate(outcomes):
        links.check(Script({"https://a.nl/": outcome}), at=NOW + day * DAY)

    assert stored() == {"https://a.nl/": result}


def test_a_link_that_fails_twice_on_a_day_is_not_dead(world):
    office(world)

    for hours in (0, 10, 19):
        at = NOW + timedelta(hours=hours)
        links.check(Script({"https://a.nl/": FAILS}), at=at, everything=True)

    check = LinkCheck.objects.get()
    assert (check.result, check.failures, check.failing_since) == ("unsure", 3, NOW)


def test_what_was_checked_in_the_last_hours_is_skipped(world):
    office(world, privacy_url="https://a.nl/privacy")
    LinkCheck.objects.create(
        url="https://a.nl/", result="works", checked_at=NOW - timedelta(hours=5)
    )
    script = Script()

    summary = links.check(script, at=NOW)

    assert (script.visited, summary.skipped) == (["https://a.nl/privacy"], 1)


def test_everything_is_visited_when_asked(world):
    office(world)
    LinkCheck.objects.create(url="https://a.nl/", result="works", checked_at=NOW)
    script = Script()

    links.check(script, at=NOW, everything=True)

    assert script.visited == ["https://a.nl/"]


def test_an_address_that_is_no_longer_used_is_forgotten(world):
    office(world)
    LinkCheck.objects.create(url="https://old.nl/", result="dead", checked_at=NOW - DAY)

    summary = links.check(Script(), at=NOW)

    assert (stored(), summary.dropped) == ({"https://a.nl/": "works"}, 1)


def test_the_progress_goes_from_the_first_address_to_the_last(world):
    office(world, privacy_url="https://a.nl/privacy", advice_url="https://b.nl/")
    told = []

    links.check(Script(), at=NOW, progress=lambda step, done, of: told.append((done, of)))

    assert told == [(1, 3), (2, 3), (3, 3)]


def test_a_run_that_is_broken_off_keeps_what_it_found_and_goes_on_there(world):
    office(world, privacy_url="https://a.nl/2", advice_url="https://a.nl/3")
    script = Script({"https://a.nl/2": KeyboardInterrupt()})

    with pytest.raises(KeyboardInterrupt):
        links.check(script, at=NOW)
    again = Script()
    links.check(again, at=NOW + timedelta(minutes=1))

    assert script.pace.stop.is_set()
    assert again.visited == ["https://a.nl/2", "https://a.nl/3"]


def test_the_addresses_of_a_real_host_are_visited_and_stored(world):
    with web_host(
        {"/gone": 410, "/no-head": refuses_head, "/loop": (302, {"Location": "/loop"})}
    ) as host:
        office(
            world,
            website=f"{host.url}/",
            privacy_url=f"{host.url}/gone",
            calendar_url=f"{host.url}/no-head",
            advice_url=f"{host.url}/loop",
        )
        visitor = Visitor(site="https://navigator.example", pace=Pace(0), private_too=True)

        summary = links.check(visitor, at=NOW)

        assert stored() == {
            f"{host.url}/": "works",
            f"{host.url}/gone": "dead",
            f"{host.url}/no-head": "works",
            f"{host.url}/loop": "unsure",
        }
        assert (summary.works, summary.dead, summary.unsure) == (2, [f"{host.url}/gone"], 1)


def test_a_link_that_flaps_is_not_dead(world):
    with web_host({"/": [404, 404, 200, 404, 404]}) as host:
        office(world, website=f"{host.url}/")
        visitor = Visitor(site="https://navigator.example", pace=Pace(0), private_too=True)

        for day in range(3):
            links.check(visitor, at=NOW + day * DAY)

    assert set(stored().values()) == {"unsure"}


def test_the_dead_links_of_a_profile_are_named_with_field_and_reason(world):
    made = office(world, support=[("vacancies", ["https://c.nl/1", "https://c.nl/2"])])
    for url, result in (("https://c.nl/1", "dead"), ("https://c.nl/2", "unsure")):
        LinkCheck.objects.create(
            url=url, result=result, reason="404", checked_at=NOW, failing_since=NOW - DAY
        )

    found = links.dead_links(records.read(made))

    assert [(dead.field, dead.url, dead.since) for dead in found] == [
        ("support.vacancies", "https://c.nl/1", NOW - DAY)
    ]


def test_the_dead_links_of_all_profiles_take_one_query(world, django_assert_num_queries):
    profiles = {"a": {"website": "https://a.nl/"}, "b": {"website": "https://b.nl/"}}
    LinkCheck.objects.create(url="https://b.nl/", result="dead", checked_at=NOW)

    with django_assert_num_queries(1):
        found = links.dead_links_of(profiles)

    assert {key: [dead.url for dead in dead_links] for key, dead_links in found.items()} == {
        "a": [],
        "b": ["https://b.nl/"],
    }


@pytest.mark.parametrize("reason", [*links.REASONS, "500", "503"])
def test_every_reason_has_words(reason):
    dead = links.DeadLink("website", "https://a.nl/", reason, NOW)

    with translation.override("en"):
        assert " " in dead.why


def test_the_command_tells_what_it_found(world, monkeypatch):
    office(world, privacy_url="https://b.nl/")
    script = Script(
        {
            "https://a.nl/": Outcome(Verdict.GONE, "410"),
            "https://b.nl/": Outcome(Verdict.WORKS, moved_to="https://www.b.nl/"),
        }
    )
    monkeypatch.setattr("regions.management.commands.check_links.Visitor", lambda site: script)
    told = StringIO()

    with translation.override("en"):
        call_command("check_links", "--all", verbosity=2, stdout=told)

    assert "Dead: https://a.nl/\n" in told.getvalue()
    assert "https://b.nl/ -> https://www.b.nl/" in told.getvalue()
    assert "Work: 1. Dead: 1." in told.getvalue()


def test_the_command_never_visits_our_own_network(world):
    with web_host({}) as host:
        office(world, website=f"{host.url}/")

        call_command("check_links", verbosity=0, stdout=StringIO())

        assert host.asked == []
    assert LinkCheck.objects.get().reason == "private"


def test_the_command_says_that_it_was_broken_off(world, monkeypatch):
    office(world)
    script = Script({"https://a.nl/": KeyboardInterrupt()})
    monkeypatch.setattr("regions.management.commands.check_links.Visitor", lambda site: script)

    with pytest.raises(CommandError) as broken_off:
        call_command("check_links", verbosity=0)

    assert broken_off.value.returncode == 130
