import gzip
import io
import json
import logging

import pytest

from navigator.statistics.models import ProfileView, Search
from regions.search import find_offices


def slugs(matches) -> list[str]:
    return [match["slug"] for match in matches]


def test_a_postcode_is_answered_with_the_offices_that_serve_it(directory, ask):
    answer = ask({"postcode": "1011"})

    assert answer.status_code == 200
    found = answer.json()
    assert found["outcome"] == "found"
    assert found["postcode"] == "1011"
    assert found["place"] == "Dorp"
    assert found["municipality"] == {"code": "GM0001", "name": "Oosterland"}
    assert found["province"] == {"code": "utrecht", "name": "Utrecht"}
    assert found["choices"] == []
    assert [(match["slug"], match["how"]) for match in found["serving"]] == [("oost", "certain")]
    assert [(match["slug"], match["how"]) for match in found["nearby"]] == [("west", None)]
    assert [(match["slug"], match["how"]) for match in found["nationwide"]] == [
        ("heel-het-land", "nationwide")
    ]
    assert found["gaps"] == ["vo"]
    assert found["nearestPostcode"] is None


def test_an_office_in_an_answer_is_the_office_of_the_list_with_five_facts_more(
    client, directory, ask
):
    listed = client.get("/api/v1/offices?q=oost").json()["results"][0]

    (match,) = ask({"postcode": "1011", "support": ["webinar"]}).json()["serving"]

    assert match == listed | {
        "how": "certain",
        "distanceKm": 0.0,
        "matches": False,
        "servedMunicipalities": [],
        "servedPart": None,
    }


def test_distances_have_one_decimal(directory, ask):
    (west,) = ask({"postcode": "1011"}).json()["nearby"]

    (match,) = find_offices(postcode="1011").nearby
    assert match.distance_km != west["distanceKm"]
    assert west["distanceKm"] == round(match.distance_km, 1)


def test_a_sector_without_an_office_has_an_outcome_of_its_own(directory, ask):
    found = ask({"postcode": "1011", "sector": "vo"}).json()

    assert found["outcome"] == "noOffice"
    assert slugs(found["serving"]) == ["oost"]
    assert slugs(found["nearby"]) == ["west"]


def test_a_postcode_far_from_everything_is_not_answered_with_nothing(directory, ask):
    found = ask({"postcode": "9011"}).json()

    assert found["outcome"] == "noOffice"
    assert found["serving"] == []
    assert len(found["nearby"]) == 1
    assert found["nearby"][0]["distanceKm"] > 30
    assert slugs(found["nationwide"]) == ["heel-het-land"]
    assert found["gaps"] == ["po", "vo"]


def test_a_split_postcode_offers_its_municipalities(directory, ask):
    found = ask({"postcode": "1013"}).json()

    assert [
        (choice["postcode"], choice["place"], choice["municipality"]["code"], choice["chosen"])
        for choice in found["choices"]
    ] == [("1013", None, "GM0001", False), ("1013", None, "GM0002", False)]
    (oost,) = found["serving"]
    assert oost["how"] == "shared"
    assert oost["servedMunicipalities"] == ["Oosterland"]


def test_a_chosen_municipality_decides_a_split_postcode(directory, ask):
    found = ask({"postcode": "1013", "municipality": "GM0002"}).json()

    assert found["municipality"]["code"] == "GM0002"
    assert [choice["chosen"] for choice in found["choices"]] == [False, True]
    assert [(match["slug"], match["how"]) for match in found["serving"]] == [("west", "certain")]


def test_a_name_of_two_places_must_be_chosen(directory, ask):
    found = ask({"place": "dórp"}).json()

    assert found["outcome"] == "choiceNeeded"
    assert found["place"] is None
    assert found["serving"] == found["nearby"] == found["nationwide"] == []
    assert [
        (choice["place"], choice["municipality"]["name"], choice["province"]["code"])
        for choice in found["choices"]
    ] == [("Dorp", "Oosterland", "utrecht"), ("Dorp", "Westerland", "gelderland")]


def test_a_choice_is_asked_with_its_own_values(directory, ask):
    choice = ask({"place": "Dorp"}).json()["choices"][1]

    found = ask({"place": choice["place"], "municipality": choice["municipality"]["code"]}).json()

    assert found["outcome"] == "found"
    assert found["place"] == "Dorp"
    assert slugs(found["serving"]) == ["west"]


def test_an_unknown_postcode_is_answered_with_the_nearest(directory, ask):
    found = ask({"postcode": "1099"}).json()

    assert (found["outcome"], found["nearestPostcode"]) == ("unknownPostcode", "1013")


def test_a_postcode_with_po_boxes_only_is_told(directory, ask):
    found = ask({"postcode": "1000"}).json()

    assert (found["outcome"], found["postcode"]) == ("poBoxOnly", "1000")


def test_a_location_is_answered_as_its_postcode(directory, ask):
    assert (
        ask({"latitude": 52.111, "longitude": 5.111}).content == ask({"postcode": "1012"}).content
    )


def test_a_null_is_the_same_as_nothing(directory, ask):
    asked = {"postcode": "1011", "place": None, "sector": None, "support": None, "latitude": None}

    assert ask(asked).content == ask({"postcode": "1011"}).content


def test_support_asked_twice_is_asked_once(directory, ask):
    assert (
        ask({"postcode": "1011", "support": ["webinar", "webinar"]}).content
        == ask({"postcode": "1011", "support": ["webinar"]}).content
    )


def test_a_compressed_answer_is_the_same_answer(directory, ask):
    plain = ask({"postcode": "1011"})

    compressed = ask({"postcode": "1011"}, **{"Accept-Encoding": "br, gzip"})

    assert compressed["Content-Encoding"] == "gzip"
    assert not plain.has_header("Content-Encoding")
    assert gzip.decompress(compressed.content) == plain.content
    assert "Accept-Encoding" in compressed["Vary"]
    assert "Accept-Encoding" in plain["Vary"]


def test_an_answer_is_kept_by_nobody_on_the_way(directory, ask):
    assert ask({"postcode": "1011"})["Cache-Control"] == "no-store"


def test_addresses_of_pages_are_those_of_the_host_that_was_asked(directory, client, settings):
    settings.ALLOWED_HOSTS = ["one.example", "two.example"]

    urls = [
        client.post(
            "/api/v1/searches", {"postcode": "1011"}, "application/json", headers={"Host": host}
        ).json()["serving"][0]["url"]
        for host in settings.ALLOWED_HOSTS
    ]

    assert urls == [
        "http://one.example/regioloketten/oost/",
        "http://two.example/regioloketten/oost/",
    ]


def test_a_search_is_counted_as_one_by_a_program(directory, ask):
    ask({"postcode": "1011AB", "sector": "vo"})

    (row,) = Search.objects.all()
    assert (row.source, row.visitor) == ("api", None)
    assert (row.postcode, row.sector, row.municipality) == ("1011", "vo", "GM0001")
    assert (row.province, row.serving) == ("utrecht", 0)


def test_every_search_counts_since_a_program_asks_for_many_people(directory, ask):
    for _ in range(3):
        ask({"postcode": "1011"})

    assert Search.objects.count() == 3


@pytest.mark.parametrize(
    "question", [{"postcode": "1099"}, {"postcode": "1000"}, {"place": "Dorp"}]
)
def test_what_found_no_place_is_not_counted(directory, ask, question):
    assert ask(question).status_code == 200

    assert not Search.objects.exists()


MISTAKES = [
    ({}, [("", "one_question")]),
    ({"postcode": "1011", "place": "Dorp"}, [("", "one_question")]),
    ({"postcode": "1011", "latitude": 52.1, "longitude": 5.1}, [("", "one_question")]),
    ({"sector": "po"}, [("", "one_question")]),
    ({"postcode": None}, [("", "one_question")]),
    ({"postcode": ""}, [("postcode", "empty")]),
    ({"postcode": "   "}, [("postcode", "empty")]),
    ({"postcode": 1011}, [("postcode", "not_text")]),
    ({"postcode": ["1011"]}, [("postcode", "not_text")]),
    ({"postcode": {"code": "1011"}}, [("postcode", "not_text")]),
    ({"postcode": True}, [("postcode", "not_text")]),
    ({"postcode": "1" * 5000}, [("postcode", "too_long")]),
    ({"postcode": "😀"}, [("postcode", "not_a_postcode")]),
    ({"postcode": "１０１１"}, [("postcode", "not_ascii_digits")]),
    ({"postcode": "0123"}, [("postcode", "starts_with_zero")]),
    ({"postcode": "1234SS"}, [("postcode", "letters_not_used")]),
    ({"postcode": "1011' OR 1=1--"}, [("postcode", "not_a_postcode")]),
    ({"postcode": "<script>alert(1)</script>"}, [("postcode", "not_a_postcode")]),
    ({"postcode": "1011\x00"}, [("postcode", "not_a_postcode")]),
    ({"postcode": "\ud800"}, [("postcode", "not_a_postcode")]),
    ({"place": ""}, [("place", "empty")]),
    ({"place": 1011}, [("place", "not_text")]),
    ({"place": ["Dorp"]}, [("place", "not_text")]),
    ({"place": "x" * 5000}, [("place", "too_long")]),
    ({"place": "😀"}, [("place", "unknown_place")]),
    ({"place": "Nergens"}, [("place", "unknown_place")]),
    ({"place": "Dorp\x00"}, [("place", "control_characters")]),
    ({"place": "Dorp\ud800"}, [("place", "control_characters")]),
    ({"place": "'; DROP TABLE regions_place; --"}, [("place", "unknown_place")]),
    ({"place": "1011AB"}, [("place", "postcode_as_place")]),
    ({"place": "Dorp", "municipality": "GM0003"}, [("place", "unknown_place")]),
    ({"postcode": "1011", "municipality": "GM0003"}, [("municipality", "unknown_municipality")]),
    ({"postcode": "1011", "municipality": "Dorp"}, [("municipality", "not_a_cbs_code")]),
    ({"postcode": "1011", "municipality": 1}, [("municipality", "not_text")]),
    ({"postcode": "1011", "sector": "xx"}, [("sector", "unknown_sector")]),
    ({"postcode": "1011", "sector": ""}, [("sector", "empty")]),
    ({"postcode": "1011", "sector": ["po"]}, [("sector", "not_text")]),
    ({"postcode": "1011", "support": "webinar"}, [("support", "not_a_list")]),
    ({"postcode": "1011", "support": {"webinar": True}}, [("support", "not_a_list")]),
    ({"postcode": "1011", "support": [1]}, [("support", "not_text")]),
    ({"postcode": "1011", "support": [["webinar"]]}, [("support", "not_text")]),
    ({"postcode": "1011", "support": [None]}, [("support", "not_text")]),
    ({"postcode": "1011", "support": ["webinar", "xx"]}, [("support", "unknown_support")]),
    ({"latitude": 52.1}, [("longitude", "required")]),
    ({"longitude": 5.1}, [("latitude", "required")]),
    ({"latitude": "52.1", "longitude": 5.1}, [("latitude", "not_a_number")]),
    ({"latitude": True, "longitude": 5.1}, [("latitude", "not_a_number")]),
    ({"latitude": 52.1, "longitude": 1e300}, [("longitude", "not_degrees")]),
    ({"latitude": 10**400, "longitude": 5.1}, [("latitude", "not_degrees")]),
    ({"latitude": 48.9, "longitude": 2.3}, [("latitude", "outside_netherlands")]),
    ({"latitude": 5.1, "longitude": 52.1}, [("latitude", "outside_netherlands")]),
    (
        {"latitude": 52.1, "longitude": 5.1, "municipality": "GM0001"},
        [("municipality", "not_with_location")],
    ),
    ({"postcode": "1011", "colour": "red"}, [("", "unknown_field")]),
    ({"Postcode": "1011"}, [("", "one_question"), ("", "unknown_field")]),
    (
        {"postcode": 1, "sector": 2, "support": 3},
        [("postcode", "not_text"), ("sector", "not_text"), ("support", "not_a_list")],
    ),
]


@pytest.mark.parametrize(
    ("body", "mistakes"), MISTAKES, ids=[repr(body)[:60] for body, _ in MISTAKES]
)
def test_a_question_that_cannot_be_is_an_error_and_leaves_nothing(
    directory, ask, problem_of, body, mistakes
):
    answer = ask(json.dumps(body))

    assert answer.status_code == 400
    assert problem_of(answer) == ("invalid-request", mistakes)
    assert not Search.objects.exists()
    assert not ProfileView.objects.exists()


def test_an_unknown_place_is_answered_with_names_that_come_close(directory, ask):
    (mistake,) = ask({"place": "Gehuchtt"}).json()["errors"]

    assert mistake["suggestions"] == ["Gehucht"]
    assert "Gehucht" in mistake["detail"]


def test_a_question_in_the_address_is_refused(client, directory, problem_of):
    answer = client.post(
        "/api/v1/searches?postcode=1011AB", {"postcode": "1011"}, "application/json"
    )

    assert answer.status_code == 400
    assert problem_of(answer) == ("invalid-request", [("postcode", "unknown_parameter")])


@pytest.mark.parametrize(
    ("question", "first", "again"),
    [
        ({"postcode": "1011", "sector": "po"}, 2, 1),
        # What support was asked for is a count of its own.
        ({"postcode": "1011", "sector": "po", "support": ["vacancies"]}, 3, 2),
        ({"postcode": "9011", "sector": "po"}, 3, 1),
        ({"place": "Dorp", "municipality": "GM0001"}, 3, 1),
        ({"latitude": 52.1, "longitude": 5.1}, 4, 1),
    ],
)
def test_a_search_costs_at_most_four_queries_and_again_only_its_counts(
    client, directory, ask, django_assert_num_queries, question, first, again
):
    client.get("/api/v1/sectors")  # the directory is read

    with django_assert_num_queries(first):
        ask(question)
    with django_assert_num_queries(again):
        ask(question)


@pytest.fixture
def written_log(monkeypatch) -> io.StringIO:
    """What the service's own handler writes."""
    written = io.StringIO()
    (handler,) = [each for each in logging.getLogger().handlers if each.get_name() == "stderr"]
    monkeypatch.setattr(handler, "stream", written)
    return written


def test_letters_of_a_postcode_are_in_no_answer_log_or_row(client, directory, ask, written_log):
    letters = "XZ"
    answers = [
        ask({"postcode": f"1011{letters}"}),
        ask({"postcode": f"1099 {letters}"}),
        ask({"place": f"1011{letters}"}),
        ask({"place": f"Dorp 1011 {letters}"}),
        ask({"postcode": "1011", "sector": f"1011{letters}"}),
        ask({f"1011{letters}": "1011"}),
        ask(f'{{"postcode": 1011{letters}}}'),
        client.get(f"/api/v1/postcodes/1011{letters}"),
        client.get(f"/api/v1/postcodes/9911{letters}", follow=True),
        client.get(f"/api/v1/nothing/1011{letters}"),
        client.get(f"/api/v1/offices/1011{letters}"),
        client.get(f"/api/v1/offices?postcode=1011{letters}"),
        client.get(f"/api/v1/offices?q=1011{letters}"),
        client.get(f"/api/v1/offices?sector=1011{letters}&1011{letters}=1"),
    ]

    told = [answer.content.decode() + str(answer.headers) for answer in answers]
    assert [text for text in told if letters in text] == []
    assert "/api/v1/nothing/" in written_log.getvalue()
    assert letters not in written_log.getvalue()
    rows = str(list(Search.objects.values()))
    assert "1011" in rows
    assert letters not in rows
