"""A name -> a place, or the places to choose from."""

import re

import pytest
from hypothesis import (
    HealthCheck,
    example,
    given,
    settings as hypothesis_settings,
    strategies as st,
)

from regions.places import find_places, name_key, place_name_in, similar_names
from tests.regions.named_places import add_place


@pytest.fixture
def netherlands(db):
    """Namesakes and names with more than one way of writing."""
    add_place("Hengelo", "Hengelo", "overijssel")
    add_place("Hengelo (Gld)", "Bronckhorst", "gelderland", "Hengelo")
    add_place("Beek", "Montferland", "gelderland")
    add_place("Beek", "Berg en Dal", "gelderland")
    add_place("Beek", "Beek", "limburg")
    add_place("Bergen (NH)", "Bergen (NH.)", "noord-holland", "Bergen")
    add_place("Bergen L", "Bergen (L.)", "limburg", "Bergen")
    add_place("Rijswijk", "Rijswijk", "zuid-holland")
    add_place("Rijswijk (NB)", "Altena", "noord-brabant", "Rijswijk")
    add_place("'s-Gravenhage", "'s-Gravenhage", "zuid-holland", "Den Haag")
    add_place("Scheveningen", "'s-Gravenhage", "zuid-holland")
    add_place("Ie", "Noardeast-Fryslân", "fryslan", "Ee")
    add_place("Utrecht", "Utrecht", "utrecht")
    add_place("Elst Ut", "Rhenen", "utrecht", "Elst")
    add_place("Elst", "Overbetuwe", "gelderland")
    add_place("2e Exloërmond", "Borger-Odoorn", "drenthe")
    add_place("Alphen aan den Rijn", "Alphen aan den Rijn", "zuid-holland")


def where(places):
    return [(place.name, place.municipality.name) for place in places]


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Rotterdam", "rotterdam"),
        ("'s-Hertogenbosch", "shertogenbosch"),
        ("\u2019s Gravenhage", "sgravenhage"),
        ("Súdwest-Fryslân", "sudwestfryslan"),
        ("ĲSSELSTEIN", "ijsselstein"),
        ("ĳsselstein", "ijsselstein"),
        ("2e Exloërmond", "2eexloermond"),
        ("2e Exloe\u0308rmond", "2eexloermond"),
        ("Bergen (NH.)", "bergennh"),
        ("Ærø, Łódź, Œuvre, Straße", "aerolodzoeuvrestrasse"),
        ("Ｅｄｅ", "ede"),
        ("İ", "i"),
        ("😀 --", ""),
        ("", ""),
    ],
)
def test_names_are_compared_without_case_accents_and_marks(name, key):
    assert name_key(name) == key


@given(st.text())
@example("ǆ ﬁ ẞ ΐ")
def test_a_key_has_plain_letters_and_digits_only_and_is_its_own_key(text):
    key = name_key(text)

    assert re.fullmatch(r"[a-z0-9]*", key, re.ASCII)
    assert name_key(key) == key


@pytest.mark.parametrize("name", ["Scheveningen", " scheveningen ", "SCHEVENINGEN"])
def test_a_name_that_stands_for_one_place_gives_that_place(netherlands, name):
    places = find_places(name=name)

    assert where(places) == [("Scheveningen", "'s-Gravenhage")]


@pytest.mark.parametrize("name", ["den haag", "'s-gravenhage", "DEN HAAG", "s Gravenhage"])
def test_a_place_is_found_by_what_people_call_it(netherlands, name):
    places = find_places(name=name)

    assert where(places) == [("'s-Gravenhage", "'s-Gravenhage")]


def test_namesakes_are_all_given_in_the_order_of_name_and_municipality(netherlands):
    assert where(find_places(name="Beek")) == [
        ("Beek", "Beek"),
        ("Beek", "Berg en Dal"),
        ("Beek", "Montferland"),
    ]
    assert where(find_places(name="Hengelo")) == [
        ("Hengelo", "Hengelo"),
        ("Hengelo (Gld)", "Bronckhorst"),
    ]


@pytest.mark.parametrize(
    ("name", "municipality"),
    [
        ("Hengelo Gelderland", "Bronckhorst"),
        ("Hengelo (Gld)", "Bronckhorst"),
        ("Hengelo gld.", "Bronckhorst"),
        ("Hengelo, Overijssel", "Hengelo"),
        ("Hengelo O", "Hengelo"),
        ("Hengelo (Ov)", "Hengelo"),
        ("Bergen NH", "Bergen (NH.)"),
        ("Bergen Noord-Holland", "Bergen (NH.)"),
        ("Bergen, noord holland", "Bergen (NH.)"),
        ("Bergen Lb", "Bergen (L.)"),
        ("Rijswijk, Zuid-Holland", "Rijswijk"),
        ("Rijswijk ZH", "Rijswijk"),
        ("Rijswijk Brabant", "Altena"),
        ("Beek Montferland", "Montferland"),
        ("Beek, gemeente Montferland", "Montferland"),
        ("Beek, gem. Montferland, Gelderland", "Montferland"),
        ("Beek (Berg en Dal)", "Berg en Dal"),
        ("Beek / Limburg", "Beek"),
        ("Elst Utrecht", "Rhenen"),
        ("Scheveningen Den Haag", "'s-Gravenhage"),
        ("Bergen Bergen", None),
        ("Ee Friesland", "Noardeast-Fryslân"),
        ("Alphen aan den Rijn Zuid Holland", "Alphen aan den Rijn"),
    ],
)
def test_province_or_municipality_behind_the_name_tells_namesakes_apart(
    netherlands, name, municipality
):
    places = find_places(name=name)

    expected = [municipality] if municipality else ["Bergen (NH.)", "Bergen (L.)"]
    assert [place.municipality.name for place in places] == expected


@pytest.mark.parametrize(
    "name",
    [
        "Rotterdam",
        "Hengelo Utrecht",
        "Beek Rotterdam",
        "Beek Gl",
        "Gelderland",
        "",
        "  ",
        "😀",
        "%",
        "x" * 5000,
    ],
)
def test_an_unknown_name_gives_no_place(netherlands, name):
    places = find_places(name=name)

    assert places == ()


def test_a_chosen_municipality_leaves_its_places_only(netherlands):
    montferland = find_places(name="Beek Montferland")[0].municipality

    chosen = find_places(name="Beek", municipality=montferland.code)
    nowhere = find_places(name="Beek", municipality="GM9999")

    assert where(chosen) == [("Beek", "Montferland")]
    assert nowhere == ()


@pytest.mark.parametrize("name", ["Beek", "Beek Montferland", "Alphen aan den Rijn ZH", "a " * 100])
def test_finding_takes_one_query(netherlands, django_assert_num_queries, name):
    with django_assert_num_queries(1):
        where(find_places(name=name))


@pytest.mark.django_db
@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.text(max_size=250))
@example("\ud800")
@example("\x00 a")
def test_no_text_makes_finding_fail(text):
    assert find_places(name=text) == ()
    assert similar_names(text) == ()
    assert place_name_in(text) is None


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Schevenigen", "Scheveningen"),
        ("Rijswik", "Rijswijk"),
        ("Utrect", "Utrecht"),
        ("Den Haagg", "'s-Gravenhage"),
        ("Alfen aan de Rijn", "Alphen aan den Rijn"),
        ("Hengeloo Gelderland", "Hengelo"),
        ("Ultrecht", "Utrecht"),
    ],
)
def test_a_misspelt_name_is_recognised(netherlands, typed, name):
    similar = similar_names(typed)

    assert name in similar[:2]


def test_what_is_offered_can_be_found(netherlands):
    offered = similar_names("Hengelo Gl") + similar_names("Bergn") + similar_names("Elts")

    assert offered
    assert all(find_places(name=name) for name in offered)


def test_no_more_names_are_offered_than_asked(netherlands):
    few = similar_names("Bek", most=1)
    none = similar_names("Bek", most=0)

    assert few == ("Beek",)
    assert none == ()


def test_a_name_with_several_ways_of_writing_is_offered_once(netherlands):
    add_place("Beekk", "Venlo", "limburg", "Beekx", "Beeky")

    similar = similar_names("Beekxy", most=2)

    assert similar == ("Beekk", "Beek")


@pytest.mark.parametrize("typed", ["qqqq", "", "😀", "x" * 5000, "Rotterdam" * 20])
def test_nothing_is_offered_for_what_looks_like_no_name(netherlands, typed):
    assert similar_names(typed) == ()


def test_offering_takes_one_query(netherlands, django_assert_num_queries):
    with django_assert_num_queries(1):
        similar_names("Schevenigen")


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("Stationsweg 3, Hengelo (Gld)", "Hengelo Gld"),
        ("Stationsweg 3a Hengelo", "Hengelo"),
        ("Kerkstraat 1, 7255 AB hengelo gld", "hengelo gld"),
        ("Markt 5 2401AB Alphen aan den Rijn", "Alphen aan den Rijn"),
        ("Markt 5, Den Haag, Nederland", "Den Haag"),
        ("Kerkstraat 3, 2e Exloërmond", "2e Exloërmond"),
        ("Kerkstraat 3, Onbekend", None),
        ("Elstt Utrecht", None),
        ("Elst", None),
        ("Utrecht 3", None),
        ("Markt 5, Utrecht" + " " * 200, None),
    ],
)
def test_the_place_at_the_end_of_an_address_is_read(netherlands, address, name):
    assert place_name_in(address) == name


def test_reading_a_place_takes_one_query(netherlands, django_assert_num_queries):
    with django_assert_num_queries(1):
        place_name_in("Markt 5, " + "aan de kade " * 10 + "Utrecht")
