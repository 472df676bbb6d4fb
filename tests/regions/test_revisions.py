"""The one door for changes: what it lets through, what it keeps, and how it goes back."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from regions import records, revisions, versions
from regions.models import EducationRegion, RegionalOffice, Revision
from regions.records import Refused
from regions.revisions import (
    AlreadyOpen,
    AlreadyPlanned,
    ChangedSince,
    Conflict,
    NothingToPublish,
    Outdated,
    Placeholders,
    WrongState,
)
from tests.people import administrator, editor

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)
LATER = NOW + timedelta(days=2)
State = Revision.State


@pytest.fixture
def office(world):
    return world.office("loket", name="Loket", description="Oud", serves=["3011"])


@pytest.fixture
def me(office):
    return editor(email="editor@rotterdam.example")


@pytest.fixture
def boss(office):
    return administrator(email="administrator@navigator.example")


def propose(office, by=None, *, at=NOW, base=None, **values):
    return revisions.propose(subject=office, values=values, by=by, at=at, base=base)


def publish_now(office, by=None, *, at=NOW, base=None, **values):
    return revisions.publish_now(subject=office, values=values, by=by, at=at, base=base)


def seen(office, *fields):
    """The fingerprints that a form with these fields carries."""
    return revisions.fingerprints(revisions.working_record(office), fields)


def stored(office):
    return records.read(office)


def waiting(office, by=None, **values):
    return revisions.submit(propose(office, by, **values), by=by, at=NOW)


# A draft


def test_what_is_proposed_is_kept_and_not_public(office, me):
    draft = propose(office, me, description="Nieuw")

    assert draft.state == State.DRAFT
    assert draft.changes == {"description": ["Oud", "Nieuw"]}
    assert (draft.author, draft.authors, draft.edition) == (me, {"description": me.pk}, 1)
    assert stored(office)["description"] == "Oud"
    assert revisions.working_record(office)["description"] == "Nieuw"
    assert versions.current().profiles["loket"].description == "Oud"


def test_there_is_one_draft_to_which_everybody_adds(office, me, boss):
    first = propose(office, me, description="Nieuw")

    second = propose(office, boss, at=LATER, name="Nieuw loket")

    assert second.pk == first.pk
    assert second.changes == {"description": ["Oud", "Nieuw"], "name": ["Loket", "Nieuw loket"]}
    assert second.authors == {"description": me.pk, "name": boss.pk}
    assert (second.author, second.edition, second.changed_at) == (me, 2, LATER)


def test_proposing_the_same_again_changes_nothing(office, me, boss):
    propose(office, me, description="Nieuw")

    again = propose(office, boss, at=LATER, description="Nieuw")

    assert (again.edition, again.authors) == (1, {"description": me.pk})


def test_what_is_public_already_is_no_change(office, me):
    assert propose(office, me, description="Oud") is None
    assert not Revision.objects.exists()


def test_a_draft_of_which_nothing_is_left_is_withdrawn(office, me):
    draft = propose(office, me, description="Nieuw")
    revisions.share(draft)

    assert propose(office, me, description="Oud") is None

    draft.refresh_from_db()
    assert (draft.state, draft.preview_key) == (State.WITHDRAWN, None)
    assert draft.changes == {"description": ["Oud", "Nieuw"]}  # so that it can be gone on with
    assert revisions.open_revision(office) is None


def test_going_back_to_where_it_began_is_a_change_when_others_moved_on(office, me):
    propose(office, me, description="Van mij")
    publish_now(office, description="Van hen")

    draft = propose(office, me, description="Oud")

    assert set(revisions.outdated(draft)) == {"description"}
    assert revisions.working_record(office)["description"] == "Oud"


def test_refused_values_leave_no_draft(office, me):
    with pytest.raises(Refused):
        propose(office, me, website="javascript:alert(1)")

    assert not Revision.objects.exists()


def test_garbage_is_refused_and_breaks_nothing(office, me):
    with pytest.raises(Refused) as refused:
        propose(office, me, sectors=None, phone_hours=7, **{"support.vacancies": "x"})

    assert set(refused.value.errors) == {"sectors", "phone_hours", "support.vacancies"}


# Two people at the same form


def test_the_second_of_two_sees_both_versions(office, me, boss):
    base = seen(office, "description")
    propose(office, me, base=base, description="Van mij")

    with pytest.raises(Conflict) as conflict:
        propose(office, boss, base=base, description="Van hen")

    clash = conflict.value.clashes["description"]
    assert (clash.theirs, clash.mine) == ("Van mij", "Van hen")
    assert conflict.value.by == me
    assert revisions.working_record(office)["description"] == "Van mij"


def test_a_conflict_names_who_changed_the_field_in_the_draft_of_another(office, me, boss):
    base = seen(office, "description")
    propose(office, me, name="Ander loket")
    propose(office, boss, description="Van hen")

    with pytest.raises(Conflict) as conflict:
        propose(office, me, base=base, description="Van mij")

    assert conflict.value.by == boss


def test_a_conflict_with_what_is_public_names_who_published_it(office, me, boss):
    base = seen(office, "description")
    publish_now(office, boss, description="Van hen")
    publish_now(office, me, name="Ander loket", at=LATER)

    with pytest.raises(Conflict) as conflict:
        propose(office, me, base=base, description="Van mij")

    assert conflict.value.by == boss


def test_a_field_that_only_the_other_changed_stays_theirs(office, me, boss):
    base = seen(office, "description", "name")
    propose(office, me, base=base, description="Van mij", name="Loket")

    propose(office, boss, base=base, description="Oud", name="Nieuw loket")

    assert revisions.working_record(office)["description"] == "Van mij"
    assert revisions.working_record(office)["name"] == "Nieuw loket"


def test_two_who_type_the_same_do_not_clash(office, me, boss):
    base = seen(office, "description")
    propose(office, me, base=base, description="Hetzelfde")

    assert propose(office, boss, base=base, description="Hetzelfde").edition == 1


def test_a_conflict_stores_nothing_of_the_other_fields_either(office, me):
    base = seen(office, "description", "name")
    publish_now(office, description="Van hen")

    with pytest.raises(Conflict):
        propose(office, me, base=base, description="Van mij", name="Nieuw loket")

    assert revisions.open_revision(office) is None


def test_the_api_changes_only_what_it_has_read(office, me):
    before = revisions.fingerprint(revisions.working_record(office))
    propose(office, me, description="Van mij")

    with pytest.raises(Conflict):
        revisions.propose(subject=office, values={"name": "Nieuw"}, by=me, at=NOW, matching=before)


# Review


def test_what_was_sent_for_review_waits(office, me):
    sent = revisions.submit(
        propose(office, me, description="Nieuw"), by=me, at=NOW, note="Graag", publish_at=LATER
    )

    assert (sent.state, sent.submitted_at, sent.note) == (State.WAITING, NOW, "Graag")
    assert sent.publish_at == LATER
    assert list(Revision.objects.waiting()) == [sent]


def test_what_still_holds_placeholders_does_not_go_on(office, me, boss):
    draft = propose(office, me, description="Bel [naam] of xxx", email="info@lorem.nl")

    for door in (
        lambda: revisions.submit(draft, by=me, at=NOW),
        lambda: revisions.publish(draft, by=boss, at=NOW),
        lambda: revisions.plan(draft, by=boss, at=NOW, publish_at=LATER),
        lambda: publish_now(office, description="lorem ipsum"),
    ):
        with pytest.raises(Placeholders) as left:
            door()
        assert set(left.value.fields) == {"description"}
    assert stored(office)["description"] == "Oud"


def test_placeholders_in_notes_of_support_count_and_in_addresses_do_not():
    found = revisions.placeholders(
        {
            "support.vacancies": {"note": "[invullen]", "links": ["https://xxx.nl/"]},
            "support.training": None,
            "website": "https://lorem.nl/",
            "name": "Loket",
            "sectors": ["xxx"],
        }
    )

    assert set(found) == {"support.vacancies"}


def test_what_is_approved_is_public(office, me, boss):
    sent = waiting(office, me, description="Nieuw")

    approved = revisions.approve(sent, by=boss, at=LATER, seen=sent.edition, comment="Mooi")
    versions.forget()

    assert (approved.state, approved.reviewer, approved.comment) == (State.PUBLISHED, boss, "Mooi")
    assert (approved.reviewed_at, approved.published_at) == (LATER, LATER)
    assert stored(office)["description"] == "Nieuw"
    assert versions.current().profiles["loket"].description == "Nieuw"


@pytest.mark.parametrize(
    ("wish", "state"), [(NOW - timedelta(hours=1), "published"), (LATER, "planned")]
)
def test_what_is_approved_waits_for_its_moment(office, me, boss, wish, state):
    draft = propose(office, me, description="Nieuw")
    sent = revisions.submit(draft, by=me, at=NOW - timedelta(days=1), publish_at=wish)

    assert revisions.approve(sent, by=boss, at=NOW, seen=sent.edition).state == state


@pytest.mark.parametrize("decide", ["approve", "send_back"])
def test_nobody_decides_on_what_they_did_not_see(office, me, boss, decide):
    sent = waiting(office, me, description="Nieuw")
    propose(office, me, description="Nog nieuwer")

    with pytest.raises(ChangedSince):
        getattr(revisions, decide)(sent, by=boss, at=NOW, seen=sent.edition, comment="Ja")

    sent.refresh_from_db()
    assert sent.state == State.WAITING


def test_what_was_sent_back_is_worked_on_again(office, me, boss):
    sent = waiting(office, me, description="Nieuw")
    returned = revisions.send_back(sent, by=boss, at=NOW, seen=sent.edition, comment="Korter")

    draft = propose(office, me, description="Kort")
    again = revisions.submit(draft, by=me, at=LATER)

    assert (returned.state, returned.comment) == (State.RETURNED, "Korter")
    assert (again.pk, again.state, again.submitted_at) == (sent.pk, State.WAITING, LATER)


# Publishing


def test_what_is_published_says_who_and_when(office, me):
    published = revisions.publish(propose(office, me, description="Nieuw"), by=me, at=LATER)

    assert (published.state, published.published_at) == (State.PUBLISHED, LATER)
    assert stored(office)["description"] == "Nieuw"


def test_publishing_at_once_takes_the_fields_of_the_form_out_of_the_draft(office, me):
    draft = propose(office, me, description="Nieuw", name="Nieuw loket")

    base = seen(office, "description")
    published = publish_now(office, me, base=base, description="Nieuw")

    draft.refresh_from_db()
    assert published.changes == {"description": ["Oud", "Nieuw"]}
    assert draft.changes == {"name": ["Loket", "Nieuw loket"]}
    assert (draft.state, draft.edition, draft.authors) == (State.DRAFT, 2, {"name": me.pk})


def test_a_draft_that_was_published_field_by_field_is_gone(office, me):
    draft = propose(office, me, description="Nieuw")

    publish_now(office, me, base=seen(office, "description"), description="Nieuw")

    draft.refresh_from_db()
    assert draft.state == State.WITHDRAWN


def test_nothing_is_published_over_what_became_public_meanwhile(office, me, boss):
    draft = propose(office, me, description="Van mij")
    publish_now(office, boss, description="Van hen")

    with pytest.raises(Outdated) as outdated:
        revisions.publish(draft, by=me, at=NOW)

    assert outdated.value.clashes["description"].theirs == "Van hen"
    assert stored(office)["description"] == "Van hen"


@pytest.mark.parametrize(("mine", "left"), [(["description"], "Van mij"), ([], "Van hen")])
def test_its_editor_chooses_what_stays(office, me, boss, mine, left):
    draft = propose(office, me, description="Van mij", name="Nieuw loket")
    publish_now(office, boss, description="Van hen")

    settled = revisions.settle(draft, by=me, at=NOW, keep_mine=mine)
    revisions.publish(settled, by=me, at=NOW)

    assert stored(office)["description"] == left
    assert stored(office)["name"] == "Nieuw loket"


def test_a_choice_that_leaves_nothing_ends_the_draft(office, me, boss):
    draft = propose(office, me, description="Van mij")
    publish_now(office, boss, description="Van hen")

    assert revisions.settle(draft, by=me, at=NOW, keep_mine=[]) is None
    assert revisions.open_revision(office) is None


def test_what_is_public_already_is_not_published_again(office, me, boss):
    draft = propose(office, me, description="Nieuw")
    publish_now(office, boss, description="Nieuw")

    with pytest.raises(NothingToPublish):
        revisions.publish(draft, by=me, at=NOW)


def test_a_revision_keeps_what_really_changed(office, me, boss):
    draft = propose(office, me, description="Nieuw", name="Nieuw loket")
    publish_now(office, boss, description="Nieuw")

    published = revisions.publish(draft, by=me, at=NOW)

    assert published.changes == {"name": ["Loket", "Nieuw loket"]}


def test_a_value_that_became_impossible_is_refused_and_the_draft_stays(world, office, me):
    draft = propose(office, me, slug="ander")
    world.office("ander")

    with pytest.raises(Refused):
        revisions.publish(draft, by=me, at=NOW)

    draft.refresh_from_db()
    assert draft.state == State.DRAFT


def test_publishing_rebuilds_who_serves_what(world, office, me):
    world.postcode("3012")

    publish_now(office, me, partial_postcodes=["3012"])
    versions.forget()

    assert versions.current().profiles["loket"].served_postcodes == 2


@pytest.mark.parametrize(
    "act",
    [
        lambda done: revisions.submit(done, by=None, at=NOW),
        lambda done: revisions.publish(done, by=None, at=NOW),
        lambda done: revisions.plan(done, by=None, at=NOW, publish_at=LATER),
        lambda done: revisions.withdraw(done, by=None, at=NOW),
        lambda done: revisions.resume(done, by=None, at=NOW),
        lambda done: revisions.settle(done, by=None, at=NOW, keep_mine=[]),
        lambda done: revisions.share(done),
        lambda done: revisions.approve(done, by=None, at=NOW, seen=1),
        lambda done: revisions.send_back(done, by=None, at=NOW, seen=1, comment="x"),
    ],
)
def test_what_is_public_is_past_all_that(office, me, act):
    done = revisions.publish(propose(office, me, description="Nieuw"), by=me, at=NOW)

    with pytest.raises(WrongState):
        act(done)

    done.refresh_from_db()
    assert done.state == State.PUBLISHED


def test_many_changes_are_published_together_or_not_at_all(world, office, me):
    other = world.office("ander", description="Oud")
    edits = [
        revisions.Edit(office, {"description": "Nieuw"}),
        revisions.Edit(other, {"website": "javascript:alert(1)"}),
    ]

    with pytest.raises(Refused) as refused:
        revisions.publish_many(edits, by=me, at=NOW, origin=Revision.Origin.IMPORT)
    failed = stored(office)["description"]
    edits[1] = revisions.Edit(other, {"description": "Oud"})
    published = revisions.publish_many(edits, by=me, at=NOW, origin=Revision.Origin.IMPORT)

    assert list(refused.value.errors) == ["ander.website"]
    assert failed == "Oud"
    assert [each.subject for each in published] == [office]
    assert published[0].origin == "import"


def test_confirming_is_stored_once_a_day(office, me):
    first = revisions.confirm(office, by=me, at=NOW)

    assert revisions.confirm(office, by=me, at=NOW + timedelta(hours=1)) is None
    assert (first.origin, first.author) == ("confirmation", me)
    assert stored(office)["confirmed_on"] == "2026-11-24"


def test_the_day_of_a_confirmation_is_the_day_in_the_netherlands(office, me):
    revisions.confirm(office, by=me, at=datetime(2026, 6, 30, 22, 30, tzinfo=UTC))

    assert stored(office)["confirmed_on"] == "2026-07-01"


# Planning


def plan(office, by=None, publish_at=LATER, **values):
    draft = propose(office, by, **values)
    return revisions.plan(draft, by=by, at=NOW, publish_at=publish_at)


def publish_due(at):
    return [revisions.publish_if_due(each, at) for each in revisions.due(at)]


def test_what_is_planned_becomes_public_at_its_moment(office, me):
    plan(office, me, description="Nieuw")

    early = publish_due(LATER - timedelta(seconds=1))
    before = stored(office)["description"]
    [due] = publish_due(LATER)

    assert (early, before) == ([], "Oud")
    assert (due.error, due.revision.state) == (None, State.PUBLISHED)
    assert stored(office)["description"] == "Nieuw"
    assert publish_due(LATER) == []


def test_what_came_due_while_nobody_looked_is_published_late(office, me):
    plan(office, me, description="Nieuw")

    [due] = publish_due(LATER + timedelta(days=30))

    assert due.revision.published_at == LATER + timedelta(days=30)


def test_there_is_one_planned_change_beside_one_draft(office, me):
    plan(office, me, description="Nieuw")
    draft = propose(office, me, name="Nieuw loket")

    with pytest.raises(AlreadyPlanned):
        revisions.plan(draft, by=me, at=NOW, publish_at=LATER)

    assert revisions.open_revision(office) == draft


def test_a_planned_change_can_be_planned_again_or_published_now(office, me):
    planned = plan(office, me, description="Nieuw")

    moved = revisions.plan(planned, by=me, at=NOW, publish_at=LATER + timedelta(days=1))
    published = revisions.publish(moved, by=me, at=NOW)

    assert moved.publish_at == LATER + timedelta(days=1)
    assert published.published_at == NOW
    assert publish_due(LATER + timedelta(days=2)) == []


def test_a_planned_change_becomes_a_draft_again_unless_there_is_one(office, me):
    planned = plan(office, me, description="Nieuw")
    propose(office, me, name="Nieuw loket")

    with pytest.raises(AlreadyOpen):
        revisions.resume(planned, by=me, at=NOW)
    revisions.withdraw(revisions.open_revision(office), by=me, at=NOW)
    resumed = revisions.resume(planned, by=me, at=NOW)

    assert (resumed.state, resumed.publish_at) == (State.DRAFT, None)


def test_what_can_not_be_published_at_its_moment_goes_back_to_its_editor(office, me, boss):
    planned = plan(office, me, description="Van mij")
    publish_now(office, boss, description="Van hen")

    [due] = publish_due(LATER)

    planned.refresh_from_db()
    assert isinstance(due.error, Outdated)
    assert planned.state == State.RETURNED
    assert stored(office)["description"] == "Van hen"


def test_what_can_not_be_published_is_withdrawn_when_there_is_a_newer_draft(office, me, boss):
    planned = plan(office, me, description="Van mij")
    revisions.share(planned)
    publish_now(office, boss, description="Van hen")
    draft = propose(office, me, name="Nieuw loket")

    publish_due(LATER)

    planned.refresh_from_db()
    assert (planned.state, planned.preview_key) == (State.WITHDRAWN, None)
    assert revisions.open_revision(office) == draft


def test_one_that_fails_holds_up_no_other(world, office, me, boss):
    other = world.office("ander", description="Oud")
    plan(office, me, description="Van mij")
    plan(other, me, description="Nieuw")
    publish_now(office, boss, description="Van hen")

    publish_due(LATER)

    assert stored(other)["description"] == "Nieuw"


def test_a_plan_that_moved_meanwhile_is_left_alone(office, me):
    planned = plan(office, me, description="Nieuw")
    [due] = revisions.due(LATER)
    revisions.plan(planned, by=me, at=NOW, publish_at=LATER + timedelta(days=1))

    assert revisions.publish_if_due(due, LATER) is None
    assert stored(office)["description"] == "Oud"


# Withdrawing and previews


def test_what_was_withdrawn_can_be_gone_on_with(office, me):
    draft = propose(office, me, description="Nieuw")
    revisions.withdraw(draft, by=me, at=NOW)

    gone = revisions.working_record(office)["description"]
    resumed = revisions.resume(draft, by=me, at=LATER)

    assert gone == "Oud"
    assert (resumed.state, resumed.changes) == (State.DRAFT, {"description": ["Oud", "Nieuw"]})


def test_what_holds_nothing_any_more_is_not_gone_on_with(office, me, boss):
    draft = propose(office, me, description="Van mij")
    publish_now(office, boss, description="Van hen")
    revisions.settle(draft, by=me, at=NOW, keep_mine=[])

    with pytest.raises(NothingToPublish):
        revisions.resume(draft, by=me, at=NOW)


def test_a_preview_is_shared_until_it_is_not(office, me):
    draft = propose(office, me, description="Nieuw")

    key = revisions.share(draft)
    again = revisions.share(draft)
    revisions.unshare(draft)
    other = revisions.share(draft)

    assert len(key) == 43
    assert key == again != other


@pytest.mark.parametrize("end", ["withdraw", "publish"])
def test_a_preview_ends_with_the_change(office, me, end):
    draft = propose(office, me, description="Nieuw")
    revisions.share(draft)

    getattr(revisions, end)(draft, by=me, at=NOW)

    draft.refresh_from_db()
    assert draft.preview_key is None


# The history


def test_any_earlier_state_is_known(office, me):
    first = publish_now(office, me, description="Een", phone_note="a")
    second = publish_now(office, me, at=LATER, description="Twee", name="Nieuw loket")
    publish_now(office, me, at=LATER, description="Drie")

    assert revisions.record_at_first(office)["description"] == "Oud"
    assert revisions.record_after(first)["description"] == "Een"
    assert revisions.record_after(first)["name"] == "Loket"
    assert revisions.record_after(second) == stored(office) | {"description": "Twee"}


def test_the_history_keeps_the_order_in_which_things_happened(office, me):
    """Who asked first is not always the first to get the lock."""
    second = publish_now(office, me, at=NOW + timedelta(seconds=1), description="Eerst gebeurd")

    third = publish_now(office, me, at=NOW, description="Later gebeurd")

    assert third.published_at > second.published_at
    assert revisions.record_after(second)["description"] == "Eerst gebeurd"
    assert revisions.record_at_first(office)["description"] == "Oud"


def test_a_draft_that_was_begun_first_and_published_last_is_the_last(office, me):
    draft = propose(office, me, name="Nieuw loket")
    between = publish_now(office, me, description="Tussendoor")
    last = revisions.publish(draft, by=me, at=NOW)

    assert revisions.record_after(between)["name"] == "Loket"
    assert revisions.record_after(last)["name"] == "Nieuw loket"


def test_refreshed_source_data_stand_in_the_history(office, me):
    publish_now(office, me, at=datetime(2036, 1, 1, tzinfo=UTC), name="Nieuw loket")
    before = {office: stored(office)}
    RegionalOffice.objects.update(description="Uit de bron")

    revisions.note_load(before, {office: stored(office)})

    noted = Revision.objects.published().first()
    assert (noted.origin, noted.author) == ("load", None)
    assert noted.changes == {"description": ["Oud", "Uit de bron"]}


def test_an_earlier_state_is_brought_back_but_not_when_it_was_confirmed(office, me):
    first = publish_now(office, me, description="Een", name="Nieuw loket")
    publish_now(office, me, description="Twee", slug="verhuisd")
    revisions.confirm(office, by=me, at=LATER)
    own = records.editors_fields(RegionalOffice)

    values = revisions.values_to_restore(first, only=[*own, "confirmed_on"])

    assert values == {"description": "Een"}  # not the address: that is not theirs to change
    assert revisions.values_at_first(office, only=own) == {"description": "Oud", "name": "Loket"}


def test_a_region_goes_through_the_same_door(world, me):
    region = EducationRegion.objects.create(name="Rotterdam", slug="rotterdam")

    revisions.publish(propose(region, me, description="Nieuw"), by=me, at=NOW)

    region.refresh_from_db()
    assert region.description == "Nieuw"


RANDOM_VALUES = st.fixed_dictionaries(
    {},
    optional={
        "name": st.sampled_from(["Loket", "Ander loket", "Derde loket"]),
        "description": st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20),
        "has_visiting_location": st.booleans(),
        "visiting_point": st.none() | st.just([52.1, 5.1]) | st.just([51.9, 4.4]),
        "sectors": st.lists(st.sampled_from(["po", "vo", "mbo", "ho"]), max_size=5),
        "municipalities": st.lists(st.sampled_from(["GM3011", "GM3012"]), max_size=2),
        "partial_postcodes": st.lists(st.sampled_from(["3011", "3012"]), max_size=2),
        "phone_hours": st.lists(
            st.sampled_from([[1, "09:00", "12:00"], [1, "13:00", "17:00"], [5, "08:30", "09:15"]]),
            max_size=3,
        ),
        "support.vacancies": st.none()
        | st.fixed_dictionaries(
            {
                "note": st.sampled_from(["", "Bel eerst"]),
                "links": st.lists(st.sampled_from(["https://a.nl/", "https://b.nl/"]), max_size=3),
            }
        ),
        "slug": st.sampled_from(["loket", "loket-nieuw", "verhuisd"]),
        "confirmed_on": st.none() | st.just("2026-11-24"),
    },
)


@given(changes=st.lists(RANDOM_VALUES, max_size=6), chosen=st.integers(0, 99))
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_was_published_every_state_comes_back_exactly(world, changes, chosen):
    RegionalOffice.objects.all().delete()
    world.postcode("3012")
    office = world.office("loket", name="Loket", serves=["3011"])
    states = [(None, stored(office))]
    for values in changes:
        revision = revisions.publish_now(subject=office, values=values, by=None, at=NOW)
        if revision:
            states.append((revision, stored(office)))
    every_field = set(states[0][1])
    confirmed_on = stored(office)["confirmed_on"]
    revision, then = states[chosen % len(states)]

    values = (
        revisions.values_to_restore(revision, only=every_field)
        if revision
        else revisions.values_at_first(office, only=every_field)
    )
    revisions.publish_now(subject=office, values=values, by=None, at=NOW)

    assert stored(office) == {**then, "confirmed_on": confirmed_on}
    for earlier, record in states[1:]:
        assert revisions.record_after(earlier) == record
