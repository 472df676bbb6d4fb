"""Everything derived is rebuilt together, only where it changed, one editor at a time."""

import threading

import pytest
from django.db import connections, transaction
from hypothesis import HealthCheck, example, given, settings, strategies as st

from regions import derived, reach, versions
from regions.models import DirectoryVersion, Gap, Municipality, Postcode, Reach, RegionalOffice
from regions.versions import current
from tests.factories import point_of, square

OFFICES = ["east", "west", "drawn"]
POSTCODES = ["3011", "3012", "3111", "3211", "9011"]
# The lock, the facts, and what is stored now, in a savepoint of the test's transaction.
QUERIES = 33


def serving(postcode):
    rows = Reach.objects.filter(postcode=postcode, serves=True)
    return set(rows.values_list("office__slug", flat=True))


def number():
    return DirectoryVersion.objects.get().number


def everything_stored():
    """Reach, gaps and document, without the distances that nobody reads."""
    document = DirectoryVersion.objects.get().document
    return (
        {spot: rows for spot, rows in reach.stored_reach().items() if rows},
        set(Gap.objects.values_list("postcode", "sector", "nearest_office", "distance_km")),
        document,
    )


@pytest.fixture
def country(world):
    """Three offices, of which one by its drawn area, and five postcodes."""
    world.postcode("3011", municipality="Rotterdam", shares={"Rotterdam": 0.6, "Schiedam": 0.4})
    world.postcode("9011", municipality="Verland")
    world.office("east", sectors=["po", "vo"], serves=["3011"])
    world.office("west", sectors=["po"], serves=["3111"], part=["3012"])
    world.office("drawn", sectors=["po", "mbo", "ho"], draws=["3011", "3211"])
    return world


def test_a_rebuild_without_a_change_changes_nothing(country):
    before = number()

    changes = derived.rebuild()

    assert not changes
    assert changes == derived.Changes()
    assert number() == before


def test_a_full_rebuild_without_a_change_changes_nothing_either(country):
    before = number()

    changes = derived.rebuild(full=True)

    assert not changes
    assert number() == before


def test_the_first_rebuild_of_an_empty_directory_is_a_version(world):
    assert not DirectoryVersion.objects.exists()

    changes = derived.rebuild()

    assert (changes.offices, changes.gaps, changes.document) == ((), 0, True)
    assert number() == 1


def test_a_change_raises_the_version_by_one_and_names_the_office(country):
    before = number()
    east = RegionalOffice.objects.get(slug="east")
    east.municipalities.add("GM9011")

    changes = derived.rebuild()

    assert changes.offices == (east.pk,)
    assert changes.gaps == 2  # primary and secondary education in 9011
    assert changes.document
    assert number() == before + 1


def test_a_changed_text_is_a_version_without_another_reach(country):
    before = number()
    RegionalOffice.objects.filter(slug="east").update(description="Nieuw.")

    changes = derived.rebuild()

    assert (changes.offices, changes.gaps, changes.document) == ((), 0, True)
    assert number() == before + 1
    versions.forget()
    assert current().profiles["east"].description == "Nieuw."


def test_a_list_that_grows_drives_another_office_off_the_map(country):
    assert serving("3211") == {"drawn"}
    mbo = RegionalOffice.objects.get(slug="west")
    mbo.sectors.add("mbo")
    mbo.municipalities.add("GM3211")

    changes = derived.rebuild()

    assert serving("3211") == {"west"}
    assert set(changes.offices) == set(
        RegionalOffice.objects.filter(slug__in=["west", "drawn"]).values_list("pk", flat=True)
    )


@pytest.mark.parametrize("state", ["draft", "archived"])
def test_an_office_that_is_no_longer_published_vanishes_from_all_that_is_derived(country, state):
    office = RegionalOffice.objects.get(slug="east")

    country.edit("east", state=state)

    assert not Reach.objects.filter(office=office).exists()
    assert not Gap.objects.filter(nearest_office=office).exists()
    assert "east" not in current().profiles
    assert "east" not in str(DirectoryVersion.objects.get().document)


def test_an_office_that_is_published_again_is_as_before(country):
    before = everything_stored()
    country.edit("east", state="draft")

    country.edit("east", state="published")

    assert everything_stored() == before


def test_a_deleted_office_leaves_nothing_behind(country):
    RegionalOffice.objects.get(slug="west").delete()

    country.publish()

    assert serving("3111") == set()
    assert "west" not in current().profiles


def test_only_the_office_that_changed_is_measured_again(country, monkeypatch):
    goals = []
    measure = reach.distance_km
    monkeypatch.setattr(
        reach, "distance_km", lambda here, goal: goals.append(goal) or measure(here, goal)
    )
    office = RegionalOffice.objects.get(slug="west")
    office.partial_postcodes.clear()

    derived.rebuild()

    assert set(goals) == {point_of("3111")}


def test_nothing_is_measured_when_nothing_changed(country, monkeypatch):
    def measure(here, goal):
        raise AssertionError("measured again")

    monkeypatch.setattr(reach, "distance_km", measure)
    RegionalOffice.objects.filter(slug="east").update(description="Nieuw.")

    assert derived.rebuild().document


def test_a_full_rebuild_measures_everything_again(country):
    east = RegionalOffice.objects.get(slug="east")
    before = everything_stored()
    changed = Reach.objects.filter(office=east, serves=False).update(distance_km=1.0)
    assert changed

    derived.rebuild(full=True)

    assert everything_stored() == before


def test_a_failing_rebuild_changes_nothing(country, monkeypatch):
    before = everything_stored()
    RegionalOffice.objects.get(slug="east").municipalities.add("GM9011")

    def refuse(document):
        raise RuntimeError("no")

    monkeypatch.setattr(versions, "publish", refuse)
    with pytest.raises(RuntimeError):
        derived.rebuild()

    assert everything_stored() == before


def test_progress_is_told_for_each_office(country):
    told = []

    derived.rebuild(progress=lambda *step: told.append(step))

    assert told == [("reach", 1, 3), ("reach", 2, 3), ("reach", 3, 3)]


def test_a_rebuild_without_a_change_takes_the_same_queries_whatever_the_number_of_offices(
    country, django_assert_num_queries
):
    for each in range(5):
        country.office(f"office-{each}", serves=[f"33{each}0"], draws=["3211"])

    with django_assert_num_queries(QUERIES):
        derived.rebuild()


def test_one_office_with_another_area_takes_six_queries_more(country, django_assert_num_queries):
    for each in range(5):
        country.office(f"office-{each}", serves=[f"33{each}0"], draws=["3211"])
    RegionalOffice.objects.get(slug="east").municipalities.add("GM9011")

    # Its reach goes and is stored, the gaps of two sectors go, and a version is published.
    with django_assert_num_queries(QUERIES + 6):
        derived.rebuild()


edits = st.one_of(
    st.tuples(
        st.just("list"), st.sampled_from(OFFICES), st.sets(st.sampled_from(POSTCODES), max_size=3)
    ),
    st.tuples(
        st.just("part"), st.sampled_from(OFFICES), st.sets(st.sampled_from(POSTCODES), max_size=3)
    ),
    st.tuples(st.just("draw"), st.sampled_from(OFFICES), st.sampled_from(POSTCODES)),
    st.tuples(
        st.just("sectors"),
        st.sampled_from(OFFICES),
        st.sets(st.sampled_from(["po", "vo", "mbo", "ho"])),
    ),
    st.tuples(st.just("nationwide"), st.sampled_from(OFFICES), st.booleans()),
    st.tuples(st.just("state"), st.sampled_from(OFFICES), st.sampled_from(["draft", "published"])),
    st.tuples(
        st.just("visit"),
        st.sampled_from(OFFICES),
        st.none() | st.tuples(st.floats(51, 53), st.floats(4, 6)),
    ),
    st.tuples(
        st.just("move"),
        st.sampled_from(POSTCODES),
        st.tuples(st.floats(51, 53), st.floats(4, 6)),
    ),
    st.tuples(st.just("home"), st.sampled_from(POSTCODES), st.sampled_from(POSTCODES)),
    st.tuples(st.just("name"), st.sampled_from(OFFICES), st.sampled_from(["Aa", "Zz"])),
)


def edit(what, which, value):
    """Store one edit and publish nothing."""
    office = RegionalOffice.objects.filter(slug=which)
    match what:
        case "list":
            office.get().municipalities.set(Municipality.objects.filter(postcodes__in=value))
        case "part":
            office.get().partial_postcodes.set(value)
        case "draw":
            office.update(drawn_area=square(*point_of(value), half=0.2))
        case "sectors":
            office.get().sectors.set(value)
        case "nationwide":
            office.update(nationwide=value)
        case "state":
            office.update(state=value)
        case "visit":
            latitude, longitude = value or (None, None)
            office.update(visiting_latitude=latitude, visiting_longitude=longitude)
        case "move":
            latitude, longitude = value
            Postcode.objects.filter(code=which).update(latitude=latitude, longitude=longitude)
        case "home":
            home = Postcode.objects.get(code=value).municipality
            Postcode.objects.filter(code=which).update(municipality=home)
        case "name":
            office.update(name=f"{value} {which}")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.lists(edits, min_size=1, max_size=5))
@example([("move", "9011", (51.5, 4.5)), ("list", "east", {"9011"})])
@example(
    [("state", "west", "draft"), ("move", "3012", (52.0, 5.0)), ("state", "west", "published")]
)
@example([("visit", "west", (51.2, 4.4)), ("visit", "west", None)])
def test_after_any_edits_the_rebuilt_is_what_a_full_rebuild_gives(country, steps):
    with transaction.atomic():
        for step in steps:
            edit(*step)
            derived.rebuild()
        after = everything_stored()

        Reach.objects.all().delete()
        Gap.objects.all().delete()
        DirectoryVersion.objects.update(document={})
        derived.rebuild(full=True)

        assert everything_stored() == after
        transaction.set_rollback(True)


def test_two_editors_at_once_both_count(shared_world, in_thread):
    """The second stores while the first is measuring, and would miss what the first listed."""
    shared_world.postcode("3011")
    shared_world.office("named", sectors=["po"])
    shared_world.office("drawn", sectors=["po"])
    area = shared_world.around("3011")
    first_is_measuring, second_is_done = threading.Event(), threading.Event()

    def wait_for_the_second(*step):
        first_is_measuring.set()
        second_is_done.wait(0.5)  # it can't be: it waits for the first

    @transaction.atomic
    def first():
        RegionalOffice.objects.get(slug="named").municipalities.add("GM3011")
        derived.rebuild(progress=wait_for_the_second)

    def second():
        assert first_is_measuring.wait(10)
        with transaction.atomic():
            RegionalOffice.objects.filter(slug="drawn").update(drawn_area=area)
            derived.rebuild()
        second_is_done.set()

    for thread in [in_thread(first), in_thread(second)]:
        thread.join()

    assert serving("3011") == {"named"}
    assert not derived.rebuild(full=True)


def test_many_editors_at_once_all_count(shared_world, in_thread):
    codes = [f"30{each}" for each in range(11, 17)]
    for code in codes:
        shared_world.office(f"office-{code}", sectors=["po", "ho"], draws=[code])
    before = number()

    def edit_office(code):
        with transaction.atomic():
            RegionalOffice.objects.get(slug=f"office-{code}").municipalities.add(f"GM{code}")
            derived.rebuild()

    for thread in [in_thread(edit_office, code) for code in codes]:
        thread.join()

    listed = Reach.objects.filter(by_list=True).values_list("postcode", flat=True)
    assert sorted(listed) == codes
    assert number() == before + len(codes)
    assert not derived.rebuild(full=True)


@pytest.fixture
def in_thread():
    """Runs something in a thread with a connection of its own; what fails there fails the test."""
    failures = []

    def start(function, *arguments):
        def run():
            try:
                function(*arguments)
            except BaseException as error:
                failures.append(error)
            finally:
                connections.close_all()

        thread = threading.Thread(target=run)
        thread.start()
        return thread

    yield start
    assert failures == []
