import pytest
from django.test import RequestFactory

from navigator.statistics.models import Source
from navigator.statistics.sources import origin_of
from regions.models import RegionalOffice

pytestmark = pytest.mark.django_db


def origin(path="/", referer="", **query):
    return origin_of(RequestFactory().get(path, query, headers={"referer": referer}))


def test_without_a_referrer_a_visit_is_direct():
    found = origin()

    assert (found.source, found.host) == (Source.DIRECT, "")


@pytest.mark.parametrize(
    ("referer", "source", "host"),
    [
        ("https://www.google.nl/", Source.SEARCH_ENGINE, "google.nl"),
        ("https://duckduckgo.com/?q=leraar", Source.SEARCH_ENGINE, "duckduckgo.com"),
        ("https://l.facebook.com/", Source.SOCIAL, "l.facebook.com"),
        ("https://www.onderwijsloket.com/route/", Source.PARTNER, "onderwijsloket.com"),
        ("https://example.org/page", Source.OTHER_SITE, "example.org"),
        ("https://notgoogle.example/", Source.OTHER_SITE, "notgoogle.example"),
        ("https://t.co.example.org/", Source.OTHER_SITE, "t.co.example.org"),
    ],
)
def test_a_referring_host_tells_the_source(referer, source, host):
    found = origin(referer=referer)

    assert (found.source, found.host) == (source, host)


def test_the_site_of_an_office_is_an_education_partner(publish):
    RegionalOffice.objects.create(
        slug="here", name="Here", website="https://www.here.example/start"
    )
    publish()

    found = origin(referer="https://here.example/contact")

    assert found.source == Source.PARTNER


def test_a_campaign_is_known_by_its_host(settings):
    settings.CAMPAIGN_HOSTS = ["campaign.example"]

    found = origin(referer="https://www.campaign.example/")

    assert found.source == Source.CAMPAIGN


def test_a_campaign_is_known_by_its_utm_source(settings):
    settings.CAMPAIGN_UTM_SOURCES = ["tvspot"]

    found = origin(utm_source="TVspot", utm_medium="tv")

    assert (found.source, found.utm_source, found.utm_medium) == (Source.CAMPAIGN, "TVspot", "tv")


def test_own_links_carry_the_first_source_along():
    first = origin(referer="https://www.google.nl/", utm_campaign="spring")

    second = origin("/zoeken/", referer="http://testserver/", **first.carried)

    assert first.carried == {"via": "google.nl", "utm_campaign": "spring"}
    assert (second.source, second.host, second.utm_campaign) == (
        Source.SEARCH_ENGINE,
        "google.nl",
        "spring",
    )


def test_an_own_page_is_no_source():
    found = origin("/zoeken/", referer="http://testserver/over/")

    assert found.source == Source.DIRECT


@pytest.mark.parametrize(
    "referer",
    ["http://[bad", "nonsense", "https://", "https://" + "a" * 300 + ".nl/", "javascript:alert(1)"],
)
def test_a_broken_referrer_is_no_source(referer):
    found = origin(referer=referer)

    assert (found.source, found.host) == (Source.DIRECT, "")


def test_a_source_keeps_no_full_postcode_and_no_long_or_odd_text():
    found = origin(utm_term="leraar 3011AB", utm_content="x" * 5000, utm_campaign="a\x00b\nc")

    assert "3011AB" not in found.utm_term
    assert len(found.utm_content) == 100
    assert found.utm_campaign == "abc"


def test_a_made_up_host_in_an_own_link_is_ignored():
    found = origin(via='"><script>')

    assert (found.source, found.host) == (Source.DIRECT, "")
