"""Two people edit the same section: nothing is overwritten unseen, and nothing typed is lost."""

import pytest
from django.test import Client

from regions import records, revisions
from regions.models import EducationRegion, Sector
from tests import people
from tests.navigator.editing.pages import fields_in, opened, send


@pytest.fixture
def office(world):
    office = world.office("rotterdam", regions=["Rijnmond"], description="Wij helpen.")
    EducationRegion.objects.update(review_required=False)
    return office


@pytest.fixture
def first(office):
    return people.log_in(Client(), people.editor(office.regions.get(), email="een@loket.example"))


@pytest.fixture
def second(office):
    return people.log_in(Client(), people.editor(office.regions.get(), email="twee@loket.example"))


def value(office, field):
    return revisions.working_record(office)[field]


@pytest.mark.parametrize("first_does", ["publish", "draft"])
@pytest.mark.parametrize("second_does", ["publish", "draft", "submit"])
def test_the_second_sees_both_versions_and_nothing_is_overwritten(
    first, second, office, first_does, second_does
):
    mine, theirs = (opened(client, office, "introduction") for client in (second, first))
    send(first, office, "introduction", theirs, first_does, description="Van de eerste.")

    answer = send(second, office, "introduction", mine, second_does, description="Van de tweede.")

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Van de eerste." in page
    assert "Van de tweede." in page
    assert value(office, "description") == "Van de eerste."


@pytest.mark.parametrize("does", ["publish", "draft"])
@pytest.mark.parametrize(
    ("choice", "outcome"), [("mine", "Van de tweede."), ("theirs", "Van de eerste.")]
)
def test_the_choice_is_saved_and_so_is_what_else_was_typed(
    first, second, office, does, choice, outcome
):
    mine, theirs = (opened(client, office, "introduction") for client in (second, first))
    send(first, office, "introduction", theirs, does, description="Van de eerste.")
    clash = send(
        second, office, "introduction", mine, does, description="Van de tweede.", name="Nieuw"
    )

    answer = send(
        second, office, "introduction", fields_in(clash), does, **{"keep__description": choice}
    )

    assert answer.status_code == 303
    assert value(office, "description") == outcome
    assert value(office, "name") == "Nieuw"
    if does == "publish":
        assert records.read(office)["description"] == outcome


def test_without_a_choice_the_question_comes_again(first, second, office):
    mine, theirs = (opened(client, office, "introduction") for client in (second, first))
    send(first, office, "introduction", theirs, "publish", description="Van de eerste.")
    clash = send(second, office, "introduction", mine, "publish", description="Van de tweede.")

    answer = send(second, office, "introduction", fields_in(clash), "publish")

    assert answer.status_code == 409
    assert value(office, "description") == "Van de eerste."


def test_a_third_change_while_somebody_chooses_is_seen_too(first, second, office):
    mine, theirs = (opened(client, office, "introduction") for client in (second, first))
    send(first, office, "introduction", theirs, "publish", description="Van de eerste.")
    clash = send(second, office, "introduction", mine, "publish", description="Van de tweede.")
    newer = opened(first, office, "introduction")
    send(first, office, "introduction", newer, "publish", description="Nog eens de eerste.")

    answer = send(
        second, office, "introduction", fields_in(clash), "publish", keep__description="mine"
    )

    assert answer.status_code == 409
    assert "Nog eens de eerste." in answer.content.decode()
    assert value(office, "description") == "Nog eens de eerste."


@pytest.mark.parametrize("does", ["publish", "draft"])
def test_changes_to_different_fields_go_together(first, second, office, does):
    mine, theirs = (opened(client, office, "introduction") for client in (second, first))
    send(first, office, "introduction", theirs, does, description="Van de eerste.")

    answer = send(second, office, "introduction", mine, does, name="Van de tweede")

    assert answer.status_code == 303
    assert value(office, "description") == "Van de eerste."
    assert value(office, "name") == "Van de tweede"


def test_both_saying_the_same_is_no_conflict(first, second, office):
    mine, theirs = (opened(client, office, "introduction") for client in (second, first))
    send(first, office, "introduction", theirs, "publish", description="Hetzelfde.")

    answer = send(second, office, "introduction", mine, "publish", description="Hetzelfde.")

    assert answer.status_code == 303


@pytest.mark.parametrize("base", ["", "x", '{"description": "made up"}'])
def test_a_form_that_does_not_say_what_it_was_filled_with_overwrites_nothing(first, office, base):
    typed = opened(first, office, "introduction")

    answer = send(
        first, office, "introduction", typed, "publish", base=base, description="Overschreven."
    )

    assert answer.status_code == 409
    assert records.read(office)["description"] == "Wij helpen."


def test_hours_support_and_ticks_clash_in_words(first, second, office):
    for name, first_types, second_types, words in (
        (
            "contact",
            {"phone_hours__1__from1": "9-17"},
            {"phone_hours__1__from1": "9-12"},
            ("09:00–17:00", "09:00–12:00"),
        ),
        (
            "support",
            {"support__podcasts__offered": "on", "support__podcasts__note": "elke week"},
            {"support__podcasts__offered": "on", "support__podcasts__note": "elke maand"},
            ("elke week", "elke maand"),
        ),
        (
            "sectors",
            {"sectors": ["po"]},
            {"sectors": ["vo", "mbo"]},
            (str(Sector.objects.get(pk="po").name), str(Sector.objects.get(pk="mbo").name)),
        ),
    ):
        office.sectors.set([])
        mine, theirs = (opened(client, office, name) for client in (second, first))
        send(first, office, name, theirs, "publish", **first_types)

        answer = send(second, office, name, mine, "publish", **second_types)

        assert answer.status_code == 409
        assert all(word in answer.content.decode() for word in words)
