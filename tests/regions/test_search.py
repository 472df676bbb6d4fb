"""A question -> an Answer: every outcome, who serves and how we know, what is beside it."""

import pytest
from geopy.distance import geodesic

from regions import answers, versions
from regions.answers import Choice, How, Outcome
from regions.models import Reach, RegionalOffice
from regions.search import find_offices
from tests.factories import RegionalOfficeFactory, point_of

ALL = ("po", "vo", "mbo", "ho", "so", "pro", "vavo")


def slugs(matches):
    return [match.office.slug for match in matches]


def only(matches):
    (match,) = matches
    return match


def test_a_drawn_area_does_not_count_for_higher_education(world):
    world.office("named", sectors=["ho"], serves=["3011"])
    world.office("drawn", sectors=["ho"], draws=["3011"])

    answer = find_offices(postcode="3011", sector="ho")

    assert slugs(answer.serving) == ["named"]


# Outcomes


def test_a_served_postcode_is_found_with_its_place_and_municipality(world):
    world.municipality("Rotterdam", province="zuid-holland")
    world.postcode("3011", place="Delfshaven", municipality="Rotterdam")
    world.office("here", serves=["3011"])

    answer = find_offices(postcode="3011")

    assert answer.outcome == Outcome.FOUND
    assert (answer.postcode, answer.place) == ("3011", "Delfshaven")
    assert (answer.municipality.name, answer.municipality.province) == ("Rotterdam", "zuid-holland")
    assert answer.municipality.province_name == "Zuid-Holland"
    assert answer.choices == ()


def test_a_postcode_without_an_office_says_so_and_names_the_nearest(world):
    world.postcode("3011", place="Rotterdam")
    world.office("near", serves=["3012"])

    answer = find_offices(postcode="3011")

    assert answer.outcome == Outcome.NO_OFFICE
    assert (answer.postcode, answer.place) == ("3011", "Rotterdam")
    assert answer.municipality.name == "Rotterdam"
    assert answer.serving == ()
    assert slugs(answer.nearby) == ["near"]


def test_a_postcode_without_an_office_for_the_sector_still_shows_the_others(world):
    world.office("here", sectors=["po"], serves=["3011"])
    world.office("near", sectors=["vo"], serves=["3012"])

    answer = find_offices(postcode="3011", sector="vo")

    assert answer.outcome == Outcome.NO_OFFICE
    assert (slugs(answer.serving), answer.fitting) == (["here"], ())
    assert slugs(answer.other) == ["here"]
    assert slugs(answer.nearby) == ["near"]


def test_an_office_that_lacks_the_support_is_still_found(world):
    world.office("here", serves=["3011"])

    answer = find_offices(postcode="3011", sector="po", support=["vacancies"])

    assert answer.outcome == Outcome.FOUND
    assert (answer.fitting, slugs(answer.other)) == ((), ["here"])


def test_a_nationwide_office_alone_is_no_regional_office(world):
    world.postcode("3011")
    world.office("landelijk", nationwide=True)

    answer = find_offices(postcode="3011")

    assert answer.outcome == Outcome.NO_OFFICE
    assert slugs(answer.nationwide) == ["landelijk"]
    assert answer.gaps == ALL


def test_an_unknown_postcode_offers_the_existing_one_nearest_in_number(world):
    for code in ("3011", "3019", "4000"):
        world.postcode(code)

    nearest = {code: find_offices(postcode=code).nearest_postcode for code in ("3013", "3018")}

    assert nearest == {"3013": "3011", "3018": "3019"}


@pytest.mark.parametrize(
    ("code", "nearest"), [("1001", "3011"), ("9999", "3019"), ("3015", "3011")]
)
def test_the_lower_of_two_and_the_outermost_are_offered_too(world, code, nearest):
    world.postcode("3011")
    world.postcode("3019")

    answer = find_offices(postcode=code)

    assert answer.outcome == Outcome.UNKNOWN_POSTCODE
    assert (answer.postcode, answer.nearest_postcode) == (code, nearest)
    assert (answer.serving, answer.nearby, answer.nationwide, answer.gaps) == ((), (), (), ())


def test_a_postcode_with_po_boxes_only_is_never_offered(world):
    world.postcode("3000", po_box_only=True)
    world.postcode("3011")

    answer = find_offices(postcode="3001")

    assert answer.nearest_postcode == "3011"


def test_an_unknown_postcode_in_an_empty_directory_offers_nothing(world):
    answer = find_offices(postcode="3011")

    assert (answer.outcome, answer.nearest_postcode) == (Outcome.UNKNOWN_POSTCODE, "")


def test_a_postcode_with_po_boxes_only_tells_where_they_are(world):
    world.postcode("3000", place="Rotterdam", po_box_only=True)
    world.office("here", serves=["3011"])
    world.office("landelijk", nationwide=True)

    answer = find_offices(postcode="3000")

    assert answer.outcome == Outcome.PO_BOX_ONLY
    assert (answer.place, answer.municipality.name) == ("Rotterdam", "Rotterdam")
    assert (answer.serving, answer.nearby, answer.nationwide) == ((), (), ())


def test_a_postcode_far_from_every_office_is_known_all_the_same(world):
    world.postcode("3011", place="Rotterdam")

    answer = find_offices(postcode="3011")

    assert (answer.outcome, answer.place) == (Outcome.NO_OFFICE, "Rotterdam")
    assert (answer.nearby, answer.nearest_postcode) == ((), "")
    assert answer.gaps == ALL


# Who serves it, and how that is known


def test_an_office_that_lists_the_postcode_is_certain(world):
    world.office("here", serves=["3011"])

    match = only(find_offices(postcode="3011").serving)

    assert (match.how, match.distance_km, match.matches) == (How.CERTAIN, 0, True)
    assert (match.municipalities, match.part) == ((), None)


def test_an_office_known_by_its_drawn_area_alone_is_by_map_only(world):
    world.office("drawn", draws=["3011"])

    match = only(find_offices(postcode="3011").serving)

    assert (match.how, match.distance_km) == (How.MAP_ONLY, 0)


def test_a_nationwide_office_is_nationwide_and_closes_the_list(world):
    world.office("here", serves=["3011"])
    world.office("landelijk", nationwide=True)

    answer = find_offices(postcode="3011")

    assert slugs(answer.serving) == ["here"]
    assert only(answer.nationwide).how == How.NATIONWIDE


def test_an_office_beside_the_postcode_is_known_in_no_way(world):
    world.office("here", serves=["3011"])
    world.office("near", serves=["3012"])

    match = only(find_offices(postcode="3011").nearby)

    assert match.how is None


@pytest.fixture
def split(world):
    """3011 lies in Rotterdam, and for a part in Schiedam; each has an office, and one has both."""
    world.postcode("3011", municipality="Rotterdam", shares={"Rotterdam": 0.4, "Schiedam": 0.6})
    world.postcode("3111", municipality="Schiedam")
    world.office("rotterdam", serves=["3011"])
    world.office("schiedam", serves=["3111"])
    world.office("waterweg", serves=["3011", "3111"])
    return world


def test_an_office_of_one_municipality_of_a_split_postcode_is_shared(split):
    answer = find_offices(postcode="3011")

    how = {match.office.slug: (match.how, match.municipalities) for match in answer.serving}
    assert how["rotterdam"] == (How.SHARED, ("Rotterdam",))
    assert how["waterweg"] == (How.CERTAIN, ())


def test_a_split_postcode_offers_its_municipalities_the_own_one_first(split):
    answer = find_offices(postcode="3011")

    assert [(each.municipality.name, each.chosen) for each in answer.choices] == [
        ("Rotterdam", False),
        ("Schiedam", False),
    ]
    assert answer.choices[0].query == {"postcode": "3011", "municipality": "GM3011"}


def test_without_a_choice_a_split_postcode_is_answered_in_its_own_municipality(split):
    answer = find_offices(postcode="3011")

    assert answer.municipality.name == "Rotterdam"
    assert set(slugs(answer.serving)) == {"rotterdam", "waterweg"}
    assert slugs(answer.nearby) == ["schiedam"]


@pytest.mark.parametrize(
    ("chosen", "serving"),
    [("Rotterdam", {"rotterdam", "waterweg"}), ("Schiedam", {"schiedam", "waterweg"})],
)
def test_a_chosen_municipality_makes_a_split_postcode_certain(split, chosen, serving):
    code = next(
        each.municipality.code
        for each in find_offices(postcode="3011").choices
        if each.municipality.name == chosen
    )

    answer = find_offices(postcode="3011", municipality=code)

    assert answer.municipality.name == chosen
    assert set(slugs(answer.serving)) == serving
    assert {match.how for match in answer.serving} == {How.CERTAIN}
    assert [each.municipality.name for each in answer.choices if each.chosen] == [chosen]


def test_an_office_that_serves_a_split_postcode_nowhere_is_not_shared(split):
    split.office("near", serves=["3013"])

    match = next(
        match for match in find_offices(postcode="3011").nearby if match.office.slug == "near"
    )

    assert (match.how, match.municipalities) == (None, ())


def test_the_municipality_of_an_undivided_postcode_may_be_named(world):
    world.office("here", serves=["3011"])

    answer = find_offices(postcode="3011", municipality="GM3011")

    assert (slugs(answer.serving), answer.choices) == (["here"], ())


def test_a_municipality_without_a_part_of_the_postcode_is_refused(split):
    split.postcode("9011")
    split.office("landelijk", nationwide=True)

    with pytest.raises(answers.UnknownMunicipality):
        find_offices(postcode="3011", municipality="GM9011")


# Sector and support


def test_an_office_fits_with_the_sector_and_all_the_support(world):
    world.office("all", serves=["3011"], support=["vacancies", "webinar", "news"])
    world.office("some", serves=["3011"], support=["vacancies"])
    world.office("other", sectors=["vo"], serves=["3011"], support=["vacancies", "webinar"])

    answer = find_offices(postcode="3011", sector="po", support=["webinar", "vacancies"])

    assert slugs(answer.fitting) == ["all"]
    assert set(slugs(answer.other)) == {"some", "other"}
    assert (answer.sector, answer.support) == ("po", ("webinar", "vacancies"))


def test_support_asked_twice_counts_once(world):
    world.office("here", serves=["3011"], support=["vacancies"])

    answer = find_offices(postcode="3011", support=["vacancies", "vacancies"])

    assert answer.support == ("vacancies",)


def test_nationwide_offices_that_fit_come_before_those_that_do_not(world):
    world.postcode("3011")
    world.office("aa", nationwide=True, sectors=["vo"])
    world.office("bb", nationwide=True, sectors=["po"])
    world.office("cc", nationwide=True, sectors=["po"])

    answer = find_offices(postcode="3011", sector="po")

    assert [(match.office.slug, match.matches) for match in answer.nationwide] == [
        ("bb", True),
        ("cc", True),
        ("aa", False),
    ]


@pytest.mark.parametrize(
    ("question", "error", "code"),
    [
        ({"sector": "xx"}, answers.UnknownSector, "unknown_sector"),
        ({"sector": "PO"}, answers.UnknownSector, "unknown_sector"),
        ({"support": ["xx"]}, answers.UnknownSupport, "unknown_support"),
        ({"support": ["vacancies", ""]}, answers.UnknownSupport, "unknown_support"),
        ({"municipality": "GM9999"}, answers.UnknownMunicipality, "unknown_municipality"),
        ({"municipality": "' OR 1=1"}, answers.UnknownMunicipality, "unknown_municipality"),
    ],
)
def test_what_does_not_exist_is_refused_and_not_repeated(world, question, error, code):
    world.office("here", serves=["3011"])

    with pytest.raises(error) as refused:
        find_offices(postcode="3011", **question)

    assert refused.value.code == code
    assert isinstance(refused.value, answers.SearchError)
    assert not any(str(asked) in str(refused.value) for asked in question.values())


# Nearby


def test_nearby_are_the_fitting_offices_within_30_km_nearest_first(world):
    world.postcode("3011")
    world.office("three", serves=["3014"], support=["news"])
    world.office("two", serves=["3013"], support=["news"])
    world.office("one-without", serves=["3012"])
    world.office("far", serves=["3099"], support=["news"])

    answer = find_offices(postcode="3011", support=["news"])

    expected = round(geodesic(point_of("3011"), point_of("3013")).kilometers, 3)
    assert slugs(answer.nearby) == ["two", "three"]
    assert answer.nearby[0].distance_km == expected


def test_offices_nearby_at_one_distance_are_in_the_order_of_their_names(world):
    world.postcode("3011")
    for name in ("cc", "aa", "bb"):
        world.office(name, serves=["3012"])

    answer = find_offices(postcode="3011")

    assert slugs(answer.nearby) == ["aa", "bb", "cc"]


def test_offices_nearby_are_told_too_where_others_serve(world):
    world.office("here", serves=["3011"])
    world.office("near", serves=["3012"])

    answer = find_offices(postcode="3011")

    assert (slugs(answer.serving), slugs(answer.nearby)) == (["here"], ["near"])


def test_an_office_whose_drawn_area_lost_is_nearby_at_its_distance(world):
    world.office("named", serves=["3011"])
    world.office("drawn", serves=["3013"], draws=["3011"])

    match = only(find_offices(postcode="3011").nearby)

    assert match.office.slug == "drawn"
    assert match.distance_km > 4


def test_the_neighbouring_regions_are_those_of_the_offices_nearby_each_once(world):
    world.postcode("3011")
    world.office("two", serves=["3013"], regions=["Delta", "Haven"])
    world.office("one", serves=["3012"], regions=["Haven"])

    answer = find_offices(postcode="3011")

    assert [region.name for region in answer.nearby_regions] == ["Haven", "Delta"]


def test_beyond_30_km_the_nearest_office_with_the_sector_is_told(world):
    world.office("here", sectors=["vo"], serves=["3011"])
    world.office("far", sectors=["po"], serves=["5011"])
    world.office("farther", sectors=["po"], serves=["9011"])
    world.office("far-without", sectors=["mbo"], serves=["4011"])

    answer = find_offices(postcode="3011", sector="po")

    match = only(answer.nearby)
    expected = geodesic(point_of("3011"), point_of("5011")).kilometers
    assert (match.office.slug, match.distance_km) == ("far", round(expected, 3))
    assert (match.how, match.matches) == (None, True)


def test_beyond_30_km_the_nearest_office_with_any_sector_is_told_when_none_is_asked(world):
    world.postcode("3011")
    world.office("far", sectors=["mbo"], serves=["4511"])
    world.office("farther", sectors=["po"], serves=["9011"])

    answer = find_offices(postcode="3011")

    assert slugs(answer.nearby) == ["far"]


def test_where_somebody_serves_it_nobody_beyond_30_km_is_told(world):
    world.office("here", serves=["3011"])
    world.office("far", serves=["5011"])

    answer = find_offices(postcode="3011")

    assert answer.nearby == ()


def test_where_nobody_serves_it_one_without_the_support_is_better_than_nothing(world):
    world.postcode("3011")
    world.office("near", sectors=["po"], serves=["3012"])

    answer = find_offices(postcode="3011", sector="po", support=["news"])

    assert answer.outcome == Outcome.NO_OFFICE
    assert [(match.office.slug, match.matches) for match in answer.nearby] == [("near", False)]


# Gaps


def test_gaps_are_the_sectors_that_no_serving_regional_office_has(world):
    world.office("here", sectors=["po", "ho"], serves=["3011"])
    world.office("landelijk", sectors=["vo"], nationwide=True)
    world.office("near", sectors=["mbo"], serves=["3012"])

    answer = find_offices(postcode="3011")

    assert answer.gaps == ("vo", "mbo", "so", "pro", "vavo")


def test_gaps_do_not_depend_on_what_is_asked(world):
    world.office("here", sectors=["po"], serves=["3011"])

    answer = find_offices(postcode="3011", sector="vo", support=["news"])

    assert answer.gaps == ("vo", "mbo", "ho", "so", "pro", "vavo")


# Places


@pytest.fixture
def town(world):
    """Rotterdam with three postcodes, one office for all of them and one for two."""
    for code in ("3011", "3012", "3013"):
        world.postcode(code, place="Rotterdam")
    world.office("whole", serves=["3011"])
    world.office("partly", sectors=["vo"], part=["3011", "3013"])
    return world


@pytest.mark.parametrize("name", ["Rotterdam", "rotterdam", "  ROTTERDAM "])
def test_a_place_is_served_by_whoever_serves_one_of_its_postcodes(town, name):
    answer = find_offices(place=name)

    assert answer.outcome == Outcome.FOUND
    assert (answer.postcode, answer.place) == ("", "Rotterdam")
    assert answer.municipality.name == "Rotterdam"
    assert set(slugs(answer.serving)) == {"whole", "partly"}
    assert answer.choices == ()


def test_an_office_that_serves_a_part_of_the_place_says_how_much(town):
    parts = {match.office.slug: match.part for match in find_offices(place="Rotterdam").serving}

    assert parts == {"whole": None, "partly": (2, 3)}


def test_a_place_with_one_postcode_is_that_postcode(world):
    world.postcode("3011", place="Rotterdam")
    world.office("here", serves=["3011"])

    answer = find_offices(place="Rotterdam")

    assert (answer.postcode, answer.place) == ("3011", "Rotterdam")


def test_the_distance_from_a_place_is_that_of_its_nearest_postcode(town):
    town.office("near", serves=["3014"])

    match = next(
        match for match in find_offices(place="Rotterdam").nearby if match.office.slug == "near"
    )

    expected = geodesic(point_of("3013"), point_of("3014")).kilometers
    assert match.distance_km == round(expected, 3)


def test_a_place_far_from_every_office_is_told_the_nearest_to_any_of_its_postcodes(world):
    world.postcode("3011", place="Rotterdam")
    world.postcode("3099", place="Rotterdam")
    world.office("far", serves=["5099"])
    world.office("farther", serves=["9011"])

    answer = find_offices(place="Rotterdam", sector="po")

    match = only(answer.nearby)
    expected = geodesic(point_of("3099"), point_of("5099")).kilometers
    assert answer.outcome == Outcome.NO_OFFICE
    assert (match.office.slug, match.distance_km) == ("far", round(expected, 3))


def test_gaps_of_a_place_are_the_sectors_that_none_of_its_postcodes_has(town):
    answer = find_offices(place="Rotterdam")

    assert answer.gaps == ("mbo", "ho", "so", "pro", "vavo")


def test_a_split_postcode_counts_for_a_place_in_the_place_s_own_municipality(split):
    split.place("Kethel", municipality="Schiedam", postcodes=["3011"])

    answer = find_offices(place="Kethel")

    assert answer.municipality.name == "Schiedam"
    assert set(slugs(answer.serving)) == {"schiedam", "waterweg"}


def test_a_postcode_of_another_municipality_counts_for_a_place_where_it_lies(world):
    world.postcode("3011", municipality="Rotterdam")
    world.office("rotterdam", serves=["3011"])
    world.postcode("3111", municipality="Schiedam")

    world.place("Grensdorp", municipality="Schiedam", postcodes=["3011"])

    assert slugs(find_offices(place="Grensdorp").serving) == ["rotterdam"]


@pytest.fixture
def namesakes(world):
    """Two places called Beek, and an office for each."""
    world.municipality("Montferland", province="gelderland")
    world.municipality("Beek", province="limburg")
    world.place("Beek", municipality="Montferland", postcodes=["7037"])
    world.place("Beek", municipality="Beek", postcodes=["6191"])
    world.office("achterhoek", serves=["7037"])
    world.office("limburg", serves=["6191"])
    return world


def test_a_name_of_several_places_is_a_choice_and_never_a_guess(namesakes):
    answer = find_offices(place="beek", sector="po", support=["news"])

    assert answer.outcome == Outcome.CHOICE_NEEDED
    assert [(each.place, each.municipality.name) for each in answer.choices] == [
        ("Beek", "Beek"),
        ("Beek", "Montferland"),
    ]
    assert (answer.place, answer.sector, answer.support) == ("Beek", "po", ("news",))
    assert (answer.serving, answer.nearby, answer.nationwide) == ((), (), ())


def test_every_choice_asks_a_question_that_is_answered(namesakes):
    choices = find_offices(place="Beek").choices

    answers = [find_offices(**choice.query) for choice in choices]

    assert [slugs(answer.serving) for answer in answers] == [["limburg"], ["achterhoek"]]


def test_a_province_behind_the_name_decides(namesakes):
    answer = find_offices(place="Beek Gelderland")

    assert slugs(answer.serving) == ["achterhoek"]


def test_a_choice_is_the_question_it_asks():
    area = answers.Area("GM0888", "Beek", "limburg")

    assert Choice(area, place="Beek").query == {"place": "Beek", "municipality": "GM0888"}
    assert Choice(area, postcode="6191").query == {"postcode": "6191", "municipality": "GM0888"}


def test_an_unknown_place_comes_with_names_that_are_like_it(town):
    with pytest.raises(answers.UnknownPlace) as unknown:
        find_offices(place="Roterdam")

    assert unknown.value.similar == ("Rotterdam",)
    assert unknown.value.code == "unknown_place"
    assert "Roterdam" not in str(unknown.value)


@pytest.mark.parametrize("name", ["", "   ", "😀", "x" * 5000, "<b>", "'; DROP TABLE"])
def test_what_is_no_name_at_all_is_an_unknown_place(town, name):
    with pytest.raises(answers.UnknownPlace) as unknown:
        find_offices(place=name)

    assert unknown.value.similar == ()


def test_a_place_in_a_municipality_where_it_is_not_is_unknown(namesakes):
    with pytest.raises(answers.UnknownPlace):
        find_offices(place="Beek", municipality="GM9999")


# What is prepared, and what it costs


def test_an_answer_is_of_the_published_directory(world):
    world.office("here", serves=["3011"])
    assert slugs(find_offices(postcode="3011").serving) == ["here"]

    RegionalOffice.objects.filter(slug="here").update(name="Nieuw")
    before = only(find_offices(postcode="3011").serving).office.name
    world.publish()
    after = only(find_offices(postcode="3011").serving).office.name

    assert (before, after) == ("Here", "Nieuw")


def test_an_office_that_the_version_does_not_know_yet_is_left_out(world):
    world.office("here", serves=["3011"])
    Reach.objects.create(
        postcode_id="3011",
        municipality_id="GM3011",
        office=RegionalOfficeFactory(slug="new"),
        serves=True,
        by_list=True,
        by_polygon=False,
        distance_km=0,
    )

    answer = find_offices(postcode="3011")

    assert slugs(answer.serving) == ["here"]


def test_a_postcode_takes_one_query_and_one_for_the_version(world, django_assert_num_queries):
    for number in range(5):
        world.office(f"office-{number}", serves=["3011"], support=["news"])

    with django_assert_num_queries(2):
        find_offices(postcode="3011", sector="po")


def test_other_filters_on_the_same_postcode_take_no_query(world, django_assert_num_queries):
    world.office("here", sectors=["po", "vo"], serves=["3011"], support=["news"])
    find_offices(postcode="3011", sector="po")

    with django_assert_num_queries(0):
        find_offices(postcode="3011", sector="vo", support=["news"])
        find_offices(postcode="3011")


def test_a_question_that_was_asked_before_takes_no_query(split, django_assert_num_queries):
    questions = [
        {"postcode": "3011"},
        {"postcode": "3011", "municipality": "GM3011", "sector": "po", "support": ["news"]},
        {"place": "Schiedam"},
        {"place": "plaats 3011"},
        {"postcode": "1234"},
    ]
    split.place("Schiedam", municipality="Schiedam", postcodes=["3111"])
    answers = [find_offices(**question) for question in questions]

    with django_assert_num_queries(0):
        assert [find_offices(**question) for question in questions] == answers


def test_a_sector_without_an_office_within_30_km_takes_one_query_more(
    world, django_assert_num_queries
):
    world.office("here", sectors=["vo"], serves=["3011"])
    world.office("far", sectors=["po"], serves=["9011"])
    versions.current()

    with django_assert_num_queries(2):
        find_offices(postcode="3011", sector="po")


def test_a_place_takes_one_query_for_its_name_and_one_for_its_reach(
    town, django_assert_num_queries
):
    versions.current()

    with django_assert_num_queries(2):
        find_offices(place="Rotterdam")


def test_an_unknown_place_takes_two_queries(town, django_assert_num_queries):
    versions.current()

    with django_assert_num_queries(2), pytest.raises(answers.UnknownPlace):
        find_offices(place="Roterdam")


def test_an_unknown_postcode_takes_three_queries(world, django_assert_num_queries):
    world.postcode("3011")
    versions.current()

    with django_assert_num_queries(3):
        find_offices(postcode="3012")
