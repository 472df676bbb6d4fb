from datetime import UTC, datetime

import pytest
from django.template import Context, Template
from django.utils import translation

from navigator.finder.templatetags import finder
from regions import versions
from regions.search import find_offices
from tests import factories

DUTCH, ENGLISH = "nl", "en"
TUESDAY = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("number", "written"),
    [
        ("+31302270374", "030 227 0374"),
        ("+31612345678", "06 12345678"),
        ("+3222345678", "+32 2 234 56 78"),
        ("no number", "no number"),
        ("", ""),
    ],
)
def test_a_phone_number_is_written_as_people_do(number, written):
    assert finder.phone_display(number) == written


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://www.leraar.nl/banen?x=1", "leraar.nl"),
        ("https://werk.leraar.nl", "werk.leraar.nl"),
        ("no address", "no address"),
    ],
)
def test_a_web_address_is_named_by_its_host(url, host):
    assert finder.host(url) == host


@pytest.mark.parametrize(
    ("language", "km", "words"),
    [
        (ENGLISH, 3.44, "3.4 km"),
        (DUTCH, 3.44, "3,4 km"),
        (DUTCH, 12, "12,0 km"),
        (ENGLISH, 0.99, "less than 1 km"),
        (DUTCH, 0.2, "minder dan 1 km"),
    ],
)
def test_a_distance_is_told_in_the_language_of_the_page(language, km, words):
    with translation.override(language):
        assert finder.distance(km) == words


@pytest.mark.parametrize(
    ("language", "names"),
    [
        (ENGLISH, ("Primary education", "Vacancies")),
        (DUTCH, ("Primair onderwijs", "Vacatures")),
    ],
)
def test_codes_have_a_name_in_the_language_of_the_page(world, language, names):
    world.publish()

    with translation.override(language):
        told = (
            finder.sector_name("po"),
            finder.support_name("vacancies"),
        )

    assert told == names


def test_a_province_has_one_name_in_all_languages():
    assert finder.province_name("fryslan") == "Fryslân"


def test_a_code_without_a_name_stays_a_code(world):
    world.publish()

    assert (finder.sector_name("new"), finder.support_name("new")) == ("new", "new")


def test_an_office_with_hours_is_open_or_tells_when(world):
    office = world.office("here", serves=["3011"], phone="+31302270374")
    factories.PhoneHoursFactory(office=office, weekday=2)
    world.publish()

    opening = finder.opening(versions.current().profiles["here"], TUESDAY)

    assert (opening.is_open, opening.until.hour) == (True, 17)


def test_an_office_without_hours_tells_nothing(world):
    world.office("here", serves=["3011"])

    assert finder.opening(versions.current().profiles["here"], TUESDAY) is None


def test_a_link_to_a_profile_has_the_question_and_the_source(world):
    world.office("here", serves=["3011"], support=["vacancies", "webinar"])
    answer = find_offices(postcode="3011", sector="po", support=["vacancies", "webinar"])

    link = finder.office_link(answer.serving[0].office, answer, {"via": "duo.nl"})

    assert link == (
        "/regioloketten/here/?sector=po&support=vacancies&support=webinar&postcode=3011&via=duo.nl"
    )


def test_a_link_to_a_profile_after_a_search_by_place_has_the_municipality(world):
    world.place("Rotterdam", municipality="Rotterdam", postcodes=["3011", "3012"])
    world.office("here", serves=["3011"])
    answer = find_offices(place="Rotterdam")

    link = finder.office_link(answer.serving[0].office, answer)

    assert link == "/regioloketten/here/?place=Rotterdam&municipality=GM3011"


def test_a_link_to_a_profile_without_a_question_is_bare(world):
    world.office("here", serves=["3011"])

    assert finder.office_link(versions.current().profiles["here"]) == "/regioloketten/here/"


def test_a_link_to_an_answer_leaves_out_what_is_empty():
    link = finder.search_link(
        {"via": "duo.nl"}, place="'s-Gravenhage", municipality="", sector=None
    )

    assert link == "/zoeken/?place=%27s-Gravenhage&via=duo.nl"


@pytest.mark.parametrize(
    ("path", "code", "link"),
    [
        ("/over/", ENGLISH, "/en/over/?sector=po"),
        ("/en/over/", DUTCH, "/over/?sector=po"),
    ],
)
def test_a_link_to_the_other_language_has_what_was_understood_of_the_question(rf, path, code, link):
    request = rf.get(path + "?sector=po&gclid=somebody")
    context = {"request": request, "own_query": "?sector=po"}

    with translation.override(DUTCH if code == ENGLISH else ENGLISH):
        assert finder.language_link(context, code) == link


def test_the_full_address_of_a_page_is_without_a_question(rf):
    context = {"request": rf.get("/over/?postcode=3011")}

    assert finder.page_link(context) == "http://testserver/over/"
    assert finder.page_link(context, ENGLISH) == "http://testserver/en/over/"


def test_the_tags_are_there_for_templates(world):
    world.publish()
    template = Template("{% load finder %}{{ 'po'|sector_name }} {{ 0.5|distance }}")

    with translation.override(ENGLISH):
        assert template.render(Context()) == "Primary education less than 1 km"
