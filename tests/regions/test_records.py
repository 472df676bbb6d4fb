"""An office or a region as plain values, and what the directory refuses."""

from datetime import date, time

import pytest
from django.db import transaction

from regions import records
from regions.models import (
    EducationRegion,
    FormerSlug,
    Municipality,
    PhoneHours,
    RegionalOffice,
)
from regions.records import Refused
from tests import factories

POLYGON = {"type": "Polygon", "coordinates": [[[4, 51], [5, 51], [5, 52], [4, 52], [4, 51]]]}


@pytest.fixture
def office(world):
    return world.office("loket", sectors=["vo", "po"], serves=["3011"], regions=["Rotterdam"])


def write(subject, **values):
    """Store values as the door does: in normal form."""
    values = records.normal({name.replace("__", "."): value for name, value in values.items()})
    with transaction.atomic():
        records.write(subject, values)
    return records.read(subject)


def refused(subject, field, value):
    """The messages for this field."""
    with pytest.raises(Refused) as caught:
        records.check(subject, records.normal({field: value}))
    assert list(caught.value.errors) == [field]
    return caught.value.errors[field]


def test_a_record_holds_every_field_of_the_sections(office):
    record = records.read(office)

    fields = {name for names in records.sections(RegionalOffice).values() for name in names}
    assert set(record) == fields | {"confirmed_on"}


def test_a_region_has_a_record_too(world):
    region = factories.EducationRegionFactory(name="Rotterdam", website="https://rotterdam.nl/")

    assert records.read(region) == {
        "slug": "rotterdam",
        "name": "Rotterdam",
        "state": "published",
        "website": "https://rotterdam.nl/",
        "description": "",
        "review_required": True,
    }


def test_what_is_stored_in_other_tables_stands_in_the_record(world, office):
    factories.PhoneHoursFactory(office=office, weekday=2, opens=time(13), closes=time(17))
    factories.PhoneHoursFactory(office=office, weekday=1, opens=time(9, 30), closes=time(12))
    support = factories.SupportFactory(office=office, type_id="vacancies", note="Elke week")
    factories.SupportLinkFactory(support=support, url="https://a.nl/2", position=1)
    factories.SupportLinkFactory(support=support, url="https://a.nl/1", position=0)
    RegionalOffice.objects.update(
        visiting_latitude=51.9, visiting_longitude=4.5, confirmed_on=date(2026, 11, 24)
    )

    record = records.read(office)

    assert record["sectors"] == ["po", "vo"]
    assert record["regions"] == ["rotterdam"]
    assert record["municipalities"] == list(Municipality.objects.values_list("code", flat=True))
    assert record["phone_hours"] == [[1, "09:30", "12:00"], [2, "13:00", "17:00"]]
    assert record["support.vacancies"] == {
        "note": "Elke week",
        "links": ["https://a.nl/1", "https://a.nl/2"],
    }
    assert record["support.personal-conversation"] is None
    assert record["visiting_point"] == [51.9, 4.5]
    assert record["confirmed_on"] == "2026-11-24"


def test_many_offices_take_as_many_queries_as_one(world, django_assert_num_queries):
    for number in range(3):
        world.office(f"loket-{number}", support=[("vacancies", ["https://a.nl/"])])

    with django_assert_num_queries(9):
        found = records.read_many(RegionalOffice.objects.all())
    one = RegionalOffice.objects.first()
    with django_assert_num_queries(9):
        records.read(one)

    assert len(found) == 3


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "Een nieuwe naam"),
        ("description", "Regel een\n\n- regel twee"),
        ("website", "https://nieuw.nl/"),
        ("phone", "+31302270374"),
        ("email_response", "one-working-day"),
        ("has_visiting_location", True),
        ("visiting_point", [52.09, 5.12]),
        ("visiting_point", None),
        ("sectors", ["ho"]),
        ("sectors", []),
        ("municipalities", ["GM3012"]),
        ("partial_postcodes", ["3012"]),
        ("regions", ["breda"]),
        ("phone_hours", [[1, "09:00", "12:00"], [1, "13:00", "17:00"]]),
        ("support.vacancies", {"note": "", "links": ["https://b.nl/", "https://a.nl/"]}),
        ("support.personal-conversation", {"note": "Bel eerst", "links": []}),
        ("support.vacancies", None),
        ("state", "archived"),
        ("nationwide", True),
        ("drawn_area", POLYGON),
        ("drawn_area", None),
        ("confirmed_on", "2026-11-24"),
        ("confirmed_on", None),
        ("slug", "ander-loket"),
    ],
)
def test_what_is_written_is_read_again(world, office, field, value):
    world.postcode("3012")
    factories.EducationRegionFactory(name="Breda")
    factories.SupportFactory(office=office, type_id="vacancies")
    before = records.read(office)

    after = write(office, **{field: value})

    assert after == {**before, field: value}


def test_lists_are_put_in_order_and_nothing_stands_in_them_twice():
    assert records.normal(
        {
            "sectors": ["vo", "po", "vo"],
            "phone_hours": [[2, "09:00", "10:00"], (1, "09:00", "10:00"), (1, "09:00", "10:00")],
            "support.vacancies": {"links": ["https://b.nl", "https://a.nl", "https://b.nl"]},
            "visiting_point": (52, 5),
            "confirmed_on": date(2026, 11, 24),
        }
    ) == {
        "sectors": ["po", "vo"],
        "phone_hours": [[1, "09:00", "10:00"], [2, "09:00", "10:00"]],
        "support.vacancies": {"note": "", "links": ["https://b.nl", "https://a.nl"]},
        "visiting_point": [52.0, 5.0],
        "confirmed_on": "2026-11-24",
    }


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("nothing", "x"),
        ("support.nothing", None),
        ("pk", 1),
        ("name", ""),
        ("name", "x" * 121),
        ("name", 5),
        ("name", None),
        ("description", ["a text"]),
        ("description", "x" * 4001),
        ("description", "with a \0 in it"),
        ("description", "half a pair: \ud83d"),
        ("website", "javascript:alert(1)"),
        ("website", "www.a.nl"),
        ("website", "https://a.nl/<script>"),
        ("website", 'https://a.nl/"onclick="'),
        ("website", "https://a.nl/\n"),
        ("website", "ftp://a.nl/"),
        ("website", 7),
        ("email", "nobody"),
        ("phone", "030-2270374"),
        ("email_response", "soon"),
        ("has_visiting_location", "yes"),
        ("has_visiting_location", 1),
        ("state", "secret"),
        ("slug", "Not A Slug"),
        ("sectors", "po"),
        ("sectors", ["nothing"]),
        ("sectors", [["po"]]),
        ("sectors", [1, "po"]),
        ("sectors", None),
        ("sectors", ["\0"]),
        ("municipalities", ["GM9999"]),
        ("partial_postcodes", ["0000"]),
        ("regions", ["nowhere"]),
        ("phone_hours", "always"),
        ("phone_hours", [[1, "09:00"]]),
        ("phone_hours", [["1", "09:00", "10:00"]]),
        ("phone_hours", [[True, "09:00", "10:00"]]),
        ("phone_hours", [[8, "09:00", "10:00"]]),
        ("phone_hours", [[1, "9:00", "10:00"]]),
        ("phone_hours", [[1, "09:00:30", "10:00"]]),
        ("phone_hours", [[1, "09", "10:00"]]),
        ("phone_hours", [[1, "10:00", "09:00"]]),
        ("phone_hours", [[1, "09:00", "11:00"], [1, "10:00", "12:00"]]),
        ("phone_hours", None),
        ("phone_hours", [[1, None, "10:00"]]),
        ("visiting_point", [5.12, 52.09]),
        ("visiting_point", ["52", "x"]),
        ("visiting_point", [52.0]),
        ("visiting_point", [float("nan"), 5.0]),
        ("visiting_point", "here"),
        ("support.vacancies", "yes"),
        ("support.vacancies", {"note": 5, "links": []}),
        ("support.vacancies", {"note": "x" * 301, "links": []}),
        ("support.vacancies", {"note": "", "links": "https://a.nl/"}),
        ("support.vacancies", {"note": "", "links": None}),
        ("support.vacancies", {"note": "", "links": [5]}),
        ("support.vacancies", {"note": "", "links": ["javascript:alert(1)"]}),
        ("support.vacancies", {"note": "", "links": ['https://a.nl/"x"']}),
        ("support.vacancies", {"note": "", "links": ["https://a.nl/" + "x" * 500]}),
        ("drawn_area", {"type": "Point", "coordinates": [4, 52]}),
        ("drawn_area", {"type": "Polygon"}),
        ("drawn_area", {"type": "Polygon", "coordinates": []}),
        ("drawn_area", "a circle"),
        ("confirmed_on", "yesterday"),
    ],
)
def test_what_the_directory_cannot_hold_is_refused_at_its_field(office, field, value):
    before = records.read(office)

    messages = refused(office, field, value)

    assert all(messages)
    assert records.read(office) == before


def test_a_region_is_never_confirmed(world):
    refused(factories.EducationRegionFactory(), "confirmed_on", "2026-11-24")


def test_a_text_that_is_too_long_says_by_how_many_characters(office):
    [message] = refused(office, "name", "x" * 125)

    assert "5" in message


def test_a_name_that_another_office_has_is_refused(world, office):
    world.office("ander", name="Dezelfde naam")
    EducationRegion.objects.update(name="Bezet")
    region = factories.EducationRegionFactory(name="Nog een")

    refused(region, "name", "Bezet")
    refused(office, "slug", "ander")


def test_an_address_by_which_another_office_was_known_is_refused(world, office):
    other = world.office("ander")
    write(other, slug="verhuisd")

    refused(office, "slug", "ander")


def test_an_office_can_have_its_own_former_address_again(world, office):
    write(office, slug="verhuisd")

    write(office, slug="loket")

    assert list(FormerSlug.objects.values_list("slug", "office")) == [("verhuisd", office.pk)]


def test_a_former_address_of_a_region_is_free_for_an_office(world, office):
    region = factories.EducationRegionFactory(name="Breda")
    write(region, slug="breda-nieuw")

    assert write(office, slug="breda")["slug"] == "breda"


def test_writing_one_field_leaves_what_others_changed_meanwhile(world, office):
    mine = RegionalOffice.objects.get()
    RegionalOffice.objects.update(name="Van een ander")

    write(mine, description="Van mij")

    stored = RegionalOffice.objects.get()
    assert (stored.name, stored.description) == ("Van een ander", "Van mij")


def test_refused_values_change_nothing_and_are_named_together(office):
    before = records.read(office)

    with pytest.raises(Refused) as caught:
        records.write(office, {"name": "Nieuw", "website": "www.a.nl", "sectors": ["x"]})

    assert set(caught.value.errors) == {"website", "sectors"}
    assert records.read(office) == before


def test_hours_are_stored_as_times_of_the_day(office):
    write(office, phone_hours=[[5, "08:30", "12:15"]])

    [stored] = PhoneHours.objects.all()
    assert (stored.weekday, stored.opens, stored.closes) == (5, time(8, 30), time(12, 15))


def test_the_difference_has_from_and_to(office):
    assert records.difference({"a": 1, "b": 2}, {"a": 1, "b": 3, "c": 4}) == {
        "b": [2, 3],
        "c": [None, 4],
    }


def test_editors_change_all_but_what_is_for_administrators(world):
    fields = records.editors_fields(RegionalOffice)

    assert {"name", "municipalities", "support.vacancies", "advice_url"} <= fields
    assert fields.isdisjoint({"slug", "state", "regions", "nationwide", "drawn_area"})
    assert records.editors_fields(EducationRegion) == {"name", "website", "description"}


def test_every_field_stands_in_one_section_and_has_a_label(world):
    for model in (RegionalOffice, EducationRegion):
        for section, fields in records.sections(model).items():
            for field in fields:
                assert records.section_of(model, field) == section
                assert records.label(model, field)
