"""What was found -> rows, with all that is needed on the phone."""

from datetime import UTC, date, datetime

import pytest

from navigator.advice import rows
from navigator.advice.lookup import look_up
from regions import versions
from regions.answers import How
from tests import factories

MONDAY_MORNING = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)  # 10:30 in the Netherlands
KINGS_DAY = datetime(2026, 4, 27, 9, 30, tzinfo=UTC)  # a Monday


@pytest.fixture
def rijnmond(world):
    with world.at_once():
        world.postcode("3011", place="Rotterdam", municipality="Rotterdam")
        world.postcode("3121", place="Schiedam", municipality="Schiedam")
        office = world.office(
            "here",
            serves=["3011"],
            regions=["Rijnmond"],
            support=["webinar", "vacancies"],
            phone="+31102345678",
            email="here@loket.example",
            email_response="two-working-days",
            advice_url="https://loket.example/plan",
            confirmed_on=date(2026, 2, 1),
        )
        for weekday in (1, 2):
            factories.PhoneHoursFactory(
                office=office, weekday=weekday, opens="09:00", closes="12:00"
            )
        world.office("beside", serves=["3121"])
        world.office("everywhere", nationwide=True)
    return world


def groups_for(typed, at=MONDAY_MORNING, picked=(), **filters):
    return rows.groups(look_up(typed=typed, **filters), picked=picked, at=at)


def row_of(groups, slug):
    return next(row for group in groups for row in group.rows if row.office.slug == slug)


def test_rows_stand_under_who_serves_who_is_near_and_the_whole_country(rijnmond):
    groups = groups_for("3011")

    assert [(group.code, [row.office.slug for row in group.rows]) for group in groups] == [
        ("fitting", ["here"]),
        ("nearby", ["beside"]),
        ("nationwide", ["everywhere"]),
    ]


def test_where_nobody_has_what_is_asked_the_nearest_who_has_it_come_first(rijnmond):
    rijnmond.office("vocational", serves=["3121"], sectors=["mbo"])

    groups = groups_for("3011", sector="mbo")

    assert groups[0].code == "nearby"
    assert [row.office.slug for row in groups[0].rows] == ["vocational"]


def test_a_row_tells_how_sure_it_is_or_else_how_far(rijnmond):
    groups = groups_for("3011")

    assert (row_of(groups, "here").how, row_of(groups, "here").distance_km) == (How.CERTAIN, None)
    assert row_of(groups, "beside").how is None
    assert row_of(groups, "beside").distance_km > 0
    assert row_of(groups, "everywhere").how is How.NATIONWIDE


def test_a_name_has_nothing_to_measure_a_distance_from(rijnmond):
    row = row_of(groups_for("Rijnmond"), "here")

    assert (row.how, row.distance_km) == (None, None)


def test_the_phone_is_open_now_or_opens_later(rijnmond):
    later = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)

    now = row_of(groups_for("3011"), "here").opening
    closed = row_of(groups_for("3011", at=later), "here").opening

    assert (now.is_open, f"{now.until:%H:%M}") == (True, "12:00")
    assert (closed.is_open, closed.days_until, f"{closed.opens_at:%a %H:%M}") == (
        False,
        1,
        "Tue 09:00",
    )


def test_a_dutch_holiday_is_known(rijnmond):
    phone = row_of(groups_for("3011", at=KINGS_DAY), "here").opening

    assert (phone.is_open, phone.holiday) == (False, "Koningsdag")


def test_what_is_asked_for_stands_out_in_the_short_words(rijnmond):
    row = row_of(groups_for("3011", support=["webinar"]), "here")

    assert [word.is_asked for word in row.support] == [True, False]


def test_every_type_of_support_has_a_short_word(rijnmond):
    assert rows.SHORT_SUPPORT.keys() == versions.current().support_types.keys()


def test_a_row_knows_that_it_is_marked(rijnmond):
    groups = groups_for("3011", picked=["beside"])

    assert [row.office.slug for group in groups for row in group.rows if row.is_picked] == [
        "beside"
    ]


def test_the_ways_to_reach_an_office_are_written_anew_when_its_phone_opens(rijnmond):
    later = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)

    now = row_of(groups_for("3011"), "here").ways_html
    closed = row_of(groups_for("3011", at=later), "here").ways_html

    assert "desk-open" in now
    assert "desk-open" not in closed
    for html in (now, closed):
        assert 'href="tel:+31102345678"' in html
        assert 'href="mailto:here@loket.example"' in html
        assert 'href="https://loket.example/plan"' in html


def test_rows_take_no_query(rijnmond, django_assert_num_queries):
    found = look_up(typed="3011")

    with django_assert_num_queries(0):
        made = rows.groups(found, picked=(), at=MONDAY_MORNING)
        assert all(row.ways_html + row.texts_html for group in made for row in group.rows)
