import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.utils import timezone

from navigator.accounts import audit, log
from navigator.accounts.models import AuditEntry
from tests.factories import EducationRegionFactory, RegionalOfficeFactory
from tests.people import UserFactory, administrator, editor, log_in

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parents[3]
PAGE = "/beheer/logboek/"
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def entry(what="logged_in", at=NOON, **more):
    return audit.record(what, at=at, **more)


@pytest.fixture
def reader(client):
    user = administrator(email="administrator@navigator.example")
    log_in(client, user)
    return user


def shown(response):
    return [(line.who, line.what, line.about) for line in response.context["lines"]]


def test_an_entry_says_who_what_when_and_from_where(rf):
    user = UserFactory()
    request = rf.get("/", REMOTE_ADDR="192.0.2.7")
    request.user = user

    made = audit.record("profile_confirmed", request=request, about=RegionalOfficeFactory(slug="a"))

    assert (made.who, made.what, made.about) == (user, "profile_confirmed", "regionaloffice a")
    assert made.address == "192.0.2.7"
    assert abs((timezone.now() - made.at).total_seconds()) < 60


def test_an_entry_never_changes_and_is_never_deleted():
    made = entry()
    made.what = "something else"

    with pytest.raises(TypeError):
        made.save()
    with pytest.raises(TypeError):
        made.delete()

    assert AuditEntry.objects.get().what == "logged_in"


def test_an_entry_outlives_who_it_is_about():
    user = UserFactory()
    entry(who=user, about=user)

    user.delete()

    (line,) = log.read(AuditEntry.objects.all())
    assert (line.who, line.about.split()[1]) == ("", str(AuditEntry.objects.get().about.split()[1]))


def test_an_entry_takes_one_query(django_assert_num_queries):
    user = UserFactory()

    with django_assert_num_queries(1):
        entry(who=user, about=user)


def test_every_code_that_is_written_has_words():
    call = re.compile(r'(?:audit\.record|\b_note)\(\s*"(\w+)"')
    written = {
        code
        for folder in ("navigator", "regions", "api")
        for path in (ROOT / folder).rglob("*.py")
        for code in call.findall(path.read_text(encoding="utf-8"))
    }

    assert "invited" in written
    assert written - log.WORDS.keys() == set()


def test_things_are_called_by_their_names_in_a_fixed_number_of_queries(django_assert_num_queries):
    office, region = RegionalOfficeFactory(name="Loket A"), EducationRegionFactory(name="Regio B")
    for _number in range(5):
        user = UserFactory()
        for thing in (office, region, user):
            entry(about=thing, who=user)
    entry(about="gone 12")
    entry(about="user 0")

    with django_assert_num_queries(4):
        lines = log.read(log.entries())

    abouts = {line.about for line in lines}
    assert any(about.endswith("Loket A") for about in abouts)
    assert any(about.endswith("Regio B") for about in abouts)
    assert any(about.endswith(user.email) for about in abouts)
    assert "gone 12" in abouts


def test_a_code_without_words_can_still_be_read():
    assert log.words("something_new") == "Something new"


def test_the_newest_comes_first(client, reader):
    entry("logged_in", at=NOON)
    entry("invited", at=NOON.replace(hour=13))
    entry("token_made", at=NOON.replace(hour=11))

    lines = client.get(PAGE).context["lines"]

    assert [line.at.hour for line in lines] == [13, 12, 11]


def test_the_log_is_narrowed_down_by_what_who_and_period(client, reader):
    anna, other = UserFactory(email="anna@a.example"), UserFactory(email="other@a.example")
    entry("logged_in", who=anna)
    entry("logged_in", who=other)
    entry("invited", who=anna, at=NOON.replace(day=20))

    assert len(shown(client.get(PAGE + "?what=logged_in"))) == 2
    assert len(shown(client.get(PAGE + "?who=ANNA"))) == 2
    assert len(shown(client.get(PAGE + "?who=anna&what=invited"))) == 1
    assert len(shown(client.get(PAGE + "?since=2026-11-24&until=2026-11-24"))) == 2
    assert len(shown(client.get(PAGE + "?until=2026-11-23"))) == 1
    assert shown(client.get(PAGE + "?since=2026-11-25")) == []


def test_a_day_is_a_day_in_amsterdam(client, reader):
    entry(at=datetime(2026, 11, 24, 22, 59, tzinfo=UTC))
    entry(at=datetime(2026, 11, 24, 23, 1, tzinfo=UTC))

    assert len(shown(client.get(PAGE + "?until=2026-11-24"))) == 1
    assert len(shown(client.get(PAGE + "?since=2026-11-25"))) == 1


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("?since=nonsense", "since"),
        ("?until=9999-12-31", "until"),
        ("?since=0001-01-01", "since"),
        ("?since=2026-11-24&until=2026-11-20", "until"),
        ("?what=nonsense", "what"),
    ],
)
def test_a_question_that_makes_no_sense_is_answered_at_its_field(client, reader, query, field):
    response = client.get(PAGE + query)

    assert response.status_code == 200
    assert f'id="id_{field}_error"' in response.text


def test_fifty_entries_make_a_page_and_the_filters_stay(client, reader):
    for _number in range(51):
        entry("invited")

    first = client.get(PAGE + "?what=invited")

    assert len(shown(first)) == 50
    assert 'href="?what=invited&amp;page=2"' in first.text
    assert len(shown(client.get(PAGE + "?what=invited&page=2"))) == 1
    assert len(shown(client.get(PAGE + "?what=invited&page=nonsense"))) == 50


def test_nothing_on_the_site_changes_the_log(client, reader):
    made = entry()

    for method in (client.post, client.put, client.patch, client.delete):
        assert method(PAGE, {"pk": made.pk}).status_code == 405

    assert list(AuditEntry.objects.all()) == [made]
    assert "<form" in client.get(PAGE).text
    assert 'method="post"' not in client.get(PAGE).text.partition("<main")[2]


def test_only_administrators_read_it(client):
    log_in(client, editor(EducationRegionFactory()))

    assert client.get(PAGE).status_code == 403


def test_an_empty_log_says_so(client, reader):
    assert "<table" not in client.get(PAGE).text
