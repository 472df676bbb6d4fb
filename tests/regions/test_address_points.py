"""An address -> a point on the map, and how well it is known."""

import pytest

from regions import geocoding
from regions.geocoding import PointFound, point_of
from tests import factories
from tests.regions.geocoder_double import COOLSINGEL, GeocoderDouble, answers, finds


@pytest.fixture
def pdok(settings, world):
    """A way to let the settings name a double that behaves in some way."""
    running = []

    def start(behave):
        running.append(GeocoderDouble(behave).__enter__())
        settings.GEOCODER = "pdok"
        settings.GEOCODER_URL = running[-1].url
        settings.GEOCODER_TIMEOUT_S = 1.0

    geocoding._address_service.cache_clear()
    yield start
    geocoding._address_service.cache_clear()
    for each in running:
        each.__exit__()


def test_the_address_service_says_it_exactly(pdok):
    pdok(finds(COOLSINGEL))

    found = point_of("Coolsingel 40, 3011 AD Rotterdam")

    assert found == PointFound((51.92245, 4.47945), "address", "")


def test_without_it_the_middle_of_the_postcode_will_do(world):
    world.postcode("3011", place="Rotterdam")

    found = point_of("Coolsingel 40, 3011 AD Rotterdam")

    assert found == PointFound(factories.point_of("3011"), "postcode", "3011")


def test_it_is_said_that_the_service_is_away(world, pdok):
    world.postcode("3011", place="Rotterdam")
    pdok(answers({}, status=503))

    found = point_of("Coolsingel 40, 3011 AD Rotterdam")

    assert (found.precision, found.note) == ("postcode", "geocoder_away")


def test_without_a_postcode_it_is_the_middle_of_the_place(world):
    world.place("Rotterdam", municipality="Rotterdam", postcodes=["3011", "3013"])

    found = point_of("Coolsingel 40, Rotterdam")

    assert (found.precision, found.name) == ("place", "Rotterdam")
    assert found.point == factories.point_of("3012")  # between the two


@pytest.mark.parametrize("address", ["", "Dorpsstraat 3, Hengelo", "Dorpsstraat 3, Nergenshuizen"])
def test_what_could_be_several_or_is_unknown_has_no_point(world, address):
    for municipality, code in (("Hengelo", "7551"), ("Bronckhorst", "7255")):
        world.place("Hengelo", municipality=municipality, postcodes=[code])

    assert point_of(address) is None


def test_a_postcode_with_po_boxes_only_has_no_point(world):
    world.postcode("3000", po_box_only=True, latitude=None, longitude=None, place="Rotterdam")

    assert point_of("Postbus 1, 3000 AA Nergenshuizen") is None
