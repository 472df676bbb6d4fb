"""What people narrow an answer down to, on the page and through the API."""

import json

import pytest

from navigator.statistics.models import Search, SupportAsked

pytestmark = pytest.mark.django_db

BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture(autouse=True)
def rotterdam(world):
    world.postcode("3011", place="Rotterdam", municipality="Rotterdam")
    world.office("here", serves=["3011"], support=["vacancies"])


def asked():
    rows = SupportAsked.objects.order_by("support", "source")
    return list(rows.values_list("support", "postcode", "source"))


def test_each_type_that_is_chosen_on_the_page_counts_once(client):
    for support in ("vacancies", "vacancies&support=webinar"):
        address = f"/zoeken/?postcode=3011&support={support}"
        assert client.get(address, HTTP_USER_AGENT=BROWSER).status_code == 200

    assert asked() == [("vacancies", "3011", "direct"), ("webinar", "3011", "direct")]
    assert Search.objects.count() == 1


def test_through_the_api_each_question_counts(client):
    body = json.dumps({"postcode": "3011", "support": ["vacancies"]})
    for _ in range(2):
        response = client.post("/api/v1/searches", body, content_type="application/json")
        assert response.status_code == 200

    assert asked() == [("vacancies", "3011", "api")] * 2
    assert set(SupportAsked.objects.values_list("visitor", flat=True)) == {None}
