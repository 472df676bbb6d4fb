from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from navigator.accounts.models import AuditEntry
from regions import sheets, tables
from regions.models import EducationRegion, RegionalOffice, Revision
from tests import people

EXCHANGE = "/beheer/in-en-uitvoer/"
CHECK = f"{EXCHANGE}controle/"


def upload(client, *rows, table="offices", file=None):
    content = file if file is not None else "\n".join(rows).encode()
    return client.post(EXCHANGE, {"table": table, "file": SimpleUploadedFile("x.csv", content)})


def shown(client):
    return client.get(CHECK).context["plan"].digest


def text_of(response):
    return b"".join(response.streaming_content).decode()


@pytest.fixture
def office(world):
    return world.office("rijnmond", regions=["Rijnmond"])


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_download_is_a_file_and_is_written_down(admin_client, office, kind):
    response = admin_client.get(reverse("administration:exchange_download", args=["offices", kind]))

    assert "offices-20" in response["Content-Disposition"]
    assert [row[0] for row in sheets.read(response.content)] == ["rijnmond"]
    assert AuditEntry.objects.get(what="directory_exported").about == f"offices.{kind}"


def test_unknown_tables_are_not_found(admin_client, world):
    for table, kind in (("users", "csv"), ("offices", "ods")):
        address = reverse("administration:exchange_download", args=[table, kind])

        assert admin_client.get(address).status_code == 404


def test_nobody_else_can_take_the_directory_out_or_put_it_in(client, office):
    people.log_in(client, people.editor(office.regions.get()))

    answers = [
        client.get(reverse("administration:exchange_download", args=["offices", "csv"])),
        upload(client, "slug;name", "rijnmond;Anders"),
        client.get(CHECK),
        client.post(CHECK, {"shown": ""}),
    ]

    assert [answer.status_code for answer in answers] == [403] * 4


def test_an_upload_shows_what_would_change_and_changes_nothing(admin_client, office):
    answer = upload(admin_client, "slug;name;phone_note", "rijnmond;Rijnmond;Niet in juli", "a;B;")

    page = admin_client.get(answer["Location"])

    assert (answer.status_code, answer["Location"]) == (303, CHECK)
    assert [change.slug for change in page.context["plan"].changes] == ["rijnmond", "a"]
    assert "Niet in juli" in page.content.decode()
    assert not Revision.objects.exists()
    assert RegionalOffice.objects.count() == 1


def test_wrong_rows_are_shown_and_cannot_be_imported(admin_client, office):
    upload(admin_client, "slug;email", "rijnmond;geen adres")

    page = admin_client.get(CHECK).content.decode()

    assert "<code>email</code>" in page
    assert 'name="shown"' not in page


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("table.csv", b"\x00\x01\x02\x03"),
        ("table.xlsx", b"PK\x03\x04broken"),
        ("photo.csv", b"\x89PNG\r\n\x1a\n\x00\x00"),
        ("empty.csv", b""),
        ("large.csv", b"a" * (sheets.MOST_BYTES + 1)),
    ],
)
def test_a_file_of_a_wrong_kind_or_size_is_refused_with_a_reason(
    admin_client, office, name, content
):
    file = SimpleUploadedFile(name, content)

    page = admin_client.post(EXCHANGE, {"table": "offices", "file": file})

    assert page.status_code == 400
    assert page.context["form"].errors["file"]


def test_a_far_too_large_file_is_not_read_at_all(admin_client, office, settings):
    file = BytesIO(b"a" * (settings.FILE_UPLOAD_MAX_MEMORY_SIZE + 1))
    file.name = "huge.csv"

    page = admin_client.post(EXCHANGE, {"table": "offices", "file": file})

    assert page.status_code == 400
    assert "form" not in (page.context or {})


def test_without_an_upload_there_is_nothing_to_confirm(admin_client, world):
    answers = [admin_client.get(CHECK), admin_client.post(CHECK, {"shown": "x"})]

    assert [answer["Location"] for answer in answers] == [EXCHANGE] * 2


def test_nobody_confirms_what_another_uploaded(client, admin_client, office):
    upload(admin_client, "slug;name", "rijnmond;Anders")
    other = people.administrator()
    admin_client.logout()
    people.log_in(admin_client, other)

    assert admin_client.get(CHECK)["Location"] == EXCHANGE


@pytest.mark.django_db(transaction=True)
def test_what_is_confirmed_is_imported_with_progress(client, shared_world):
    office = shared_world.office("rijnmond", regions=["Rijnmond"])
    administrator = people.administrator()
    people.log_in(client, administrator)
    upload(client, "slug;name;phone_note", "rijnmond;Rijnmond;Niet in juli")

    page = text_of(client.post(CHECK, {"shown": shown(client)}))

    revision = Revision.objects.get()
    office.refresh_from_db()
    assert office.phone_note == "Niet in juli"
    assert (revision.origin, revision.author) == ("import", administrator)
    assert page.count("<progress") == 2
    assert page.index("<progress") < page.index("notice success") < page.index("</main>")
    assert AuditEntry.objects.get(what="directory_imported").about == "offices: 1"
    assert client.get(CHECK)["Location"] == EXCHANGE


@pytest.mark.django_db(transaction=True)
def test_what_changed_meanwhile_is_shown_again_instead(client, shared_world):
    shared_world.office("rijnmond", regions=["Rijnmond"])
    people.log_in(client, people.administrator())
    upload(client, "slug;phone_note", "rijnmond;Niet in juli")
    before = shown(client)
    shared_world.edit("rijnmond", phone_note="Intussen")

    page = text_of(client.post(CHECK, {"shown": before}))

    assert "notice wrong" in page
    assert not Revision.objects.exists()
    assert shown(client) != before


@pytest.mark.django_db(transaction=True)
def test_neighbours_are_told_of_an_area_that_an_import_changed(client, shared_world, mailoutbox):
    shared_world.postcode("3012", municipality="Schiedam")
    shared_world.office("rijnmond", regions=["Rijnmond"], serves=["3011"])
    shared_world.office("schiedam", regions=["Schiedam"], serves=["3012"])
    neighbour = people.editor(EducationRegion.objects.get(name="Schiedam"))
    people.log_in(client, people.administrator())
    upload(client, "slug;municipalities", "rijnmond;GM3011|GM3012")

    text_of(client.post(CHECK, {"shown": shown(client)}))

    assert [mail.to for mail in mailoutbox] == [[neighbour.email]]


@pytest.mark.django_db(transaction=True)
def test_a_change_of_who_reviews_is_written_down(client, shared_world):
    shared_world.office("rijnmond", regions=["Rijnmond"])
    people.log_in(client, people.administrator())
    upload(client, "slug;review_required", "rijnmond;nee", table="regions")

    text_of(client.post(CHECK, {"shown": shown(client)}))

    assert AuditEntry.objects.get(what="review_setting_changed").about == "educationregion rijnmond"


def test_the_columns_are_explained(admin_client, world):
    page = admin_client.get(EXCHANGE)

    for table, _name, columns in page.context["tables"]:
        assert [column.name for column in columns] == tables.columns(table)
        assert all(column.words for column in columns)
