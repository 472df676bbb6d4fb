from django.test import RequestFactory

from navigator import proxies
from navigator.proxies import client_address, network_address


def request(address="192.0.2.1", **headers):
    return RequestFactory().get("/", headers=headers, REMOTE_ADDR=address)


def test_a_forwarded_address_is_believed_from_a_trusted_proxy_only(settings):
    settings.TRUSTED_PROXIES = []
    asked = request(address="192.0.2.9", **{"x-forwarded-for": "198.51.100.7"})

    assert client_address(asked) == "192.0.2.9"


def test_behind_a_trusted_proxy_the_last_untrusted_address_counts(settings):
    settings.TRUSTED_PROXIES = ["10.0.0.0/8"]
    proxies._is_trusted.cache_clear()
    invented = {"x-forwarded-for": "203.0.113.1, 198.51.100.7, 10.0.0.3"}

    assert client_address(request(address="10.0.0.2", **invented)) == "198.51.100.7"


def test_a_household_with_many_ipv6_addresses_is_one():
    first = client_address(request(address="2001:db8:1:2::a"))
    second = client_address(request(address="2001:db8:1:2:ffff::b"))

    assert first == second


def test_a_nonsense_address_is_no_error(settings):
    settings.TRUSTED_PROXIES = ["127.0.0.0/8"]
    proxies._is_trusted.cache_clear()

    assert client_address(request(address="127.0.0.1", **{"x-forwarded-for": "<b>"})) == "<b>"


def test_only_an_address_is_stored_as_one():
    assert network_address(request(address="192.0.2.9")) == "192.0.2.9"
    assert network_address(request(address="")) is None
