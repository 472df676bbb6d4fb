"""A world of three municipalities and four offices, and what every test of the API asks of it."""

from pathlib import Path

import pytest

from regions.models import Municipality, Postcode, Sector, SupportType
from tests import factories

DOCUMENTATION = Path(__file__).parents[2].joinpath("docs", "api.md").read_text()


@pytest.fixture
def directory(publish):
    """`oost` serves 1011 and 1012, `west` serves 2011, `heel-het-land` everything; 9011 has a gap.

    1013 is split over Oosterland and Westerland. There is a Dorp in both.
    """
    for position, code in enumerate(("po", "vo")):
        Sector.objects.create(code=code, name_nl=code, name_en=code, position=position)
    for position, (code, kind) in enumerate(
        (("webinar", "orientation"), ("vacancies", "placement"))
    ):
        SupportType.objects.create(
            code=code, kind=kind, name_nl=code, name_en=code, position=position
        )
    _offices(*_ground())
    publish()


def _ground() -> list[Municipality]:
    around_1011 = factories.square(52.1, 5.1, half=0.1)
    oosterland, westerland, verland = (
        factories.MunicipalityFactory(code=code, name=name, province=province, boundary=boundary)
        for code, name, province, boundary in (
            ("GM0001", "Oosterland", "utrecht", around_1011),
            ("GM0002", "Westerland", "gelderland", factories.square(52.1, 5.3)),
            ("GM0003", "Verland", "groningen", factories.square(53.2, 6.5)),
        )
    )
    for code, municipality, latitude, longitude in (
        ("1011", oosterland, 52.10, 5.10),
        ("1012", oosterland, 52.11, 5.11),
        ("1013", oosterland, 52.12, 5.13),
        ("2011", westerland, 52.10, 5.30),
        ("9011", verland, 53.20, 6.50),
    ):
        factories.PostcodeFactory(
            code=code,
            place="Dorp",
            municipality=municipality,
            latitude=latitude,
            longitude=longitude,
        )
    factories.PostcodeFactory(code="1000", place="Dorp", municipality=oosterland, po_box_only=True)
    for municipality, share in ((oosterland, 0.7), (westerland, 0.3)):
        factories.PostcodeShareFactory(
            postcode=Postcode(code="1013"), municipality=municipality, area_share=share
        )
    for name, municipality, codes in (
        ("Dorp", oosterland, ["1011", "1012"]),
        ("Dorp", westerland, ["2011"]),
        ("Gehucht", verland, ["9011"]),
    ):
        place = factories.PlaceFactory(name=name, municipality=municipality)
        place.postcodes.set(codes)
        factories.PlaceNameFactory(place=place)
    return [oosterland, westerland]


def _offices(oosterland: Municipality, westerland: Municipality) -> None:
    oost = factories.RegionalOfficeFactory(
        slug="oost",
        name="Loket Oóst",
        website="https://oost.example/",
        email="info@oost.example",
        email_response="one-working-day",
        phone="+31302270374",
        visiting_address="Weg 1, Dorp",
        has_visiting_location=True,
        facts_of="2025-08-07",
    )
    oost.municipalities.add(oosterland)
    oost.sectors.add("po")
    oost.regions.add(factories.EducationRegionFactory(name="Midden"))
    factories.PhoneHoursFactory(office=oost)
    vacancies = factories.SupportFactory(office=oost, type_id="vacancies", note="Elke week")
    factories.SupportLinkFactory(support=vacancies, url="https://oost.example/vacatures")
    west = factories.RegionalOfficeFactory(slug="west", name="Loket West", website="")
    west.municipalities.add(westerland)
    west.sectors.add("vo")
    for code in ("webinar", "vacancies"):
        factories.SupportFactory(office=west, type_id=code)
    nationwide = factories.RegionalOfficeFactory(
        slug="heel-het-land", name="Heel het land", nationwide=True
    )
    nationwide.sectors.add("po", "vo")
    concept = factories.RegionalOfficeFactory(slug="concept", state="draft")
    concept.municipalities.add(oosterland)


@pytest.fixture
def problem_of():
    """A problem and the codes of its mistakes, all of which the documentation has."""

    def read(response) -> tuple[str, list[tuple[str, str]]]:
        assert response["Content-Type"] == "application/problem+json"
        problem = response.json()
        assert problem["status"] == response.status_code
        assert {"type", "title", "status", "detail"} <= problem.keys()
        assert f"`{problem['type']}`" in DOCUMENTATION
        mistakes = problem.get("errors", [])
        for mistake in mistakes:
            assert mistake["detail"]
            assert f"`{mistake['code']}`" in DOCUMENTATION
        codes = [(mistake["field"], mistake["code"]) for mistake in mistakes]
        return problem["type"].removeprefix("/api/v1/problems/"), codes

    return read


@pytest.fixture
def ask(client):
    """POST a question, as an object or as it stands."""

    def post(body, content_type="application/json", **headers):
        return client.post("/api/v1/searches", body, content_type=content_type, headers=headers)

    return post
