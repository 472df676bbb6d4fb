"""Tomorrow nobody knows who came today, with all that the database still holds."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command
from django.db import OperationalError, connection
from django.test import RequestFactory

from navigator.statistics import salts, visits
from navigator.statistics.counting import record_profile_view
from navigator.statistics.models import ProfileView, Salt
from navigator.statistics.visits import visit_from, visitor_hash
from regions.models import RegionalOffice

PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) Version/18.5 Mobile/15E148 Safari/604"
)
TODAY, TOMORROW = date(2026, 11, 24), date(2026, 11, 25)
NOON = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)
BEFORE_MIDNIGHT = datetime(2026, 11, 24, 22, 59, 59, tzinfo=UTC)
MIDNIGHT = datetime(2026, 11, 24, 23, 0, tzinfo=UTC)


def request(address="192.0.2.1"):
    made = RequestFactory().get("/", headers={"user-agent": PHONE}, REMOTE_ADDR=address)
    made.user = AnonymousUser()
    return made


def files():
    """All that SQLite keeps on disk: its file, and what stands beside it."""
    file = Path(connection.settings_dict["NAME"])
    return b"".join(path.read_bytes() for path in file.parent.glob(f"{file.name}*"))


@pytest.mark.django_db(transaction=True)
def test_yesterdays_hashes_can_not_be_made_again_with_all_that_is_left():
    office = RegionalOffice.objects.create(slug="here", name="Here")
    record_profile_view(visit_from(request(), at=NOON), office_id=office.pk)
    old = bytes(Salt.objects.get().value)
    assert ProfileView.objects.get().visitor == visitor_hash(request(), old)  # as it could be then
    if connection.vendor == "sqlite":
        assert old in files()

    salts.renew(NOON + timedelta(days=1))
    visit_from(request(), at=NOON + timedelta(days=1))

    left = [bytes(salt.value) for salt in Salt.objects.all()]
    hashes = [visitor_hash(request(), salt) for salt in (*left, salts._Known.salt.value, b"")]
    assert ProfileView.objects.get().visitor not in hashes
    if connection.vendor == "sqlite":
        assert old not in files()


@pytest.mark.django_db
def test_a_quiet_day_does_not_keep_the_salt_of_the_day_before():
    visit_from(request(), at=BEFORE_MIDNIGHT)

    salts.renew(BEFORE_MIDNIGHT)
    assert Salt.objects.count() == 1
    salts.renew(MIDNIGHT)

    assert not Salt.objects.exists()


@pytest.mark.django_db
def test_the_schedule_destroys_what_is_over():
    Salt.objects.create(day=date(2020, 1, 1), value=b"x" * 32)

    call_command("run_schedule", "--once")

    assert not Salt.objects.filter(day=date(2020, 1, 1)).exists()


@pytest.mark.django_db
def test_looking_whether_a_day_is_over_takes_one_query(django_assert_num_queries):
    visit_from(request(), at=NOON)

    with django_assert_num_queries(1):
        salts.renew(NOON)


@pytest.mark.django_db
def test_who_comes_late_is_counted_in_the_day_that_has_begun():
    """The request came in before midnight; its process knows no salt, and others are past it."""
    next_day = visit_from(request(), at=MIDNIGHT)
    visits.forget()

    late = visit_from(request(), at=BEFORE_MIDNIGHT)

    assert (late.day, late.at) == (TOMORROW, MIDNIGHT)
    assert late.visitor == next_day.visitor
    assert [salt.day for salt in Salt.objects.all()] == [TOMORROW]


@pytest.mark.django_db
def test_a_clock_that_is_months_ahead_leads_no_other_process_astray():
    visit_from(request(), at=NOON + timedelta(days=90))
    visits.forget()

    assert visit_from(request(), at=NOON).day == TODAY


@pytest.mark.django_db
def test_a_process_forgets_yesterday_at_its_next_visit_whoever_comes():
    visit_from(request(), at=BEFORE_MIDNIGHT)
    bot = request()
    bot.META["HTTP_USER_AGENT"] = "Googlebot/2.1"

    visit_from(bot, at=MIDNIGHT)

    assert salts._Known.salt is None


@pytest.mark.django_db
def test_a_salt_that_can_not_be_had_loses_the_count_and_not_the_page(caplog):
    def refuse(execute, sql, params, many, context):
        raise OperationalError("the database can't be written")

    with connection.execute_wrapper(refuse):
        visit = visit_from(request(), at=NOON)

    assert (visit.is_lost, visit.visitor, visit.left_out) == (True, None, None)
    assert "count_failed" in caplog.text


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("before", "after"),
    [
        (datetime(2027, 3, 27, 22, 59, 59, tzinfo=UTC), datetime(2027, 3, 27, 23, 0, tzinfo=UTC)),
        # The day of 23 hours ends at midnight in summer time,
        (datetime(2027, 3, 28, 21, 59, 59, tzinfo=UTC), datetime(2027, 3, 28, 22, 0, tzinfo=UTC)),
        # and the day of 25 hours at midnight in winter time.
        (datetime(2026, 10, 25, 22, 59, 59, tzinfo=UTC), datetime(2026, 10, 25, 23, 0, tzinfo=UTC)),
    ],
)
def test_the_salt_changes_at_local_midnight_also_when_the_clocks_change(before, after):
    morning = visit_from(request(), at=before - timedelta(hours=20))
    evening = visit_from(request(), at=before)
    next_day = visit_from(request(), at=after)

    assert morning.visitor == evening.visitor != next_day.visitor
    assert next_day.day - evening.day == timedelta(days=1)
