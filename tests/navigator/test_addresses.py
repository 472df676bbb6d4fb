import pytest

from navigator.statistics.models import Search

pytestmark = pytest.mark.django_db

BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture
def client(client):
    client.defaults["HTTP_USER_AGENT"] = BROWSER
    return client


@pytest.fixture(autouse=True)
def rotterdam(world):
    world.postcode("3011", place="Rotterdam", municipality="Rotterdam")
    world.office("here", serves=["3011"])


@pytest.mark.parametrize(
    ("asked", "better"),
    [
        ("/zoeken/?postcode=3011AB&sector=po", "/zoeken/?postcode=3011&sector=po"),
        ("/zoeken/?postcode=3011+ab", "/zoeken/?postcode=3011"),
        ("/zoeken/?postcode=%203011-AB&via=a.nl", "/zoeken/?postcode=3011&via=a.nl"),
        ("/en/zoeken/?postcode=3011ab", "/en/zoeken/?postcode=3011"),
        ("/zoeken/?place=3011AB", "/zoeken/?postcode=3011"),
        ("/zoeken/?place=3011", "/zoeken/?postcode=3011"),
        ("/zoeken/?postcode=3011&place=3012AB", "/zoeken/?postcode=3011"),
        ("/regioloketten/here/?postcode=3011AB", "/regioloketten/here/?postcode=3011"),
        ("/regioloketten/?q=3011AB&sector=po", "/zoeken/?sector=po&postcode=3011"),
        ("/en/regioloketten/?q=3011", "/en/zoeken/?postcode=3011"),
        ("/?postcode=3011AB", "/?postcode=3011"),
        ("/nergens/?postcode=3011AB", "/nergens/?postcode=3011"),
    ],
)
@pytest.mark.parametrize("method", ["get", "head"])
def test_an_address_with_more_than_the_digits_goes_on_to_the_digits(client, method, asked, better):
    response = getattr(client, method)(asked)

    assert (response.status_code, response.headers["Location"]) == (302, better)
    assert response.headers["Cache-Control"] == "no-store"
    assert Search.objects.count() == 0


def test_an_address_without_a_slash_goes_on_without_the_letters_first(client):
    response = client.get("/en/zoeken?postcode=3011AB", follow=True)

    assert [address for address, _ in response.redirect_chain] == [
        "/en/zoeken?postcode=3011",
        "/en/zoeken/?postcode=3011",
    ]


@pytest.mark.parametrize(
    "address",
    [
        "/zoeken/?postcode=3011",
        "/zoeken/?place=Rotterdam",
        "/zoeken/?postcode=3011&q=3011AB",  # means nothing there
        "/regioloketten/?q=Rotterdam",
        "/regioloketten/here/?postcode=3011&sector=po",
        "/over/",
    ],
)
def test_an_address_that_is_as_it_should_be_is_answered_at_once(client, address):
    assert client.get(address).status_code == 200


@pytest.mark.parametrize("typed", ["0123AB", "1234SS", "30111", "Coolsingel"])
def test_what_is_no_postcode_is_left_for_the_page_to_explain(client, typed):
    assert client.get(f"/zoeken/?postcode={typed}").status_code == 400


def test_nobody_is_sent_to_another_site(client):
    response = client.get("/?postcode=3011AB", PATH_INFO="//evil.example/")

    assert response.headers["Location"] == "/%2Fevil.example/?postcode=3011"
