import pytest
from django.test import RequestFactory

from navigator.statistics import known_sources
from navigator.statistics.models import KnownSource, Source
from navigator.statistics.sources import origin_of
from regions.models import RegionalOffice

pytestmark = pytest.mark.django_db


def know(by, value, source="campaign"):
    """What an administrator would put in the list."""
    KnownSource.objects.create(by=by, value=value, source=source)
    known_sources.forget()


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


@pytest.mark.parametrize(
    "site", ["https://www.campaign.example/", "http://m.campaign.example:8080/page"]
)
def test_a_campaign_is_known_by_its_host_and_what_lies_below_it(site):
    know("host", "campaign.example")

    assert origin(referer=site).source == Source.CAMPAIGN


@pytest.mark.parametrize("site", ["https://mycampaign.example/", "https://example/"])
def test_a_host_that_only_looks_like_a_known_one_is_another_site(site):
    know("host", "campaign.example")

    assert origin(referer=site).source != Source.CAMPAIGN


def test_the_longest_known_host_decides():
    know("host", "school.example", "partner")
    know("host", "campaign.school.example")

    assert origin(referer="https://news.school.example/").source == Source.PARTNER
    assert origin(referer="https://x.campaign.school.example/").source == Source.CAMPAIGN


def test_a_known_source_goes_before_what_everybody_knows():
    know("host", "news.google.com", "partner")

    assert origin(referer="https://news.google.com/").source == Source.PARTNER
    assert origin(referer="https://www.google.com/").source == Source.SEARCH_ENGINE


def test_a_known_utm_source_goes_before_a_known_host_and_the_widget():
    know("host", "campaign.example")
    know("utm_source", "school", "partner")

    found = origin(referer="https://campaign.example/", utm_source="School ", utm_medium="widget")

    assert found.source == Source.PARTNER


def test_a_known_host_goes_before_the_widget():
    know("host", "campaign.example")

    widget = origin(referer="https://campaign.example/", utm_medium="widget")

    assert widget.source == Source.CAMPAIGN


@pytest.mark.parametrize("referer", ["", "https://www.google.nl/", "https://school.example/"])
def test_who_comes_by_the_widget_is_known_by_its_utm_medium(referer):
    found = origin(referer=referer, utm_source="school.example", utm_medium="Widget")

    assert found.source == Source.WIDGET


@pytest.mark.parametrize("medium", ["cpc", "email", "qr"])
def test_another_utm_medium_changes_nothing(medium):
    found = origin(referer="https://www.google.nl/", utm_medium=medium)

    assert (found.source, found.utm_medium) == (Source.SEARCH_ENGINE, medium)


def test_an_unknown_utm_source_without_a_host_is_another_site():
    assert origin(utm_source="newsletter").source == Source.OTHER_SITE


def test_a_campaign_is_known_by_its_utm_source():
    know("utm_source", "tvspot")

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
