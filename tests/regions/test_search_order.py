"""The order of an answer: the product's rule, told once more as a key to sort by."""

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings, strategies as st

from regions import versions
from regions.answers import Outcome
from regions.search import find_offices


def slugs(matches):
    return [match.office.slug for match in matches]


def test_those_for_the_asked_sector_come_before_those_without(world):
    world.office("both", sectors=["vo"], serves=["3011"], draws=["3011"])
    world.office("fits", sectors=["po"], serves=["3011"])

    answer = find_offices(postcode="3011", sector="po")

    assert slugs(answer.serving) == ["fits", "both"]


def test_those_with_the_asked_support_come_before_those_without(world):
    world.office("both", serves=["3011"], draws=["3011"])
    world.office("fits", serves=["3011"], support=["news"])

    answer = find_offices(postcode="3011", support=["news"])

    assert slugs(answer.serving) == ["fits", "both"]


def test_list_and_polygon_come_before_list_and_list_before_polygon(world):
    world.office("a-drawn", sectors=["vo"], draws=["3011"])
    world.office("b-listed", sectors=["po"], serves=["3011"])
    world.office("c-both", sectors=["po"], serves=["3011"], draws=["3011"])

    answer = find_offices(postcode="3011")

    assert slugs(answer.serving) == ["c-both", "b-listed", "a-drawn"]


def test_the_smaller_service_area_comes_before_the_larger(world):
    world.office("aa-large", serves=["3011", "3012", "3013"])
    world.office("bb-small", serves=["3011"])
    world.office("cc-medium", serves=["3011", "3012"])

    answer = find_offices(postcode="3011")

    assert slugs(answer.serving) == ["bb-small", "cc-medium", "aa-large"]


def test_equals_are_in_the_order_of_their_names(world):
    for slug, name in (("one", "Zeker"), ("two", "Anders"), ("three", "Mogelijk")):
        world.office(slug, name=name, serves=["3011"])

    answer = find_offices(postcode="3011")

    assert [match.office.name for match in answer.serving] == ["Anders", "Mogelijk", "Zeker"]


def test_the_size_of_an_area_counts_what_it_serves_by_the_map_too(world):
    world.postcode("3011")
    world.office("aa", serves=["3011"], draws=["3012", "3013"])
    world.office("bb", serves=["3011"], part=["3019"])

    answer = find_offices(postcode="3011")

    assert slugs(answer.serving) == ["bb", "aa"]


AROUND = ["3011", "3012", "3013", "3111"]
SECTORS = ["po", "vo", "mbo", "ho"]
SUPPORT = ["news", "vacancies", "webinar"]

offices = st.lists(
    st.fixed_dictionaries(
        {
            "name": st.sampled_from(["Aa", "Bb", "Cc", "Dd", "Ee", "Ff", "Éé", "aa"]),
            "sectors": st.sets(st.sampled_from(SECTORS)),
            "support": st.sets(st.sampled_from(SUPPORT)),
            "serves": st.sets(st.sampled_from(AROUND)),
            "draws": st.sets(st.sampled_from(AROUND)),
            "nationwide": st.sampled_from([False, False, False, True]),
        }
    ),
    max_size=6,
    unique_by=lambda office: office["name"],
)


def fits(office, sector, support):
    return (not sector or sector in office["sectors"]) and set(support) <= office["support"]


@pytest.mark.django_db
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(
    known=offices,
    sector=st.sampled_from(["", *SECTORS]),
    support=st.sets(st.sampled_from(SUPPORT), max_size=2),
)
def test_any_answer_is_in_the_order_of_the_rule(world, known, sector, support):
    facts = {office["name"]: office for office in known}
    with transaction.atomic():
        with world.at_once():
            for code in AROUND:
                world.postcode(code)
            for number, office in enumerate(known):
                world.office(f"office-{number}", **office)
        served = {
            name: sum(
                name in [match.office.name for match in find_offices(postcode=code).serving]
                for code in AROUND
            )
            for name in facts
        }

        answer = find_offices(postcode="3011", sector=sector, support=sorted(support))

        def rule(match):
            office = facts[match.office.name]
            listed, drawn = "3011" in office["serves"], "3011" in office["draws"]
            certainty = 1 if listed and drawn else 2 if listed else 3
            last = served[match.office.name], match.office.name
            return (0 if fits(office, sector, support) else 1, certainty, *last)

        assert list(answer.serving) == sorted(answer.serving, key=rule)
        assert list(answer.nearby) == sorted(
            answer.nearby, key=lambda match: (match.distance_km, match.office.name)
        )
        nearby_fit = all(fits(facts[match.office.name], sector, support) for match in answer.nearby)
        # Where nobody serves it, one without the asked support is better than nothing.
        assert nearby_fit or (answer.outcome == Outcome.NO_OFFICE and len(answer.nearby) == 1)
        assert [match.office.name for match in answer.nationwide] == sorted(
            (name for name, office in facts.items() if office["nationwide"]),
            key=lambda name: (not fits(facts[name], sector, support), name),
        )
        for match in (*answer.serving, *answer.nationwide):
            assert match.matches == fits(facts[match.office.name], sector, support)
        transaction.set_rollback(True)
    versions.forget()
