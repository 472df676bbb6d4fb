"""Published offices as the public sees them: what is in the document comes out of it."""

import json
from dataclasses import FrozenInstanceError
from datetime import date, time

import pytest
from django.utils.translation import override
from hypothesis import given, strategies as st

from regions.models import DirectoryVersion
from regions.opening import Hours
from regions.profiles import (
    Directory,
    Named,
    OfferedSupport,
    Profile,
    ServedMunicipality,
    Term,
    build_document,
)
from regions.versions import current
from tests.factories import PhoneHoursFactory

UNKNOWN = Profile(
    id=1,
    slug="here",
    name="Here",
    description="",
    nationwide=False,
    regions=(),
    sectors=(),
    support=(),
    website="",
    privacy_url="",
    email="",
    email_response="",
    phone="",
    phone_hours=(),
    has_visiting_location=False,
    visiting_address="",
    appointment_needed=False,
    advice_url="",
    facts_of=None,
    confirmed_on=None,
    served_postcodes=0,
    municipalities=(),
    neighbours=(),
)


def profile(**facts):
    return Profile(**{name: getattr(UNKNOWN, name) for name in Profile.__slots__} | facts)


def test_everything_stored_of_an_office_is_in_its_profile(world):
    world.municipality("Rotterdam", province="zuid-holland")
    world.municipality("Breda", province="noord-brabant")
    world.postcode("3011", municipality="Rotterdam")
    world.postcode("4811", municipality="Breda")
    world.postcode("4812", municipality="Breda")
    office = world.office(
        "here",
        name="Hier",
        description="Wij helpen.",
        regions=["Rijnmond", "Delta"],
        sectors=["so", "po"],
        serves=["3011"],
        part=["4812", "4811"],
        support=[("news", ["https://b.example/", "https://a.example/"]), "personal-conversation"],
        website="https://hier.example/",
        privacy_url="https://hier.example/privacy",
        email="info@hier.example",
        email_response="one-working-day",
        phone="+31101234567",
        has_visiting_location=True,
        visiting_address="Coolsingel 40, Rotterdam",
        appointment_needed=True,
        advice_url="https://hier.example/advies",
        facts_of=date(2025, 8, 7),
        confirmed_on=date(2026, 1, 2),
    )
    PhoneHoursFactory(office=office, weekday=2, opens=time(13), closes=time(16, 30))
    PhoneHoursFactory(office=office, weekday=1, opens=time(10), closes=time(12))
    PhoneHoursFactory(office=office, weekday=2, opens=time(9), closes=time(12))
    world.publish()

    found = current().profiles["here"]

    assert found == Profile(
        id=office.pk,
        slug="here",
        name="Hier",
        description="Wij helpen.",
        nationwide=False,
        regions=(Named("delta", "Delta"), Named("rijnmond", "Rijnmond")),
        sectors=("po", "so"),
        support=(
            OfferedSupport("personal-conversation", "", ()),
            OfferedSupport("news", "", ("https://b.example/", "https://a.example/")),
        ),
        website="https://hier.example/",
        privacy_url="https://hier.example/privacy",
        email="info@hier.example",
        email_response="one-working-day",
        phone="+31101234567",
        phone_hours=(
            Hours(1, time(10), time(12)),
            Hours(2, time(9), time(12)),
            Hours(2, time(13), time(16, 30)),
        ),
        has_visiting_location=True,
        visiting_address="Coolsingel 40, Rotterdam",
        appointment_needed=True,
        advice_url="https://hier.example/advies",
        facts_of=date(2025, 8, 7),
        confirmed_on=date(2026, 1, 2),
        served_postcodes=3,
        municipalities=(
            ServedMunicipality("GM0001", "Breda", "noord-brabant", ("4811", "4812")),
            ServedMunicipality("GM0000", "Rotterdam", "zuid-holland", ()),
        ),
        neighbours=(),
    )


def test_a_note_on_support_is_told(world):
    office = world.office("here", support=["news"])
    office.support.update(note="Elke maand.")
    world.publish()

    assert current().profiles["here"].support == (OfferedSupport("news", "Elke maand.", ()),)


def test_only_published_offices_are_in_the_document(world):
    world.office("published")
    world.office("draft", state="draft")
    world.office("archived", state="archived")

    assert list(current().profiles) == ["published"]


def test_profiles_are_in_the_order_of_names(world):
    for slug, name in (("one", "Cc"), ("two", "Aa"), ("three", "Bb")):
        world.office(slug, name=name)

    assert [profile.name for profile in current().profiles.values()] == ["Aa", "Bb", "Cc"]


def test_neighbours_are_named_in_the_order_of_names(world):
    world.office("here", serves=["3011"])
    world.office("zz", serves=["3011"])
    world.office("aa", serves=["3011"])
    world.office("far", serves=["9011"])

    profiles = current().profiles

    assert profiles["here"].neighbours == (Named("aa", "Aa"), Named("zz", "Zz"))
    assert profiles["far"].neighbours == ()


def test_a_municipality_served_as_a_whole_has_no_parts(world):
    world.postcode("3011", municipality="Rotterdam")
    world.office("here", serves=["3011"], part=["3011"])

    assert current().profiles["here"].municipalities == (
        ServedMunicipality("GM3011", "Rotterdam", "zuid-holland", ()),
    )


def test_the_directory_counts_regions_and_postcodes_where_people_live(world):
    world.postcode("3000", po_box_only=True)
    world.postcode("3011")
    world.office("here", regions=["Delta", "Rijnmond"])

    directory = current()

    assert (directory.region_count, directory.postcode_count) == (2, 1)


def test_sectors_and_support_are_in_the_order_of_the_vocabulary(world):
    world.publish()

    directory = current()

    assert list(directory.sectors) == ["po", "vo", "mbo", "ho", "so", "pro", "vavo"]
    assert list(directory.support_types)[:2] == ["personal-conversation", "shadowing-day"]
    assert directory.support_types["vacancies"].kind == "placement"
    assert len(directory.support_types) == 17


def test_a_term_has_the_name_of_the_language_of_the_moment():
    term = Term("po", "Primair onderwijs", "Primary education")

    names = {}
    for language in ("nl", "en", "en-gb", "fr"):
        with override(language):
            names[language] = term.name
    with override(None):
        names["none"] = term.name

    assert names == {
        "nl": "Primair onderwijs",
        "en": "Primary education",
        "en-gb": "Primary education",
        "fr": "Primair onderwijs",
        "none": "Primair onderwijs",
    }


@pytest.mark.parametrize("way", ["website", "email", "phone", "advice_url"])
def test_any_way_to_reach_an_office_is_a_contact(way):
    assert profile(**{way: "x"}).can_be_contacted
    assert not UNKNOWN.can_be_contacted


def test_a_profile_without_website_and_support_is_empty():
    offered = (OfferedSupport("news", "", ()),)

    assert UNKNOWN.is_empty
    assert profile(phone="+31101234567").is_empty
    assert not profile(website="https://hier.example/").is_empty
    assert not profile(support=offered).is_empty


def test_advice_is_given_by_those_who_offer_a_personal_conversation():
    assert profile(support=(OfferedSupport("personal-conversation", "", ()),)).gives_advice
    assert not profile(support=(OfferedSupport("news", "", ()),)).gives_advice
    assert not profile(advice_url="https://hier.example/advies").gives_advice


def test_provinces_are_those_of_the_area_each_once():
    area = [
        ServedMunicipality(code, "", province, ())
        for code, province in (("GM1", "drenthe"), ("GM2", "utrecht"), ("GM3", "drenthe"))
    ]

    assert profile(municipalities=tuple(area)).provinces == ("drenthe", "utrecht")


def test_nothing_can_be_changed_in_what_is_published(world):
    world.office("here")
    directory = current()

    with pytest.raises(FrozenInstanceError):
        directory.profiles["here"].name = "Other"
    with pytest.raises(TypeError):
        directory.profiles["other"] = directory.profiles["here"]
    with pytest.raises(TypeError):
        del directory.sectors["po"]


def test_a_document_takes_nineteen_queries_whatever_the_number_of_offices(
    world, django_assert_num_queries
):
    for number in range(4):
        office = world.office(
            f"office-{number}",
            serves=["3011"],
            part=["3012"],
            regions=["Delta"],
            support=[("news", ["https://a.example/"])],
        )
        PhoneHoursFactory(office=office)

    with django_assert_num_queries(19):
        build_document(served={}, neighbours={})


def test_reading_the_published_takes_one_query_and_its_values_none(
    world, django_assert_num_queries
):
    world.office("here", serves=["3011"], support=["news"], regions=["Delta"])

    with django_assert_num_queries(1):
        directory = current()
    with django_assert_num_queries(0):
        repr(directory)


texts = st.text(max_size=20)
hours = st.builds(
    Hours,
    weekday=st.integers(1, 7),
    opens=st.times().map(lambda at: at.replace(second=0, microsecond=0)),
    closes=st.times().map(lambda at: at.replace(second=0, microsecond=0)),
)


@given(
    st.builds(
        dict,
        name=texts,
        description=texts,
        regions=st.lists(st.builds(Named, slug=texts, name=texts), max_size=2).map(tuple),
        support=st.lists(
            st.builds(
                OfferedSupport,
                code=texts,
                note=texts,
                links=st.lists(texts, max_size=2).map(tuple),
            ),
            max_size=2,
        ).map(tuple),
        phone_hours=st.lists(hours, max_size=2).map(tuple),
        facts_of=st.none() | st.dates(),
        confirmed_on=st.none() | st.dates(),
    )
)
def test_a_profile_survives_being_stored(facts):
    """Through JSON, as the database keeps it."""
    before = profile(**facts)
    stored = {name: getattr(before, name) for name in Profile.__slots__} | {
        "regions": [{"slug": each.slug, "name": each.name} for each in before.regions],
        "support": [
            {"code": each.code, "note": each.note, "links": list(each.links)}
            for each in before.support
        ],
        "phone_hours": [
            {
                "weekday": each.weekday,
                "opens": each.opens.isoformat("minutes"),
                "closes": each.closes.isoformat("minutes"),
            }
            for each in before.phone_hours
        ],
        "facts_of": before.facts_of and before.facts_of.isoformat(),
        "confirmed_on": before.confirmed_on and before.confirmed_on.isoformat(),
    }

    after = Profile.from_json(json.loads(json.dumps(stored)))

    assert after == before


def test_the_stored_document_is_the_directory(world):
    world.office("here", serves=["3011"], support=["news"], regions=["Delta"])
    stored = DirectoryVersion.objects.get()

    assert Directory.from_document(stored.number, stored.document) == current()
