"""What is written among things that were deleted, made or named on the site meanwhile."""

import pytest

from regions import exchange
from regions.fixtures import FixtureError
from regions.models import (
    EducationRegion,
    LoadedFact,
    Municipality,
    PhoneHours,
    Postcode,
    RegionalOffice,
    Support,
    SupportLink,
    SupportType,
)
from tests.regions.small_fixtures import SmallFixtures

FLEVOWIJS = {"slug": "flevowijs"}


@pytest.fixture
def loaded(tmp_path, db):
    """Fixtures of three offices, loaded."""
    small = SmallFixtures(tmp_path)
    exchange.load(small.folder)
    return small


def test_a_new_type_of_support_can_come_between_others(loaded):
    later = [item["pk"] for item in loaded.objects("supporttype")]
    loaded.add("supporttype", {"pk": "videos"}, pk="games", name_nl="Spellen", name_en="Games")
    for position, code in enumerate(["games", *later], start=1):
        loaded.edit("supporttype", {"pk": code}, position=position)

    exchange.load(loaded.folder)

    assert [type.code for type in SupportType.objects.all()] == ["games", *later]


def test_a_region_can_get_another_address_name(loaded):
    name = EducationRegion.objects.get(slug="almere-lelystad").name
    loaded.edit("educationregion", {"slug": "almere-lelystad"}, slug="flevoland")
    loaded.edit("regionaloffice", FLEVOWIJS, regions=[["flevoland"]])

    summary = exchange.load(loaded.folder)

    assert EducationRegion.objects.get(name=name).slug == "flevoland"
    assert summary.kept == []


def test_a_type_in_use_whose_name_goes_to_another_is_told(loaded):
    loaded.find("supporttype", {"pk": "podcasts"})["pk"] = "audio"
    loaded.edit("supporttype", {"pk": "audio"}, kind="information")
    for item in loaded.objects("support"):
        if item["fields"]["type"] == "podcasts":
            loaded.edit("support", item["fields"], type="audio")
    Support.objects.get_or_create(
        office=RegionalOffice.objects.get(slug="landelijk-groen"), type_id="podcasts"
    )

    with pytest.raises(FixtureError, match="podcasts"):
        exchange.load(loaded.folder)

    assert not SupportType.objects.filter(code="audio").exists()
    assert SupportType.objects.get(code="podcasts").name_nl == "Podcasts"


def test_a_reference_to_something_deleted_on_the_site_is_not_taken(loaded):
    haarlem = Municipality.objects.get(code="GM0392")
    haarlem.places.all().delete()
    haarlem.postcodes.all().delete()
    haarlem.delete()
    loaded.edit("postcode", {"pk": "1336"}, municipality="GM0392", latitude=52.38)

    summary = exchange.load(loaded.folder)

    postcode = Postcode.objects.get(code="1336")
    assert (postcode.municipality_id, postcode.latitude) == ("GM0034", 52.38)
    assert any(line.startswith("postcode 1336:") for line in summary.kept)


def test_a_link_that_an_editor_added_keeps_the_support_that_it_is_about(loaded):
    support = Support.objects.get(office__slug="flevowijs", type="vacancies")
    SupportLink.objects.create(support=support, url="https://flevowijs.nl/van-een-redacteur/")
    loaded.drop("supportlink", {"support": ["flevowijs", "vacancies"]})
    loaded.drop("support", {"office": ["flevowijs"], "type": "vacancies"})

    summary = exchange.load(loaded.folder)

    assert support.links.get().url == "https://flevowijs.nl/van-een-redacteur/"
    assert any("flevowijs, vacancies" in line for line in summary.kept)


def test_what_is_gone_but_was_edited_is_listed_until_the_fixtures_win(loaded):
    PhoneHours.objects.filter(weekday=1).update(closes="12:00")
    loaded.drop("phonehours", {"weekday": 1})

    first, second = exchange.load(loaded.folder), exchange.load(loaded.folder)
    last = exchange.load(loaded.folder, overwrite=True)

    assert len(first.kept) == 1
    assert second.kept == first.kept
    assert last.tallies[PhoneHours].removed == 1
    assert not PhoneHours.objects.filter(weekday=1).exists()


def test_a_field_that_the_models_got_later_is_no_edit(loaded):
    remembered = LoadedFact.objects.get(model="regions.regionaloffice", key='["flevowijs"]')
    del remembered.values["description"]
    remembered.save()
    loaded.edit("regionaloffice", FLEVOWIJS, description="Nieuw.")

    summary = exchange.load(loaded.folder)

    assert summary.kept == []
    assert RegionalOffice.objects.get(slug="flevowijs").description == "Nieuw."
