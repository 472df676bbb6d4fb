"""What the API answers of the real offices is what its description says."""

import pytest

from tests.api.test_schema import check

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("real_directory")]


def test_all_real_offices_are_as_described(client):
    page = client.get("/api/v1/offices?pageSize=100")

    check("get", "/api/v1/offices", page)
    for office in page.json()["results"]:
        check("get", "/api/v1/offices/{slug}", client.get(f"/api/v1/offices/{office['slug']}"))
