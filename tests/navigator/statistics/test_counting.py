from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, connection

from navigator import metrics
from navigator.statistics import counting
from navigator.statistics.counting import record_click, record_profile_view, record_search
from navigator.statistics.models import (
    Click,
    LeftOutTotal,
    ProfileView,
    Search,
    Source,
    SupportAsked,
)
from navigator.statistics.sources import Origin
from navigator.statistics.visits import LeftOut, Visit
from regions.answers import Answer, Area, Outcome
from regions.models import RegionalOffice

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)
ROTTERDAM = Area("GM0599", "Rotterdam", "zuid-holland")


def visit(visitor="a" * 32, at=NOON, left_out=None, **origin):
    return Visit(at, at.date(), visitor, Origin(**{"source": Source.DIRECT, **origin}), left_out)


@pytest.fixture
def office():
    return RegionalOffice.objects.create(slug="here", name="Here")


def test_a_view_is_one_row_with_its_day_source_and_province(office):
    came = visit(source=Source.SEARCH_ENGINE, host="google.nl", utm_medium="organic")

    assert record_profile_view(came, office_id=office.pk, province="zuid-holland")

    row = ProfileView.objects.get()
    assert (row.office, row.at, row.day, row.visitor) == (office, NOON, NOON.date(), "a" * 32)
    assert (row.source, row.source_host, row.utm_medium) == (
        "search-engine",
        "google.nl",
        "organic",
    )
    assert (row.province, row.ordinal) == ("zuid-holland", 0)


def test_counting_takes_one_statement(office, django_assert_num_queries):
    with django_assert_num_queries(1):
        record_profile_view(visit(), office_id=office.pk)


def test_a_reload_within_half_an_hour_is_not_counted_again(office):
    record_profile_view(visit(), office_id=office.pk)

    again = record_profile_view(visit(at=NOON + timedelta(minutes=29)), office_id=office.pk)

    assert not again
    assert ProfileView.objects.count() == 1


def test_the_same_visitor_counts_again_after_half_an_hour(office):
    record_profile_view(visit(), office_id=office.pk)

    record_profile_view(visit(at=NOON + timedelta(minutes=30)), office_id=office.pk)

    assert list(ProfileView.objects.order_by("at").values_list("ordinal", flat=True)) == [0, 1]


def test_half_an_hour_counts_from_the_counted_view_not_from_the_last_reload(office):
    for minutes in (0, 20, 40):
        record_profile_view(visit(at=NOON + timedelta(minutes=minutes)), office_id=office.pk)

    assert ProfileView.objects.count() == 2


def test_another_visitor_or_office_counts_on_its_own(office):
    other = RegionalOffice.objects.create(slug="there", name="There")
    record_profile_view(visit(), office_id=office.pk)

    record_profile_view(visit(visitor="b" * 32), office_id=office.pk)
    record_profile_view(visit(), office_id=other.pk)

    assert ProfileView.objects.count() == 3


@pytest.mark.parametrize("why", list(LeftOut))
def test_what_is_left_out_is_not_stored(office, why):
    assert not record_profile_view(visit(left_out=why), office_id=office.pk)
    assert ProfileView.objects.count() == 0


def test_two_views_of_one_visitor_at_the_same_moment_are_one(office):
    """Both looked before either had written: the ordinal decides."""
    first = ProfileView(
        office=office, at=NOON, day=NOON.date(), visitor="a" * 32, ordinal=0, source="direct"
    )
    first.save()
    second = ProfileView(
        office=office, at=NOON, day=NOON.date(), visitor="a" * 32, ordinal=0, source="direct"
    )

    ProfileView.objects.bulk_create([second], ignore_conflicts=True)

    assert ProfileView.objects.count() == 1


def left_out():
    return {(each.what, each.why): each.requests for each in LeftOutTotal.objects.all()}


def test_a_visitor_counts_for_an_office_so_often_a_day_and_no_more(office, settings):
    settings.VIEWS_A_VISITOR_A_DAY = 3
    other = RegionalOffice.objects.create(slug="there", name="There")

    counted = [
        record_profile_view(visit(at=NOON + timedelta(hours=hours)), office_id=office.pk)
        for hours in range(5)
    ]

    assert counted == [True, True, True, False, False]
    assert left_out() == {("profileview", "ceiling"): 2}
    assert record_profile_view(visit(at=NOON + timedelta(hours=5)), office_id=other.pk)
    tomorrow = NOON + timedelta(days=1)
    assert record_profile_view(visit(at=tomorrow), office_id=office.pk)


def test_a_reload_above_the_ceiling_is_a_reload(office, settings):
    settings.VIEWS_A_VISITOR_A_DAY = 1
    for minutes in (0, 10, 20, 40):
        record_profile_view(visit(at=NOON + timedelta(minutes=minutes)), office_id=office.pk)

    assert left_out() == {("profileview", "repeat"): 2, ("profileview", "ceiling"): 1}


def test_what_is_left_out_takes_a_statement_to_tell_and_one_to_see_why(
    office, django_assert_num_queries
):
    record_profile_view(visit(), office_id=office.pk)

    with django_assert_num_queries(3):
        record_profile_view(visit(), office_id=office.pk)


def test_the_ceiling_holds_for_a_question_and_for_a_link_too(office, settings):
    settings.VIEWS_A_VISITOR_A_DAY = 1
    for hours in (0, 1):
        came = visit(at=NOON + timedelta(hours=hours))
        record_search(came, found())
        record_search(came, found(sector="po"))
        record_click(came, office.pk, "phone")

    assert (Search.objects.count(), Click.objects.count()) == (2, 1)
    assert left_out() == {("search", "ceiling"): 2, ("click", "ceiling"): 1}


def test_a_click_is_one_row_for_half_an_hour_an_office_and_a_target(office):
    for minutes, target in ((0, "phone"), (5, "phone"), (5, "email"), (30, "phone")):
        record_click(visit(at=NOON + timedelta(minutes=minutes)), office.pk, target)

    rows = Click.objects.order_by("at", "target").values_list("target", "ordinal")
    assert list(rows) == [("phone", 0), ("email", 0), ("phone", 1)]


def test_a_visit_that_is_lost_counts_nowhere_and_is_shown_in_the_metrics(office):
    before = metrics.exposition()
    lost = replace(visit(visitor=None), is_lost=True)

    assert not record_profile_view(lost, office_id=office.pk)
    assert (ProfileView.objects.count(), left_out()) == (0, {})
    assert number(before, FAILED) + 1 == number(metrics.exposition(), FAILED)


FAILED = 'navigator_counts_failed_total{what="profileview"}'


def number(text, series):
    [line] = [line for line in text.decode().splitlines() if line.startswith(series)]
    return float(line.rpartition(" ")[2])


def test_what_is_counted_left_out_and_lost_is_in_the_metrics(office, monkeypatch):
    series = (
        'navigator_counts_total{what="profileview"}',
        'navigator_requests_left_out_total{what="profileview",why="repeat"}',
        'navigator_requests_left_out_total{what="profileview",why="bot"}',
        FAILED,
    )
    before = [number(metrics.exposition(), name) for name in series]

    record_profile_view(visit(), office_id=office.pk)
    record_profile_view(visit(), office_id=office.pk)
    record_profile_view(visit(left_out=LeftOut.BOT), office_id=office.pk)
    with connection.execute_wrapper(_refuse):
        record_profile_view(visit(at=NOON + timedelta(hours=1)), office_id=office.pk)

    after = [number(metrics.exposition(), name) for name in series]
    assert [new - old for old, new in zip(before, after, strict=True)] == [1, 1, 1, 1]


def _refuse(execute, sql, params, many, context):
    raise DatabaseError


def test_a_failing_count_is_logged_and_breaks_nothing(office, monkeypatch, caplog):
    def refuse():
        raise DatabaseError("disk full")

    monkeypatch.setattr(counting.connection, "cursor", refuse)

    assert record_profile_view(visit(), office_id=office.pk) is False
    assert "count_failed" in caplog.text


def test_a_row_holds_no_address_and_no_browser():
    names = {field.name for model in (ProfileView, Search) for field in model._meta.get_fields()}

    assert not names & {"address", "ip", "browser", "user_agent", "user", "session"}


def found(outcome=Outcome.FOUND, postcode="3011", sector=""):
    return Answer(outcome, postcode=postcode, municipality=ROTTERDAM, sector=sector)


def test_a_search_is_counted_with_its_postcode_sector_and_province():
    record_search(visit(), found(sector="po"))

    row = Search.objects.get()
    assert (row.postcode, row.municipality, row.sector) == ("3011", "GM0599", "po")
    assert (row.province, row.serving) == ("zuid-holland", 0)


@pytest.mark.parametrize(
    "outcome", [Outcome.UNKNOWN_POSTCODE, Outcome.PO_BOX_ONLY, Outcome.CHOICE_NEEDED]
)
def test_a_question_without_an_answer_is_not_counted(outcome):
    assert not record_search(visit(), found(outcome))
    assert Search.objects.count() == 0


def test_a_search_without_an_office_is_counted():
    record_search(visit(), found(Outcome.NO_OFFICE, sector="vavo"))

    assert Search.objects.get().serving == 0


def test_the_same_search_again_within_half_an_hour_is_one():
    record_search(visit(), found())
    record_search(visit(at=NOON + timedelta(minutes=5)), found())
    record_search(visit(at=NOON + timedelta(minutes=5)), found(sector="po"))

    assert Search.objects.count() == 2


def test_searches_by_machines_all_count_since_they_stand_for_different_people():
    for _ in range(3):
        record_search(visit(visitor=None, source=Source.API), found())

    assert Search.objects.count() == 3


def asked(*support, **more):
    return replace(found(**more), support=support)


def test_asked_support_is_a_row_for_each_type_in_one_statement(django_assert_num_queries):
    with django_assert_num_queries(2):
        record_search(visit(), asked("vacancies", "webinar", "vacancies"))

    rows = SupportAsked.objects.order_by("support")
    assert list(rows.values_list("support", "postcode", "municipality", "province", "ordinal")) == [
        ("vacancies", "3011", "GM0599", "zuid-holland", 0),
        ("webinar", "3011", "GM0599", "zuid-holland", 0),
    ]


def test_support_that_is_chosen_in_an_answer_counts_though_the_search_is_the_same():
    record_search(visit(), asked("vacancies"))
    record_search(visit(at=NOON + timedelta(minutes=5)), asked("vacancies", "webinar"))

    assert Search.objects.count() == 1
    assert sorted(SupportAsked.objects.values_list("support", flat=True)) == [
        "vacancies",
        "webinar",
    ]
    assert left_out() == {("search", "repeat"): 1}


def test_support_asked_by_who_is_left_out_is_not_counted():
    record_search(visit(left_out=LeftOut.BOT), asked("vacancies"))
    record_search(visit(), asked("vacancies", outcome=Outcome.UNKNOWN_POSTCODE))

    assert not SupportAsked.objects.exists()


def test_support_asked_by_machines_all_counts():
    for _ in range(3):
        record_search(visit(visitor=None, source=Source.API), asked("vacancies"))

    assert SupportAsked.objects.count() == 3


def test_the_database_refuses_a_full_postcode():
    with pytest.raises(DatabaseError), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO statistics_search (at, day, ordinal, source, source_host, utm_source, "
            "utm_medium, utm_campaign, utm_content, utm_term, province, municipality, sector, "
            "serving, postcode) VALUES ('2026-11-24', '2026-11-24', 0, 'direct', '', '', '', '', "
            "'', '', '', '', '', 0, '01AB')"
        )
