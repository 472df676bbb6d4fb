"""What people type or paste becomes a clean value, or is told why not."""

import re
import unicodedata
from datetime import time
from urllib.parse import urlsplit

import pytest
from django.utils import translation
from hypothesis import example, given, strategies as st

from regions import cleaning
from regions.cleaning import Unclean, placeholders_in
from regions.models import EducationRegion, RegionalOffice, SupportLink

ANYTHING = st.text(max_size=80)
# Pieces of which addresses are made, right and wrong, in any order.
PIECES = st.lists(
    st.sampled_from(
        [
            "http",
            "https",
            "javascript",
            "ｊavascript",
            ":",
            "：",
            "/",
            "//",
            "\\",
            "@",
            "www.",
            "school",
            "münchen",
            ".nl",
            ".",
            "?",
            "#",
            "%",
            "[",
            "]",
            "(",
            ")",
            "<",
            ">",
            '"',
            "’",
            " ",
            "\n",
            "\t",
            "\x00",
            "\u200b",
            "\u202e",
            "\u00a0",
            "127.0.0.1",
            ":8080",
            ":443",
            "é",
        ]
    ),
    max_size=12,
).map("".join)


def why_not(clean, typed, *args):
    with pytest.raises(Unclean) as refused:
        clean(typed, *args)
    return refused.value.code


def cleaned(clean, typed):
    """The clean value, or None for what is refused; the reason then has words."""
    try:
        return clean(typed)
    except Unclean as error:
        cleaning.message(error)
        return None


@pytest.mark.parametrize(
    ("typed", "clean"),
    [
        ("", ""),
        ("  Loket\u00a0Noord  ", "Loket Noord"),
        ("Loket\u200b Noord\ufeff", "Loket Noord"),
        ("Loket\r\nNoord", "Loket Noord"),
        ("\u202etekoL", "tekoL"),
        ("Loket\x00\x1b Noord", "Loket Noord"),
        ("cafe\u0301", "café"),
        ("‘Aan de slag’ in ’s-Hertogenbosch", "‘Aan de slag’ in ’s-Hertogenbosch"),
        ("\U0001f469\u200d\U0001f3eb leraar\u200d", "\U0001f469\u200d\U0001f3eb leraar"),
    ],
)
def test_a_line_has_single_spaces_and_nothing_that_nobody_sees(typed, clean):
    assert cleaning.line(typed, 80) == clean


def test_paragraphs_keep_their_lines_and_lists():
    typed = "\ufeffEerste \tregel  hier \r\nTweede\u2028Derde\n\n\n\n- een\n  - twee\n\n"

    clean = cleaning.paragraphs(typed, 200)

    assert clean == "Eerste regel hier\nTweede\nDerde\n\n- een\n  - twee"


def test_a_bullet_of_a_word_processor_stays_a_bullet():
    assert cleaning.paragraphs("\uf0b7 advies", 20) == "• advies"


@pytest.mark.parametrize("clean", [cleaning.line, cleaning.paragraphs])
def test_a_text_that_is_too_long_says_by_how_many_characters(clean):
    with pytest.raises(Unclean) as refused:
        clean(" twaalf tekens  ", 10)

    assert (refused.value.code, refused.value.params) == ("too_long", {"over": 3, "most": 10})


def test_what_is_removed_does_not_count_for_the_length():
    assert cleaning.line("  a\u200bb  ", 2) == "ab"


@pytest.mark.parametrize(
    ("typed", "clean"),
    [
        ("", ""),
        ("www.school.nl", "https://www.school.nl"),
        ("  http://school.nl/werken  ", "http://school.nl/werken"),
        ("<https://school.nl/>", "https://school.nl/"),
        ("(school.nl/a),", "https://school.nl/a"),
        ("“https://school.nl/a”.", "https://school.nl/a"),
        ("https://school.nl/wiki/A_(b)", "https://school.nl/wiki/A_(b)"),
        ("\ufeffhttps://school.nl\u200b", "https://school.nl"),
        ("https://school.nl/l’école", "https://school.nl/l'%C3%A9cole"),
        ("HTTPS://School.NL:443/Werken", "https://school.nl/Werken"),
        ("school.nl:8080/a", "https://school.nl:8080/a"),
        ("https:\\\\school.nl", "https://school.nl"),
        ("https:/school.nl", "https://school.nl"),
        ("//school.nl", "https://school.nl"),
        ("https://münchen.de/", "https://xn--mnchen-3ya.de/"),
        ("https://school。nl/", "https://school.nl/"),
        ("https://school.nl/a%20b?x[]=1&y=é#z", "https://school.nl/a%20b?x[]=1&y=%C3%A9#z"),
        ('https://school.nl/"><script', "https://school.nl/%22%3E%3Cscript"),
    ],
)
def test_a_web_address_is_mended_where_it_is_plain_what_was_meant(typed, clean):
    assert cleaning.web_address(typed) == clean


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("javascript:alert(1)", "unsafe_address"),
        (" JaVaScRiPt:alert(1)", "unsafe_address"),
        ("java\nscript:alert(1)", "unsafe_address"),
        ("java\tscript:alert(1)", "unsafe_address"),
        ("java\u200bscript:alert(1)", "unsafe_address"),
        ("\x01javascript:alert(1)", "unsafe_address"),
        ("data:text/html,<script>", "unsafe_address"),
        ("vbscript:msgbox(1)", "unsafe_address"),
        ("ｊavascript:alert(1)", "unsafe_address"),
        ("ｈttps://school.nl", "unsafe_address"),
        ("һttps://school.nl", "unsafe_address"),
        ("https：//school.nl", "unsafe_address"),
        ("https://school.nl／evil.example", "unsafe_address"),
        ("https://school.nl@evil.example", "unsafe_address"),
        ("https://name:word@school.nl/", "unsafe_address"),
        ("https://school.nl\\@evil.example", "unsafe_address"),
        ("https://school.nl\\.evil.example/", "unsafe_address"),
        ("https://school.nl\x00.evil.example", "unsafe_address"),
        ("ht\ntps://school.nl", "space_in_address"),
        ("https://school.nl/a b", "space_in_address"),
        ("ftp://school.nl", "other_scheme"),
        ("view-source:https://school.nl", "other_scheme"),
        ("mailto:info@school.nl", "email_as_address"),
        ("info@school.nl", "email_as_address"),
        ("https://", "not_an_address"),
        ("https://school..nl", "not_an_address"),
        ("https://sch%6fol.nl", "not_an_address"),
        ("https://school.nl:99999", "not_an_address"),
        ("geen", "no_host_name"),
        ("https://intranet/", "no_host_name"),
        ("http://localhost:8000/", "no_host_name"),
        ("http://school.local/", "no_host_name"),
        ("http://127.0.0.1/", "no_host_name"),
        ("http://0x7f.1/", "no_host_name"),
        ("http://2130706433/", "no_host_name"),
        ("http://[::1]/", "no_host_name"),
        ("https://１２７.0.0.1/", "no_host_name"),
    ],
)
def test_a_web_address_that_leads_elsewhere_or_nowhere_is_refused(typed, code):
    assert why_not(cleaning.web_address, typed) == code


def test_a_web_address_is_as_long_as_it_is_stored():
    typed = "school.nl/" + "é" * 50

    assert why_not(cleaning.web_address, typed, 300) == "too_long"


@pytest.mark.django_db
@given(st.one_of(ANYTHING, PIECES))
@example("https://school.nl/()')\"")
@example("0.0À")
def test_a_web_address_that_comes_out_is_stored_and_goes_in_again(typed):
    clean = cleaned(cleaning.web_address, typed)
    if clean is None:
        return

    assert cleaning.web_address(clean) == clean
    _stands_in(RegionalOffice, "website", clean)
    if clean:
        SupportLink._meta.get_field("url").clean(clean, None)
        assert urlsplit(clean).scheme in {"http", "https"}
        assert not urlsplit(clean).username


@pytest.mark.parametrize(
    ("typed", "clean"),
    [
        ("", ""),
        (" info@school.nl ", "info@school.nl"),
        ("info @ school. nl", "info@school.nl"),
        ("mailto:info@school.nl?subject=Vraag", "info@school.nl"),
        ("Regioloket <info@school.nl>", "info@school.nl"),
        ("“Regioloket” <info@school.nl>", "info@school.nl"),
        ("E-mail: ’info@school.nl’.", "info@school.nl"),
        ("info\u200b@school.nl\u00a0", "info@school.nl"),
        ("info(at)school.nl", "info@school.nl"),
        ("Info@SCHOOL.NL", "Info@school.nl"),
        ("info@münchen.de", "info@xn--mnchen-3ya.de"),
    ],
)
def test_an_email_address_is_taken_out_of_what_is_pasted(typed, clean):
    assert cleaning.email(typed) == clean


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("info", "not_an_email"),
        ("info@school", "not_an_email"),
        ("@school.nl", "not_an_email"),
        ("info@127.0.0.1", "not_an_email"),
        ("in fo@school.nl", "space_in_email"),
        ("info@school.nl\nBcc: x", "space_in_email"),
        ("info@school.nl; loket@school.nl", "more_emails"),
    ],
)
def test_what_is_no_email_address_is_refused(typed, code):
    assert why_not(cleaning.email, typed) == code


@pytest.mark.django_db
@given(st.one_of(ANYTHING, st.emails(), PIECES))
def test_an_email_address_that_comes_out_is_stored_and_goes_in_again(typed):
    clean = cleaned(cleaning.email, typed)
    if clean is None:
        return

    assert cleaning.email(clean) == clean
    _stands_in(RegionalOffice, "email", clean)


@pytest.mark.parametrize(
    ("typed", "clean"),
    [
        ("", ""),
        ("030 227 0374", "+31302270374"),
        ("(030) 227 03 74", "+31302270374"),
        ("030/2270374", "+31302270374"),
        ("+31 (0)30 227 0374", "+31302270374"),
        ("0031302270374", "+31302270374"),
        ("Tel.: 030\u2011227\u00a003 74", "+31302270374"),
        ("’06-12345678’", "+31612345678"),
        ("088 1234567", "+31881234567"),
        ("0800 1234", "+318001234"),
        ("0900-8844", "+319008844"),
        ("+32 2 512 00 00", "+3225120000"),
    ],
)
def test_a_phone_number_becomes_international(typed, clean):
    assert cleaning.phone(typed) == clean


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("bel ons", "not_a_phone"),
        ("-", "not_a_phone"),
        ("0800-SCHOOL", "not_a_phone"),
        ("030 227 037", "too_few_digits"),
        ("030 227 03744", "too_many_digits"),
        ("+31 30 227 0374 0374 0374 0374", "too_many_digits"),
        ("093 123 4567", "not_in_service"),
        ("112", "short_number"),
        ("116 117", "short_number"),
        ("14 010", "area_code_number"),
        ("140183", "area_code_number"),
        ("+31 14 010", "area_code_number"),
        ("0906 1234567", "premium_number"),
        ("030 227 0374 toestel 12", "extension"),
        ("030 227 0374 of 06 12345678", "more_phones"),
    ],
)
def test_a_phone_number_that_cannot_be_called_is_refused_with_the_reason(typed, code):
    assert why_not(cleaning.phone, typed) == code


@pytest.mark.django_db
@given(
    st.one_of(
        ANYTHING,
        st.from_regex(r"(\+|00)?[0-9 ()-]{3,16}", fullmatch=True),
        st.from_regex(r"0[1-9][0-9]{8}", fullmatch=True),
    )
)
def test_a_phone_number_that_comes_out_is_stored_and_goes_in_again(typed):
    clean = cleaned(cleaning.phone, typed)
    if clean is None:
        return

    assert cleaning.phone(clean) == clean
    _stands_in(RegionalOffice, "phone", clean)


@pytest.mark.parametrize(
    ("typed", "clean"),
    [("Loket Súdwest-Fryslân", "loket-sudwest-fryslan"), ("a_b  c", "a-b-c"), ("", "")],
)
def test_an_address_name_has_small_letters_digits_and_hyphens(typed, clean):
    assert cleaning.slug(typed) == clean


def test_an_address_name_of_signs_alone_is_refused():
    assert why_not(cleaning.slug, "!!!") == "not_a_slug"


@given(ANYTHING)
def test_an_address_name_that_comes_out_is_stored_and_goes_in_again(typed):
    clean = cleaned(cleaning.slug, typed)
    if clean is None:
        return

    assert cleaning.slug(clean) == clean
    if clean:
        EducationRegion._meta.get_field("slug").clean(clean, None)


@pytest.mark.parametrize(
    ("typed", "clean"),
    [
        ("", ()),
        ("gesloten", ()),
        ("9-17", (("09:00", "17:00"),)),
        ("9:00 – 12.30", (("09:00", "12:30"),)),
        ("09.00 tot 17.00 uur", (("09:00", "17:00"),)),
        ("9u30 - 17u", (("09:30", "17:00"),)),
        ("Van 9 tot 17 uur.", (("09:00", "17:00"),)),
        ("900-1700", (("09:00", "17:00"),)),
        ("13-17 en 9-12.30", (("09:00", "12:30"), ("13:00", "17:00"))),
        ("9:00-12:00/13:00-17:00", (("09:00", "12:00"), ("13:00", "17:00"))),
        ("20-24", (("20:00", "23:59"),)),
        ([("9", "12"), (time(13), time(17))], (("09:00", "12:00"), ("13:00", "17:00"))),
    ],
)
def test_hours_are_understood_as_people_write_them(typed, clean):
    assert cleaning.hours(typed) == clean


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("9u", "not_hours"),
        ("ochtend", "not_hours"),
        ("9-25", "not_hours"),
        ("9:60-12", "not_hours"),
        ("9-5", "end_before_begin"),
        ("9-9", "end_before_begin"),
        ("9-12, 11-13", "overlapping_hours"),
    ],
)
def test_hours_that_cannot_be_are_refused_with_the_reason(typed, code):
    assert why_not(cleaning.hours, typed) == code


@given(st.one_of(ANYTHING, st.lists(st.tuples(st.times(), st.times()), max_size=3)))
def test_hours_that_come_out_go_in_again(typed):
    clean = cleaned(cleaning.hours, typed)
    if clean is None:
        return

    assert cleaning.hours(clean) == clean
    assert cleaning.hours(", ".join("-".join(span) for span in clean)) == clean


@given(ANYTHING)
def test_a_text_that_comes_out_is_visible_and_goes_in_again(typed):
    clean = cleaning.paragraphs(typed, 200)
    in_one_line = cleaning.line(typed, 200)

    assert cleaning.paragraphs(clean, 200) == clean
    assert cleaning.line(in_one_line, 200) == in_one_line
    assert unicodedata.is_normalized("NFC", clean)
    assert not re.search(r"[^\S \n]|[\x00-\x09\x0b-\x1f\x7f\u200b\u202a-\u202e\ufeff]", clean)
    assert "\n" not in in_one_line


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("code", sorted(cleaning.MESSAGES))
def test_every_code_has_words(code, language):
    with translation.override(language):
        words = cleaning.message(Unclean(code, over=3, most=10))

    assert words
    assert "%" not in words


def test_one_character_too_many_is_not_called_characters():
    with translation.override("en"):
        words = cleaning.message(Unclean("too_long", over=1, most=10))

    assert "1 character too long" in words


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Bel […] of mail [e-mailadres].", ["[…]", "[e-mailadres]"]),
        ("Lees [onze pagina](https://school.nl).", []),
        ("Lees [onze pagina][1].\n\n[1]: https://school.nl", []),
        ("Lees […](https://school.nl).", ["[…](https://school.nl)"]),
        ("Zoals het er staat \\[sic\\].", []),
        ("[]", ["[]"]),
        ("Lorem ipsum dolor sit amet", ["Lorem ipsum"]),
        ("een dolorem", []),
        ("Bel 06-xxxxxxxx of XXX.", ["xxxxxxxx", "XXX"]),
        ("Maat XXL in hoofdstuk XXXV", []),
        ("www.xxx.nl", ["xxx"]),
        ("TODO: aanvullen", ["TODO"]),
        ("Onze todo-lijst", []),
        ("xx en [ los haakje", []),
        ("", []),
    ],
)
def test_what_still_has_to_be_filled_in_is_found(text, found):
    assert placeholders_in(text) == found


def _stands_in(model, field, value):
    """The field of the model takes a value, and so do the constraints of the database."""
    made = model(name="Loket", slug="loket", **{field: value})
    made.clean_fields(exclude={each.name for each in model._meta.fields} - {field})
    for constraint in model._meta.constraints:
        constraint.validate(model, made, exclude={"name", "slug"})
