"""Does what is derived agree with what is stored, and what is wrong with the facts?"""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils.translation import override

from regions import checking, exchange
from regions.models import DirectoryVersion, Gap, Place, PlaceName, Reach, RegionalOffice
from regions.versions import current
from tests.factories import EducationRegionFactory, PhoneHoursFactory
from tests.regions.small_fixtures import SmallFixtures


@pytest.fixture(autouse=True)
def _in_english():
    """Defects are told apart by their words."""
    with override("en"):
        yield


@pytest.fixture
def country(world):
    """Two offices, one of them known by its drawn area."""
    world.postcode("9011", municipality="Verland")
    world.office("here", sectors=["po", "vo"], serves=["3011"], support=["news"])
    world.office("drawn", sectors=["mbo"], draws=["3012"])
    return world


def check(*arguments, **options):
    """What the command tells; the errors too."""
    out = StringIO()
    try:
        call_command("check_directory", *arguments, stdout=out, stderr=StringIO(), **options)
    except CommandError as error:
        return f"{out.getvalue()}{error}", False
    return out.getvalue(), True


def where(what):
    """The places of the defect whose words start so; empty when nothing is wrong."""
    found = [defect for defect in checking.defects(current()) if defect.what.startswith(what)]
    return found[0].where if found else ()


# What is derived


def test_derived_and_stored_agree_after_every_change(country):
    assert checking.disagreements() == []
    assert check()[1]


def test_derived_and_stored_agree_after_a_load(tmp_path, db):
    exchange.load(SmallFixtures(tmp_path).folder)

    assert checking.disagreements() == []


def lose_a_row():
    Reach.objects.filter(office__slug="here", serves=True).delete()


def invent_a_row():
    office = RegionalOffice.objects.get(slug="drawn")
    facts = {"serves": True, "by_list": True, "by_polygon": False, "distance_km": 0}
    Reach.objects.create(office=office, postcode_id="9011", municipality_id="GM9011", **facts)


def move_an_office():
    Reach.objects.filter(office__slug="here", serves=False).update(distance_km=1.234)


def forget_how_it_is_known():
    Reach.objects.filter(office__slug="drawn", serves=True).update(by_polygon=False)


TAMPERED_REACH = {
    "here": [lose_a_row, move_an_office],
    "drawn": [invent_a_row, forget_how_it_is_known],
}


@pytest.mark.parametrize(
    ("office", "tamper"),
    [(office, tamper) for office, ways in TAMPERED_REACH.items() for tamper in ways],
    ids=lambda value: getattr(value, "__name__", value),
)
def test_tampered_reach_is_found_and_mended(country, office, tamper):
    before = set(Reach.objects.values_list("postcode", "office", "serves", "distance_km"))
    tamper()

    (found,) = checking.disagreements()
    told, agrees = check("--repair")

    assert found == f"The reach of {office} differs for 1 postcode."
    assert (agrees, found in told) == (True, True)
    assert checking.disagreements() == []
    assert set(Reach.objects.values_list("postcode", "office", "serves", "distance_km")) == before


def close_a_gap():
    Gap.objects.get(postcode="9011", sector="po").delete()


def open_a_gap():
    Gap.objects.create(postcode_id="3011", sector_id="po")


def name_another():
    nearest = RegionalOffice.objects.get(slug="drawn")
    Gap.objects.filter(postcode="9011", sector="po").update(nearest_office=nearest)


def bring_it_nearer():
    Gap.objects.filter(postcode="9011", sector="po").update(distance_km=31)


@pytest.mark.parametrize("tamper", [close_a_gap, open_a_gap, name_another, bring_it_nearer])
def test_a_tampered_gap_is_found_and_mended(country, tamper):
    before = set(Gap.objects.values_list("postcode", "sector", "nearest_office", "distance_km"))
    tamper()

    found = checking.disagreements()
    check("--repair")

    assert found == ["1 gap differs."]
    assert checking.disagreements() == []
    after = set(Gap.objects.values_list("postcode", "sector", "nearest_office", "distance_km"))
    assert after == before


def test_a_tampered_document_is_found_and_mended(country):
    stored = DirectoryVersion.objects.get()
    stored.document["profiles"][0]["phone"] = "+31900000000"
    stored.save()

    found = checking.disagreements()
    check("--repair")

    assert found == ["The published document differs from the stored facts."]
    assert checking.disagreements() == []
    assert DirectoryVersion.objects.get().number == stored.number + 1


def test_an_edit_that_was_never_published_is_found(country):
    RegionalOffice.objects.get(slug="here").municipalities.add("GM9011")

    found = checking.disagreements()

    assert any("here" in line for line in found)
    assert any("gaps differ" in line for line in found)


def test_checking_changes_nothing(country):
    lose_a_row()
    before = Reach.objects.count(), DirectoryVersion.objects.get().number

    told, agrees = check()

    assert not agrees
    assert "--repair" in told
    assert (Reach.objects.count(), DirectoryVersion.objects.get().number) == before


def test_repairing_what_is_right_is_no_version(country):
    before = DirectoryVersion.objects.get().number

    _, agrees = check("--repair")

    assert agrees
    assert DirectoryVersion.objects.get().number == before


def test_progress_is_told_to_the_end(country):
    told = []

    checking.disagreements(progress=lambda *step: told.append(step))

    assert told[-1] == ("reach", 2, 2)


# What is wrong with the facts


def test_a_postcode_whose_only_office_can_not_be_contacted_is_a_dead_end(world):
    world.office("silent", website="", serves=["3011", "3012"])
    world.office("telling", serves=["3012"])

    assert where("Postcodes whose regional offices can't be contacted") == ("3011",)


def test_a_postcode_without_a_regional_office_is_listed(world):
    world.office("here", serves=["3011"])
    world.postcode("3012")
    world.office("landelijk", nationwide=True)

    assert where("Postcodes without any regional office") == ("3012",)


def test_a_postcode_far_from_every_office_is_listed_too(world):
    """No row of reach speaks of it, since no nationwide office serves it."""
    world.office("here", serves=["3011"])
    world.postcode("9011")

    assert where("Postcodes without any regional office") == ("9011",)


def test_a_postcode_that_is_served_in_another_municipality_alone_is_listed(world):
    world.postcode("3011", municipality="Rotterdam", shares={"Rotterdam": 0.7, "Schiedam": 0.3})
    world.postcode("3111", municipality="Schiedam")
    world.office("schiedam", serves=["3111"])

    assert where("Postcodes without any regional office") == ("3011",)


def test_gaps_are_listed_for_each_sector_and_a_sector_that_nobody_has_once(world):
    world.office("here", sectors=["po"], serves=["3011"])
    world.postcode("9011")

    assert where("Postcodes without a regional office for po") == ("9011",)
    assert where("Postcodes without a regional office for vo") == ()
    sectors = [
        each.where for each in checking.defects(current()) if "no regional office has" in each.what
    ]
    assert sectors == [("vo",), ("mbo",), ("ho",), ("so",), ("pro",), ("vavo",)]


@pytest.mark.parametrize(
    ("what", "wrong", "right"),
    [
        ("Offices without any contact", {"website": ""}, {"website": "", "phone": "+31101234567"}),
        ("Offices without a website", {"website": ""}, {}),
        ("Offices without any support", {"support": []}, {}),
        ("Offices without a sector", {"sectors": []}, {}),
        ("Offices without an education region", {"regions": []}, {}),
        ("Offices that serve no postcode", {"serves": []}, {}),
        (
            "Offices that can be visited, without an address",
            {"has_visiting_location": True},
            {"has_visiting_location": True, "visiting_address": "Coolsingel 40"},
        ),
        ("Offices with a phone number but no phone hours", {"phone": "+31101234567"}, {}),
        (
            "Offices that give advice, without a booking link",
            {"support": ["personal-conversation"]},
            {"support": ["personal-conversation"], "advice_url": "https://here.example/"},
        ),
        (
            "Offices with a booking link that give no advice",
            {"advice_url": "https://here.example/"},
            {"support": ["personal-conversation"], "advice_url": "https://here.example/"},
        ),
        ("Offices without a privacy page", {}, {"privacy_url": "https://here.example/privacy"}),
        ("Offices that never confirmed their profile", {}, {"confirmed_on": "2026-01-02"}),
    ],
)
def test_an_incomplete_office_is_listed_and_a_complete_one_is_not(world, what, wrong, right):
    complete = {"serves": ["3011"], "support": ["news"], "regions": ["Delta"]}
    world.office("wrong", **{**complete, **wrong})
    world.office("right", **{**complete, **right})

    assert where(what) == ("wrong",)


def test_a_phone_with_hours_is_no_defect(world):
    office = world.office("here", phone="+31101234567")
    PhoneHoursFactory(office=office)
    world.publish()

    assert where("Offices with a phone number but no phone hours") == ()


def test_offices_that_are_not_published_are_nobodys_defect(world):
    world.office("draft", state="draft", website="")

    assert where("Offices without a website") == ()


def test_copied_drawn_areas_are_listed_together(world):
    world.office("one", draws=["3011"])
    world.office("two", draws=["3011"])
    world.office("other", draws=["3012"])

    assert where("Offices with the same drawn area as another") == ("one = two",)


def test_a_region_without_a_published_office_is_listed(world):
    world.office("here", regions=["Delta"])
    world.office("draft", regions=["Haven"], state="draft")
    EducationRegionFactory(name="Leeg")
    world.publish()

    assert where("Education regions without an office") == ("haven", "leeg")


def test_a_municipality_without_a_postcode_is_listed(world):
    world.postcode("3011")
    empty = world.municipality("Leeg")

    assert where("Municipalities without a postcode of their own") == (empty.code,)


def test_a_name_that_nobody_can_type_is_listed(country, monkeypatch):
    place = Place.objects.first()
    PlaceName.objects.create(place=place, key="nooit")
    monkeypatch.setattr(
        checking.places, "name_key", lambda name: "anders" if name == "nooit" else name
    )

    assert where("Names of places that can't be found") == ("nooit",)


def test_a_directory_without_defects_is_told_to_be_right(country):
    told, agrees = check()

    assert agrees
    assert told.rstrip().endswith("Derived and stored data agree.")


def test_the_command_names_a_dozen_places_of_a_defect_and_all_when_asked(world):
    with world.at_once():
        for code in range(3011, 3026):
            world.postcode(str(code))

    told = check()[0]
    everything = check("--all")[0]

    line = next(line for line in told.splitlines() if "without any regional office" in line)
    assert line.startswith("Postcodes without any regional office (15): 3011, 3012")
    assert line.endswith("3022 … (+3)")
    assert "3025" in everything
    assert "(+3)" not in everything


def test_the_number_of_queries_does_not_depend_on_the_number_of_offices(
    world, django_assert_num_queries
):
    for number in range(4):
        world.office(f"office-{number}", serves=["3011"], draws=["3012"], regions=["Delta"])
    directory = current()

    with django_assert_num_queries(7):
        checking.defects(directory)
