import pytest


@pytest.mark.parametrize(
    "body",
    [
        b"   ",
        b"{",
        b"postcode=1011",
        b"[]",
        b'"1011"',
        b"1011",
        b"null",
        b"\xff\xfe",
        b"\xef\xbb\xbf{}",
        b'{"postcode": "1011", "postcode": "1012"}',
        b'{"latitude": NaN, "longitude": 5}',
        b'{"latitude": Infinity, "longitude": 5}',
        b"[" * 15_000,
        b'{"latitude": ' + b"1" * 5_000 + b', "longitude": 5}',
        b"<postcode>1011</postcode>",
    ],
    ids=lambda body: repr(body[:30]),
)
def test_a_body_that_is_no_json_object_is_an_error(ask, problem_of, body):
    answer = ask(body)

    assert answer.status_code == 400
    assert problem_of(answer) == ("malformed-json", [])


@pytest.mark.parametrize("media_type", ["", "text/plain", "application/x-www-form-urlencoded"])
def test_a_body_of_another_kind_is_refused(ask, problem_of, media_type):
    answer = ask(b'{"postcode": "1011"}', content_type=media_type)

    assert answer.status_code == 415
    assert problem_of(answer) == ("unsupported-media-type", [])


def test_a_charset_beside_the_kind_does_no_harm(directory, ask):
    answer = ask(b'{"postcode": "1011"}', content_type="Application/JSON; charset=utf-8")

    assert answer.status_code == 200


def test_a_body_larger_than_any_question_is_refused(ask, problem_of):
    answer = ask({"postcode": "1" * 17_000})

    assert answer.status_code == 413
    assert problem_of(answer) == ("too-large", [])
