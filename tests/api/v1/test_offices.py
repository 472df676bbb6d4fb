import pytest


def slugs(answer) -> list[str]:
    return [office["slug"] for office in answer.json()["results"]]


def test_an_office_in_a_list_has_what_a_visitor_needs_first(client, directory):
    answer = client.get("/api/v1/offices?q=oost")

    assert answer.json()["results"] == [
        {
            "slug": "oost",
            "name": "Loket Oóst",
            "url": "http://testserver/regioloketten/oost/",
            "nationwide": False,
            "regions": [{"slug": "midden", "name": "Midden"}],
            "sectors": ["po"],
            "support": ["vacancies"],
            "contact": {
                "website": "https://oost.example/",
                "email": "info@oost.example",
                "emailResponse": "one-working-day",
                "phone": "+31302270374",
                "phoneHours": [{"weekday": 1, "opens": "09:00", "closes": "17:00"}],
                "canBeVisited": True,
                "visitingAddress": "Weg 1, Dorp",
                "appointmentNeeded": False,
                "adviceUrl": None,
                "privacyUrl": None,
            },
        }
    ]


def test_an_office_by_itself_has_all_that_is_known(client, directory):
    listed = client.get("/api/v1/offices?q=oost").json()["results"][0]

    office = client.get("/api/v1/offices/oost").json()

    assert office == listed | {
        "description": None,
        "targetGroups": None,
        "schools": None,
        "trainingInstitutes": None,
        "regulations": None,
        "matching": None,
        "calendarUrl": None,
        "phoneNote": None,
        "preferredContact": None,
        "contactTeam": None,
        "whatToExpect": None,
        "adviceNote": None,
        "supportDetails": [
            {
                "code": "vacancies",
                "kind": "placement",
                "note": "Elke week",
                "links": ["https://oost.example/vacatures"],
            }
        ],
        "serviceArea": [
            {
                "municipality": {"code": "GM0001", "name": "Oosterland"},
                "province": {"code": "utrecht", "name": "Utrecht"},
                "postcodes": [],
            }
        ],
        "servedPostcodes": 3,
        "neighbours": [],
        "factsOf": "2025-08-07",
        "confirmedOn": None,
    }


def test_what_is_unknown_of_an_office_is_null(client, directory):
    contact = client.get("/api/v1/offices/west").json()["contact"]

    assert {name for name, value in contact.items() if value is None} == {
        "website",
        "email",
        "emailResponse",
        "phone",
        "visitingAddress",
        "adviceUrl",
        "privacyUrl",
    }


def test_an_unpublished_office_is_nowhere(client, directory, problem_of):
    assert "concept" not in slugs(client.get("/api/v1/offices"))

    answer = client.get("/api/v1/offices/concept")

    assert answer.status_code == 404
    assert problem_of(answer) == ("not-found", [])


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ("", ["heel-het-land", "oost", "west"]),
        ("postcode=1011", ["heel-het-land", "oost"]),
        ("postcode=9011", ["heel-het-land"]),
        ("postcode=1013", ["heel-het-land", "oost", "west"]),
        ("sector=vo", ["heel-het-land", "west"]),
        ("support=vacancies", ["oost", "west"]),
        ("support=vacancies&support=webinar", ["west"]),
        ("region=midden", ["oost"]),
        ("municipality=GM0002", ["heel-het-land", "west"]),
        ("q=LOKET%20oo", ["oost"]),
        ("q=nothing", []),
        ("postcode=1011&sector=vo", ["heel-het-land"]),
        ("postcode=1011&sector=po&support=vacancies&region=midden&q=oost", ["oost"]),
    ],
)
def test_filters_must_all_hold(client, directory, filters, found):
    assert slugs(client.get(f"/api/v1/offices?{filters}")) == found


@pytest.mark.parametrize(
    ("filters", "field", "code"),
    [
        ("postcode=", "postcode", "empty"),
        ("postcode=%20", "postcode", "empty"),
        ("postcode=rotterdam", "postcode", "not_a_postcode"),
        ("postcode=0123", "postcode", "starts_with_zero"),
        ("postcode=1234SS", "postcode", "letters_not_used"),
        ("postcode=%EF%BC%93%EF%BC%90%EF%BC%91%EF%BC%91", "postcode", "not_ascii_digits"),
        ("postcode=1099", "postcode", "unknown_postcode"),
        ("postcode=1000", "postcode", "po_box_only"),
        (f"postcode={'1' * 5000}", "postcode", "too_long"),
        ("postcode=%F0%9F%98%80", "postcode", "not_a_postcode"),
        ("postcode=1011%00", "postcode", "control_characters"),
        ("postcode=1011&postcode=1012", "postcode", "given_twice"),
        ("postcode[]=1011", "", "unknown_parameter"),
        ("postcode=%3Cscript%3E", "postcode", "not_a_postcode"),
        ("postcode=1011%27%20OR%201=1--", "postcode", "not_a_postcode"),
        ("sector=xx", "sector", "unknown_sector"),
        ("sector=", "sector", "empty"),
        ("sector=%00", "sector", "control_characters"),
        ("sector=po,vo", "sector", "unknown_sector"),
        ("support=xx", "support", "unknown_support"),
        ("support=null", "support", "unknown_support"),
        ("support=vacancies&support=xx", "support", "unknown_support"),
        ("support=vacancies&support=", "support", "empty"),
        ("support=%00", "support", "control_characters"),
        ("region=xx", "region", "unknown_region"),
        ("region=%00", "region", "control_characters"),
        ("municipality=GM9999", "municipality", "unknown_municipality"),
        ("municipality=Utrecht", "municipality", "unknown_municipality"),
        ("q=%F0%9F%98%80", "q", "no_letters"),
        ("q=%00", "q", "control_characters"),
        (f"q={'x' * 5000}", "q", "too_long"),
    ],
)
def test_a_filter_that_cannot_be_is_an_error(client, directory, problem_of, filters, field, code):
    answer = client.get(f"/api/v1/offices?{filters}")

    assert answer.status_code == 400
    assert problem_of(answer) == ("invalid-request", [(field, code)])


def test_all_mistakes_are_told_at_once(client, directory, problem_of):
    answer = client.get("/api/v1/offices?sector=xx&support=yy&region=zz")

    assert problem_of(answer) == (
        "invalid-request",
        [
            ("sector", "unknown_sector"),
            ("support", "unknown_support"),
            ("region", "unknown_region"),
        ],
    )


@pytest.mark.parametrize("typed", ["1011AB", "1011%20ab", "%201011-AB%20", "1011+"])
def test_a_postcode_with_letters_is_redirected_to_its_digits(client, directory, typed):
    answer = client.get(f"/api/v1/offices?sector=po&postcode={typed}&page=1")

    assert answer.status_code == 301
    assert answer["Location"] == "/api/v1/offices?sector=po&postcode=1011&page=1"
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("address", "queries"),
    [
        ("/api/v1/offices", 1),
        ("/api/v1/offices?sector=po&support=vacancies&q=oost", 1),
        ("/api/v1/offices?postcode=1011&region=midden&municipality=GM0001", 4),
        ("/api/v1/offices/oost", 0),
        ("/api/v1/offices/unknown", 1),
    ],
)
def test_offices_cost_at_most_four_queries(
    client, directory, django_assert_num_queries, address, queries
):
    client.get("/api/v1/sectors")  # the directory is read

    with django_assert_num_queries(queries):
        client.get(address)
