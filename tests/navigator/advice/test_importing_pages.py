"""The pages on which an administrator imports earlier registrations."""

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from navigator.accounts import log
from navigator.accounts.models import AuditEntry
from navigator.advice import registrations
from navigator.advice.models import AdviceConversation
from regions import sheets
from tests import people

UPLOAD = "/advies/invoer/"
CHECK = f"{UPLOAD}controle/"
ROW = "2025-11-24;phone"


@pytest.fixture(autouse=True)
def office(world):
    return world.office("flevowijs")


@pytest.fixture
def admin_client(client):
    return people.log_in(client, people.administrator())


def upload(client, *lines, file=None):
    content = (
        file if file is not None else "\n".join(["moment;kanaal;toelichting", *lines]).encode()
    )
    return client.post(UPLOAD, {"file": SimpleUploadedFile("x.csv", content)})


def confirm(client):
    return client.post(CHECK, {"shown": client.get(CHECK).context["plan"].digest})


def messages_of(client):
    return [str(each) for each in client.get(UPLOAD).context["messages"]]


def test_an_upload_shows_what_would_be_stored_and_stores_nothing(admin_client):
    answer = upload(admin_client, f"{ROW};", f"{ROW};", "2025-11-30;chat;")

    page = admin_client.get(CHECK)

    plan = page.context["plan"]
    assert (answer.status_code, answer["Location"]) == (303, CHECK)
    assert (len(plan.new), len(plan.known), plan.without_outcome) == (3, 0, 3)
    assert [day.isoformat() for day in plan.days] == ["2025-11-24", "2025-11-30"]
    assert f'name="shown" value="{plan.digest}"' in page.content.decode()
    assert not AdviceConversation.objects.exists()


def test_what_is_confirmed_is_stored_and_written_down(admin_client):
    upload(admin_client, f"{ROW};", f"{ROW};")

    answer = confirm(admin_client)

    assert (answer.status_code, answer["Location"]) == (303, UPLOAD)
    assert AdviceConversation.objects.count() == 2
    assert AuditEntry.objects.get(what="conversations_imported").about == "2"
    assert "conversations_imported" in log.WORDS
    assert len(messages_of(admin_client)) == 1
    assert admin_client.get(CHECK)["Location"] == UPLOAD


def test_a_file_that_was_imported_before_has_nothing_to_confirm(admin_client):
    upload(admin_client, f"{ROW};")
    confirm(admin_client)

    upload(admin_client, f"{ROW};")
    page = admin_client.get(CHECK)

    assert len(page.context["plan"].known) == 1
    assert 'name="shown"' not in page.content.decode()


def test_wrong_rows_are_told_with_their_number_and_column(admin_client):
    page = upload(admin_client, f"{ROW};", "gisteren;duif;")

    told = [(each.row, each.column) for each in page.context["problems"]]
    assert page.status_code == 400
    assert told == [(3, "moment"), (3, "kanaal")]
    assert "<code>kanaal</code>" in page.content.decode()


def test_personal_data_is_refused_and_kept_nowhere(admin_client, monkeypatch):
    kept = []
    monkeypatch.setattr(cache, "set", lambda *given, **more: kept.append(given))

    page = upload(admin_client, f"{ROW};Bel 06 12345678 terug")

    assert [(each.row, each.column) for each in page.context["problems"]] == [(2, "toelichting")]
    assert "12345678" not in page.content.decode()
    assert [given for given in kept if str(given[0]).startswith("registrations:")] == []
    assert admin_client.get(CHECK)["Location"] == UPLOAD


def test_of_very_many_wrong_rows_the_first_are_told_and_the_others_counted(admin_client):
    page = upload(admin_client, *["x;phone;"] * 250)

    assert len(page.context["problems"]) == 200
    assert page.context["more_problems"] == 50


@pytest.mark.parametrize(
    "content",
    [b"", b"\x00\x01", b"PK\x03\x04broken", b"a" * (sheets.MOST_BYTES + 1), b"a;a\n1;2"],
    ids=["empty", "bytes", "broken", "large", "twice"],
)
def test_a_file_that_is_no_table_is_refused_with_a_reason(admin_client, content):
    page = upload(admin_client, file=content)

    assert page.status_code == 400
    assert page.context["form"].errors["file"]


def test_without_a_file_the_form_says_so(admin_client):
    page = admin_client.post(UPLOAD, {})

    assert page.status_code == 400
    assert page.context["form"].errors["file"]


def test_what_changed_meanwhile_is_shown_again_and_nothing_is_stored(admin_client):
    upload(admin_client, f"{ROW};")

    answer = admin_client.post(CHECK, {"shown": "something else"})

    assert (answer.status_code, answer["Location"]) == (303, CHECK)
    assert not AdviceConversation.objects.exists()
    assert not AuditEntry.objects.filter(what="conversations_imported").exists()


def test_confirming_twice_stores_once(admin_client):
    upload(admin_client, f"{ROW};")
    shown = admin_client.get(CHECK).context["plan"].digest

    answers = [admin_client.post(CHECK, {"shown": shown}) for _time in range(2)]

    assert [answer["Location"] for answer in answers] == [UPLOAD, UPLOAD]
    assert AdviceConversation.objects.count() == 1


def test_nobody_confirms_what_another_uploaded(admin_client):
    upload(admin_client, f"{ROW};")
    admin_client.logout()
    people.log_in(admin_client, people.administrator())

    assert admin_client.get(CHECK)["Location"] == UPLOAD


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_example_is_a_file_that_can_be_imported(admin_client, kind):
    file = admin_client.get(reverse("advice:import_example", args=[kind]))
    answer = upload(admin_client, file=file.content)

    assert f".{kind}" in file["Content-Disposition"]
    assert sheets.read(file.content).headers == list(registrations.COLUMNS)
    assert answer["Location"] == CHECK
    assert len(admin_client.get(CHECK).context["plan"].new) == 2


def test_another_kind_of_example_is_not_found(admin_client):
    assert admin_client.get(reverse("advice:import_example", args=["ods"])).status_code == 404


def test_the_page_tells_every_column(admin_client):
    page = admin_client.get(UPLOAD).content.decode()

    assert all(f"<code>{name}</code>" in page for name in registrations.COLUMNS)


@pytest.mark.parametrize("path", [UPLOAD, CHECK, f"{UPLOAD}voorbeeld/csv/"])
def test_advisors_do_not_import(client, path):
    people.log_in(client, people.advisor())

    assert client.get(path).status_code == 403


def test_six_hundred_rows_are_shown_in_a_bounded_number_of_queries(
    admin_client, django_assert_max_num_queries
):
    lines = [f"2025-11-{number % 30 + 1:02};phone;{number}" for number in range(611)]
    upload(admin_client, *lines)

    with django_assert_max_num_queries(16):
        page = admin_client.get(CHECK)

    assert len(page.context["plan"].new) == 611
