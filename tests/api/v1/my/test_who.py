"""Who may ask for what: roles, tokens and sessions."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from navigator.accounts import rules
from navigator.accounts.models import Token
from tests import people
from tests.api.v1.my.conftest import OFFICE, REGION, key_of

LISTS = ("/api/v1/my/offices", "/api/v1/my/regions")
READ = (OFFICE, f"{OFFICE}/history", REGION, f"{REGION}/history")
ACTIONS = (
    ("DELETE", f"{OFFICE}/revision"),
    ("POST", f"{OFFICE}/revision/submit"),
    ("POST", f"{OFFICE}/revision/publish"),
    ("POST", f"{OFFICE}/confirm"),
    ("PATCH", OFFICE),
    ("DELETE", f"{REGION}/revision"),
    ("POST", f"{REGION}/revision/submit"),
    ("POST", f"{REGION}/revision/publish"),
    ("PATCH", REGION),
)


@pytest.mark.parametrize(
    ("method", "path"), [*(("GET", path) for path in (*LISTS, *READ)), *ACTIONS]
)
def test_nobody_is_asked_who_they_are(client, here, problem_of, method, path):
    answer = client.generic(method, path)

    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Bearer")
    assert problem_of(answer) == ("unauthenticated", [])


@pytest.mark.parametrize(("method", "path"), [*(("GET", path) for path in READ), *ACTIONS])
def test_what_is_not_yours_is_not_found(calling, elsewhere, problem_of, method, path):
    answer = calling(elsewhere)(method, path, None if method == "GET" else {}, If_Match='"x"')

    assert answer.status_code == 404
    assert problem_of(answer) == ("not-found", [])


@pytest.mark.parametrize("path", LISTS)
def test_an_advisor_edits_nothing(calling, here, problem_of, path):
    answer = calling(people.advisor()).get(path)

    assert answer.status_code == 403
    assert problem_of(answer) == ("forbidden", [])


@pytest.mark.parametrize("path", READ)
def test_an_advisor_finds_no_profile_to_edit(calling, here, path):
    assert calling(people.advisor()).get(path).status_code == 404


@pytest.mark.parametrize("path", [*LISTS, *READ])
@pytest.mark.parametrize("role", ["editor", "administrator"])
def test_editors_and_administrators_read(calling, editor, path, role):
    user = editor if role == "editor" else people.administrator()

    assert calling(user).get(path).status_code == 200


def test_editors_list_their_own_and_administrators_all(calling, editor):
    own = calling(editor).get("/api/v1/my/offices").json()
    every = calling(people.administrator()).get("/api/v1/my/offices").json()

    assert [office["slug"] for office in own["results"]] == ["hier"]
    assert [office["slug"] for office in every["results"]] == ["daar", "hier"]


@pytest.mark.parametrize(
    "key",
    ["", "rn_nobodys", "rn_" + "x" * 5000, "rn_é", "null"],
    ids=["empty", "unknown", "long", "not ascii", "null"],
)
def test_a_key_that_never_was_lets_nobody_in(client, here, problem_of, key):
    answer = client.get(OFFICE, headers={"Authorization": f"Bearer {key}"})

    assert answer.status_code == 401
    assert problem_of(answer) == ("unauthenticated", [])


@pytest.mark.parametrize(
    "ended",
    [
        {"expires_at": timezone.now() - timedelta(seconds=1)},
        {"withdrawn_at": timezone.now() - timedelta(seconds=1)},
    ],
    ids=["expired", "withdrawn"],
)
def test_a_token_that_ended_lets_nobody_in(client, editor, ended):
    key = key_of(editor, **ended)

    answer = client.get(OFFICE, headers={"Authorization": f"Bearer {key}"})

    assert answer.status_code == 401


def test_a_token_ends_with_the_account(client, editor):
    key = key_of(editor)
    editor.is_active = False
    editor.save()

    answer = client.get(OFFICE, headers={"Authorization": f"Bearer {key}"})

    assert answer.status_code == 401


def test_another_kind_of_authorization_is_none(client, editor):
    answer = client.get(OFFICE, headers={"Authorization": f"Basic {key_of(editor)}"})

    assert answer.status_code == 401


def test_a_token_without_the_second_factor_that_the_role_needs_opens_nothing(
    client, here, problem_of
):
    answer = client.get(
        OFFICE, headers={"Authorization": f"Bearer {key_of(people.administrator())}"}
    )

    assert answer.status_code == 403
    assert problem_of(answer) == ("forbidden", [])


def test_a_session_reads(client, editor):
    people.log_in(client, editor)

    assert client.get(OFFICE).status_code == 200


def test_a_session_of_an_account_that_was_closed_is_none(client, editor):
    people.log_in(client, editor)
    editor.is_active = False
    editor.save()

    assert client.get(OFFICE).status_code == 401


def test_a_session_without_the_second_factor_that_the_role_needs_opens_nothing(client, here):
    administrator = people.administrator()
    client.force_login(administrator)

    assert rules.needs_second_factor(administrator)
    assert client.get(OFFICE).status_code == 403


def test_a_session_changes_nothing_without_the_token_against_forgery(editor, problem_of):
    forged = Client(enforce_csrf_checks=True)
    people.log_in(forged, editor)
    etag = forged.get(OFFICE)["ETag"]

    answer = forged.patch(
        OFFICE,
        json.dumps({"website": "https://elders.example"}),
        content_type="application/json",
        headers={"If-Match": etag},
    )

    assert answer.status_code == 403
    assert problem_of(answer) == ("forbidden", [])
    assert forged.get(OFFICE).json()["revision"] is None


def test_a_token_needs_no_token_against_forgery(editor, calling):
    caller = calling(editor)
    caller._client.handler.enforce_csrf_checks = True

    assert caller.patch(OFFICE, {"phone": None}).status_code == 200


@pytest.mark.parametrize("path", [*LISTS, OFFICE])
def test_no_answer_may_be_kept_or_read_by_another_site(calling, editor, path):
    answer = calling(editor).get(path, Origin="https://elders.example")

    assert answer["Cache-Control"] == "no-store, private"
    assert {"Authorization", "Cookie"} <= {name.strip() for name in answer["Vary"].split(",")}
    assert "Access-Control-Allow-Origin" not in answer


def test_an_answer_to_a_token_sets_no_cookie(calling, editor):
    assert not calling(editor).get(OFFICE).cookies


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        (OFFICE, "GET, PATCH, HEAD, OPTIONS"),
        (f"{OFFICE}/revision", "GET, DELETE, HEAD, OPTIONS"),
        (f"{OFFICE}/revision/submit", "POST, OPTIONS"),
        (f"{OFFICE}/revision/publish", "POST, OPTIONS"),
        (f"{OFFICE}/confirm", "POST, OPTIONS"),
        (f"{OFFICE}/history", "GET, HEAD, OPTIONS"),
        ("/api/v1/my/offices", "GET, HEAD, OPTIONS"),
    ],
)
def test_another_method_is_refused_and_told_which_there_are(
    calling, editor, problem_of, path, allowed
):
    answer = calling(editor)("PUT", path, {})

    assert answer.status_code == 405
    assert answer["Allow"] == allowed
    assert problem_of(answer) == ("method-not-allowed", [])


def test_what_can_be_done_is_told(calling, editor):
    answer = calling(editor)("OPTIONS", OFFICE)

    assert answer.status_code == 204
    assert "PATCH" in answer["Allow"]
    assert "merge-patch" in answer["Accept-Patch"]
    assert "Access-Control-Allow-Methods" not in answer


def test_head_answers_the_state_without_a_body(calling, editor):
    caller = calling(editor)

    answer = caller("HEAD", OFFICE)

    assert answer.status_code == 200
    assert answer["ETag"] == caller.get(OFFICE)["ETag"]
    assert answer.content == b""


def test_regions_are_not_confirmed(calling, editor, problem_of):
    answer = calling(editor).post(f"{REGION}/confirm")

    assert answer.status_code == 404
    assert problem_of(answer) == ("not-found", [])


def test_the_day_on_which_a_token_was_last_used_is_kept(calling, editor):
    calling(editor).get(OFFICE)

    assert Token.objects.get().last_used_on == timezone.localdate()
