"""Fixture files -> facts: what is damaged is refused, by file, object and field."""

import json

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from regions.fixtures import FixtureError, digest, fixture_files, read_facts
from regions.models import Municipality, PhoneHours, Postcode, RegionalOffice, SupportLink
from tests.regions.small_fixtures import SmallFixtures

FLEVOWIJS = {"slug": "flevowijs"}


@pytest.fixture
def small(tmp_path):
    return SmallFixtures(tmp_path)


def read(small):
    return read_facts(fixture_files(small.folder))


def test_facts_are_by_model_and_natural_key(small):
    facts = read(small)

    postcode = facts[Postcode]["2116",]
    assert postcode.values["municipality"] == ["GM0473"]
    assert (postcode.values["po_box_only"], postcode.values["latitude"]) == (False, 52.3654)
    office = facts[RegionalOffice]["flevowijs",]
    assert office.values["municipalities"] == [["GM0034"], ["GM0995"]]
    assert office.values["sectors"] == [["ho"], ["mbo"], ["po"], ["so"], ["vo"]]
    assert office.values["nationwide"] is False
    assert ("flevowijs", 1, "09:00:00") in facts[PhoneHours]
    assert ("flevowijs", "vacancies", "https://flevowijs.nl/vacatures/") in facts[SupportLink]


def test_a_fact_says_where_it_stands(small):
    fact = read(small)[Municipality]["GM0034",]

    assert fact.where.startswith("03_municipalities.json, object 1")


def test_the_digest_changes_with_any_byte_of_any_file(small):
    before = digest(fixture_files(small.folder))
    again = digest(fixture_files(small.folder))

    path = small.path("sector")
    path.write_bytes(path.read_bytes() + b"\n")

    assert before == again != digest(fixture_files(small.folder))


def test_the_digest_changes_with_the_name_of_a_file(small):
    before = digest(fixture_files(small.folder))

    small.path("sector").rename(small.folder / "00_sectors.json")

    assert digest(fixture_files(small.folder)) != before


def test_the_order_of_the_files_and_of_what_is_in_them_is_free(small):
    before = read(small)
    small.objects("postcode").reverse()
    small.write("postcode", json.dumps(small.objects("postcode")))
    small.path("sector").rename(small.folder / "99_sectors.json")

    after = read(small)

    assert {model: set(known) for model, known in after.items()} == {
        model: set(known) for model, known in before.items()
    }


@pytest.mark.parametrize("name", ["nothing", "", "x" * 5000, "😀", "a\0b", "../nothing", "*.json"])
def test_a_folder_that_is_none_is_refused(tmp_path, name):
    (tmp_path / "deep").mkdir()

    with pytest.raises(FixtureError):
        fixture_files(tmp_path / "deep" / name)


def test_a_file_in_place_of_a_folder_is_refused(small):
    with pytest.raises(FixtureError):
        fixture_files(small.path("sector"))


def test_a_folder_without_fixtures_is_refused(tmp_path):
    (tmp_path / "README.md").write_text("nothing")

    with pytest.raises(FixtureError):
        fixture_files(tmp_path)


def test_a_fixture_that_can_not_be_read_is_refused(small):
    (small.folder / "13_folder.json").mkdir()

    with pytest.raises(FixtureError, match=r"13_folder\.json"):
        read(small)
    with pytest.raises(FixtureError, match=r"13_folder\.json"):
        digest(fixture_files(small.folder))


# Files


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "[",
        '[{"model": "regions.sector"',
        "{'model': 1}",
        "<html>",
        "[1" + "0" * 5000 + "]",
        "[" * 100_000,
        "nothing",
        '"\ufeff"[]',
    ],
)
def test_a_file_that_is_no_json_is_refused_by_name(small, text):
    small.write("sector", text)

    with pytest.raises(FixtureError, match=r"01_sectors\.json"):
        read(small)


def test_the_line_of_a_mistake_in_json_is_told(small):
    lines = small.path("sector").read_text().splitlines()
    lines[3] = lines[3] + "!"
    small.write("sector", "\n".join(lines))

    with pytest.raises(FixtureError, match=r"01_sectors\.json\b.* 4\."):
        read(small)


def test_a_file_in_another_encoding_is_refused_by_name(small):
    path = small.path("supporttype")
    path.write_bytes(path.read_text().encode("utf-16"))

    with pytest.raises(FixtureError, match=r"02_support_types\.json"):
        read(small)


@pytest.mark.parametrize("text", ["{}", "null", "3", '"text"', "true"])
def test_a_file_without_a_list_is_refused_by_name(small, text):
    small.write("sector", text)

    with pytest.raises(FixtureError, match=r"01_sectors\.json"):
        read(small)


@pytest.mark.parametrize("item", ["1", "null", "[]", '"x"', "{}", '{"model": "regions.sector"}'])
def test_what_is_no_object_is_refused_by_file_and_number(small, item):
    small.write("sector", f"[{json.dumps(small.objects('sector')[0])}, {item}]")

    with pytest.raises(FixtureError, match=r"01_sectors\.json, object 2"):
        read(small)


@pytest.mark.parametrize(
    "model", ["regions.nothing", "regions.reach", "accounts.user", "", None, 3, ["regions.sector"]]
)
def test_an_unknown_model_is_refused(small, model):
    small.damage("sector", {"pk": "vo"}, lambda item: item.update(model=model))

    with pytest.raises(FixtureError, match=r"01_sectors\.json, object 2"):
        read(small)


@pytest.mark.parametrize("model", ["sector", "placename", "supportlink"])
def test_a_whole_set_is_needed(small, model):
    small.write(model, "[]")

    with pytest.raises(FixtureError, match=rf"regions\.{model}\b"):
        read(small)


def test_a_missing_file_is_a_missing_set(small):
    small.path("supportlink").unlink()

    with pytest.raises(FixtureError, match=r"regions\.supportlink"):
        read(small)


# Objects and fields

OFFICE = ("regionaloffice", FLEVOWIJS, "flevowijs")
POSTCODE = ("postcode", {"pk": "2116"}, "2116")
HOURS = ("phonehours", {"office": ["flevowijs"], "weekday": 1}, "flevowijs, 1, 09:00:00")
LINK = ("supportlink", {"support": ["flevowijs", "vacancies"]}, "flevowijs, vacancies")
TOWN = ("municipality", {"pk": "GM0034"}, "GM0034")
REGION = ("educationregion", {"slug": "almere-lelystad"}, "almere-lelystad")
SQUARE = [[5, 52], [5.1, 52], [5.1, 52.1], [5, 52]]

DAMAGES = [
    # (model, where, how an error calls it), field, value
    (OFFICE, "name", None),
    (OFFICE, "name", ""),
    (OFFICE, "name", 3),
    (OFFICE, "name", "x" * 121),
    (OFFICE, "name", "nul\0"),
    (OFFICE, "name", ["Flevowijs"]),
    (OFFICE, "state", "gone"),
    (OFFICE, "state", ""),
    (OFFICE, "nationwide", "false"),
    (OFFICE, "nationwide", 0),
    (OFFICE, "nationwide", None),
    (OFFICE, "email", "no mail"),
    (OFFICE, "email_response", "soon"),
    (OFFICE, "phone", "030 227 03 74"),
    (OFFICE, "website", "flevowijs.nl"),
    (OFFICE, "website", "javascript:alert(1)"),
    (OFFICE, "website", "https://flevowijs.nl/" + "x" * 300),
    (OFFICE, "visiting_latitude", "52.1"),
    (OFFICE, "visiting_latitude", True),
    (OFFICE, "facts_of", "yesterday"),
    (OFFICE, "facts_of", 20250807),
    (OFFICE, "drawn_area", "POLYGON"),
    (OFFICE, "drawn_area", {"type": "Point", "coordinates": [5, 52]}),
    (OFFICE, "drawn_area", {"type": "Polygon", "coordinates": []}),
    (OFFICE, "drawn_area", {"type": "Polygon", "coordinates": SQUARE}),
    (OFFICE, "drawn_area", {"type": "Polygon", "coordinates": [SQUARE[:3]]}),
    (OFFICE, "drawn_area", {"type": "Polygon", "coordinates": [[*SQUARE[:3], [5, 52.2]]]}),
    (OFFICE, "drawn_area", {"type": "Polygon", "coordinates": [["5,52"] * 4]}),
    (OFFICE, "drawn_area", {"type": "Polygon", "coordinates": [[[5, 520], *SQUARE, [5, 520]]]}),
    (OFFICE, "drawn_area", {"type": "MultiPolygon", "coordinates": [SQUARE]}),
    (OFFICE, "municipalities", "GM0034"),
    (OFFICE, "municipalities", None),
    (OFFICE, "municipalities", ["GM0034", "GM9999"]),
    (OFFICE, "municipalities", [{"code": "GM0034"}]),
    (OFFICE, "partial_postcodes", ["0000"]),
    (OFFICE, "sectors", ["po", "xx"]),
    (OFFICE, "sectors", []),
    (OFFICE, "regions", [["nowhere"]]),
    (OFFICE, "regions", []),
    (POSTCODE, "municipality", "GM9999"),
    (POSTCODE, "municipality", None),
    (POSTCODE, "municipality", {}),
    (POSTCODE, "latitude", "52.3"),
    (POSTCODE, "latitude", float("nan")),
    (POSTCODE, "longitude", float("inf")),
    (POSTCODE, "po_box_only", "no"),
    (HOURS, "closes", "17h00"),
    (HOURS, "closes", "25:00"),
    (HOURS, "closes", None),
    (HOURS, "closes", 17),
    (LINK, "position", -1),
    (LINK, "position", 1.5),
    (LINK, "position", "1"),
    (LINK, "position", True),
    (LINK, "position", 10**30),
    (TOWN, "province", "holland"),
    (TOWN, "boundary", None),
    (TOWN, "boundary", {}),
    (REGION, "website", "nothing"),
]


@pytest.mark.parametrize(
    ("thing", "field", "value"),
    DAMAGES,
    ids=[f"{thing[0]} {field} {json.dumps(value)[:30]}" for thing, field, value in DAMAGES],
)
def test_a_value_that_a_field_can_not_have_is_refused_by_file_object_and_field(
    small, thing, field, value
):
    model, where, called = thing
    small.edit(model, where, **{field: value})

    with pytest.raises(FixtureError) as refused:
        read(small)

    assert small.path(model).name in str(refused.value)
    assert called in str(refused.value)
    assert f"“{field}”" in str(refused.value)


@pytest.mark.parametrize(
    ("thing", "key", "value"),
    [
        (HOURS, "weekday", 8),
        (HOURS, "weekday", "1"),
        (HOURS, "opens", "nine"),
        (HOURS, "office", ["nowhere"]),
        (HOURS, "office", None),
        (LINK, "url", "flevowijs.nl"),
        (LINK, "support", ["flevowijs", "podcasts"]),
        (LINK, "support", ["flevowijs"]),
        (REGION, "slug", "with spaces"),
        (REGION, "slug", ""),
        (OFFICE, "slug", "x" * 81),
        (("place", {"name": "Lelystad"}, ""), "municipality", "GM9999"),
        (("placename", {"key": "lelystad"}, ""), "place", ["Nergens", "GM0034"]),
        (("postcodeshare", {"postcode": "1336"}, ""), "postcode", "9999"),
    ],
)
def test_a_part_of_the_key_that_a_field_can_not_have_is_refused(small, thing, key, value):
    model, where, _ = thing
    small.edit(model, where, **{key: value})

    with pytest.raises(FixtureError) as refused:
        read(small)

    assert f"{small.path(model).name}, object " in str(refused.value)
    assert f"“{key}”" in str(refused.value) or f"regions.{model}" in str(refused.value)


@pytest.mark.parametrize(("model", "where", "called"), [OFFICE, POSTCODE, HOURS, LINK, TOWN])
def test_a_missing_and_an_unknown_field_are_refused_by_name(small, model, where, called):
    field = next(reversed(small.find(model, where)["fields"]))
    small.damage(model, where, lambda item: item["fields"].update(colour="red"))

    with pytest.raises(FixtureError, match="“colour”"):
        read(small)

    def lose(item):
        del item["fields"]["colour"], item["fields"][field]

    small.damage(model, where, lose)
    with pytest.raises(FixtureError, match=f"“{field}”"):
        read(small)


@pytest.mark.parametrize("code", [None, "", 2116, "211", "21166", "0116", "2116AB", ["2116"]])
def test_a_code_that_none_can_be_is_refused(small, code):
    small.damage("postcode", {"pk": "2116"}, lambda item: item.update(pk=code))

    with pytest.raises(FixtureError, match=r"04_postcodes\.json, object \d+"):
        read(small)


def test_an_object_without_a_code_is_refused(small):
    small.damage("sector", {"pk": "vo"}, lambda item: item.pop("pk"))

    with pytest.raises(FixtureError, match=r"01_sectors\.json, object 2.*“pk”"):
        read(small)


def test_a_number_as_the_key_of_what_has_a_natural_key_is_refused(small):
    small.damage("regionaloffice", FLEVOWIJS, lambda item: item.update(pk=3))

    with pytest.raises(FixtureError, match=r"09_regional_offices\.json, object \d.*“pk”"):
        read(small)


@pytest.mark.parametrize(
    ("model", "where"),
    [
        ("sector", {"pk": "vo"}),
        ("regionaloffice", FLEVOWIJS),
        ("supportlink", {"support": ["flevowijs", "vacancies"]}),
    ],
)
def test_the_same_object_twice_is_refused_with_both_places(small, model, where):
    small.add(model, where)

    with pytest.raises(FixtureError) as refused:
        read(small)

    assert str(refused.value).count(f"{small.path(model).name}, object ") == 2


@pytest.mark.parametrize(
    ("model", "like", "fields", "field"),
    [
        ("sector", {"pk": "vo"}, {"pk": "new", "name_en": "a", "position": 9}, "name_nl"),
        ("sector", {"pk": "vo"}, {"pk": "new", "name_en": "a", "name_nl": "b"}, "position"),
        ("regionaloffice", FLEVOWIJS, {"slug": "new"}, "name"),
        ("educationregion", {"slug": "almere-lelystad"}, {"slug": "new"}, "name"),
    ],
)
def test_a_name_or_position_that_two_have_is_refused(small, model, like, fields, field):
    small.add(model, like, **fields)

    with pytest.raises(FixtureError, match=f"“{field}”") as refused:
        read(small)

    assert small.path(model).name in str(refused.value)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(data=st.data())
def test_whatever_stands_in_a_field_is_read_or_refused(small, data):
    model = data.draw(
        st.sampled_from(["postcode", "place", "regionaloffice", "phonehours", "supportlink"])
    )
    item = data.draw(st.sampled_from(small.objects(model)))
    field = data.draw(st.sampled_from(sorted(item["fields"])))
    before = item["fields"][field]

    item["fields"][field] = data.draw(json_values)
    small.write(model, json.dumps(small.objects(model)))
    item["fields"][field] = before
    told = ""
    try:
        read(small)
    except FixtureError as refused:
        told = str(refused)

    assert told == "" or ".json, object " in told
