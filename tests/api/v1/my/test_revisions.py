"""From a draft to what is public: sending, publishing, giving up, the history, confirming."""

from datetime import timedelta

import pytest
from django.utils import timezone

from navigator.accounts.models import AuditEntry
from regions import revisions, versions
from regions.models import RegionalOffice, Revision
from tests import people
from tests.api.v1.my.conftest import OFFICE, REGION


@pytest.fixture
def edits(calling, editor):
    return calling(editor)


@pytest.fixture
def edits_directly(calling, direct_editor):
    return calling(direct_editor)


def written_down():
    return list(AuditEntry.objects.order_by("pk").values_list("what", flat=True))


@pytest.mark.parametrize("address", [OFFICE, REGION])
def test_where_nothing_is_changed_there_is_no_change(edits, problem_of, address):
    answers = [
        edits.get(f"{address}/revision"),
        edits("DELETE", f"{address}/revision"),
        edits.post(f"{address}/revision/submit"),
    ]

    assert [answer.status_code for answer in answers] == [404] * 3
    assert problem_of(answers[0]) == ("not-found", [])


@pytest.mark.parametrize("address", [OFFICE, REGION])
def test_a_draft_is_sent_for_review(
    client, edits, editor, mailoutbox, django_capture_on_commit_callbacks, address
):
    people.administrator(email="administrator@navigator.example")
    edits.patch(address, {"website": "hier.nl/nieuw"})

    with django_capture_on_commit_callbacks(execute=True):
        answer = edits.post(f"{address}/revision/submit", {"note": "Please"})

    assert answer.status_code == 200
    assert (answer.json()["state"], answer.json()["note"]) == ("waiting", "Please")
    assert edits.get(f"{address}/revision").json() == answer.json()
    assert [mail.to for mail in mailoutbox] == [["administrator@navigator.example"]]
    assert written_down() == ["revision_submitted"]
    assert AuditEntry.objects.get().who == editor
    versions.forget()
    assert "hier.nl/nieuw" not in client.get(address.replace("/my", "")).text


def test_what_waits_already_is_not_sent_again(edits, problem_of):
    edits.patch(OFFICE, {"website": "hier.nl"})
    edits.post(f"{OFFICE}/revision/submit")

    answer = edits.post(f"{OFFICE}/revision/submit")

    assert answer.status_code == 409
    assert problem_of(answer) == ("conflict", [("", "wrong_state")])


def test_text_that_still_has_to_be_filled_in_is_not_sent(edits, problem_of):
    edits.patch(OFFICE, {"targetGroups": "For [who?]"})

    answer = edits.post(f"{OFFICE}/revision/submit")

    assert answer.status_code == 400
    assert problem_of(answer) == ("invalid-request", [("targetGroups", "placeholders")])


def test_text_that_still_has_to_be_filled_in_is_not_published(edits_directly, problem_of):
    etag = edits_directly.get(OFFICE)["ETag"]

    answer = edits_directly.patch(f"{OFFICE}?publish=true", {"schools": "lorem ipsum"}, etag=etag)

    assert answer.status_code == 400
    assert problem_of(answer) == ("invalid-request", [("schools", "placeholders")])


def test_who_is_reviewed_does_not_publish_the_draft(edits, problem_of):
    edits.patch(OFFICE, {"website": "hier.nl"})

    answer = edits.post(f"{OFFICE}/revision/publish")

    assert answer.status_code == 403
    assert problem_of(answer) == ("forbidden", [])


@pytest.mark.parametrize("address", [OFFICE, REGION])
def test_who_is_not_reviewed_publishes_the_draft(client, edits_directly, address):
    edits_directly.patch(address, {"website": "hier.nl/nieuw"})

    answer = edits_directly.post(f"{address}/revision/publish")

    assert answer.status_code == 200
    assert answer.json()["state"] == "published"
    assert written_down() == ["revision_published"]
    versions.forget()
    assert "hier.nl/nieuw" in client.get(address.replace("/my", "")).text


def test_a_draft_that_was_overtaken_is_not_published(edits_directly, problem_of):
    edits_directly.patch(OFFICE, {"phone": "0302270375"})
    office = RegionalOffice.objects.get(slug="hier")
    values = {"phone": "+31302270379"}
    revisions.publish_now(subject=office, values=values, by=None, at=timezone.now())

    answer = edits_directly.post(f"{OFFICE}/revision/publish")

    assert answer.status_code == 409
    assert problem_of(answer) == ("conflict", [("phone", "outdated")])


def test_a_draft_is_given_up(edits):
    edits.patch(OFFICE, {"website": "hier.nl"})

    answer = edits("DELETE", f"{OFFICE}/revision")

    assert (answer.status_code, answer.content) == (204, b"")
    assert edits.get(OFFICE).json()["revision"] is None
    assert Revision.objects.get().state == "withdrawn"
    assert written_down() == ["revision_withdrawn"]


@pytest.mark.parametrize(
    ("method", "end"),
    [
        ("DELETE", "/revision"),
        ("POST", "/revision/submit"),
        ("POST", "/revision/publish"),
        ("POST", "/confirm"),
    ],
)
def test_nothing_is_done_with_what_was_not_seen(edits_directly, problem_of, method, end):
    seen = edits_directly.patch(OFFICE, {"website": "hier.nl"})["ETag"]
    edits_directly.patch(OFFICE, {"phone": None})

    answer = edits_directly(method, OFFICE + end, If_Match=seen)

    assert answer.status_code == 412
    assert problem_of(answer) == ("precondition-failed", [])
    assert Revision.objects.get().state == "draft"
    assert written_down() == []


def test_what_was_seen_is_published(edits_directly):
    seen = edits_directly.patch(OFFICE, {"website": "hier.nl"})["ETag"]

    answer = edits_directly.post(f"{OFFICE}/revision/publish", If_Match=seen)

    assert answer.status_code == 200


@pytest.mark.parametrize("end", ["revision/submit", "revision/publish", "confirm"])
def test_a_field_that_has_no_meaning_here_is_refused(edits_directly, problem_of, end):
    edits_directly.patch(OFFICE, {"website": "hier.nl"})

    answer = edits_directly.post(f"{OFFICE}/{end}", {"phone": None})

    assert answer.status_code == 400
    assert problem_of(answer) == ("invalid-request", [("", "unknown_field")])


def test_the_history_is_told_the_last_first_and_drafts_are_not_in_it(edits_directly):
    for phone in ("0302270375", "0302270376"):
        etag = edits_directly.get(OFFICE)["ETag"]
        edits_directly.patch(f"{OFFICE}?publish=true", {"phone": phone}, etag=etag)
    edits_directly.patch(OFFICE, {"phone": None})

    history = edits_directly.get(f"{OFFICE}/history?pageSize=1").json()

    assert history["count"] == 2
    assert history["next"].endswith("/history?page=2&pageSize=1")
    (last,) = history["results"]
    assert last["changes"][0]["before"] == "+31302270375"
    assert last["changes"][0]["after"] == "+31302270376"


def test_the_comment_of_a_reviewer_is_told(edits, editor):
    edits.patch(OFFICE, {"website": "hier.nl"})
    edits.post(f"{OFFICE}/revision/submit")
    waiting = Revision.objects.get()
    reviewer = people.administrator(first_name="Reviewer")
    revisions.send_back(
        waiting, by=reviewer, at=timezone.now(), seen=waiting.edition, comment="Is it right?"
    )

    change = edits.get(f"{OFFICE}/revision").json()

    assert (change["state"], change["comment"]) == ("returned", "Is it right?")
    assert change["reviewer"] == "Reviewer"
    assert edits.get("/api/v1/my/offices").json()["results"][0]["revision"] == "returned"


def test_what_is_planned_is_told(edits):
    edits.patch(OFFICE, {"website": "hier.nl"})
    moment = timezone.now() + timedelta(days=1)
    revisions.plan(Revision.objects.get(), by=None, at=timezone.now(), publish_at=moment)

    told = edits.get(OFFICE).json()

    assert told["revision"] is None
    assert told["planned"]["state"] == "planned"
    assert told["website"] != "https://hier.nl"
    assert edits.get("/api/v1/my/offices").json()["results"][0]["publishAt"] is not None


def test_everything_is_still_right(client, edits, editor):
    answer = edits.post(f"{OFFICE}/confirm")

    today = timezone.localdate().isoformat()
    assert (answer.status_code, answer.json()) == (200, {"confirmedOn": today})
    assert answer["ETag"] == edits.get(OFFICE)["ETag"]
    versions.forget()
    assert client.get("/api/v1/offices/hier").json()["confirmedOn"] == today
    assert written_down() == ["profile_confirmed"]
    assert edits.post(f"{OFFICE}/confirm").status_code == 200
    assert written_down() == ["profile_confirmed"]


def test_the_list_tells_how_complete_a_profile_is_with_its_draft(edits):
    before = edits.get("/api/v1/my/offices").json()["results"][0]
    edits.patch(OFFICE, {"schools": "85 schools", "name": "Loket Nieuw"})

    after = edits.get("/api/v1/my/offices").json()["results"][0]

    assert "schools" in before["completeness"]["missing"]
    assert "schools" not in after["completeness"]["missing"]
    assert after["completeness"]["scorePercent"] > before["completeness"]["scorePercent"]
    assert (before["name"], after["name"], after["revision"]) == (
        "Loket Hier",
        "Loket Nieuw",
        "draft",
    )


def test_a_list_takes_as_many_queries_whatever_its_length(
    here, calling, django_assert_max_num_queries
):
    administers = calling(people.administrator())
    for number in range(12):
        here.office(f"loket-{number}", serves=["3011"])

    administers.get("/api/v1/my/offices")  # the first use of a token on a day is written down
    with django_assert_max_num_queries(19):
        answer = administers.get("/api/v1/my/offices")

    assert answer.json()["count"] == 14


def test_an_archived_office_is_for_administrators_alone(calling, editor, here):
    here.edit("hier", state="archived")

    assert calling(editor).get(OFFICE).status_code == 404
    assert calling(people.administrator()).get(OFFICE).json()["state"] == "archived"
