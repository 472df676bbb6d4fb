import pytest


def test_a_postcode_tells_where_it_lies(client, directory):
    assert client.get("/api/v1/postcodes/1011").json() == {
        "postcode": "1011",
        "place": "Dorp",
        "places": ["Dorp"],
        "municipality": {"code": "GM0001", "name": "Oosterland"},
        "province": {"code": "utrecht", "name": "Utrecht"},
        "latitude": 52.1,
        "longitude": 5.1,
        "poBoxOnly": False,
        "shares": [],
    }


def test_a_split_postcode_has_its_shares_largest_first(client, directory):
    shares = client.get("/api/v1/postcodes/1013").json()["shares"]

    assert [(share["municipality"]["code"], share["areaShare"]) for share in shares] == [
        ("GM0001", 0.7),
        ("GM0002", 0.3),
    ]


def test_a_postcode_with_po_boxes_only_has_no_point(client, directory):
    postcode = client.get("/api/v1/postcodes/1000").json()

    assert postcode["poBoxOnly"] is True
    assert postcode["latitude"] is postcode["longitude"] is None


def test_an_unknown_postcode_is_not_found_and_told_the_nearest(client, directory, problem_of):
    answer = client.get("/api/v1/postcodes/1099")

    assert answer.status_code == 404
    assert problem_of(answer) == ("not-found", [])
    assert answer.json()["detail"] == "This postcode does not exist; 1013 is nearest."


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("0123", "starts_with_zero"),
        ("1234SS", "letters_not_used"),
        ("%20", "empty"),
        ("dorp", "not_a_postcode"),
        ("10110", "not_a_postcode"),
        ("-1", "not_a_postcode"),
        ("1000000000", "not_a_postcode"),
        ("%F0%9F%98%80", "not_a_postcode"),
        ("1011%00", "not_a_postcode"),
        ("%EF%BC%91011", "not_ascii_digits"),
        ("1" * 5000, "too_long"),
        ("%3Cb%3E1011", "not_a_postcode"),
    ],
)
def test_what_is_no_postcode_is_an_error(client, directory, problem_of, typed, code):
    answer = client.get(f"/api/v1/postcodes/{typed}")

    assert answer.status_code == 400
    assert problem_of(answer) == ("invalid-request", [("pc4", code)])


@pytest.mark.parametrize("typed", ["1011AB", "1011%20ab", "1011%20"])
def test_letters_are_redirected_to_the_digits(client, directory, typed):
    answer = client.get(f"/api/v1/postcodes/{typed}")

    assert answer.status_code == 301
    assert answer["Location"] == "/api/v1/postcodes/1011"
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize(("postcode", "queries"), [("1011", 3), ("1013", 4)])
def test_a_postcode_costs_few_queries(
    client, directory, django_assert_num_queries, postcode, queries
):
    with django_assert_num_queries(queries):
        client.get(f"/api/v1/postcodes/{postcode}")
