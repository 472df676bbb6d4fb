"""What is too long, too much, too deep or too large for a number."""

import json
from contextlib import suppress

import pytest
from django.db import transaction
from django.test import Client

from regions import cleaning, markdown
from regions.models import RegionalOffice, Revision
from tests.navigator.editing import pages
from tests.patience import with_patience
from tests.test_access import LINES

LONG = 100_000
PARTS = [
    "a", " ", "(", ")", "()", ")]}", "[", "]", "[]", "[a](", "[a](x", "![", "*", "**", "a*", "a *",
    "_a", "`", "<", "<a", "<http:", "&", "&#", "\\", "\n", "\n- ", "1. ", "# ", "#", "x.", "x#",
    "0", "0 ", "+", "@", "a@", ".", "a.", ":", "a:", "1:", "/", "\t", "‘", "﹕", "\u0301",
    "\u0316\u0301", "\u200d", "☀\u200d", ",", "9-17,", "9 ", "- ", "lorem ", "xxx", "[…]", "](",
    "[a]: b\n", "[a][b]", "http://", "mailto:", "e-mail:", "of ", "tel", "ext", "\u3000", "a\n=\n",
    '"', "'", "<a@b>", "xn--", "ß",
]  # fmt: skip
AROUND = ["{}", "a{}b", "https://a.nl/{}", "a@{}!", "9{}!", "[a]({}"]
READERS = {
    "line": lambda text: cleaning.line(text, 300),
    "paragraphs": lambda text: cleaning.paragraphs(text, 4000),
    "slug": cleaning.slug,
    "web address": cleaning.web_address,
    "e-mail": cleaning.email,
    "phone": cleaning.phone,
    "hours": cleaning.hours,
    "two hours": lambda text: cleaning.hours([(text, "17")]),
    "html": markdown.to_html,  # texts and links are read in the same way
}


def _hostile(length):
    for part in PARTS:
        for around in AROUND:
            yield around.format((part * (length // len(part) + 1))[:length])


@pytest.mark.parametrize("length", [1_500, LONG])
@pytest.mark.parametrize("read", READERS.values(), ids=READERS)
def test_no_text_is_read_without_end(read, length):
    for text in _hostile(length):
        with with_patience(text), suppress(cleaning.Unclean):
            read(text)


def test_no_text_that_can_be_stored_is_searched_without_end_for_what_is_left_to_fill_in():
    for text in _hostile(8_000):
        with with_patience(text):
            cleaning.placeholders_in(text)


NUMBERS = [0, 2**31, 2**63 - 1, 2**63, 10**30, int("9" * 400)]


@pytest.mark.parametrize("number", NUMBERS, ids=lambda number: f"{len(str(number))} digits")
def test_a_number_that_no_database_knows_is_not_found(as_administrator, site, number):
    for route, line in LINES:
        if "<int:" not in route or "geg" in line.example:
            continue
        address = line.example
        while "{" in address:
            before, _open, rest = address.partition("{")
            address = f"{before}{number}{rest.partition('}')[2]}"
        address = address.replace("flevowijs", "hier")
        for method in ("get", "post"):
            answer = getattr(as_administrator, method)(address)

            assert answer.status_code in (400, 404, 405), (method, address)


@pytest.mark.parametrize("number", ["-1", "0", "9" * 400, "1e9", "\x00", "x", "١"])
def test_a_page_that_no_list_has_breaks_none(as_administrator, number):
    for _route, line in LINES:
        if "{" in line.example or line.answer("GET", "administrator") != "200":
            continue
        address = line.example.partition("?")[0]
        address = address.replace("flevowijs", "hier").replace("almere-lelystad", "regio-hier")
        answer = as_administrator.get(address, {"page": number, "pagina": number, "p": number})

        assert answer.status_code < 500, address


@pytest.mark.parametrize(
    "text", ["\x00", "\ud800".encode("utf-8", "surrogatepass"), b"\xff\xfe", "\x1b"]
)
def test_characters_that_no_database_takes_break_nothing(as_administrator, site, text):
    names = ("email", "login", "name", "slug", "q", "note", "comment", "password", "do", "field",
             "postcode", "place", "description", "revision", "seen", "base", "code")  # fmt: skip
    for _route, line in LINES:
        if "{" in line.example:
            continue
        address = line.example.partition("?")[0]
        address = address.replace("flevowijs", "hier").replace("almere-lelystad", "regio-hier")
        for browser in (as_administrator, Client()):
            with transaction.atomic():
                read = browser.get(address, dict.fromkeys(names, text))
                sent = browser.post(address, dict.fromkeys(names, text))
                transaction.set_rollback(True)

            assert read.status_code < 500, address
            assert sent.status_code < 500, address


def _patch(client, body, **more):
    etag = client.get("/api/v1/my/offices/hier")["ETag"]
    return client.patch(
        "/api/v1/my/offices/hier",
        body if isinstance(body, str) else json.dumps(body),
        content_type="application/json",
        headers={"If-Match": etag, **more},
    )


@pytest.mark.parametrize(
    "body",
    [
        {"municipalities": [f"GM{number}" for number in range(10_000)]},
        {"partialPostcodes": ["3011"] * 10_000},
        {"support": {"vacancies": {"links": [f"https://a.nl/{n}" for n in range(10_000)]}}},
        {"support": {"vacancies": {"note": "x" * 200_000}}},
        {"note": "x" * 200_000},
        {"description": "[a](" * 50_000},
        {"phoneHours": [{"weekday": 1, "opens": " " * 100_000, "closes": "9"}]},
        {"phoneHours": [{"weekday": 1, "opens": "9:00", "closes": "17:00"}] * 1000},
        {"phoneHours": [{"weekday": 10**30, "opens": "9:00", "closes": "17:00"}]},
        {"visitingPoint": {"latitude": 1e308, "longitude": -1e308}},
        {f"field{number}": 1 for number in range(10_000)},
        "[" * 100_000,
        '{"a":' * 30_000,
        '{"name": "a", "name": "b"}',
        '{"name": NaN}',
        '{"visitingPoint": {"latitude": 1e999, "longitude": 5}}',
        "1" * 200_000,
        '{"name": "\\ud800"}',
        '{"name": "\\u0000"}',
    ],
    ids=lambda body: str(body)[:40],
)
def test_the_api_refuses_too_much_before_it_costs_much(
    as_editor, body, django_assert_max_num_queries
):
    with with_patience(), django_assert_max_num_queries(60):
        answer = _patch(as_editor, body)

    assert answer.status_code in (400, 413), answer.text[:300]
    assert len(answer.content) < 20_000 or b"errors" in answer.content
    assert not Revision.objects.exists()


def test_the_api_refuses_a_megabyte_unread(as_editor):
    assert _patch(as_editor, {"note": "x" * 1_000_000}).status_code == 413


@pytest.mark.parametrize(
    ("section", "typed"),
    [
        ("introduction", {"description": "[a](" * 1000}),
        ("introduction", {"description": "x" * 200_000}),
        ("contact", {"phone_hours.1.from1": "9" + " " * 100_000 + "!"}),
        ("contact", {"email": "a" + " " * 100_000 + "b"}),
        ("contact", {"phone": "#" * 100_000}),
        ("contact", {"website": ")" * 100_000}),
        (
            "support",
            {"support.vacancies.offered": "on", "support.vacancies.links": "a.nl\n" * 10_000},
        ),
        ("area", {"municipalities": [f"GM{number}" for number in range(5_000)]}),
        ("area", {"partial_postcodes": "1234 " * 20_000}),
    ],
    ids=lambda part: str(part)[:40],
)
@pytest.mark.parametrize("do", ["publish", "preview", "check", "effect"])
def test_a_form_refuses_too_much_before_it_costs_much(as_editor, section, typed, do):
    office = RegionalOffice.objects.get(slug="hier")
    form = pages.opened(as_editor, office, section)

    with with_patience():
        answer = as_editor.post(
            pages.section(office, section), {**form, **typed, "do": do, "field": next(iter(typed))}
        )

    assert answer.status_code in (200, 303, 400)


def test_a_preview_of_a_text_is_cut(as_editor):
    with with_patience():
        answer = as_editor.post(
            "/mijn-regio/opmaak/", {"field": "description", "description": "[" * 200_000}
        )

    assert answer.status_code == 200


def test_more_fields_than_any_form_has_are_refused(as_editor):
    answer = as_editor.post(
        "/mijn-regio/loketten/hier/contact/", {f"field{number}": "x" for number in range(1_100)}
    )

    assert answer.status_code == 400


@pytest.mark.parametrize(
    "area", ["[" * 90_000, '{"type": "Polygon", "coordinates": []}', '{"type": "Polygon"}', "NaN",
             '{"type": "Polygon", "coordinates": [[[1]]]}', '{"type": "Polygon", "coordinates": 5}',
             '{"type": "Polygon", "coordinates": [[["a", "b"]]]}', "[]", "1e999", '"x"',
             '{"type": "Polygon", "coordinates": [[[4,52],[4,52],[4,52],[4,52]]]}'],
    ids=lambda area: area[:30],
)  # fmt: skip
def test_an_area_that_is_none_breaks_nothing(as_administrator, area):
    office = RegionalOffice.objects.get(slug="hier")
    form = pages.opened(as_administrator, office, "administration")

    answer = as_administrator.post(
        pages.section(office, "administration"), {**form, "drawn_area": area, "do": "publish"}
    )

    assert answer.status_code == 400
    assert not Revision.objects.exists()
