"""The visiting address: looked up, shown on the map, and stored once it is confirmed."""

import pytest

from regions import geocoding, records, revisions
from regions.models import EducationRegion, Revision
from tests import factories, people
from tests.navigator.editing.pages import fields_in, opened, section, send
from tests.regions.geocoder_double import COOLSINGEL, GeocoderDouble, answers, finds

ADDRESS = "/mijn-regio/loketten/rotterdam/bezoek/"
COOLSINGEL_40 = "Coolsingel 40, 3011 AD Rotterdam"


@pytest.fixture
def office(world):
    world.postcode("3011", place="Rotterdam", municipality="Rotterdam")
    office = world.office("rotterdam", serves=["3011"], regions=["Rijnmond"], visiting_address="")
    records.write(
        office,
        {"visiting_address": "", "visiting_point": None, "has_visiting_location": False},
    )
    EducationRegion.objects.update(review_required=False)
    return office


@pytest.fixture
def editor(client, office):
    return people.log_in(client, people.editor(office.regions.get()))


@pytest.fixture
def pdok(settings):
    """A way to let the settings name a double that behaves in some way."""
    running = []

    def start(behave):
        running.append(GeocoderDouble(behave).__enter__())
        settings.GEOCODER = "pdok"
        settings.GEOCODER_URL = running[-1].url
        settings.GEOCODER_TIMEOUT_S = 1.0
        return running[-1]

    geocoding._address_service.cache_clear()
    yield start
    geocoding._address_service.cache_clear()
    for each in running:
        each.__exit__()


def place(office):
    record = records.read(office)
    return record["visiting_address"], record["visiting_point"]


def asked(editor, office, do="publish", **typed):
    """The page after an address was typed for the first time."""
    return send(editor, office, "visiting", opened(editor, office, "visiting"), do, **typed)


def test_an_address_is_found_and_shown_and_not_stored_yet(editor, office, pdok):
    pdok(finds(COOLSINGEL))

    page = asked(editor, office, visiting_address=COOLSINGEL_40)

    form = page.context["form"]
    assert page.status_code == 200
    assert form.asks
    assert (form.found.point, form.found.how) == ((51.92245, 4.47945), "address")
    assert "<svg" in page.content.decode()
    assert not Revision.objects.exists()


@pytest.mark.parametrize("do", ["publish", "draft"])
def test_once_confirmed_address_and_point_are_stored(editor, office, pdok, do):
    double = pdok(finds(COOLSINGEL))
    page = asked(editor, office, do, visiting_address=COOLSINGEL_40, has_visiting_location="on")

    answer = send(editor, office, "visiting", fields_in(page), do)

    record = revisions.working_record(office)
    assert answer.status_code == 303
    assert record["visiting_address"] == COOLSINGEL_40
    assert record["visiting_point"] == [51.92245, 4.47945]
    assert record["has_visiting_location"] is True
    assert len(double.queries) == 1  # it is remembered in between
    assert (place(office) == (COOLSINGEL_40, [51.92245, 4.47945])) is (do == "publish")


def test_another_address_than_the_confirmed_one_is_asked_again(editor, office):
    page = asked(editor, office, visiting_address=COOLSINGEL_40)

    answer = send(
        editor,
        office,
        "visiting",
        fields_in(page),
        "publish",
        visiting_address="Hofplein 1, 3011 AB Rotterdam",
    )

    assert answer.status_code == 200
    assert answer.context["form"].asks
    assert place(office) == ("", None)


def test_without_the_service_the_point_is_about_there_and_that_is_said(editor, office):
    page = asked(editor, office, visiting_address=COOLSINGEL_40)

    found = page.context["form"].found
    assert (found.how, found.name, found.is_approximate) == ("postcode", "3011", True)
    assert found.point == factories.point_of("3011")
    assert "3011" in page.content.decode()


def test_it_is_said_when_the_service_is_away(editor, office, pdok):
    pdok(answers({}, status=503))

    page = asked(editor, office, visiting_address=COOLSINGEL_40)

    assert page.context["form"].found.is_service_away
    assert page.context["form"].found.how == "postcode"


def test_an_address_that_is_not_found_can_be_stored_without_a_point(editor, office):
    page = asked(editor, office, visiting_address="Nergensstraat 1, Nergenshuizen")

    answer = send(editor, office, "visiting", fields_in(page), "publish")

    assert page.context["form"].asks
    assert page.context["form"].found.point is None
    assert answer.status_code == 303
    assert place(office) == ("Nergensstraat 1, Nergenshuizen", None)


@pytest.mark.parametrize(
    ("latitude", "longitude"), [("51.9", "4.5"), ("51,9", "4,5"), (" 51.90 ", "4.50")]
)
def test_a_point_by_hand_counts_once_it_is_confirmed(editor, office, latitude, longitude):
    page = asked(
        editor,
        office,
        visiting_address="Nergensstraat 1",
        visiting_point__latitude=latitude,
        visiting_point__longitude=longitude,
    )

    answer = send(editor, office, "visiting", fields_in(page), "publish")

    assert page.context["form"].found.how == "hand"
    assert answer.status_code == 303
    assert place(office) == ("Nergensstraat 1", [51.9, 4.5])


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [
        ("51.9", ""),
        ("noord", "4.5"),
        ("4.5", "51.9"),
        ("٥١.9", "4.5"),
        ("51.9", "9.5"),
        ("nan", "4"),
    ],
)
def test_a_point_that_is_none_is_told_at_its_field_and_kept(editor, office, latitude, longitude):
    page = asked(
        editor,
        office,
        visiting_address=COOLSINGEL_40,
        visiting_point__latitude=latitude,
        visiting_point__longitude=longitude,
    )

    assert page.status_code == 400
    assert page.context["form"].errors["visiting_point"]
    assert fields_in(page)["visiting_point.latitude"] == [latitude]
    assert not Revision.objects.exists()


def test_an_address_that_stays_keeps_its_point_without_asking(editor, office, pdok):
    values = {"visiting_address": COOLSINGEL_40, "visiting_point": [51.9, 4.5]}
    records.write(office, values)
    double = pdok(finds(COOLSINGEL))

    answer = asked(editor, office, appointment_needed="on")

    assert answer.status_code == 303
    assert place(office) == (COOLSINGEL_40, [51.9, 4.5])
    assert records.read(office)["appointment_needed"] is True
    assert double.queries == []


def test_no_address_means_no_point(editor, office):
    records.write(office, {"visiting_address": COOLSINGEL_40, "visiting_point": [51.9, 4.5]})

    answer = asked(editor, office, visiting_address="")

    assert answer.status_code == 303
    assert place(office) == ("", None)


def test_who_can_be_visited_has_an_address(editor, office):
    page = asked(editor, office, has_visiting_location="on")

    assert page.status_code == 400
    assert page.context["form"].errors["visiting_address"]
    assert fields_in(page)["has_visiting_location"] == ["on"]


def test_the_stored_point_is_shown(editor, office):
    records.write(office, {"visiting_address": COOLSINGEL_40, "visiting_point": [50.9, 4.3]})

    page = editor.get(ADDRESS)

    assert page.context["form"].found.how == "stored"
    assert "<svg" in page.content.decode()


def test_who_may_not_edit_the_office_does_not_find_it(client, office):
    people.log_in(client, people.editor(factories.EducationRegionFactory()))

    assert client.get(ADDRESS).status_code == 404
    assert client.post(ADDRESS, {"do": "publish"}).status_code == 404


def test_nothing_of_the_address_stands_in_an_address_or_a_log(editor, office, caplog):
    page = asked(editor, office, visiting_address=COOLSINGEL_40)

    answer = send(editor, office, "visiting", fields_in(page), "publish")

    assert "3011 AD" not in caplog.text
    assert "3011" not in answer["Location"]


def test_the_address_is_that_of_the_section(office):
    assert section(office, "visiting") == ADDRESS
