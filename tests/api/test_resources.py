from regions.models import RegionalOffice


def test_a_script_of_another_site_may_read(client, directory):
    answer = client.get("/api/v1/offices", headers={"Origin": "https://partner.example"})

    assert answer["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in answer


def test_a_script_of_another_site_may_ask_before_it_searches(client):
    answer = client.options(
        "/api/v1/searches",
        headers={
            "Origin": "https://partner.example",
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "content-type",
        },
    )

    assert answer.status_code == 204
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert "POST" in answer["Access-Control-Allow-Methods"]
    assert "Content-Type" in answer["Access-Control-Allow-Headers"]


def test_a_script_of_another_site_can_read_what_went_wrong(client):
    answer = client.get("/api/v1/nothing")

    assert answer.status_code == 404
    assert answer["Access-Control-Allow-Origin"] == "*"


def test_nobody_gets_a_cookie(client, directory, ask):
    answers = [client.get("/api/v1/offices"), ask({"postcode": "1011"})]

    assert not any(answer.cookies for answer in answers)


def test_every_answer_names_the_version(client, directory):
    assert client.get("/api/v1/sectors")["API-Version"] == "1.3.0"


def test_what_did_not_change_is_not_sent_again(client, directory):
    first = client.get("/api/v1/offices")

    again = client.get("/api/v1/offices", headers={"If-None-Match": first["ETag"]})

    assert again.status_code == 304
    assert again.content == b""


def test_what_changed_is_sent_again(client, directory, publish):
    first = client.get("/api/v1/offices")
    RegionalOffice.objects.filter(slug="west").update(name="Loket Westen")
    publish()

    again = client.get("/api/v1/offices", headers={"If-None-Match": first["ETag"]})

    assert again.status_code == 200
    assert b"Loket Westen" in again.content


def test_head_answers_without_a_body(client, directory):
    answer = client.head("/api/v1/offices")

    assert answer.status_code == 200
    assert answer.content == b""
