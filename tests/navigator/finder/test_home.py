import pytest
from django.test import Client

from navigator.statistics.models import Search
from regions.geocoding import Located
from tests.factories import point_of

pytestmark = pytest.mark.django_db

FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def rotterdam(world):
    world.postcode("3011", place="Rotterdam", municipality="Rotterdam")
    world.office("here", serves=["3011"])
    return world


def ask(client, typed, **more):
    return client.post("/", {"postcode": typed, **more})


def test_the_home_page_asks_the_question_and_sets_no_cookie(client, rotterdam):
    response = client.get("/")

    assert response.status_code == 200
    assert 'name="postcode"' in response.text
    assert not response.cookies


@pytest.mark.parametrize(
    "typed", ["3011", "3011AB", "3011 ab", " 3011-AB ", "3011\u00a0AB", "3011  aB"]
)
def test_a_postcode_goes_on_as_four_digits(client, rotterdam, typed):
    response = ask(client, typed)

    assert response.status_code == 303
    assert response.headers["Location"] == "/zoeken/?postcode=3011"


def test_the_sector_goes_along(client, rotterdam):
    response = ask(client, "3011AB", sector="po")

    assert response.headers["Location"] == "/zoeken/?postcode=3011&sector=po"


def test_in_english_the_answer_is_in_english(client, rotterdam):
    response = client.post("/en/", {"postcode": "3011AB"})

    assert response.headers["Location"] == "/en/zoeken/?postcode=3011"


def test_no_token_is_needed_since_nothing_changes(rotterdam):
    response = Client(enforce_csrf_checks=True).post("/", {"postcode": "3011AB"})

    assert response.status_code == 303


def test_the_source_of_the_visit_goes_along(client, rotterdam):
    response = client.post("/?via=google.nl&utm_campaign=spring", {"postcode": "3011"})

    assert response.headers["Location"] == (
        "/zoeken/?postcode=3011&via=google.nl&utm_campaign=spring"
    )


def test_a_place_goes_on_by_its_name(client, rotterdam):
    response = ask(client, "  rotterdam ")

    assert response.headers["Location"] == "/zoeken/?place=rotterdam"


def test_a_place_with_its_province_says_which_one_is_meant(client, world):
    world.place("Hengelo", municipality="Hengelo", postcodes=["7551"])
    world.place("Hengelo (Gld)", municipality="Bronckhorst", postcodes=["7255"], also=["Hengelo"])

    response = ask(client, "Hengelo, Bronckhorst")

    assert response.headers["Location"] == ("/zoeken/?place=Hengelo+%28Gld%29&municipality=GM7255")


def test_a_name_of_several_places_goes_on_to_the_choice(client, world):
    world.place("Hengelo", municipality="Hengelo", postcodes=["7551"])
    world.place("Hengelo (Gld)", municipality="Bronckhorst", postcodes=["7255"], also=["Hengelo"])

    response = ask(client, "Hengelo")

    assert response.headers["Location"] == "/zoeken/?place=Hengelo"


def test_of_an_address_only_the_digits_go_on(client, rotterdam):
    response = ask(client, "Coolsingel 40, 3011 AD Rotterdam")

    assert response.headers["Location"] == "/zoeken/?postcode=3011"


def test_of_an_address_without_a_postcode_the_place_goes_on(client, rotterdam):
    response = ask(client, "Coolsingel 40, Rotterdam")

    assert response.headers["Location"] == "/zoeken/?place=Rotterdam"


def test_a_shared_location_becomes_a_postcode_and_is_not_in_the_address(client, rotterdam):
    latitude, longitude = point_of("3011")

    response = ask(client, "", latitude=latitude, longitude=longitude)

    assert response.status_code == 303
    assert response.headers["Location"] == "/zoeken/?postcode=3011"


def test_a_location_abroad_says_so(client, rotterdam):
    response = ask(client, "", latitude="48.85", longitude="2.35")

    assert response.status_code == 400
    assert response.context["form"].errors.as_data()["postcode"][0].code == "outside_netherlands"


def codes(response):
    return [error.code for error in response.context["form"].errors.as_data()["postcode"]]


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("abc", "no_location"),
        ("51,9", "no_location"),
        ("NaN", "no_location"),
        ("inf", "no_location"),
        ("1e999", "no_location"),
        ("5\x000", "no_location"),
        ("x" * 5000, "no_location"),
        ("1e99", "outside_netherlands"),
        ("-51.9", "outside_netherlands"),
        ("", "empty"),
    ],
)
def test_a_location_of_nonsense_says_so(client, rotterdam, number, code):
    response = ask(client, "", latitude=number, longitude=number)

    assert response.status_code == 400
    assert codes(response) == [code]
    assert str(response.context["form"].errors["postcode"][0]) in response.text


@pytest.mark.parametrize("half", ["latitude", "longitude"])
def test_half_a_location_is_none(client, rotterdam, half):
    assert codes(ask(client, "", **{half: "51.9"})) == ["no_location"]


@pytest.mark.parametrize(("latitude", "longitude"), [("abc", "abc"), ("48.85", "2.35")])
def test_what_was_typed_goes_before_a_location(client, rotterdam, latitude, longitude):
    response = ask(client, "3011", latitude=latitude, longitude=longitude)

    assert response.headers["Location"] == "/zoeken/?postcode=3011"


# What is typed wrongly, and by which code it is told.
WRONG = {
    "": "empty",
    "   ": "empty",
    "0123": "starts_with_zero",
    "0123 AB": "starts_with_zero",
    "1234SS": "letters_not_used",
    "1234 sa": "letters_not_used",
    "12345": "not_a_postcode",
    "301": "not_a_postcode",
    "３０１１": "not_ascii_digits",
    "x" * 5000: "too_long",
    "3" * 5000: "too_long",
    "😀": "not_a_postcode",
    "Nergenshuizen": "unknown_place",
    "' OR 1=1 --": "not_a_postcode",
    "<script>alert(1)</script>": "not_a_postcode",
    "3011' OR '1'='1": "not_a_postcode",
}


@pytest.mark.parametrize(("typed", "code"), WRONG.items(), ids=lambda value: repr(value)[:24])
def test_bad_input_has_its_own_answer_and_stays_in_the_field(client, rotterdam, typed, code):
    response = ask(client, typed)

    assert response.status_code == 400
    form = response.context["form"]
    assert form.errors.as_data()["postcode"][0].code == code
    assert str(form.errors["postcode"][0]) in response.text.replace("&#x27;", "'").replace(
        "&#39;", "'"
    )
    assert form["postcode"].value() == typed
    assert "<script>alert" not in response.text
    assert Search.objects.count() == 0


def test_every_kind_of_bad_input_has_its_own_words(client, rotterdam):
    told = {
        code: str(ask(client, typed).context["form"].errors["postcode"][0])
        for typed, code in WRONG.items()
    }

    assert len(set(told.values())) == len(set(WRONG.values()))


def test_the_sector_stays_chosen_when_the_postcode_is_wrong(client, rotterdam):
    response = ask(client, "0123", sector="vo")

    assert '<option value="vo" selected>' in response.text


def test_a_null_character_is_refused(client, rotterdam):
    response = ask(client, "30\x0011")

    assert response.status_code == 400
    assert response.context["form"].errors["postcode"]


def test_an_unknown_sector_is_refused_with_words(client, rotterdam):
    response = ask(client, "3011", sector="nonsense")

    assert response.status_code == 400
    assert response.context["form"].errors["sector"]


def test_a_repeated_field_counts_once(client, rotterdam):
    response = client.post("/", {"postcode": ["3011", "3011AB"], "sector": ["po", "vo"]})

    assert response.status_code == 303


def test_an_unknown_place_is_answered_with_names_like_it(client, rotterdam):
    response = ask(client, "Roterdam")

    assert response.context["similar"] == ("Rotterdam",)
    assert "/zoeken/?place=Rotterdam" in response.text


def test_the_sector_goes_along_with_a_name_like_it(client, rotterdam):
    response = ask(client, "Roterdam", sector="vo")

    assert "/zoeken/?place=Rotterdam&amp;sector=vo" in response.text


def test_another_method_is_refused_with_words(client, rotterdam):
    response = client.put("/", {"postcode": "3011"})

    assert response.status_code == 405
    assert response.headers["Allow"] == "GET, HEAD, POST"
    assert "<h1" in response.text


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"postcode=" + b"x" * 300_000, FORM),
        (b"&".join(b"a%d=1" % number for number in range(1200)), FORM),
        (b"postcode=%ff%fe", FORM),
        (b"postcode[]=3011", FORM),
        (b"", FORM),
        (b'{"postcode": "3011"}', "application/json"),
        (b"3011", "text/plain"),
        (b"3011", "multipart/form-data"),
        (b"--x\r\nbroken", "multipart/form-data; boundary=x"),
    ],
    ids=["large", "many", "no UTF-8", "array", "empty", "JSON", "text", "no boundary", "broken"],
)
def test_a_body_that_is_no_form_of_ours_is_refused_with_words(
    client, rotterdam, body, content_type
):
    response = client.post("/", body, content_type=content_type)

    assert response.status_code == 400
    assert "<h1" in response.text


def test_the_page_keeps_nothing_of_the_address_of_whoever_came_first(client, rotterdam):
    client.get("/?gclid=somebody&sector=vo")

    response = client.get("/")

    assert "somebody" not in response.text
    assert 'sector=vo"' not in response.text.partition("</header>")[0]


def test_in_english_a_wrong_postcode_is_told_in_english(client, rotterdam):
    response = client.post("/en/", {"postcode": "0123"})

    assert "does not start with a 0" in response.text


def test_when_the_address_service_is_away_the_answer_says_so(client, rotterdam, monkeypatch):
    away = Located("3011", None, None, "local", "geocoder_away")
    monkeypatch.setattr("navigator.finder.forms.geocoding.locate", lambda _address: away)

    response = ask(client, "Coolsingel 40, 3011 AD Rotterdam")

    assert response.headers["Location"] == "/zoeken/?postcode=3011&note=geocoder_away"


def test_an_address_in_a_place_that_we_do_not_know_is_an_unknown_place(
    client, rotterdam, monkeypatch
):
    found = Located(None, "Nergenshuizen", None, "pdok")
    monkeypatch.setattr("navigator.finder.forms.geocoding.locate", lambda _address: found)

    assert codes(ask(client, "Dorpsstraat 1, Nergenshuizen")) == ["unknown_place"]
