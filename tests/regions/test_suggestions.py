"""What advisors heard is wrong: it waits beside what editors do, and is taken over or not."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from regions import records, revisions, suggestions, versions
from regions.models import RegionalOffice, Revision
from regions.records import Refused
from regions.revisions import Outdated, Placeholders, WrongState
from tests.people import administrator, advisor, editor
from tests.regions.test_revisions_at_once import at_once, kinds

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
OLD, NEW, OTHER = "+31302270374", "+31302270375", "+31302270376"
State = Revision.State


@pytest.fixture
def office(world):
    return world.office("loket", name="Loket", description="Oud", phone=OLD, serves=["3011"])


@pytest.fixture
def listener(db):
    return advisor(email="advisor@navigator.example")


@pytest.fixture
def boss(db):
    return administrator(email="administrator@navigator.example")


def suggest(office, by, *, at=NOW, note="", **values):
    return suggestions.suggest(office, values or {"phone": NEW}, by=by, at=at, note=note)


def public():
    versions.forget()  # the test's own transaction never commits
    return versions.current()


def phone(office):
    return records.read(office)["phone"]


def test_every_field_that_can_be_suggested_is_one_that_editors_change(world):
    along = set(suggestions.ALONG.values())

    assert {*suggestions.FIELDS, *along} <= records.editors_fields(RegionalOffice)
    assert set(suggestions.ALONG) <= set(suggestions.FIELDS)


def test_a_suggestion_waits_and_changes_nothing(office, listener):
    number = public().number

    found = suggest(office, listener, note="De beller zei: dood nummer.")

    assert found.is_new
    waiting = found.revision
    assert (waiting.state, waiting.origin) == (State.SUGGESTED, Revision.Origin.CORRECTION)
    assert waiting.changes == {"phone": [OLD, NEW]}
    assert waiting.authors == {"phone": listener.pk}
    assert waiting.note == "De beller zei: dood nummer."
    assert suggestions.suggestions_for([office]) == [waiting]
    assert list(suggestions.suggestions_by(listener)) == [waiting]
    assert (phone(office), public().number) == (OLD, number)
    assert revisions.open_revision(office) is None


def test_what_is_public_already_is_no_suggestion(office, listener):
    found = suggest(office, listener, phone=OLD)

    assert (found.revision, found.is_new) == (None, False)
    assert not Revision.objects.exists()


def test_only_what_differs_is_kept(office, listener):
    found = suggest(office, listener, phone=OLD, email="info@loket.example")

    assert found.revision.changes == {"email": ["", "info@loket.example"]}


def test_the_same_twice_is_one(office, listener, boss):
    first = suggest(office, listener).revision

    again = suggest(office, boss, at=LATER)

    assert (again.revision, again.is_new) == (first, False)
    assert Revision.objects.count() == 1


def test_several_wait_beside_each_other_and_beside_a_draft(office, listener, boss):
    draft = revisions.propose(subject=office, values={"phone": OTHER}, by=boss, at=NOW)

    first = suggest(office, listener).revision
    second = suggest(office, listener, at=LATER, email="info@loket.example").revision

    assert suggestions.suggestions_for([office]) == [first, second]
    draft.refresh_from_db()
    assert (draft.state, draft.changes) == (State.DRAFT, {"phone": [OLD, OTHER]})


@pytest.mark.parametrize("field", ["name", "state", "municipalities", "slug", "visiting_point"])
def test_other_fields_can_not_be_suggested(office, listener, field):
    with pytest.raises(Refused) as refused:
        suggest(office, listener, **{field: records.read(office)[field]})

    assert list(refused.value.errors) == [field]


def test_what_the_directory_can_not_hold_is_refused(office, listener):
    with pytest.raises(Refused) as refused:
        suggest(office, listener, phone="030")

    assert list(refused.value.errors) == ["phone"]
    assert not Revision.objects.exists()


def test_what_still_has_to_be_filled_in_is_refused(office, listener):
    with pytest.raises(Placeholders):
        suggest(office, listener, phone_note="Bel [dag]")

    assert not Revision.objects.exists()


def test_taking_over_makes_public_and_the_history_can_undo_it(office, listener, boss):
    waiting = suggest(office, listener).revision
    suggest(office, listener, email="info@loket.example")
    number = public().number

    taken = suggestions.take_over(waiting, by=boss, at=LATER, comment="Dank!")

    assert (taken.pk, taken.state, taken.reviewer) == (waiting.pk, State.PUBLISHED, boss)
    assert (taken.reviewed_at, taken.published_at) == (LATER, LATER)
    assert (taken.author, taken.comment) == (listener, "Dank!")
    assert phone(office) == NEW
    assert public().profiles["loket"].phone == NEW
    assert public().number == number + 1
    assert len(suggestions.suggestions_for([office])) == 1
    assert revisions.values_at_first(office, only=["phone"]) == {"phone": OLD}


def test_a_later_change_can_be_undone_down_to_what_was_taken_over(office, listener, boss):
    taken = suggestions.take_over(suggest(office, listener).revision, by=boss, at=NOW)
    revisions.publish_now(subject=office, values={"phone": OTHER}, by=boss, at=LATER)

    values = revisions.values_to_restore(taken, only=["phone", "email"])
    revisions.publish_now(subject=office, values=values, by=boss, at=LATER, restores=taken)

    assert phone(office) == NEW


def test_what_is_public_moved_on_so_it_is_not_taken_over(office, listener, boss):
    waiting = suggest(office, listener).revision
    revisions.publish_now(subject=office, values={"phone": OTHER}, by=boss, at=NOW)

    with pytest.raises(Outdated):
        suggestions.take_over(waiting, by=boss, at=LATER)

    waiting.refresh_from_db()
    assert (phone(office), waiting.state, waiting.reviewer) == (OTHER, State.SUGGESTED, None)


def test_what_an_editor_put_right_meanwhile_counts_as_taken_over(office, listener, boss):
    waiting = suggest(office, listener).revision
    revisions.publish_now(subject=office, values={"phone": NEW}, by=boss, at=NOW)
    number = public().number

    taken = suggestions.take_over(waiting, by=boss, at=LATER)

    assert taken.state == State.PUBLISHED
    assert suggestions.is_right_already(taken)
    assert public().number == number
    assert revisions.record_after(taken)["phone"] == NEW
    assert revisions.record_at_first(office)["phone"] == OLD


def test_a_draft_with_another_value_is_outdated_then_and_not_lost(office, listener, boss):
    draft = revisions.propose(
        subject=office, values={"phone": OTHER, "description": "Nieuw"}, by=boss, at=NOW
    )

    suggestions.take_over(suggest(office, listener).revision, by=boss, at=LATER)

    draft.refresh_from_db()
    clash = revisions.outdated(draft)["phone"]
    assert (clash.theirs, clash.mine) == (NEW, OTHER)
    assert draft.changes["description"] == ["Oud", "Nieuw"]


def test_declining_leaves_what_is_public(office, listener, boss):
    waiting = suggest(office, listener).revision

    declined = suggestions.decline(waiting, by=boss, at=LATER, comment="Het nummer werkt.")

    assert (declined.state, declined.comment) == (State.DECLINED, "Het nummer werkt.")
    assert (declined.reviewer, declined.reviewed_at) == (boss, LATER)
    assert phone(office) == OLD
    assert suggestions.suggestions_for([office]) == []
    assert list(suggestions.suggestions_by(listener)) == [declined]
    assert suggest(office, listener, at=LATER).is_new


@pytest.mark.parametrize("first", ["take_over", "decline"])
@pytest.mark.parametrize("second", ["take_over", "decline"])
def test_what_is_decided_is_decided(office, listener, boss, first, second):
    waiting = suggest(office, listener).revision
    comment = {"comment": "Nee."}
    getattr(suggestions, first)(waiting, by=boss, at=NOW, **comment)

    with pytest.raises(WrongState):
        getattr(suggestions, second)(waiting, by=boss, at=LATER, **comment)


@pytest.mark.parametrize("act", ["submit", "withdraw", "resume", "publish", "approve", "plan"])
def test_no_other_door_takes_a_suggestion(office, listener, boss, act):
    waiting = suggest(office, listener).revision
    more = {"approve": {"seen": 1}, "plan": {"publish_at": LATER}}.get(act, {})

    with pytest.raises(WrongState):
        getattr(revisions, act)(waiting, by=boss, at=NOW, **more)

    assert phone(office) == OLD


def test_the_database_keeps_these_states_for_corrections(office):
    with pytest.raises(IntegrityError), transaction.atomic():
        Revision.objects.create(
            office=office, state=State.SUGGESTED, created_at=NOW, changed_at=NOW
        )


class TestAtOnce:
    @pytest.fixture
    def office(self, shared_world):
        return shared_world.office("loket", name="Loket", phone=OLD, serves=["3011"])

    @pytest.fixture
    def people(self, office):
        return advisor(), administrator(), editor()

    def test_of_two_who_take_it_over_one_is_told(self, office, people):
        listener, boss, colleague = people
        waiting = suggest(office, listener).revision

        outcomes = at_once(
            lambda: suggestions.take_over(waiting, by=boss, at=NOW),
            lambda: suggestions.take_over(waiting, by=colleague, at=NOW),
        )

        assert kinds(outcomes) == ["Revision", "WrongState"]
        assert Revision.objects.published().count() == 1
        assert phone(office) == NEW

    def test_an_editor_who_publishes_meanwhile_is_not_overwritten(self, office, people):
        listener, boss, colleague = people
        waiting = suggest(office, listener).revision
        base = revisions.fingerprints(records.read(office), ["phone"])

        outcomes = at_once(
            lambda: suggestions.take_over(waiting, by=boss, at=NOW),
            lambda: revisions.publish_now(
                subject=office, values={"phone": OTHER}, by=colleague, at=NOW, base=base
            ),
        )

        assert kinds(outcomes) in (["Conflict", "Revision"], ["Outdated", "Revision"])
        [published] = Revision.objects.published()
        assert phone(office) == published.changes["phone"][1]

    def test_two_who_suggest_the_same_are_one(self, office, people):
        listener, boss, _colleague = people

        outcomes = at_once(lambda: suggest(office, listener), lambda: suggest(office, boss))

        assert sorted(each.is_new for each in outcomes) == [False, True]
        assert Revision.objects.suggested().count() == 1
