"""What is typed is cleaned as in the forms, and what can't be is refused."""

import pytest
from hypothesis import given, settings, strategies as st

from api.problems import InvalidRequest
from api.v1.my import fields
from regions import records, versions
from regions.models import RegionalOffice
from tests import people
from tests.api.v1.my.conftest import OFFICE


@pytest.fixture
def edits(calling, editor):
    return calling(editor)


@pytest.mark.parametrize(
    ("name", "sent", "stored"),
    [
        ("phone", " 030-227 03 75 ", "+31302270375"),
        ("phone", "", None),
        ("email", " mailto:info@hier.nl ", "info@hier.nl"),
        ("website", "www.hier.nl/pagina", "https://www.hier.nl/pagina"),
        ("calendarUrl", "http://hier.nl", "http://hier.nl"),
        ("name", "  Loket \u200b Hier  2 ", "Loket Hier 2"),
        ("description", "Een\r\n\r\n\r\n\r\ntwee ", "Een\n\ntwee"),
        ("emailResponse", "two-working-days", "two-working-days"),
        ("emailResponse", None, None),
        ("preferredContact", "phone", "phone"),
        ("canBeVisited", True, True),
        ("visitingPoint", {"latitude": 52, "longitude": 5.1}, {"latitude": 52.0, "longitude": 5.1}),
        ("visitingPoint", None, None),
        ("sectors", ["vo", "po", "po"], ["po", "vo"]),
        ("municipalities", [], []),
        ("partialPostcodes", ["3011"], ["3011"]),
        (
            "phoneHours",
            [
                {"weekday": 2, "opens": "9:00", "closes": "12.30"},
                {"weekday": 1, "opens": "09:00", "closes": "17:00"},
            ],
            [
                {"weekday": 1, "opens": "09:00", "closes": "17:00"},
                {"weekday": 2, "opens": "09:00", "closes": "12:30"},
            ],
        ),
    ],
)
def test_a_value_is_stored_as_it_is_told(edits, name, sent, stored):
    answer = edits.patch(OFFICE, {name: sent})

    assert answer.status_code == 200
    assert answer.json()[name] == stored


@pytest.mark.parametrize(
    ("name", "sent", "code"),
    [
        ("phone", 302270375, "not_text"),
        ("phone", "112", "short_number"),
        ("email", "info@hier", "not_an_email"),
        ("website", "javascript:alert(1)", "unsafe_address"),
        ("website", "java\tscript:alert(1)", "unsafe_address"),
        ("calendarUrl", "data:text/html,<script>", "unsafe_address"),
        ("adviceUrl", "ftp://hier.nl", "other_scheme"),
        ("privacyUrl", "https://hier.nl@elders.nl/", "unsafe_address"),
        ("website", "https://hier.nl/" + "x" * 300, "too_long"),
        ("name", "x" * 121, "too_long"),
        ("name", None, "refused"),
        ("name", "Loket Daar", "refused"),
        ("description", ["x"], "not_text"),
        ("emailResponse", "soon", "unknown_choice"),
        ("preferredContact", {"a": 1}, "not_text"),
        ("canBeVisited", "yes", "not_a_boolean"),
        ("canBeVisited", None, "not_a_boolean"),
        ("appointmentNeeded", 1, "not_a_boolean"),
        ("visitingPoint", {"latitude": 52}, "not_a_point"),
        ("visitingPoint", {"latitude": 5.1, "longitude": 52.1}, "outside_netherlands"),
        ("visitingPoint", {"latitude": "52", "longitude": 5}, "not_a_number"),
        ("visitingPoint", [52, 5], "not_a_point"),
        ("sectors", "po", "not_a_list"),
        ("sectors", [1], "not_text"),
        ("sectors", ["xx"], "refused"),
        ("municipalities", ["GM9999"], "refused"),
        ("partialPostcodes", ["30\x00"], "control_characters"),
        ("partialPostcodes", ["3011"] * 5001, "too_many"),
        ("phoneHours", [{"weekday": 8, "opens": "09:00", "closes": "17:00"}], "not_hours"),
        ("phoneHours", [{"weekday": 1, "opens": "09:00"}], "not_hours"),
        ("phoneHours", [{"weekday": 1, "opens": "17:00", "closes": "09:00"}], "end_before_begin"),
        ("phoneHours", [{"weekday": 1, "opens": 9, "closes": 17}], "not_hours"),
        ("support", [], "not_an_object"),
        ("support", {"nothing": None}, "unknown_support"),
    ],
)
def test_a_value_that_cannot_be_is_refused_at_its_field(edits, problem_of, name, sent, code):
    answer = edits.patch(OFFICE, {name: sent})

    assert answer.status_code == 400
    assert problem_of(answer) == ("invalid-request", [(name, code)])


@pytest.mark.parametrize(
    ("offered", "code"),
    [
        ({"links": ["javascript:alert(1)"]}, "unsafe_address"),
        ({"links": [""]}, "empty"),
        ({"links": ["hier.nl"] * 21}, "too_many"),
        ({"links": "hier.nl"}, "not_a_list"),
        ({"note": "x" * 301}, "too_long"),
        ({"colour": "red"}, "not_an_object"),
        ([], "not_an_object"),
    ],
)
def test_support_that_cannot_be_is_refused_at_its_type(edits, problem_of, offered, code):
    answer = edits.patch(OFFICE, {"support": {"vacancies": offered}})

    assert answer.status_code == 400
    assert problem_of(answer) == ("invalid-request", [("support.vacancies", code)])


def test_support_that_is_not_named_stays(edits):
    links = ["https://hier.example/vacatures"]

    noted = edits.patch(OFFICE, {"support": {"vacancies": {"note": "Elke week"}, "webinar": {}}})
    gone = edits.patch(OFFICE, {"support": {"vacancies": None}})

    assert noted.json()["support"] == {
        "vacancies": {"note": "Elke week", "links": links},
        "webinar": {"note": None, "links": []},
    }
    assert gone.json()["support"] == {"webinar": {"note": None, "links": []}}


def test_half_a_point_leaves_the_other_half(edits):
    edits.patch(OFFICE, {"visitingPoint": {"latitude": 52.1, "longitude": 5.1}})

    answer = edits.patch(OFFICE, {"visitingPoint": {"longitude": 5.2}})

    assert answer.json()["visitingPoint"] == {"latitude": 52.1, "longitude": 5.2}


@pytest.mark.parametrize(
    "area",
    [
        {"type": "Point", "coordinates": [5, 52]},
        {"type": "Polygon", "coordinates": [[[5, 52], [5.1, 52]]]},
        {"type": "Polygon", "coordinates": "x"},
        {"type": "Polygon", "coordinates": [[[5, 52], [5.1, 52.1], [5.1, 52], [5, 52.1], [5, 52]]]},
        {"type": "Polygon"},
        {"type": 1, "coordinates": []},
        "POLYGON",
    ],
)
def test_a_drawn_area_is_a_polygon(calling, here, problem_of, area):
    administers = calling(people.administrator())

    answer = administers.patch(OFFICE, {"drawnArea": area})

    assert answer.status_code == 400
    assert problem_of(answer) == ("invalid-request", [("drawnArea", "not_a_polygon")])


def test_a_polygon_is_taken(calling, here):
    administers = calling(people.administrator())
    area = here.around("3011")

    assert administers.patch(OFFICE, {"drawnArea": area}).json()["drawnArea"] == area


HARM = "<script>alert(1)</script><img src=x onerror=alert(1)> [press](javascript:alert(1))"


@pytest.mark.parametrize(
    "name",
    [
        "name",
        "description",
        "targetGroups",
        "schools",
        "trainingInstitutes",
        "regulations",
        "matching",
        "phoneNote",
        "contactTeam",
        "whatToExpect",
        "visitingAddress",
        "adviceNote",
    ],
)
def test_a_text_that_would_do_harm_stays_a_text(client, calling, direct_editor, name):
    edits = calling(direct_editor)
    etag = edits.get(OFFICE)["ETag"]

    answer = edits.patch(f"{OFFICE}?publish=true", {name: HARM, "canBeVisited": True}, etag=etag)

    assert answer.status_code == 200
    assert answer.json()[name] == HARM
    versions.forget()
    page = client.get("/regioloketten/hier/").text
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert 'href="javascript' not in page
    assert "&lt;script&gt;alert(1)" in page


def test_the_note_of_a_change_is_a_short_text(edits, problem_of):
    too_long = edits.patch(OFFICE, {"phone": None, "note": "x" * 501})
    no_text = edits.patch(OFFICE, {"phone": None, "note": 1})

    assert problem_of(too_long) == ("invalid-request", [("note", "too_long")])
    assert problem_of(no_text) == ("invalid-request", [("note", "not_text")])


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.django_db
@settings(max_examples=300)
@given(name=st.sampled_from([*fields.OFFICE, "support"]), value=JSON)
def test_whatever_is_sent_is_read_or_refused(name, value):
    record = {field.field: None for field in fields.OFFICE.values()} | {"support.webinar": None}

    try:
        values = fields.read_changes(RegionalOffice, {name: value}, record, administers=True)
    except InvalidRequest:
        return

    assert records.normal(values) == values
