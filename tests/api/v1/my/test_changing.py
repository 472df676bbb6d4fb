"""A change: what is stored, where, and what is refused."""

import json

import pytest
from django.utils import timezone

from api.throttling import ChangesThrottle
from api.v1.my import fields
from api.v1.my.offices import OfficeFieldsSerializer
from api.v1.my.regions import RegionFieldsSerializer
from navigator.accounts.models import AuditEntry
from regions import records, revisions, versions
from regions.models import EducationRegion, RegionalOffice, Revision, SupportType
from tests import people
from tests.api.v1.my.conftest import OFFICE, REGION

PUBLIC = "/api/v1/offices/hier"


@pytest.fixture
def edits(calling, editor):
    return calling(editor)


@pytest.fixture
def edits_directly(calling, direct_editor):
    return calling(direct_editor)


@pytest.fixture
def administers(calling, here):
    return calling(people.administrator())


def public_phone(client):
    versions.forget()
    return client.get(PUBLIC).json()["contact"]["phone"]


def test_a_change_goes_into_the_draft_which_the_public_does_not_see(client, edits, editor):
    answer = edits.patch(OFFICE, {"phone": "030 227 03 75", "note": "New number"})

    assert answer.status_code == 200
    assert answer.json()["phone"] == "+31302270375"
    change = answer.json()["revision"]
    assert (change["state"], change["origin"], change["note"]) == ("draft", "api", "New number")
    assert (change["author"], change["changes"]) == (
        str(editor),
        [
            {
                "field": "phone",
                "before": "+31302270374",
                "after": "+31302270375",
                "author": str(editor),
            }
        ],
    )
    assert public_phone(client) == "+31302270374"
    assert "0375" not in client.get("/regioloketten/hier/").text
    assert "0375" not in client.get("/api/v1/offices").text
    asked = client.post("/api/v1/searches", {"postcode": "3011"}, content_type="application/json")
    assert b"0375" not in asked.content


def test_the_state_that_is_answered_is_the_state_that_is_read(edits):
    changed = edits.patch(OFFICE, {"website": "hier.nl", "sectors": ["vo", "po", "vo"]})

    read = edits.get(OFFICE)

    assert read.json() == changed.json()
    assert read["ETag"] == changed["ETag"]
    assert (read.json()["website"], read.json()["sectors"]) == ("https://hier.nl", ["po", "vo"])


def test_the_etag_is_the_fingerprint_of_the_work_and_strong(edits):
    office = RegionalOffice.objects.get(slug="hier")

    etag = edits.get(OFFICE)["ETag"]

    assert etag == f'"{revisions.fingerprint(revisions.working_record(office))}"'


def test_what_changes_back_is_no_change(edits):
    edits.patch(OFFICE, {"phone": "030 227 03 75"})

    answer = edits.patch(OFFICE, {"phone": "030 227 03 74"})

    assert answer.json()["revision"] is None


def test_a_change_without_the_state_that_it_starts_from_is_refused(edits, problem_of):
    answer = edits("PATCH", OFFICE, {"phone": None})

    assert answer.status_code == 428
    assert problem_of(answer) == ("precondition-required", [])
    assert not Revision.objects.exists()


def test_whatever_is_there_is_no_state_to_start_from(edits):
    assert edits("PATCH", OFFICE, {"phone": None}, If_Match="*").status_code == 428


@pytest.mark.parametrize("etag", ['"0123456789abcdef"', "nonsense", 'W/"x", "y"'])
def test_a_state_that_is_not_there_any_more_is_refused(edits, problem_of, etag):
    answer = edits.patch(OFFICE, {"phone": None}, etag=etag)

    assert answer.status_code == 412
    assert problem_of(answer) == ("precondition-failed", [])


def test_of_two_who_change_the_same_the_second_sees_what_it_is_now(
    calling, edits, administers, problem_of
):
    seen = edits.get(OFFICE)["ETag"]
    first = administers.patch(OFFICE, {"phone": "030 227 03 75"}, etag=seen)

    second = edits.patch(OFFICE, {"phone": "030 227 03 76"}, etag=seen)

    assert second.status_code == 412
    assert problem_of(second) == ("precondition-failed", [])
    assert second.json()["current"]["phone"] == "+31302270375"
    assert second["ETag"] == first["ETag"]
    assert edits.get(OFFICE).json()["phone"] == "+31302270375"
    again = edits.patch(OFFICE, {"phone": "030 227 03 76"}, etag=second["ETag"])
    assert again.json()["phone"] == "+31302270376"


def test_a_change_is_refused_after_another_field_changed_too(edits, administers):
    seen = edits.get(OFFICE)["ETag"]
    administers.patch(OFFICE, {"website": "elders.nl"}, etag=seen)

    assert edits.patch(OFFICE, {"phone": None}, etag=seen).status_code == 412


def test_one_who_slips_in_between_is_noticed_under_the_lock(edits, monkeypatch):
    seen = edits.get(OFFICE)["ETag"]
    real = fields.read_changes

    def slow(*args, **more):
        office = RegionalOffice.objects.get(slug="hier")
        values = {"phone": "+31302270379"}
        revisions.propose(subject=office, values=values, by=None, at=timezone.now())
        return real(*args, **more)

    monkeypatch.setattr(fields, "read_changes", slow)

    assert edits.patch(OFFICE, {"phone": None}, etag=seen).status_code == 412
    monkeypatch.undo()
    assert edits.get(OFFICE).json()["phone"] == "+31302270374"  # rolled back with it


def test_a_compressed_answer_names_its_state_as_well(edits):
    compressed = edits.get(OFFICE, Accept_Encoding="gzip")
    assert compressed["ETag"].startswith("W/")

    answer = edits.patch(OFFICE, {"phone": None}, etag=compressed["ETag"])

    assert answer.status_code == 200


def test_who_is_reviewed_does_not_publish(client, edits, problem_of):
    answer = edits.patch(f"{OFFICE}?publish=true", {"phone": None}, etag=edits.get(OFFICE)["ETag"])

    assert answer.status_code == 403
    assert problem_of(answer) == ("forbidden", [])
    assert public_phone(client) == "+31302270374"
    assert not Revision.objects.exists()


def test_who_is_not_reviewed_publishes_at_once(client, edits_directly, direct_editor):
    etag = edits_directly.get(OFFICE)["ETag"]

    answer = edits_directly.patch(f"{OFFICE}?publish=true", {"phone": "0302270375"}, etag=etag)

    assert answer.status_code == 200
    assert answer.json()["revision"] is None
    assert public_phone(client) == "+31302270375"
    published = edits_directly.get(f"{OFFICE}/history").json()["results"]
    assert [(change["author"], change["origin"]) for change in published] == [
        (str(direct_editor), "api")
    ]
    entry = AuditEntry.objects.filter(about="regionaloffice hier").latest("pk")
    assert (entry.who, entry.address) == (direct_editor, "127.0.0.1")


def test_what_is_published_at_once_leaves_the_draft_its_other_fields(client, edits_directly):
    edits_directly.patch(OFFICE, {"phone": "0302270375", "website": "hier.nl"})
    etag = edits_directly.get(OFFICE)["ETag"]

    answer = edits_directly.patch(f"{OFFICE}?publish=true", {"phone": "0302270376"}, etag=etag)

    assert [change["field"] for change in answer.json()["revision"]["changes"]] == ["website"]
    assert public_phone(client) == "+31302270376"


@pytest.mark.parametrize("value", ["yes", "1", "True"])
def test_publish_is_true_or_false(edits, problem_of, value):
    answer = edits.patch(f"{OFFICE}?publish={value}", {"phone": None}, etag='"x"')

    assert answer.status_code == 400
    assert problem_of(answer) == ("invalid-request", [("publish", "not_a_boolean")])


def test_nothing_is_published_by_reading(edits, problem_of):
    answer = edits.get(f"{OFFICE}?publish=true")

    assert answer.status_code == 400
    assert problem_of(answer) == ("invalid-request", [("publish", "unknown_parameter")])


ADMINISTRATORS_FIELDS = {
    "slug": "elders",
    "state": "archived",
    "nationwide": True,
    "regions": [],
    "drawnArea": None,
}


@pytest.mark.parametrize(("name", "value"), ADMINISTRATORS_FIELDS.items())
def test_an_editor_cannot_slip_in_what_only_administrators_change(edits, problem_of, name, value):
    answer = edits.patch(OFFICE, {"phone": None, name: value})

    assert answer.status_code == 400
    assert problem_of(answer) == ("invalid-request", [(name, "administrators_only")])
    assert not Revision.objects.exists()


@pytest.mark.parametrize("name", ["slug", "state", "reviewRequired"])
def test_an_editor_of_a_region_does_not_decide_about_its_review(edits, problem_of, name):
    answer = edits.patch(REGION, {name: False})

    assert answer.status_code == 400
    assert problem_of(answer) == ("invalid-request", [(name, "administrators_only")])


def test_the_fields_of_administrators_are_those_that_records_say():
    guarded = {fields.OFFICE[name].field for name in ADMINISTRATORS_FIELDS}

    assert guarded == set(records.OFFICE_SECTIONS["administration"])


def test_administrators_change_them(administers):
    answer = administers.patch(OFFICE, {"nationwide": True, "state": "draft", "slug": "Hier 2"})

    assert answer.status_code == 200
    told = answer.json()
    assert (told["nationwide"], told["state"], told["slug"]) == (True, "draft", "hier-2")
    assert RegionalOffice.objects.get(name="Loket Hier").slug == "hier"  # it is a draft


def test_an_administrator_who_renames_an_address_gets_the_new_one(administers):
    etag = administers.get(OFFICE)["ETag"]

    answer = administers.patch(f"{OFFICE}?publish=true", {"slug": "nieuw"}, etag=etag)

    assert answer.json()["url"].endswith("/regioloketten/nieuw/")
    assert administers.get("/api/v1/my/offices/nieuw").status_code == 200


@pytest.mark.parametrize(
    "name",
    ["id", "pk", "confirmed_on", "phone_hours", "visiting_latitude", "review_required", "author"],
)
def test_what_is_no_field_is_named(edits, problem_of, name):
    answer = edits.patch(OFFICE, {name: 1})

    assert answer.status_code == 400
    assert problem_of(answer) == ("invalid-request", [(name, "unknown_field")])


@pytest.mark.parametrize("name", ["confirmedOn", "revision", "mayPublish", "completeness", "url"])
def test_what_is_told_only_is_not_changed(edits, problem_of, name):
    answer = edits.patch(OFFICE, {name: None})

    assert answer.status_code == 400
    assert problem_of(answer) == ("invalid-request", [(name, "read_only")])


def test_every_mistake_is_told_and_nothing_is_stored(edits, problem_of):
    answer = edits.patch(OFFICE, {"phone": "030 12", "email": "x", "name": "Goed", "3011AB": 1})

    assert answer.status_code == 400
    kind, mistakes = problem_of(answer)
    assert kind == "invalid-request"
    assert mistakes == [
        ("phone", "too_few_digits"),
        ("email", "not_an_email"),
        ("", "unknown_field"),
    ]
    assert b"3011" not in answer.content
    assert not Revision.objects.exists()


@pytest.mark.parametrize("body", [{}, {"note": "Just so"}])
def test_a_change_changes_something(edits, problem_of, body):
    answer = edits.patch(OFFICE, body)

    assert answer.status_code == 400
    assert problem_of(answer) == ("invalid-request", [("", "nothing_given")])


def test_an_administrator_changes_a_region(client, administers, region):
    etag = administers.get(REGION)["ETag"]

    answer = administers.patch(
        f"{REGION}?publish=true", {"description": "Wij *samen*", "reviewRequired": False}, etag=etag
    )

    assert answer.status_code == 200
    region.refresh_from_db()
    assert (region.description, region.review_required) == ("Wij *samen*", False)
    assert client.get("/api/v1/regions/regio-hier").json()["description"] == "Wij *samen*"


def test_an_editor_changes_the_draft_of_a_region(client, edits, region):
    answer = edits.patch(REGION, {"website": "regiohier.nl"})

    assert answer.json()["website"] == "https://regiohier.nl"
    region.refresh_from_db()
    assert region.website == ""
    assert client.get("/api/v1/regions/regio-hier").json()["website"] is None


@pytest.mark.parametrize("media_type", ["text/plain", "multipart/form-data", "", "text/json"])
def test_a_change_of_another_kind_is_refused(client, edits, problem_of, media_type):
    headers = {"Authorization": edits._authorization, "If-Match": edits.get(OFFICE)["ETag"]}

    answer = client.generic("PATCH", OFFICE, b'{"phone": null}', media_type, headers=headers)

    assert answer.status_code == 415
    assert problem_of(answer) == ("unsupported-media-type", [])


def test_a_merge_patch_is_taken(client, edits):
    headers = {"Authorization": edits._authorization, "If-Match": edits.get(OFFICE)["ETag"]}

    answer = client.generic(
        "PATCH", OFFICE, b'{"phone": null}', "application/merge-patch+json", headers=headers
    )

    assert answer.json()["phone"] is None


@pytest.mark.parametrize(
    "body",
    [
        b"[]",
        b'{"phone": null, "phone": null}',
        b'{"drawnArea": ' + b"[" * 5000 + b"]" * 5000 + b"}",
        b'{"visitingPoint": {"latitude": NaN, "longitude": 5}}',
        b"\xff",
    ],
    ids=["list", "twice", "deep", "nan", "bytes"],
)
def test_a_body_that_is_no_json_object_is_refused(client, edits, problem_of, body):
    headers = {"Authorization": edits._authorization, "If-Match": edits.get(OFFICE)["ETag"]}

    answer = client.generic("PATCH", OFFICE, body, "application/json", headers=headers)

    assert answer.status_code == 400
    assert problem_of(answer)[0] == "malformed-json"


def test_a_body_larger_than_any_change_is_refused(edits, problem_of):
    answer = edits.patch(OFFICE, {"description": "x" * 262_144})

    assert answer.status_code == 413
    assert problem_of(answer) == ("too-large", [])


def test_a_whole_profile_is_not_too_large(edits):
    told = edits.get(OFFICE).json()
    every = {name: told[name] for name in fields.OFFICE if name not in ADMINISTRATORS_FIELDS}

    answer = edits.patch(OFFICE, every | {"description": "é" * 4000, "schools": "é" * 2000})

    assert answer.status_code == 200
    assert {change["field"] for change in answer.json()["revision"]["changes"]} == {
        "description",
        "schools",
    }


def test_who_changes_too_much_in_a_minute_waits(edits, problem_of, monkeypatch):
    monkeypatch.setattr(ChangesThrottle, "rate", "2/min")
    etag = edits.get(OFFICE)["ETag"]
    answers = [edits.patch(OFFICE, {"phone": None}, etag='"old"') for _ in range(2)]

    answer = edits.patch(OFFICE, {"phone": None}, etag=etag)

    assert {early.status_code for early in answers} == {412}
    assert answer.status_code == 429
    assert problem_of(answer) == ("too-many-requests", [])
    assert 0 < int(answer["Retry-After"]) <= 60
    assert edits.get(OFFICE).status_code == 200


def test_the_rate_of_one_is_not_the_rate_of_another(calling, edits, administers, monkeypatch):
    monkeypatch.setattr(ChangesThrottle, "rate", "1/min")
    edits.patch(OFFICE, {"phone": None})

    assert administers.patch(OFFICE, {"website": "hier.nl"}).status_code == 200


def test_every_field_that_is_read_is_described():
    assert fields.OFFICE.keys() | {"support"} == OfficeFieldsSerializer().fields.keys()
    assert fields.REGION.keys() == RegionFieldsSerializer().fields.keys()


@pytest.mark.django_db
def test_every_field_of_a_record_can_be_changed(world):
    office = world.office("hier", serves=["3011"])
    known = {field.field for field in fields.OFFICE.values()}

    record = records.read(office)

    offered = {f"support.{code}" for code in SupportType.objects.values_list("code", flat=True)}
    assert known | offered | {"confirmed_on"} == record.keys()


def test_a_region_tells_all_that_is_in_its_record(region):
    assert {field.field for field in fields.REGION.values()} == records.read(region).keys()
    assert json.dumps(fields.tell(EducationRegion, records.read(region)))
