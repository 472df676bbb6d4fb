"""The project's own fixtures: all facts are there, and loading them again changes nothing."""

import pytest
from django.conf import settings

from regions import exchange
from regions.models import (
    DirectoryVersion,
    EducationRegion,
    LoadedFact,
    Municipality,
    Place,
    PlaceName,
    Postcode,
    PostcodeShare,
    RegionalOffice,
    Sector,
    SupportLink,
    SupportType,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("real_directory")]

# The counts of the sources; see fixtures/README.md.
NUMBERS = {
    Sector: 7,
    SupportType: 17,
    Municipality: 342,
    Postcode: 4072 + 622,
    PostcodeShare: 132,
    EducationRegion: 50,
    RegionalOffice: 52,
}


def numbers():
    return {model: model.objects.count() for model in NUMBERS}


def test_all_facts_are_there():
    assert numbers() == NUMBERS


def test_postcodes_are_those_with_people_and_those_with_po_boxes():
    assert Postcode.objects.with_area().count() == 4072
    assert Postcode.objects.filter(po_box_only=True).count() == 622
    assert PostcodeShare.objects.values("postcode").distinct().count() == 64


def test_places_are_those_of_the_sources_and_municipalities_without_a_place_of_their_name():
    places = Place.objects.filter(is_municipality=False)
    own_names = Place.objects.values_list("name", flat=True)

    assert places.count() == 2489
    assert not places.filter(postcodes=None).exists()
    assert not Place.objects.filter(names=None).exists()
    assert PlaceName.objects.count() > Place.objects.count() == 2601
    assert own_names.filter(is_municipality=True, name="Altena").exists()


def test_every_link_of_the_offices_is_there():
    """Some belong to several types of support."""
    addresses = SupportLink.objects.values("support__office", "url").distinct()

    assert (addresses.count(), SupportLink.objects.count()) == (114, 220)


def test_two_offices_are_nationwide_and_all_are_published():
    nationwide = RegionalOffice.objects.filter(nationwide=True)

    assert {office.slug for office in nationwide} == {"landelijk-groen", "progressus"}
    assert RegionalOffice.objects.published().count() == 52


def test_every_fact_is_remembered():
    remembered = {
        model: LoadedFact.objects.filter(model=model._meta.label_lower).count() for model in NUMBERS
    }

    assert remembered == NUMBERS


def test_a_second_load_changes_nothing_and_is_no_version():
    number = DirectoryVersion.objects.get().number

    summary = exchange.load(settings.FIXTURES_DIR)

    assert not summary.anything_changed
    assert summary.kept == []
    assert DirectoryVersion.objects.get().number == number
