"""What became of a referral: told, counted, and only ever added to."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from navigator.administration.admin import data_site
from navigator.advice import outcomes
from navigator.advice.models import SlipOffice, SlipOutcome
from navigator.advice.outcomes import NotOpen, ToldAlready, UnknownOutcome
from regions.models import RegionalOffice
from tests.navigator.advice.referred import NOW, refer, refer_to
from tests.people import editor

DAY = timedelta(days=1)


@pytest.fixture
def office(world):
    return world.office("rotterdam", email="loket@rotterdam.example")


@pytest.fixture
def referred(office):
    return refer_to(office)


def tell(referred, outcome, at=NOW, **more):
    return outcomes.tell(referred, **{"teller": "link", "at": at, "outcome": outcome, **more})


def state(referred, at=NOW):
    return outcomes.state_of(SlipOffice.objects.get(pk=referred.pk), at=at)


def test_a_new_referral_is_open_since_its_slip_was_made(referred):
    found = state(referred)

    assert (found.outcome, found.is_open, found.since) == ("", True, NOW)
    assert found.waited_days == 0


@pytest.mark.parametrize("outcome", outcomes.OF_OFFICES)
def test_an_office_can_tell_each_of_nine_outcomes(referred, outcome):
    told = tell(referred, outcome, who=None)

    assert (told.outcome, told.day, told.teller) == (outcome, NOW.date(), "link")
    assert state(referred).is_open is (outcome not in SlipOutcome.FINAL)


@pytest.mark.parametrize("outcome", ["nobody-called", "", "HELPED", "anything"])
def test_what_is_no_outcome_of_an_office_is_refused(referred, outcome):
    with pytest.raises(UnknownOutcome):
        tell(referred, outcome)

    assert not SlipOutcome.objects.exists()


def test_who_told_it_with_an_account_is_known(referred, office):
    somebody = editor()

    told = tell(referred, "helped", teller="account", who=somebody)

    assert told.who == somebody


def test_the_last_word_counts_and_the_earlier_ones_stay(referred):
    tell(referred, "no-capacity")
    tell(referred, "contacted", at=NOW + DAY)

    found = state(referred)

    assert (found.outcome, found.is_open, found.since) == ("contacted", True, NOW + DAY)
    assert SlipOutcome.objects.count() == 2


def test_the_same_twice_on_a_day_is_a_double(referred):
    tell(referred, "contacted")
    tell(referred, "helped")

    with pytest.raises(ToldAlready):
        tell(referred, "contacted", at=NOW + timedelta(hours=5), teller="account")

    assert SlipOutcome.objects.count() == 2
    assert tell(referred, "contacted", at=NOW + DAY).pk


def test_a_day_is_one_of_amsterdam(referred):
    late = NOW.replace(hour=22, minute=50)  # 23:50 in Amsterdam
    tell(referred, "contacted", at=late)

    told = tell(referred, "contacted", at=late + timedelta(minutes=20))

    assert told.day == NOW.date() + DAY


def test_the_database_refuses_a_double_too(referred):
    told = tell(referred, "contacted")

    with pytest.raises(IntegrityError), transaction.atomic():
        SlipOutcome.objects.bulk_create(
            [SlipOutcome(slip_office=referred, outcome=told.outcome, at=NOW, day=told.day)]
        )


def test_offices_of_one_slip_tell_each_their_own(world, office):
    slip = refer(office, world.office("delft"))
    first, second = slip.offices.all()
    tell(first, "helped")

    tell(second, "helped")

    assert [each.outcomes.count() for each in slip.offices.all()] == [1, 1]


@pytest.mark.parametrize("gone", [{"withdrawn_at": NOW}, {"key": None, "code": None}])
def test_of_a_slip_that_is_withdrawn_or_forgotten_nothing_is_told(referred, gone):
    type(referred.slip).objects.update(**gone)

    with pytest.raises(NotOpen):
        tell(referred, "helped")
    with pytest.raises(NotOpen):
        outcomes.tell_by_candidate(referred, at=NOW)

    assert state(referred).is_open is False


def test_that_nobody_called_is_told_once_a_day_and_opens_a_referral_again(referred):
    tell(referred, "not-reached")
    outcomes.tell_by_candidate(referred, at=NOW + DAY)

    with pytest.raises(ToldAlready):
        outcomes.tell_by_candidate(referred, at=NOW + DAY)

    found = state(referred)
    assert (found.nobody_called, found.is_open) == (True, True)
    assert found.teller == "candidate"


def test_working_days_are_counted_until_there_is_news(referred):
    """From Tuesday: the weekend doesn't count, and that there is no news is no news."""
    tell(referred, "not-yet-updated", at=NOW + DAY)
    outcomes.tell_by_candidate(referred, at=NOW + 2 * DAY)
    before = state(referred, at=NOW + 6 * DAY).waited_days
    tell(referred, "contacted", at=NOW + 7 * DAY)

    after = state(referred, at=NOW + 20 * DAY).waited_days

    assert (before, after) == (4, 5)


def test_open_referrals_of_offices_stand_there_the_oldest_first(world, office):
    newer = refer_to(office, at=NOW - DAY)
    older = refer_to(office, at=NOW - 9 * DAY)
    done = refer_to(office, at=NOW - 5 * DAY)
    tell(done, "helped")
    withdrawn = refer_to(office)
    type(withdrawn.slip).objects.filter(pk=withdrawn.slip_id).update(withdrawn_at=NOW)
    refer_to(world.office("delft"))

    found = outcomes.open_referrals([office], at=NOW)

    assert [each.slip_office for each in found] == [older, newer]
    assert outcomes.count_open([office]) == 2
    assert [each.slip_office for each in outcomes.done_referrals([office], since=NOW.date())] == [
        done
    ]


def test_what_was_done_before_the_last_days_is_not_listed(office):
    tell(refer_to(office, at=NOW - 40 * DAY), "helped", at=NOW - 31 * DAY)

    assert outcomes.done_referrals([office], since=(NOW - 30 * DAY).date()) == []


def test_the_number_of_queries_is_fixed(office):
    def asked():
        with CaptureQueriesContext(
            connection,
        ) as queries:
            found = outcomes.open_referrals([office], at=NOW)
            for each in found:
                assert each.history is not None
                assert each.interests
        return len(queries)

    tell(refer_to(office), "contacted")
    one = asked()
    for _number in range(5):
        tell(refer_to(office), "contacted")

    assert asked() == one <= 6


# What was told stays


@pytest.fixture
def told(referred):
    return tell(referred, "contacted")


def _changed(told):
    told.outcome = "helped"
    told.save()


def _written_over(told):
    SlipOutcome(
        pk=told.pk,
        slip_office=told.slip_office,
        outcome="helped",
        at=NOW,
        day=NOW.date(),
        teller="link",
    ).save()


def _in_bulk(told):
    told.outcome = "helped"
    SlipOutcome.objects.bulk_update([told], ["outcome"])


def _with_conflicts(told):
    told.outcome = "helped"
    SlipOutcome.objects.bulk_create(
        [told], update_conflicts=True, unique_fields=["id"], update_fields=["outcome"]
    )


WAYS = {
    "save": _changed,
    "save of another with its id": _written_over,
    "delete": lambda told: told.delete(),
    "update": lambda told: SlipOutcome.objects.update(outcome="helped"),
    "update of some": lambda told: SlipOutcome.objects.filter(pk=told.pk).update(outcome="helped"),
    "delete of all": lambda told: SlipOutcome.objects.all().delete(),
    "update of those of an office": lambda told: told.slip_office.outcomes.update(teller="account"),
    "delete of those of an office": lambda told: told.slip_office.outcomes.all().delete(),
    "bulk_update": _in_bulk,
    "bulk_create over it": _with_conflicts,
    "update_or_create": lambda told: SlipOutcome.objects.update_or_create(
        pk=told.pk, defaults={"outcome": "helped"}
    ),
    "delete of its office": lambda told: told.slip_office.delete(),
    "delete of its slip": lambda told: told.slip_office.slip.delete(),
}


@pytest.mark.parametrize("way", WAYS)
def test_no_way_changes_or_deletes_what_was_told(told, way):
    with pytest.raises((TypeError, IntegrityError, ProtectedError)), transaction.atomic():
        WAYS[way](told)

    [stays] = SlipOutcome.objects.values("pk", "outcome", "teller", "day")
    assert stays == {
        "pk": told.pk,
        "outcome": "contacted",
        "teller": "link",
        "day": timezone.localdate(NOW),
    }


def test_the_pages_of_administrators_do_not_offer_what_was_told():
    assert not data_site.is_registered(SlipOutcome)


def test_what_was_told_outlives_the_account_of_who_told_it(referred):
    somebody = editor()
    tell(referred, "helped", teller="account", who=somebody)

    somebody.delete()

    assert SlipOutcome.objects.get().who is None


def test_an_office_with_referrals_can_not_be_deleted(referred):
    with pytest.raises(ProtectedError):
        RegionalOffice.objects.all().delete()
