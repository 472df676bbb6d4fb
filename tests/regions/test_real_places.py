"""The names that people type, in the real directory."""

import pytest

from regions.places import find_places

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("real_directory")]


@pytest.mark.parametrize(
    ("typed", "place"),
    [
        ("Den Haag", "'s-Gravenhage"),
        ("the hague", "'s-Gravenhage"),
        ("Den Bosch", "'s-Hertogenbosch"),
        ("Ee", "Ie"),
        ("Holwerd", "Holwert"),
        ("Menaldum", "Menaam"),
        ("Ljouwert", "Leeuwarden"),
        ("De Jouwer", "Joure"),
        ("Capelle a/d IJssel", "Capelle aan den IJssel"),
        ("St. Willebrord", "Sint Willebrord"),
        ("Sint Annaparochie", "St.-Annaparochie"),
        ("Hengelo Gld", "Hengelo (Gld)"),
        ("Súdwest-Fryslân", "Súdwest-Fryslân"),
        ("Altena", "Altena"),
    ],
)
def test_what_people_call_a_place_leads_to_it(typed, place):
    assert [found.name for found in find_places(name=typed)] == [place]


@pytest.mark.parametrize(
    ("typed", "number"), [("Hengelo", 2), ("Elst", 2), ("Rijswijk", 3), ("Bergen", 2)]
)
def test_a_name_of_several_places_leads_to_all_of_them(typed, number):
    assert len(find_places(name=typed)) == number
