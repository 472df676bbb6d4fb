import re

import pytest

pytestmark = pytest.mark.django_db


@pytest.fixture
def addresses(client, world):
    world.office("here", serves=["3011"], regions=["Noord"])
    world.office("draft", serves=["3011"], state="draft")
    world.office("gone", serves=["3011"], state="archived")
    found = re.findall(r"<loc>http://testserver([^<]*)</loc>", client.get("/sitemap.xml").text)
    return {address for address in found if not address.startswith("/en/")}, found


def test_the_sitemap_has_every_page_that_is_there(addresses):
    dutch, _all = addresses

    assert {address for address in dutch if not address.startswith("/onderwijsregios/")} == {
        "/",
        "/regioloketten/",
        "/regioloketten/here/",
        "/over/",
        "/over/toegankelijkheid/",
        "/over/privacy/",
        "/statistiek/",
        "/statistiek/uitleg/",
    }
    assert len([address for address in dutch if address.startswith("/onderwijsregios/")]) == 2


def test_every_page_is_in_the_sitemap_in_both_languages(addresses):
    dutch, found = addresses

    assert {address for address in found if address.startswith("/en/")} == {
        f"/en{address}" for address in dutch
    }


def test_every_address_in_the_sitemap_answers(client, addresses):
    _dutch, found = addresses

    assert {client.get(address).status_code for address in found} == {200}
