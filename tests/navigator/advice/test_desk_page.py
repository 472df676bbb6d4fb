"""The desk as a page, and the part of it that htmx asks for."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from navigator.advice import shortcuts
from tests import people

pytestmark = pytest.mark.django_db
DESK = "/en/advies/"
LETTERS = re.compile(r"3011(?:%20|[\s+-])?zx", re.IGNORECASE)


@pytest.fixture
def advisor(world):
    """An advisor who is logged in, in a world with an office in Rotterdam and one beside it."""
    with world.at_once():
        world.postcode("3011", place="Rotterdam", municipality="Rotterdam")
        world.postcode("3121", place="Schiedam", municipality="Schiedam")
        world.office("here", name="Loket aan de Maas", serves=["3011"], support=["webinar"])
        world.office("beside", name="Schiedams loket", serves=["3121"], sectors=["mbo"])
    return people.log_in(Client(), people.advisor())


class _Elements(HTMLParser):
    def __init__(self, html):
        super().__init__()
        self.found = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


def elements(html, tag, **wanted):
    wanted = {name.replace("_", "-"): value for name, value in wanted.items()}
    return [
        attrs
        for found, attrs in _Elements(html).found
        if found == tag and wanted.items() <= attrs.items()
    ]


def rows(response):
    return [
        attrs["data-row"] for attrs in elements(response.text, "article") if "data-row" in attrs
    ]


def ask(client, **question):
    return client.get(DESK, question, headers={"hx-request": "true"})


def test_the_page_opens_with_the_focus_in_an_empty_field_and_says_what_to_type(advisor):
    response = advisor.get(DESK)

    (field,) = elements(response.text, "input", name="q")
    assert "autofocus" in field
    assert field["value"] == ""
    assert "desk-beginning" in response.text
    assert rows(response) == []


def test_an_answer_has_a_row_for_each_office_in_order(advisor):
    assert rows(advisor.get(DESK, {"q": "3011"})) == ["here", "beside"]


def test_htmx_is_answered_with_the_rows_alone_and_the_address_that_shows_them(advisor):
    response = ask(advisor, q="3011", sector="po", support="webinar")

    assert "<html" not in response.text
    assert rows(response)[0] == "here"
    assert response.headers["HX-Replace-Url"] == f"{DESK}?q=3011&sector=po&support=webinar"
    assert "HX-Request" in response.headers["Vary"]


def test_an_answer_is_kept_by_nobody(advisor):
    for response in (advisor.get(DESK, {"q": "3011"}), ask(advisor, q="3011")):
        assert "no-store" in response.headers["Cache-Control"]


@pytest.mark.parametrize("typed", ["3011ZX", "3011 zx", "3011-ZX", "Weg 1, 3011 ZX Rotterdam"])
@pytest.mark.parametrize("headers", [{}, {"hx-request": "true"}], ids=["page", "htmx"])
def test_letters_of_a_postcode_go_on_to_the_digits(advisor, typed, headers):
    response = advisor.get(DESK, {"q": typed, "sector": "po"}, headers=headers)

    assert (response.status_code, response.headers["Location"]) == (302, f"{DESK}?q=3011&sector=po")
    assert response.headers["Cache-Control"] == "no-store"


def test_letters_of_a_postcode_are_gone_before_the_log_in_page_repeats_the_address(client, world):
    response = client.get("/advies/", {"q": "3011ZX"}, follow=True)

    assert not any(LETTERS.search(address) for address, _status in response.redirect_chain)
    assert not LETTERS.search(response.text)


def test_letters_of_a_postcode_are_on_no_page_and_in_no_link(advisor):
    response = advisor.get(DESK, {"q": "3011 ZX"}, follow=True)

    assert rows(response) == ["here", "beside"]
    assert not LETTERS.search(response.text)


def test_letters_of_a_postcode_reach_no_log(advisor, caplog):
    advisor.get(DESK, {"q": "3011 ZX"}, follow=True)
    advisor.get(DESK, {"q": "3011 ZX", "sector": "wrong"}, follow=True)

    assert not LETTERS.search(caplog.text)


def test_the_language_switch_keeps_the_question(advisor):
    response = advisor.get(DESK, {"q": "Rotterdam"})

    assert elements(response.text, "a", href="/advies/?q=Rotterdam")


@pytest.mark.parametrize("wrong", [{"sector": "x"}, {"support": "x"}])
def test_a_filter_that_does_not_exist_is_told(advisor, wrong):
    for response in (advisor.get(DESK, {"q": "3011", **wrong}), ask(advisor, q="3011", **wrong)):
        assert response.status_code == 400
        assert "notice" in response.text
        assert "HX-Replace-Url" not in response.headers


def test_what_is_asked_stays_in_the_form(advisor):
    html = advisor.get(
        DESK, {"q": "3011", "sector": "mbo", "support": ["webinar", "vacancies"]}
    ).text

    ticked = {
        attrs["value"]
        for attrs in elements(html, "input")
        if "checked" in attrs and "value" in attrs
    }
    assert {"mbo", "webinar", "vacancies"} <= ticked
    assert elements(html, "input", name="q", value="3011")


def test_without_a_script_a_mark_is_a_button_that_leads_to_an_address(advisor):
    page = advisor.get(DESK, {"q": "3011", "gekozen": ["beside"]}).text
    (button,) = elements(page, "button", name="erbij")

    response = advisor.get(DESK, {"q": "3011", "gekozen": ["beside"], "erbij": button["value"]})

    assert button["form"] == "desk-search"
    assert response.status_code == 303
    assert response.headers["Location"] == f"{DESK}?q=3011&gekozen=beside&gekozen=here"


def test_a_mark_can_be_taken_away(advisor):
    page = advisor.get(DESK, {"q": "3011", "gekozen": ["here"]}).text
    (button,) = elements(page, "button", name="eraf")

    response = advisor.get(DESK, {"q": "3011", "gekozen": ["here"], "eraf": "here"})

    assert (button["value"], button["aria-pressed"]) == ("here", "true")
    assert response.headers["Location"] == f"{DESK}?q=3011"


def test_marks_stay_in_links_and_forms(advisor):
    html = advisor.get(DESK, {"q": "loket", "gekozen": ["here"]}).text

    assert elements(html, "input", type="hidden", name="gekozen", value="here")


@pytest.mark.parametrize("slug", ["nobody", "", "x" * 500, "\x00"])
def test_only_published_offices_can_be_marked(advisor, slug):
    response = advisor.get(DESK, {"gekozen": [slug, "here"], "erbij": slug or "here"})

    assert response.headers["Location"] == f"{DESK}?gekozen=here"


def test_each_row_leads_to_the_profile_and_to_a_correction(advisor):
    html = advisor.get(DESK, {"q": "3011"}).text

    assert elements(html, "a", href="/en/regioloketten/here/?postcode=3011")
    assert elements(html, "a", href="/en/advies/verbeteringen/here/", data_row_key="f")


def test_each_row_holds_its_texts_in_both_languages(advisor):
    html = ask(advisor, q="3011").text

    assert len(elements(html, "pre", lang="nl")) == len(elements(html, "pre", lang="en")) == 2


def test_a_choice_is_a_link_that_keeps_the_filters(advisor, world):
    world.place("Rotterdam", municipality="Venray", postcodes=["5801"])

    html = ask(advisor, q="Rotterdam", sector="po").text

    assert elements(html, "a", href=f"{DESK}?q=Rotterdam%2C+Venray&sector=po")


def test_whatever_is_typed_is_shown_as_text(advisor):
    html = advisor.get(DESK, {"q": "<b>loket</b> \"'"}).text

    assert "<b>" not in html


def test_no_key_stands_for_two_things():
    seen = {}
    for shortcut in shortcuts.SHORTCUTS:
        for key in shortcut.keys:
            if key != "ArrowDown":  # from the field to the rows, and from row to row
                seen.setdefault(key, []).append(shortcut)

    assert [key for key, each in seen.items() if len(each) > 1] == []


def test_every_key_on_the_desk_is_declared_and_listed(advisor):
    html = advisor.get(DESK, {"q": "3011"}).text
    declared = {key for shortcut in shortcuts.SHORTCUTS for key in shortcut.keys}
    used = {
        attrs[name]
        for _tag, attrs in _Elements(html).found
        for name in ("data-shortcut", "data-row-key", "aria-keyshortcuts")
        if name in attrs
    }

    assert used <= declared
    assert {"/", "?", "1", "p", "x", "c", "e", "f", "n", "r", "l"} <= used
    assert html.count("<dialog") == 1


def test_keys_of_scripts_are_declared():
    folder = Path(settings.BASE_DIR) / "navigator/static/navigator/desk"
    declared = {key for shortcut in shortcuts.SHORTCUTS for key in shortcut.keys}
    used = {
        key
        for script in folder.glob("*.js")
        for key in re.findall(r'onKey\("(.+?)"', script.read_text(encoding="utf-8"))
    }

    assert used
    assert used <= declared


def test_an_answer_while_typing_takes_a_known_number_of_queries(advisor, django_assert_num_queries):
    ask(advisor, q="Rotterdam")

    # The session, the person, and the second factor.
    with django_assert_num_queries(3):
        ask(advisor, q="Rotterdam")
    with django_assert_num_queries(4):
        ask(advisor, q="3011")


@pytest.mark.parametrize(("chosen", "is_open"), [([], False), (["webinar"], True)])
def test_the_kinds_of_support_are_folded_until_one_is_chosen(advisor, world, chosen, is_open):
    response = advisor.get(DESK, {"support": chosen})

    assert ("<details open data-desk-support>" in response.content.decode()) is is_open
