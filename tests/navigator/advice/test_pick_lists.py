from datetime import timedelta
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from django.utils import timezone

from navigator.advice import handouts, pick_lists
from navigator.advice.models import PickList
from navigator.advice.pick_lists import Link, Refused
from tests.navigator.advice.handing import AT, pick_list
from tests.people import administrator, advisor, log_in

pytestmark = pytest.mark.django_db

PAGE = "/en/advies/lijstjes/"


@pytest.fixture
def offices(world):
    with world.at_once():
        world.office("north", name="Office North", serves=["9711"])
        world.office("south", name="Office South", serves=["6211"])


@pytest.fixture
def somebody():
    return advisor()


@pytest.fixture
def desk(client, somebody):
    return log_in(client, somebody)


def mistakes_of(**given):
    whole = {"offices": ["north"], "links": [], "language": "nl", **given}
    with pytest.raises(Refused) as raised:
        pick_lists.make(**whole, by=advisor(), at=AT)
    return [(each.field, each.place) for each in raised.value.mistakes]


def shown(made):
    return [
        each.office.slug if each.office else (each.title, each.url) for each in made.items.all()
    ]


def test_a_list_has_the_offices_and_links_in_their_order(offices, somebody):
    made = pick_list(somebody, "south", "north", links=[("Salaris", "www.school.example/loon")])

    assert shown(made) == ["south", "north", ("Salaris", "https://www.school.example/loon")]
    assert made.expires_at == AT + timedelta(days=90)


def test_the_address_of_a_list_is_not_to_be_guessed(offices, somebody):
    keys = {pick_list(somebody, "north").key for _time in range(5)}

    assert len(keys) == 5
    assert all(len(key) >= 22 for key in keys)


def test_what_is_given_twice_is_on_it_once(offices, somebody):
    links = [("One", "https://a.example/"), ("Two", "a.example/")]

    made = pick_list(somebody, "north", "north", links=links)

    assert shown(made) == ["north", ("One", "https://a.example/")]


def test_a_list_needs_something_on_it(offices):
    assert mistakes_of(offices=[]) == [("offices", None)]


def test_a_list_holds_twenty_things(offices, somebody):
    links = [("", f"https://a.example/{number}") for number in range(19)]

    assert len(shown(pick_list(somebody, "north", links=links))) == 20
    more = [Link(*link) for link in [*links, ("", "https://b.example/")]]
    assert mistakes_of(links=more) == [("offices", None)]


def test_an_office_that_is_not_public_can_not_be_picked(offices, world):
    world.edit("north", state="archived")

    assert mistakes_of(offices=["north"]) == [("offices", None)]
    assert mistakes_of(offices=["nowhere"]) == [("offices", None)]


def test_the_language_is_dutch_or_english(offices):
    assert mistakes_of(language="fy") == [("language", None)]


@pytest.mark.parametrize(
    ("title", "url", "field"),
    [
        ("Bel 06 12345678", "https://a.example/", "title"),
        ("Mail naar kandidaat@mail.example", "https://a.example/", "title"),
        ("Nummer 111222333", "https://a.example/", "title"),
        ("Scholen bij 3011 AB", "https://a.example/", "title"),
        ("x" * 121, "https://a.example/", "title"),
        ("A page", "javascript:alert(1)", "url"),
        ("A page", "", "url"),
        ("A page", "https://a.example/?wie=kandidaat@mail.example", "url"),
        ("A page", "https://a.example/zoek?postcode=3011AB", "url"),
        ("A page", "https://a.example/zoek?waar=3011+ab", "url"),
    ],
)
def test_a_link_is_clean_and_tells_of_nobody(offices, title, url, field):
    assert mistakes_of(links=[Link("", "https://ok.example/"), Link(title, url)]) == [(field, 1)]


@pytest.mark.parametrize(
    "url",
    [
        "https://a.example/nieuws/2026-in-beeld/",
        "https://maps.example/place/@52.0907,5.1214,17z/data=!3m1",
        "https://a.example/zoek?postcode=3011&jaar=2026",
    ],
)
def test_a_link_to_an_ordinary_page_is_fine(offices, somebody, url):
    assert shown(pick_list(somebody, links=[("", url)])) == [("", url)]


def test_a_list_is_there_for_ninety_days_unless_it_is_withdrawn(offices, somebody):
    made = pick_list(somebody, "north")

    assert pick_lists.is_open(made, AT + timedelta(days=89, hours=23))
    assert not pick_lists.is_open(made, AT + timedelta(days=90))
    assert pick_lists.withdraw(made, at=AT + timedelta(days=1))
    assert not pick_lists.is_open(PickList.objects.get(), AT + timedelta(days=1))
    assert not pick_lists.withdraw(made, at=AT + timedelta(days=2))
    assert PickList.objects.get().withdrawn_at == AT + timedelta(days=1)


def test_finding_a_list_takes_three_queries(offices, somebody, django_assert_num_queries):
    made = pick_list(somebody, "north", "south", links=[("", "https://a.example/")])

    with django_assert_num_queries(3):
        found = pick_lists.find(made.key)
        assert len(shown(found)) == 3


def test_openings_add_up(offices, somebody):
    made = pick_list(somebody, "north")

    pick_lists.count_opening(made)
    pick_lists.count_opening(made)

    made.refresh_from_db()
    assert made.opened_count == 2


@pytest.mark.parametrize(("language", "path"), [("nl", "/lijstje/"), ("en", "/en/lijstje/")])
def test_the_address_leads_to_the_language_of_the_list(offices, somebody, settings, language, path):
    settings.SITE_URL = "https://navigator.example"
    made = pick_list(somebody, "north", language=language)

    handout = handouts.of_pick_list(made)

    assert handout.address == f"https://navigator.example{path}{made.key}/"
    assert handout.address in handout.mail
    assert handout.address in handout.message


def test_the_mail_and_the_message_open_without_a_recipient(offices, somebody):
    links = [("Rock & roll <b>?", "https://a.example/")]
    made = pick_list(somebody, "north", links=links, language="en")

    handout = handouts.of_pick_list(made)

    mail = urlsplit(handout.mailto)
    assert (mail.scheme, mail.path) == ("mailto", "")
    assert parse_qs(mail.query)["body"] == [handout.mail.replace("\n", "\r\n")]
    assert "- Office North\n- Rock & roll <b>?\n" in handout.mail
    assert handout.sms.startswith("sms:?&body=")
    assert unquote(handout.sms).endswith(handout.message)
    assert "+" not in handout.mailto  # some programs would show it


def test_a_text_message_is_one_message(offices, somebody, settings):
    settings.SITE_URL = "https://www.loketwijzer.example"

    handout = handouts.of_pick_list(pick_list(somebody, "north", language="en"))

    assert len(handout.message) <= 160
    assert handout.message.isascii()


def test_the_panel_of_the_desk_makes_a_list_and_leads_to_it(desk, offices, somebody):
    response = desk.post(
        PAGE,
        {
            "offices": ["south", "north"],
            "link-title": ["", "Salaris"],
            "link-url": ["", "https://a.example/loon"],
            "language": "en",
        },
    )

    made = PickList.objects.get()
    assert (response.status_code, response["Location"]) == (303, f"{PAGE}{made.pk}/")
    assert shown(made) == ["south", "north", ("Salaris", "https://a.example/loon")]
    assert (made.made_by, made.language) == (somebody, "en")


def test_a_list_that_can_not_be_made_is_shown_again_as_it_was_typed(desk, offices):
    typed = {
        "offices": ["south"],
        "link-title": ["Bel 06 12345678"],
        "link-url": ["nothing"],
        "language": "en",
    }

    response = desk.post(PAGE, typed)

    assert response.status_code == 400
    assert 'name="offices" value="south" checked' in response.text
    assert 'value="Bel 06 12345678"' in response.text
    assert 'value="nothing"' in response.text
    assert '<option value="en" selected' in response.text
    assert 'href="#pick-title-0"' in response.text
    assert 'id="pick-title-0"' in response.text
    assert response.text.count("autofocus") == 1
    assert not PickList.objects.exists()


def test_the_page_of_a_list_has_all_that_is_sent(desk, offices, somebody):
    made = pick_list(somebody, "north", at=timezone.now())

    text = desk.get(f"{PAGE}{made.pk}/").text

    assert f"/lijstje/{made.key}/" in text
    assert 'href="mailto:?subject=' in text
    assert 'href="sms:?&amp;body=' in text


def test_a_list_is_withdrawn_on_its_page(desk, offices, somebody):
    made = pick_list(somebody, "north", at=timezone.now())

    response = desk.post(f"{PAGE}{made.pk}/")

    assert response.status_code == 303
    assert made.key not in desk.get(response["Location"]).text


def test_my_lists_say_how_often_each_was_opened(desk, offices, somebody):
    mine = pick_list(somebody, "north", "south", at=timezone.now())
    PickList.objects.filter(pk=mine.pk).update(opened_count=7)
    others = pick_list(advisor(), "north", at=timezone.now())

    text = desk.get(PAGE).text

    assert "7 times" in text
    assert f"{PAGE}{mine.pk}/" in text
    assert f"{PAGE}{others.pk}/" not in text


def test_administrators_see_the_lists_of_all(client, offices, somebody):
    made = pick_list(somebody, "north", at=timezone.now())
    log_in(client, administrator())

    assert f"{PAGE}{made.pk}/" in client.get(PAGE).text
    assert client.get(f"{PAGE}{made.pk}/").status_code == 200


def test_a_page_of_lists_takes_as_many_queries_for_one_as_for_ten(
    desk, offices, somebody, django_assert_num_queries
):
    for count in (1, 9):
        for _time in range(count):
            pick_list(somebody, "north", "south", at=timezone.now())

        with django_assert_num_queries(LIST_QUERIES):
            desk.get(PAGE)


# Session, user, second step, and whether the menu has a region; then the lists and their number.
LIST_QUERIES = 6
