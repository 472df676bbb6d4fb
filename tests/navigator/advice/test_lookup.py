"""What is typed at the desk -> what it shows."""

import pytest

from navigator.advice.found import State
from navigator.advice.lookup import MOST_OFFICES, look_up
from regions.answers import Outcome, UnknownSector, UnknownSupport
from regions.postcodes import cut_to_digits


@pytest.fixture
def rijnmond(world):
    """A town with an office, a village beside it, and an office for the whole country."""
    with world.at_once():
        world.postcode("3011", place="Rotterdam", municipality="Rotterdam")
        world.postcode("3121", place="Schiedam", municipality="Schiedam")
        world.office("here", name="Loket aan de Maas", serves=["3011"], regions=["Rijnmond"])
        world.office("beside", name="Schiedams loket", serves=["3121"], regions=["Waterweg"])
        world.office("everywhere", name="Landelijk loket", nationwide=True, sectors=["mbo"])
    return world


def slugs(matches):
    return [match.office.slug for match in matches]


def texts(readings):
    return [reading.text for reading in readings]


@pytest.mark.parametrize(
    "typed",
    ["3011", "3011AB", "3011 ab", " 3011-AB ", "3011 a", "Coolsingel 40, 3011 AD Rotterdam"],
)
def test_of_a_postcode_only_the_digits_are_kept(rijnmond, typed):
    found = look_up(typed=typed)

    assert (found.state, found.typed, found.answer.postcode) == (State.ANSWER, "3011", "3011")


def test_who_serves_it_comes_first_then_who_is_near_then_the_whole_country(rijnmond):
    found = look_up(typed="3011")

    assert slugs(found.matches) == ["here", "beside", "everywhere"]
    assert slugs(found.answer.serving) == ["here"]
    assert slugs(found.answer.nearby) == ["beside"]


@pytest.mark.parametrize("typed", ["Rotterdam", "rotterdam", "  Rotterdam ", "Rotterd"])
def test_a_place_is_answered_also_when_only_its_beginning_was_typed(rijnmond, typed):
    found = look_up(typed=typed)

    assert (found.answer.place, found.understood) == ("Rotterdam", "")


@pytest.mark.parametrize(
    "typed", ["Roterdam", "Rotterdamm", "Rotterdsm", "Rottedram", "Rotterdan", "otterdam"]
)
def test_one_typing_error_is_forgiven_and_told(rijnmond, typed):
    found = look_up(typed=typed)

    assert (found.answer.place, found.understood) == ("Rotterdam", "Rotterdam")


def test_two_typing_errors_are_too_many(rijnmond):
    assert look_up(typed="Roterdan").state is State.NOTHING


def test_of_short_names_an_error_is_another_name(world):
    world.postcode("6711", place="Ede", municipality="Ede")

    assert look_up(typed="Epe").state is State.NOTHING


def test_a_beginning_with_an_error_finds_the_place(rijnmond):
    assert look_up(typed="Roterda").answer.place == "Rotterdam"


def test_a_beginning_that_can_also_be_an_error_asks_which_one(world):
    world.postcode("4341", place="Arnemuiden", municipality="Middelburg")
    world.postcode("6811", place="Arnhem", municipality="Arnhem")

    found = look_up(typed="Arnem")

    assert (found.state, texts(found.choices)) == (State.NAMES, ["Arnemuiden", "Arnhem"])


def test_a_name_of_several_places_gives_the_choice_and_each_choice_its_own_text(world):
    with world.at_once():
        world.postcode("7551", place="Hengelo", municipality="Hengelo")
        world.place(
            "Hengelo (Gld)", municipality="Bronckhorst", postcodes=["7255"], also=["Hengelo"]
        )
        world.office("east", serves=["7551"])

    found = look_up(typed="hengelo")
    chosen = [look_up(typed=choice.typed).answer for choice in found.choices]

    assert texts(found.choices) == ["Hengelo", "Hengelo (Gld)"]
    assert [answer.postcode for answer in chosen] == ["7551", "7255"]


def test_an_addition_tells_which_place_is_meant(world):
    with world.at_once():
        world.postcode("7551", place="Hengelo", municipality="Hengelo")
        world.place("Hengelo", municipality="Bronckhorst", postcodes=["7255"])
        world.office("east", serves=["7551"])

    assert look_up(typed="Hengelo, Bronckhorst").answer.postcode == "7255"


def test_a_split_postcode_offers_its_municipalities(world):
    with world.at_once():
        world.postcode(
            "3403",
            place="IJsselstein",
            municipality="IJsselstein",
            shares={"IJsselstein": 0.7, "Montfoort": 0.3},
        )
        world.office("green-heart", serves=["3403"])

    found = look_up(typed="3403")
    chosen = look_up(typed=found.choices[1].typed)

    assert texts(found.choices) == ["IJsselstein", "Montfoort"]
    assert chosen.typed == "3403 Montfoort"
    assert chosen.answer.municipality.name == "Montfoort"


def test_a_region_gives_its_offices(rijnmond):
    found = look_up(typed="rijnmond")

    assert (found.state, found.name, slugs(found.offices)) == (State.REGION, "Rijnmond", ["here"])


def test_a_region_with_the_name_of_a_place_is_offered_beside_it(rijnmond):
    rijnmond.office("second", name="Tweede loket", regions=["Rotterdam"])

    found = look_up(typed="Rotterdam")
    region = look_up(typed=found.also[0].typed)

    assert found.answer.place == "Rotterdam"
    assert (found.also[0].kind, found.also[0].typed) == ("region", "regio Rotterdam")
    assert (region.state, slugs(region.offices)) == (State.REGION, ["second"])


@pytest.mark.parametrize(
    "typed", ["loket aan de maas", "Maas", "aan de m", "lokt aan de Maas", "Mass"]
)
def test_an_office_is_found_by_a_part_of_its_name_also_with_an_error(rijnmond, typed):
    assert slugs(look_up(typed=typed).offices) == ["here"]


def test_offices_with_a_name_in_common_are_all_shown(rijnmond):
    found = look_up(typed="loket")

    assert found.state is State.NAMES
    assert slugs(found.offices) == ["everywhere", "here", "beside"]


def test_filters_put_what_fits_first_and_keep_the_rest(rijnmond):
    found = look_up(typed="loket", sector="mbo")

    assert [(match.office.slug, match.matches) for match in found.offices] == [
        ("everywhere", True),
        ("here", False),
        ("beside", False),
    ]


def test_filters_alone_give_all_offices_that_fit(rijnmond):
    rijnmond.office("advises", support=["webinar", "vacancies"])

    found = look_up(typed="", support=["webinar", "vacancies"])

    assert slugs(found.offices) == ["advises"]


def test_filters_count_for_a_place_too(rijnmond):
    found = look_up(typed="3011", sector="mbo", support=["webinar"])

    assert (found.answer.sector, found.answer.support) == ("mbo", ("webinar",))
    assert found.answer.outcome is Outcome.NO_OFFICE


@pytest.mark.parametrize(
    ("filters", "error"), [({"sector": "x"}, UnknownSector), ({"support": ["x"]}, UnknownSupport)]
)
def test_unknown_filters_are_refused(rijnmond, filters, error):
    with pytest.raises(error):
        look_up(typed="3011", **filters)


@pytest.mark.parametrize("typed", ["", "   "])
def test_nothing_typed_is_the_beginning(rijnmond, typed):
    assert look_up(typed=typed).state is State.BEGINNING


@pytest.mark.parametrize("typed", ["3", "301", "r", "-", "…", "\x00"])
def test_so_little_that_anything_could_follow_is_no_mistake_yet(rijnmond, typed):
    assert look_up(typed=typed).state is State.UNFINISHED


@pytest.mark.parametrize("typed", ["0123", "30111"])
def test_what_should_be_a_postcode_is_told_why_it_is_none(rijnmond, typed):
    found = look_up(typed=typed)

    assert found.state is State.NOTHING
    assert found.problem


@pytest.mark.parametrize("typed", ["zzzzzz", "<script>", "\x00zzzz\x00", "é" * 500, "1" * 500])
def test_what_is_known_to_nobody_finds_nothing(rijnmond, typed):
    found = look_up(typed=typed)

    assert found.state is State.NOTHING
    assert len(found.typed) <= 100


def test_an_unknown_postcode_is_answered_with_the_nearest_one(rijnmond):
    answer = look_up(typed="3012").answer

    assert (answer.outcome, answer.nearest_postcode) == (Outcome.UNKNOWN_POSTCODE, "3011")


def test_too_many_offices_are_counted(world):
    with world.at_once():
        for number in range(MOST_OFFICES + 3):
            world.office(f"office-{number:02}", name=f"Loket {number:02}")

    found = look_up(typed="loket")

    assert (len(found.offices), found.left_out) == (MOST_OFFICES, 3)


def test_what_is_published_counts_at_once(rijnmond):
    assert look_up(typed="Nieuwkomer").state is State.NOTHING

    rijnmond.office("new", name="Nieuwkomer")

    assert slugs(look_up(typed="Nieuwkomer").offices) == ["new"]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("3011 AB", "3011"),
        ("3011ab", "3011"),
        ("3011 a", "3011"),
        ("3011-AB", "3011"),
        ("3011\u200bAB", "3011"),
        ("3011 AB Rotterdam", "3011"),
        ("Coolsingel 40, 3011 AD Rotterdam", "3011"),
        ("Weg 1012 te Ede", "1012"),
        ("1012 AB of 3011 CD", "3011"),
        ("3403 Montfoort", "3403 Montfoort"),
        ("3011", "3011"),
        ("Rotterdam", "Rotterdam"),
        ("2e Exloërmond", "2e Exloërmond"),
        ("13011 AB", "13011 AB"),
        ("", ""),
    ],
)
def test_a_text_is_cut_to_the_digits_of_its_postcode(typed, kept):
    assert cut_to_digits(typed) == kept
