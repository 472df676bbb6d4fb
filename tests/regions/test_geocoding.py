"""An address -> a postcode, a place or a point; never an error."""

import dataclasses
import socket
import threading
import time

import pytest
import structlog
from django.core.exceptions import ImproperlyConfigured
from geopy.exc import GeocoderRateLimited, GeocoderServiceError, GeocoderTimedOut
from hypothesis import HealthCheck, given, settings as hypothesis_settings, strategies as st

from regions import geocoding
from regions.geocoding import AddressService, Located, locate
from regions.pdok import MOST_BYTES, PDOKLocatieserver
from tests.regions import geocoder_double as double
from tests.regions.geocoder_double import COOLSINGEL, GeocoderDouble, answers, finds
from tests.regions.named_places import add_place

ADDRESS = "Coolsingel 40, 3011 AD Rotterdam"
FOUND = Located("3011", "Rotterdam", (51.92245, 4.47945), "pdok")
FALLEN_BACK = Located("3011", "Rotterdam", None, "local", "geocoder_away")
TIMEOUT_S = 0.25


class Clock:
    now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def rotterdam(db):
    return add_place("Rotterdam", "Rotterdam", "zuid-holland")


@pytest.fixture
def pdok(settings, rotterdam):
    """A way to let the settings name a double that behaves in some way."""
    running = []

    def start(behave):
        running.append(GeocoderDouble(behave).__enter__())
        settings.GEOCODER = "pdok"
        settings.GEOCODER_URL = running[-1].url
        settings.GEOCODER_TIMEOUT_S = TIMEOUT_S
        return running[-1]

    geocoding._address_service.cache_clear()
    yield start
    geocoding._address_service.cache_clear()
    for each in running:
        each.__exit__()


@pytest.fixture
def logged():
    with structlog.testing.capture_logs() as events:
        yield events


def document(**changes):
    return {key: value for key, value in (COOLSINGEL | changes).items() if value is not None}


# The address service is well


def test_an_address_is_found_and_the_letters_of_its_postcode_are_dropped(pdok):
    pdok(finds(COOLSINGEL))

    located = locate("Coolsingel 40 Rotterdam")

    assert located == FOUND
    assert "3011AD" not in repr(located)


def test_the_service_is_asked_for_addresses_and_streets_only(pdok):
    server = pdok(finds(COOLSINGEL))

    locate("Coolsingel 40 Rotterdam")

    assert server.paths == ["/search/v3_1/free"]
    assert server.queries[0]["q"] == ["Coolsingel 40 Rotterdam"]
    assert server.queries[0]["fq"] == ["type:(adres OR postcode OR weg)"]


def test_an_address_that_the_service_does_not_know_is_read_from_the_text_without_a_note(pdok):
    pdok(finds())

    located = locate(ADDRESS)

    assert located == dataclasses.replace(FALLEN_BACK, note=None)


def test_a_street_without_a_postcode_is_known_by_its_place_and_point(pdok):
    pdok(finds(document(type="weg", postcode=None)))

    located = locate("Coolsingel Rotterdam")

    assert located == dataclasses.replace(FOUND, postcode=None)


def test_one_address_in_several_places_is_no_reason_to_guess(pdok):
    pdok(finds(document(), document(woonplaatsnaam="Ede", gemeentenaam="Ede", postcode="6711AA")))

    located = locate("Kerkstraat 1")

    assert located == Located(None, None, None, "local")


def test_namesakes_in_two_municipalities_are_several_places(pdok):
    pdok(
        finds(
            document(woonplaatsnaam="Elst"), document(woonplaatsnaam="Elst", gemeentenaam="Rhenen")
        )
    )

    located = locate("Dorpsstraat 1 Elst")

    assert located.source == "local"


def test_a_lower_score_does_not_count(pdok):
    pdok(finds(document(), document(woonplaatsnaam="Ede", score=12.4)))

    located = locate("Coolsingel 40 Rotterdam")

    assert located == FOUND


def test_of_equally_good_postcodes_in_one_place_none_is_chosen(pdok):
    pdok(finds(document(), document(postcode="3012AD")))

    located = locate("Coolsingel Rotterdam")

    assert located == Located(None, "Rotterdam", None, "pdok")


def test_a_postcode_in_the_text_wins_from_another_one_of_the_service(pdok):
    pdok(finds(document(postcode="3012AB")))

    located = locate(ADDRESS)

    assert located == dataclasses.replace(FALLEN_BACK, note=None)


# The address service is away


@pytest.mark.parametrize(
    ("behave", "reason"),
    [
        (double.keeps_silent, "timeout"),
        (double.drips, "timeout"),
        (double.drips_headers, "timeout"),
        (answers({"error": "oops"}, status=500), "status"),
        (answers(b"busy", status=503), "status"),
        (answers(b"slow down", status=429, headers=[("Retry-After", "3600")]), "status"),
        (answers(b"not here", status=404), "status"),
        (answers(b"", status=204), "status"),
        (answers(b"", status=302, headers=[("Location", "https://example.com/")]), "status"),
        (answers(b"<html>Welcome</html>", content_type="text/html"), "nonsense"),
        (answers(b""), "nonsense"),
        (answers(b"\xff\xfe{}"), "nonsense"),
        (answers(b"[" * 100_000), "nonsense"),
        (answers(b" " * MOST_BYTES + b"{}"), "nonsense"),
        (double.never_ends, "nonsense"),
        (double.talks_nonsense, "nonsense"),
        (double.hangs_up, "unreachable"),
        (double.resets, "unreachable"),
        (answers([]), "nonsense"),
        (answers(None), "nonsense"),
        (answers("docs"), "nonsense"),
        (answers({"response": None}), "nonsense"),
        (answers({"response": {"docs": {}}}), "nonsense"),
        (answers({"response": {"docs": [None]}}), "nonsense"),
        (answers({"response": {"docs": ["Rotterdam"]}}), "nonsense"),
        (finds({}), "nonsense"),
        (finds(document(centroide_ll=None)), "nonsense"),
        (finds(document(centroide_ll=[4.4, 51.9])), "nonsense"),
        (finds(document(centroide_ll="POINT(NaN NaN)")), "nonsense"),
        (finds(document(centroide_ll="POINT(51.92245 4.47945)")), "nonsense"),
        (finds(document(centroide_ll="POINT(2.3522 48.8566)")), "nonsense"),
        (finds(document(centroide_ll="POINT(4.47945 48.8566)")), "nonsense"),
        (finds(document(centroide_ll="POINT(2.3522 51.92245)")), "nonsense"),
        (finds(document(postcode="0000AA")), "nonsense"),
        (finds(document(postcode=3011)), "nonsense"),
        (finds(document(woonplaatsnaam=["Rotterdam"])), "nonsense"),
        (finds(document(woonplaatsnaam="R" * 101)), "nonsense"),
    ],
)
def test_when_the_service_misbehaves_the_text_itself_answers_in_time(pdok, logged, behave, reason):
    pdok(behave)

    started = time.monotonic()
    located = locate(ADDRESS)
    took = time.monotonic() - started

    assert located == FALLEN_BACK
    assert took < TIMEOUT_S + 1
    assert [(event["event"], event["reason"]) for event in logged] == [("geocoder_away", reason)]


def test_a_request_that_took_too_long_does_not_go_on_in_the_dark():
    with GeocoderDouble(double.drips) as server:
        geocoder = PDOKLocatieserver(url=server.url, timeout=TIMEOUT_S)
        with pytest.raises(GeocoderTimedOut):
            geocoder.geocode(ADDRESS)

        requests = [thread for thread in threading.enumerate() if thread.name == "geocoder"]
        for request in requests:
            request.join(timeout=2)

        assert not any(request.is_alive() for request in requests)


def test_a_redirect_is_not_followed(pdok):
    server = pdok(finds())
    server.behave = answers(b"", status=302, headers=[("Location", f"{server.url}/elsewhere")])

    locate(ADDRESS)

    assert server.paths == ["/search/v3_1/free"]


def test_where_nothing_listens_the_text_itself_answers(settings, rotterdam):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    settings.GEOCODER = "pdok"
    settings.GEOCODER_URL = f"http://127.0.0.1:{port}"

    located = locate(ADDRESS)

    assert located == FALLEN_BACK


def test_no_log_line_holds_any_of_the_address(pdok, logged):
    pdok(answers({"error": ADDRESS}, status=500))

    locate(ADDRESS)

    assert logged
    assert all(word not in repr(logged) for word in ("Coolsingel", "3011", "Rotterdam"))


def test_no_error_of_the_geocoder_repeats_the_address():
    with GeocoderDouble(answers(ADDRESS.encode(), status=500)) as server:
        geocoder = PDOKLocatieserver(url=server.url, timeout=TIMEOUT_S)
        with pytest.raises(GeocoderServiceError) as error:
            geocoder.geocode(ADDRESS)

    assert str(error.value) == "status 500"


# It is asked with care


def test_after_a_failure_it_is_left_alone_for_a_while():
    clock = Clock()
    with GeocoderDouble(answers(b"", status=500)) as server:
        geocoder = PDOKLocatieserver(url=server.url, timeout=TIMEOUT_S, pause_s=15, clock=clock)
        with pytest.raises(GeocoderServiceError):
            geocoder.geocode(ADDRESS)
        server.behave = finds(COOLSINGEL)

        clock.now += 14
        with pytest.raises(GeocoderRateLimited):
            geocoder.geocode(ADDRESS)
        clock.now += 2
        found = geocoder.geocode(ADDRESS)

    assert found.raw["postcode"] == "3011"
    assert len(server.paths) == 2


def test_nonsense_about_one_address_does_not_stop_the_next_one():
    with GeocoderDouble(finds({})) as server:
        geocoder = PDOKLocatieserver(url=server.url, timeout=TIMEOUT_S)
        with pytest.raises(GeocoderServiceError):
            geocoder.geocode(ADDRESS)
        server.behave = finds(COOLSINGEL)

        found = geocoder.geocode(ADDRESS)

    assert found.address == "Rotterdam"


def test_more_requests_than_allowed_in_a_second_are_refused_at_once():
    clock = Clock()
    with GeocoderDouble(finds(COOLSINGEL)) as server:
        geocoder = PDOKLocatieserver(
            url=server.url, timeout=TIMEOUT_S, requests_per_second=2, clock=clock
        )
        geocoder.geocode("Coolsingel 40")
        geocoder.geocode("Coolsingel 41")

        with pytest.raises(GeocoderRateLimited):
            geocoder.geocode("Coolsingel 42")
        clock.now += 1
        geocoder.geocode("Coolsingel 43")

    assert len(server.paths) == 3


def test_a_refused_request_still_gets_an_answer_from_the_text(pdok, logged):
    pdok(answers(b"", status=500))
    locate(ADDRESS)

    located = locate(ADDRESS)

    assert located == FALLEN_BACK
    assert logged[-1]["reason"] == "busy"


def test_the_same_address_is_asked_once_an_hour():
    clock = Clock()
    with GeocoderDouble(finds(COOLSINGEL)) as server:
        service = AddressService(PDOKLocatieserver(url=server.url, timeout=TIMEOUT_S), clock=clock)

        first = service.locate(ADDRESS)
        clock.now += 3599
        second = service.locate(ADDRESS.upper() + " ")
        requests_within_the_hour = len(server.paths)
        clock.now += 1
        service.locate(ADDRESS)

    assert first == second == FOUND
    assert requests_within_the_hour == 1
    assert len(server.paths) == 2


def test_an_address_that_is_not_known_is_remembered_too():
    with GeocoderDouble(finds()) as server:
        service = AddressService(PDOKLocatieserver(url=server.url, timeout=TIMEOUT_S))

        service.locate(ADDRESS)
        service.locate(ADDRESS)

    assert len(server.paths) == 1


def test_what_is_remembered_holds_no_address_and_does_not_grow(monkeypatch):
    monkeypatch.setattr(geocoding, "MOST_KEPT", 2)
    with GeocoderDouble(finds(COOLSINGEL)) as server:
        service = AddressService(PDOKLocatieserver(url=server.url, timeout=TIMEOUT_S))

        for number in range(4):
            service.locate(f"Coolsingel {number}")
        service.locate("Coolsingel 3")

    assert len(server.paths) == 4
    assert len(service._kept) == 2
    assert "Coolsingel" not in repr(service._kept)


# Without an address service


@pytest.mark.parametrize(
    ("address", "postcode", "place"),
    [
        (ADDRESS, "3011", "Rotterdam"),
        ("Coolsingel 40 rotterdam", None, "rotterdam"),
        ("Coolsingel 40, 3011AD", "3011", None),
        ("Coolsingel 40, Rotterdam, Nederland", None, "Rotterdam"),
        ("Rotterdam 3011", "3011", None),
        ("Coolsingel 3011", None, None),
        ("Coolsingel 40", None, None),
        ("", None, None),
        ("   ", None, None),
        (ADDRESS + " " * 200 + "!", None, None),
    ],
)
def test_the_local_table_knows_what_the_text_itself_tells(
    settings, rotterdam, address, postcode, place
):
    settings.GEOCODER = "local"

    located = locate(address)

    assert located == Located(postcode, place, None, "local")


def test_a_text_is_read_with_at_most_two_queries(settings, rotterdam, django_assert_num_queries):
    settings.GEOCODER = "local"

    with django_assert_num_queries(2):
        locate("Weg 1, Rotterdam 3011")


@pytest.mark.django_db
@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.text(max_size=250))
def test_no_text_makes_it_fail(settings, text):
    settings.GEOCODER = "local"

    located = locate(text)

    assert located.source == "local"


@pytest.mark.parametrize("text", ["\ud800", "\x00", "😀" * 50, "40, \ud83d 3011 AD", "&q=*:*#"])
def test_no_odd_text_makes_the_service_fail(pdok, text):
    pdok(finds())

    located = locate(text)

    assert located.note is None


# Settings that can't be used


def test_an_unknown_geocoder_is_a_clear_mistake(settings):
    settings.GEOCODER = "google"

    with pytest.raises(ImproperlyConfigured, match=r"local.*pdok"):
        locate(ADDRESS)


@pytest.mark.parametrize("url", ["ftp://example.com", "api.pdok.nl", "https://", "http://[::1"])
def test_an_address_of_a_geocoder_that_is_none_is_a_clear_mistake(settings, url):
    settings.GEOCODER = "pdok"
    settings.GEOCODER_URL = url

    with pytest.raises(ImproperlyConfigured, match="GEOCODER_URL"):
        locate(ADDRESS)


@pytest.mark.parametrize("timeout", [0, -1, float("nan")])
def test_a_timeout_that_is_none_is_a_clear_mistake(settings, timeout):
    settings.GEOCODER = "pdok"
    settings.GEOCODER_TIMEOUT_S = timeout

    with pytest.raises(ImproperlyConfigured, match="GEOCODER_TIMEOUT_S"):
        locate(ADDRESS)
