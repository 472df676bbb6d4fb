import pytest


def test_a_list_says_how_many_there_are_and_where_the_rest_is(client, directory):
    first = client.get("/api/v1/offices?pageSize=2").json()
    second = client.get("/api/v1/offices?pageSize=2&page=2").json()

    assert first["count"] == second["count"] == 3
    assert first["previous"] is None
    assert first["next"] == "http://testserver/api/v1/offices?page=2&pageSize=2"
    assert second["next"] is None
    assert second["previous"] == "http://testserver/api/v1/offices?pageSize=2"
    assert [office["slug"] for office in first["results"] + second["results"]] == [
        "heel-het-land",
        "oost",
        "west",
    ]


def test_the_next_page_keeps_the_filters(client, directory):
    page = client.get("/api/v1/offices?sector=vo&pageSize=1").json()

    assert page["count"] == 2
    assert client.get(page["next"]).json()["count"] == 2


@pytest.mark.parametrize(
    "address",
    ["/api/v1/offices", "/api/v1/regions", "/api/v1/sectors", "/api/v1/support-types"],
)
@pytest.mark.parametrize("name", ["page", "pageSize"])
@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("0", "not_a_number"),
        ("-1", "not_a_number"),
        ("abc", "not_a_number"),
        ("1.5", "not_a_number"),
        ("1e3", "not_a_number"),
        ("last", "not_a_number"),
        ("%EF%BC%91", "not_a_number"),  # a full-width 1
        ("9" * 50, "not_a_number"),
        ("%F0%9F%98%80", "not_a_number"),
        ("", "empty"),
        ("%20", "empty"),
        ("1" * 5000, "too_long"),
        ("1%00", "control_characters"),
        ("1&{name}=2", "given_twice"),
    ],
)
def test_a_page_that_cannot_be_is_an_error(
    client, directory, problem_of, address, name, value, code
):
    answer = client.get(f"{address}?{name}={value.format(name=name)}")

    assert answer.status_code == 400
    assert problem_of(answer) == ("invalid-request", [(name, code)])


@pytest.mark.parametrize("page", [2, 10**9])
def test_a_page_past_the_last_is_not_found_and_told_which_is_last(
    client, directory, problem_of, page
):
    answer = client.get(f"/api/v1/offices?page={page}")

    assert answer.status_code == 404
    assert problem_of(answer) == ("not-found", [])
    assert answer.json()["detail"] == "There is no such page: the last is 1."


def test_a_page_has_at_most_a_hundred_results(client, directory, problem_of):
    assert client.get("/api/v1/offices?pageSize=100").status_code == 200

    answer = client.get("/api/v1/offices?pageSize=101")

    assert answer.status_code == 400
    assert problem_of(answer) == ("invalid-request", [("pageSize", "too_many")])
