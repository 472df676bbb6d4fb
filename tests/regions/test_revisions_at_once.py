"""Two people, or two schedulers, at the same moment: no work is lost, and nothing is double."""

from datetime import UTC, datetime, timedelta

import pytest

from regions import records, revisions, versions
from regions.models import Revision
from regions.revisions import ChangedSince, Conflict, Outdated
from tests.at_once import at_once
from tests.people import administrator, editor

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)
State = Revision.State


@pytest.fixture
def office(shared_world):
    return shared_world.office("loket", name="Loket", description="Oud", serves=["3011"])


@pytest.fixture
def me(office):
    return editor(email="editor@rotterdam.example")


@pytest.fixture
def boss(office):
    return administrator(email="administrator@navigator.example")


def propose(office, by, **values):
    base = revisions.fingerprints(records.read(office), values)
    return lambda: revisions.propose(subject=office, values=values, by=by, at=NOW, base=base)


def publish_now(office, by, **values):
    base = revisions.fingerprints(records.read(office), values)
    return lambda: revisions.publish_now(subject=office, values=values, by=by, at=NOW, base=base)


def kinds(outcomes):
    return sorted(type(outcome).__name__ for outcome in outcomes)


def test_two_first_proposals_become_one_draft_with_both(office, me, boss):
    outcomes = at_once(propose(office, me, description="Mijn"), propose(office, boss, name="Hun"))

    assert kinds(outcomes) == ["Revision", "Revision"]
    [draft] = Revision.objects.all()
    assert draft.changes == {"description": ["Oud", "Mijn"], "name": ["Loket", "Hun"]}
    assert draft.edition == 2


def test_of_two_proposals_for_one_field_the_second_sees_both(office, me, boss):
    outcomes = at_once(
        propose(office, me, description="Mijn"), propose(office, boss, description="Hun")
    )

    assert kinds(outcomes) == ["Conflict", "Revision"]
    [conflict] = [each for each in outcomes if isinstance(each, Conflict)]
    clash = conflict.clashes["description"]
    assert {clash.theirs, clash.mine} == {"Mijn", "Hun"}
    assert revisions.working_record(office)["description"] == clash.theirs


def test_two_publications_of_different_fields_both_count(office, me, boss):
    number = versions.current().number

    outcomes = at_once(
        publish_now(office, me, description="Mijn"), publish_now(office, boss, name="Hun")
    )

    assert kinds(outcomes) == ["Revision", "Revision"]
    profile = versions.current().profiles["loket"]
    assert (profile.description, profile.name) == ("Mijn", "Hun")
    assert versions.current().number == number + 2
    first, second = Revision.objects.published().order_by("published_at")
    assert first.published_at < second.published_at
    assert revisions.record_at_first(office)["description"] == "Oud"


def test_of_two_publications_of_one_field_nothing_is_overwritten_unseen(office, me, boss):
    outcomes = at_once(
        publish_now(office, me, description="Mijn"), publish_now(office, boss, description="Hun")
    )

    assert kinds(outcomes) == ["Conflict", "Revision"]
    [published] = Revision.objects.published()
    assert records.read(office)["description"] == published.changes["description"][1]


def test_a_draft_is_published_once_however_often_it_is_asked(office, me, boss):
    draft = propose(office, me, description="Nieuw")()

    outcomes = at_once(
        *[lambda by=by: revisions.publish(draft, by=by, at=NOW) for by in (me, boss, me)]
    )

    assert kinds(outcomes) == ["Revision", "WrongState", "WrongState"]
    assert Revision.objects.published().count() == 1


def test_two_schedulers_publish_what_is_due_once(office, me):
    draft = propose(office, me, description="Nieuw")()
    revisions.plan(draft, by=me, at=NOW, publish_at=NOW + timedelta(minutes=1))
    number = versions.current().number
    late = NOW + timedelta(hours=1)

    outcomes = at_once(
        *[lambda: [revisions.publish_if_due(each, late) for each in revisions.due(late)]] * 3
    )

    published = [due for answer in outcomes for due in answer if due is not None]
    assert [due.error for due in published] == [None]
    assert versions.current().number == number + 1
    assert versions.current().profiles["loket"].description == "Nieuw"


def test_two_schedulers_give_up_on_a_change_once(office, me, boss):
    draft = propose(office, me, description="Mijn")()
    revisions.plan(draft, by=me, at=NOW, publish_at=NOW + timedelta(minutes=1))
    publish_now(office, boss, description="Hun")()
    late = NOW + timedelta(hours=1)

    outcomes = at_once(
        *[lambda: [revisions.publish_if_due(each, late) for each in revisions.due(late)]] * 3
    )

    given_up = [due for answer in outcomes for due in answer if due is not None]
    assert [type(due.error) for due in given_up] == [Outdated]
    draft.refresh_from_db()
    assert draft.state == State.RETURNED


def test_nobody_approves_what_an_editor_changes_at_that_moment(office, me, boss):
    """Whoever is first: what became public is what the reviewer looked at, and no more."""
    sent = revisions.submit(propose(office, me, description="Gezien")(), by=me, at=NOW)

    approved, proposed = at_once(
        lambda: revisions.approve(sent, by=boss, at=NOW, seen=sent.edition),
        lambda: revisions.propose(
            subject=office, values={"description": "Ongezien"}, by=me, at=NOW
        ),
    )

    if isinstance(approved, ChangedSince):
        assert records.read(office)["description"] == "Oud"
        assert proposed.state == State.WAITING
    else:
        assert records.read(office)["description"] == "Gezien"
        assert proposed.changes == {"description": ["Gezien", "Ongezien"]}
        assert proposed.state == State.DRAFT
    assert revisions.working_record(office)["description"] == "Ongezien"


def test_one_of_two_drafts_is_planned(office, me, boss):
    planned = propose(office, me, description="Nieuw")()
    revisions.plan(planned, by=me, at=NOW, publish_at=NOW + timedelta(days=1))
    withdrawn = propose(office, me, name="Hun")()
    revisions.withdraw(withdrawn, by=me, at=NOW)

    outcomes = at_once(
        lambda: revisions.resume(planned, by=me, at=NOW),
        lambda: revisions.resume(withdrawn, by=boss, at=NOW),
    )

    assert kinds(outcomes) == ["AlreadyOpen", "Revision"]
    assert Revision.objects.open().count() == 1


def test_a_change_of_an_area_and_one_of_sectors_at_once_are_both_derived(shared_world, me):
    shared_world.postcode("3012")
    one = shared_world.office("een", sectors=["po"], serves=["3011"])
    two = shared_world.office("twee", sectors=["po"], serves=["3011"])

    outcomes = at_once(
        publish_now(one, me, partial_postcodes=["3012"]), publish_now(two, me, sectors=["vo"])
    )

    assert kinds(outcomes) == ["Revision", "Revision"]
    profiles = versions.current().profiles
    assert profiles["een"].served_postcodes == 2
    assert profiles["twee"].sectors == ("vo",)
