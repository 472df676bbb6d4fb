"""From what to what, as people read it."""

import pytest
from django.template import Context, Template
from django.utils import translation
from hypothesis import given, strategies as st

from navigator.editing.differences import (
    ADDED,
    LEFT_OUT,
    REMOVED,
    SAME,
    Labels,
    Piece,
    differences,
    labels,
    words,
)
from regions.models import EducationRegion, Municipality, RegionalOffice, Sector
from tests.patience import with_patience

XSS = "<script>alert(1)</script>"


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def difference(field, before, after, model=RegionalOffice):
    [found] = differences(model, {field: [before, after]})
    return found


def items(found):
    return [(item.kind, item.text) for group in found.groups for item in group.items]


def shown(found):
    template = Template(
        '{% include "components/diff_field.html" with difference=difference level=3 only %}'
    )
    return template.render(Context({"difference": found}))


# Texts


def test_a_text_says_which_words_went_and_came():
    assert words("Bel ons op maandag.", "Bel ons op dinsdag.") == (
        Piece(SAME, "Bel ons op "),
        Piece(REMOVED, "maandag"),
        Piece(ADDED, "dinsdag"),
        Piece(SAME, "."),
    )


def test_words_that_change_beside_each_other_are_read_together():
    pieces = words("Wij helpen alle nieuwe docenten graag", "Wij helpen jonge leraren graag")

    assert [piece.text for piece in pieces if piece.kind == REMOVED] == ["alle nieuwe docenten"]
    assert [piece.text for piece in pieces if piece.kind == ADDED] == ["jonge leraren"]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("", "Nieuw", (Piece(ADDED, "Nieuw"),)),
        ("Oud", "", (Piece(REMOVED, "Oud"),)),
        ("", "", ()),
        (
            "Iets heel anders dus",
            "Kom langs op donderdag om te praten",
            (
                Piece(REMOVED, "Iets heel anders dus"),
                Piece(ADDED, "Kom langs op donderdag om te praten"),
            ),
        ),
    ],
)
def test_texts_with_nothing_in_common_stand_one_after_another(before, after, expected):
    assert words(before, after) == expected


def test_the_middle_of_a_long_text_that_stayed_is_left_out():
    long = " ".join(f"woord{number}" for number in range(400))

    pieces = words(f"Begin {long} eind", f"Start {long} slot")

    kinds = [piece.kind for piece in pieces]
    assert kinds == [REMOVED, ADDED, SAME, LEFT_OUT, SAME, REMOVED, ADDED]
    assert "woord3 " in pieces[2].text
    assert "woord200" not in pieces[2].text + pieces[4].text
    assert pieces[4].text.endswith("woord399 ")


@given(st.text("ab .\n", max_size=40), st.text("ab .\n", max_size=40))
def test_both_texts_can_be_read_from_the_pieces(before, after):
    pieces = words(before, after)

    assert "".join(piece.text for piece in pieces if piece.kind != ADDED) == before
    assert "".join(piece.text for piece in pieces if piece.kind != REMOVED) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a " * 2000, "a " * 1999 + "b"),
        ("a b " * 1000, "b a " * 1000),
        ("." * 4000, "," * 2000 + "." * 2000),
        (" ".join(map(str, range(900))), " ".join(map(str, reversed(range(900))))),
    ],
)
def test_the_worst_texts_are_compared_to_an_end(before, after):
    with with_patience(before):
        assert words(before, after)


# Other fields


@pytest.mark.parametrize(
    ("field", "before", "after", "told"),
    [
        ("has_visiting_location", False, True, ("No", "Yes")),
        ("state", "published", "archived", ("Published", "Archived")),
        ("email_response", "", "one-working-day", ("not filled in", "within one working day")),
        ("preferred_contact", "phone", "", ("by phone", "not filled in")),
        ("phone", "+31302270374", "", ("+31 30 227 0374", "not filled in")),
        ("website", "https://a.nl/", "https://b.nl/", ("https://a.nl/", "https://b.nl/")),
        ("confirmed_on", None, "2026-11-24", ("not filled in", "24 November 2026")),
    ],
)
def test_values_are_told_in_words(world, field, before, after, told):
    found = difference(field, before, after)

    assert (found.before, found.after) == told


def test_sectors_are_named_in_the_language_of_the_page(world):
    po, mbo = Sector.objects.get(code="po"), Sector.objects.get(code="mbo")

    english = items(difference("sectors", ["po", "vo"], ["mbo", "vo"]))
    with translation.override("nl"):
        dutch = items(difference("sectors", ["po", "vo"], ["mbo", "vo"]))

    assert english == [(REMOVED, po.name_en), (ADDED, mbo.name_en)]
    assert dutch == [(REMOVED, po.name_nl), (ADDED, mbo.name_nl)]


def test_a_few_municipalities_are_named(world):
    world.postcode("3011", municipality="Rotterdam")
    world.postcode("3012", municipality="Schiedam")

    found = difference("municipalities", ["GM3011"], ["GM3012", "GM9999"])

    assert items(found) == [(ADDED, "GM9999"), (REMOVED, "Rotterdam"), (ADDED, "Schiedam")]


def test_many_municipalities_stand_under_their_provinces(world):
    with world.at_once():
        for number in range(11):
            world.municipality(f"Gemeente {number:02}", province="utrecht")
        world.municipality("Assen", province="drenthe")
    assen = Municipality.objects.get(name="Assen").code
    others = Municipality.objects.exclude(name="Assen").values_list("code", flat=True)

    found = difference("municipalities", [assen], list(others))

    assert [group.title for group in found.groups] == ["Drenthe: 1 removed", "Utrecht: 11 added"]
    assert [item.text for item in found.groups[1].items][:2] == ["Gemeente 00", "Gemeente 01"]


def test_hours_are_told_for_each_weekday_that_differs(world):
    found = difference(
        "phone_hours",
        [[1, "09:00", "12:00"], [1, "13:00", "17:00"], [2, "09:00", "12:00"]],
        [[1, "09:00", "12:00"], [2, "09:00", "12:00"], [5, "10:00", "11:00"]],
    )

    assert items(found) == [
        (REMOVED, "Monday: 09:00–12:00, 13:00–17:00"),
        (ADDED, "Monday: 09:00–12:00"),
        (REMOVED, "Friday: closed"),
        (ADDED, "Friday: 10:00–11:00"),
    ]


def test_support_has_its_name_note_and_links(world):
    found = difference(
        "support.vacancies",
        {"note": "Elke week", "links": ["https://a.nl/"]},
        {"note": "Elke maand", "links": ["https://b.nl/"]},
    )

    assert found.label == labels(RegionalOffice, ["support.vacancies"])[0] != "vacancies"
    assert not found.has_values
    assert [piece.text for piece in found.words if piece.kind == ADDED] == ["maand"]
    assert items(found) == [(REMOVED, "https://a.nl/"), (ADDED, "https://b.nl/")]


def test_support_that_comes_or_goes_says_so(world):
    found = difference("support.vacancies", None, {"note": "", "links": []})

    assert (found.before, found.after) == ("not offered", "offered")


def test_links_in_another_order_are_told(world):
    found = difference(
        "support.vacancies",
        {"note": "", "links": ["https://a.nl/", "https://b.nl/"]},
        {"note": "", "links": ["https://b.nl/", "https://a.nl/"]},
    )

    assert found.remark
    assert found.groups == ()


@pytest.mark.parametrize(
    ("after", "moved"), [([51.925, 4.5], "Moved by 556 m."), ([52.09, 5.12], "Moved by 4")]
)
def test_a_point_says_how_far_it_moved(world, after, moved):
    assert difference("visiting_point", [51.92, 4.5], after).remark.startswith(moved)


def test_a_drawn_area_says_what_became_of_it(world):
    remarks = {
        difference("drawn_area", before, after).remark
        for before, after in [(None, {"a": 1}), ({"a": 1}, None), ({"a": 1}, {"a": 2})]
    }

    assert len(remarks) == 3


def test_fields_stand_in_the_order_of_the_form(world):
    changes = {"website": ["", "x"], "name": ["a", "b"], "sectors": [[], ["po"]], "email": ["", ""]}

    assert [each.field for each in differences(RegionalOffice, changes)] == [
        "name",
        "website",
        "sectors",
    ]
    assert len(differences(EducationRegion, {"name": ["a", "b"], "slug": ["a", "b"]})) == 2


def test_many_fields_take_as_many_queries_as_the_kinds_of_names(world, django_assert_num_queries):
    changes = {
        "name": ["a", "b"],
        "sectors": [[], ["po"]],
        "regions": [[], ["x"]],
        "municipalities": [[], ["GM1"]],
        "support.vacancies": [None, {"note": "", "links": []}],
        "support.personal-conversation": [None, {"note": "", "links": []}],
    }

    with django_assert_num_queries(5):
        differences(RegionalOffice, changes)
    with django_assert_num_queries(2):
        names = Labels(RegionalOffice)
        for _ in range(3):
            names.of(changes)


# How it is shown


def test_what_went_and_came_is_said_in_words_too(world):
    page = shown(difference("name", "Loket een", "Loket twee"))

    assert '<del><span class="visually-hidden">gone: </span>een' in page
    assert '<ins><span class="visually-hidden">new: </span>twee' in page


def test_a_text_keeps_its_spaces_and_line_breaks(world):
    page = shown(difference("description", "Een\n\n- twee", "Een\n\n- twee\n- drie"))

    assert '<p class="diff-words">Een\n\n- twee<ins>' in page


@pytest.mark.parametrize(
    ("field", "before", "after"),
    [
        ("name", "Loket", f"Loket {XSS}"),
        ("description", XSS, ""),
        ("website", "", f"https://a.nl/{XSS}"),
        ("sectors", [], [XSS]),
        ("municipalities", [], [XSS]),
        ("regions", [XSS], []),
        ("state", "published", XSS),
        ("support.vacancies", None, {"note": XSS, "links": [f"https://a.nl/{XSS}", XSS]}),
        (f"support.{XSS}", None, {"note": "", "links": []}),
        ("phone_hours", [], [[1, XSS, XSS]]),
    ],
)
def test_whatever_stands_in_a_field_stays_a_text(world, field, before, after):
    page = shown(difference(field, before, after))

    assert "alert" in page
    assert "<script" not in page


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", " https://a.nl"])
def test_only_web_addresses_become_links(world, url):
    page = shown(difference("support.vacancies", None, {"note": "", "links": [url]}))

    assert "<a " not in page


def test_a_link_leads_there_and_tells_it_nothing(world):
    page = shown(difference("support.vacancies", None, {"note": "", "links": ["https://a.nl/"]}))

    assert '<a href="https://a.nl/" rel="noreferrer nofollow">' in page
