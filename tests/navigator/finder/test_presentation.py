from datetime import UTC, datetime

import pytest

from navigator.finder import presentation
from regions import versions
from tests import factories

pytestmark = pytest.mark.django_db


def view_of(slug, at):
    directory = versions.current()
    return presentation.arrange(directory.profiles[slug], directory, at)


TUESDAY = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)


def test_the_hours_are_a_week_with_today_marked(world):
    office = world.office("here", serves=["3011"], phone="+31302270374")
    factories.PhoneHoursFactory(office=office, weekday=2)
    world.publish()

    week = view_of("here", TUESDAY).week

    assert [bool(day.spans) for day in week] == [False, True] + [False] * 5
    assert [day.is_today for day in week] == [False, True] + [False] * 5


def test_an_office_without_hours_has_no_table(world):
    world.office("here", serves=["3011"])

    assert view_of("here", TUESDAY).week == ()


def test_links_that_all_support_of_a_kind_shares_are_told_once(world):
    agenda = "https://hier.example/agenda"
    world.office(
        "here",
        serves=["3011"],
        support=[("shadowing-day", [agenda]), ("webinar", [agenda]), ("vacancies", [agenda])],
    )

    orientation, placement = view_of("here", TUESDAY).support

    assert (orientation.links, [item.links for item in orientation.items]) == ((agenda,), [(), ()])
    assert (placement.links, [item.links for item in placement.items]) == ((), [(agenda,)])


def test_the_days_of_the_coming_week_know_their_holiday(world):
    office = world.office("here", serves=["3011"], phone="+31302270374")
    factories.PhoneHoursFactory(office=office, weekday=5)
    world.publish()

    week = view_of("here", datetime(2026, 12, 22, 11, 0, tzinfo=UTC)).week  # a Tuesday

    assert [bool(day.holiday) for day in week] == [False, False, False, False, True, True, False]


def test_today_is_a_day_in_amsterdam(world):
    office = world.office("here", serves=["3011"], phone="+31302270374")
    factories.PhoneHoursFactory(office=office, weekday=2)
    world.publish()

    week = view_of("here", datetime(2026, 11, 23, 23, 30, tzinfo=UTC)).week  # 0:30 on Tuesday

    assert [day.is_today for day in week] == [False, True] + [False] * 5


def test_links_of_one_offer_alone_stay_with_it(world):
    world.office("here", serves=["3011"], support=[("webinar", ["https://hier.example/w"])])

    (orientation,) = view_of("here", TUESDAY).support

    assert (orientation.links, orientation.items[0].links) == ((), ("https://hier.example/w",))


def test_support_stands_by_kind_in_the_order_of_the_types(world):
    codes = ["podcasts", "vacancies", "webinar", "shadowing-day", "personal-conversation"]
    world.office("here", serves=["3011"], support=codes)

    groups = view_of("here", TUESDAY).support

    assert [(group.kind, [item.code for item in group.items]) for group in groups] == [
        ("advice", ["personal-conversation"]),
        ("orientation", ["shadowing-day", "webinar"]),
        ("placement", ["vacancies"]),
        ("information", ["podcasts"]),
    ]


def test_the_area_stands_by_province(world):
    world.postcode("3011", municipality="Rotterdam")
    world.postcode("9711", municipality="Groningen")
    world.municipality("Groningen", province="groningen")
    world.office("here", serves=["3011"], part=["9711"])

    area = view_of("here", TUESDAY).area

    assert [
        (part.province, [(served.name, served.postcodes) for served in part.municipalities])
        for part in area
    ] == [
        ("groningen", [("Groningen", ("9711",))]),
        ("zuid-holland", [("Rotterdam", ())]),
    ]


@pytest.mark.parametrize(
    ("fields", "missing"),
    [
        ({}, {"email", "phone", "advice", "support", "privacy"}),
        ({"website": ""}, {"website", "email", "phone", "advice", "support", "privacy"}),
        ({"email": "a@b.example"}, {"phone", "advice", "support", "privacy"}),
        (
            {"phone": "+31302270374"},
            {"email", "phone_hours", "advice", "support", "privacy"},
        ),
        (
            {"has_visiting_location": True},
            {"email", "phone", "visiting_address", "advice", "support", "privacy"},
        ),
        ({"privacy_url": "https://a.example/"}, {"email", "phone", "advice", "support"}),
        (
            {"support": ["personal-conversation"]},
            {"email", "phone", "privacy"},
        ),
    ],
    ids=lambda value: str(value) if isinstance(value, dict) else "",
)
def test_what_an_office_has_not_given_is_named(world, fields, missing):
    world.office("here", serves=["3011"], **fields)

    assert set(view_of("here", TUESDAY).missing) == missing
