import pytest
from django.utils import timezone

from navigator.accounts.models import AuditEntry
from navigator.editing import subjects
from navigator.editing.forms import SectionForm
from regions import records, revisions
from regions.models import EducationRegion, RegionalOffice, Revision, SupportType
from tests import people
from tests.navigator.editing.pages import fields_in, opened, section, send


@pytest.fixture
def office(world):
    return world.office(
        "rotterdam",
        regions=["Rijnmond"],
        description="Wij helpen.",
        phone="+31302270374",
        support=[("vacancies", ["https://banen.example.nl/"])],
    )


@pytest.fixture
def region(office):
    return office.regions.get()


@pytest.fixture
def publisher(client, region):
    EducationRegion.objects.filter(pk=region.pk).update(review_required=False)
    return people.log_in(client, people.editor(region, email="editor@rotterdam.example"))


@pytest.fixture
def reviewed(client, region):
    return people.log_in(client, people.editor(region, email="editor@rotterdam.example"))


@pytest.fixture
def administrator(client, world):
    return people.log_in(client, people.administrator())


SECTIONS = ["introduction", "story", "contact", "sectors", "support", "advice"]


@pytest.mark.parametrize("name", SECTIONS)
def test_every_section_shows_its_form_and_saves_unchanged_without_a_change(publisher, office, name):
    before = records.read(office)

    answer = send(publisher, office, name, opened(publisher, office, name), do="publish")

    assert answer.status_code == 303
    assert records.read(office) == before
    assert not Revision.objects.exists()


@pytest.mark.parametrize("name", SECTIONS)
def test_every_field_of_a_section_has_a_place_in_its_form(publisher, office, name):
    posted = set(opened(publisher, office, name))
    form = SectionForm(office, name, records.read(office))
    ticks = {each for each in form.names() if each.endswith((".offered", ".closed"))}

    assert form.names() - ticks - {"sectors"} <= posted


def test_who_may_publish_makes_a_change_public_at_once(publisher, office):
    typed = opened(publisher, office, "introduction")

    answer = send(publisher, office, "introduction", typed, do="publish", description="Nieuw.")

    office.refresh_from_db()
    assert answer.status_code == 303
    assert answer["Location"] == subjects.address("subject", office)
    assert office.description == "Nieuw."
    assert Revision.objects.get().author.email == "editor@rotterdam.example"
    assert AuditEntry.objects.filter(what="revision_published", about="regionaloffice rotterdam")


def test_a_draft_is_not_public_and_stands_in_the_form_again(publisher, office):
    typed = opened(publisher, office, "introduction")

    send(publisher, office, "introduction", typed, description="Later.", note="voor de zomer")

    office.refresh_from_db()
    assert office.description == "Wij helpen."
    assert opened(publisher, office, "introduction")["description"] == ["Later."]
    assert revisions.open_revision(office).note == "voor de zomer"


def test_an_editor_under_review_saves_a_draft_whatever_the_button_says(reviewed, office):
    typed = opened(reviewed, office, "introduction")

    send(reviewed, office, "introduction", typed, do="draft", description="Later.")

    assert revisions.open_revision(office).state == Revision.State.DRAFT


@pytest.mark.parametrize("do", ["submit", "publish"])
def test_an_editor_under_review_sends_a_change_for_review(reviewed, office, do):
    typed = opened(reviewed, office, "introduction")

    send(reviewed, office, "introduction", typed, do=do, description="Nieuw.")

    office.refresh_from_db()
    assert office.description == "Wij helpen."
    assert revisions.open_revision(office).state == Revision.State.WAITING


def test_a_change_to_what_waits_for_review_goes_on_waiting(reviewed, office):
    typed = opened(reviewed, office, "introduction")
    send(reviewed, office, "introduction", typed, do="submit", description="Nieuw.")

    typed = opened(reviewed, office, "introduction")
    answer = send(reviewed, office, "introduction", typed, do="submit", description="Nieuwer.")

    assert answer.status_code == 303
    waiting = revisions.open_revision(office)
    assert waiting.state == Revision.State.WAITING
    assert waiting.changes["description"][1] == "Nieuwer."


def test_fields_that_a_form_does_not_show_cannot_be_changed_by_it(publisher, office):
    typed = opened(publisher, office, "introduction")

    send(
        publisher,
        office,
        "introduction",
        typed,
        do="publish",
        description="Nieuw.",
        website="https://elders.example.nl/",
        slug="gekaapt",
        state="archived",
        nationwide="on",
        confirmed_on="2020-01-01",
    )

    assert set(Revision.objects.get().changes) == {"description"}
    assert RegionalOffice.objects.get().slug == "rotterdam"


def test_the_settings_are_for_administrators(publisher, office):
    answer = publisher.get(section(office, "administration"))

    assert answer.status_code == 404


def test_an_editor_cannot_post_the_settings_either(publisher, office):
    answer = publisher.post(
        section(office, "administration"), {"slug": "gekaapt", "state": "archived", "do": "publish"}
    )

    assert answer.status_code == 404
    assert RegionalOffice.objects.get().slug == "rotterdam"


def test_an_office_of_others_is_not_found(client, world, office):
    elsewhere = world.office("utrecht", regions=["Utrecht"])
    people.log_in(client, people.editor(elsewhere.regions.get()))

    assert client.get(section(office, "introduction")).status_code == 404
    assert client.post(section(office, "introduction"), {"name": "x"}).status_code == 404


def test_a_section_of_another_kind_is_not_found(administrator, office, region):
    assert administrator.get(f"{subjects.address('subject', office)}gegevens/").status_code == 404
    assert administrator.get(f"{subjects.address('subject', region)}inleiding/").status_code == 404
    assert administrator.get(f"{subjects.address('subject', region)}werkgebied/").status_code == 404


def test_an_administrator_changes_the_settings_and_the_address_follows(administrator, office):
    typed = opened(administrator, office, "administration")
    assert typed["regions"] == ["rijnmond"]

    answer = send(administrator, office, "administration", typed, slug="Rotterdam Zuid")

    office.refresh_from_db()
    assert office.slug == "rotterdam-zuid"
    assert answer["Location"].endswith("/loketten/rotterdam-zuid/")


def test_settings_are_no_draft(administrator, office):
    typed = opened(administrator, office, "administration")

    send(administrator, office, "administration", typed, do="draft", nationwide="on")

    assert revisions.open_revision(office) is None
    assert RegionalOffice.objects.get().nationwide


def test_a_drawn_area_that_is_no_polygon_is_refused_in_words(administrator, office):
    typed = opened(administrator, office, "administration")

    for wrong in (
        "{",
        '{"type": "Point", "coordinates": [4.5, 52]}',
        '["x"]',
        '{"type": "Polygon"}',
    ):
        answer = send(administrator, office, "administration", typed, drawn_area=wrong)

        assert answer.status_code == 400, wrong
        assert "GeoJSON" in answer.content.decode()


def test_an_administrator_sets_whether_a_region_is_reviewed(administrator, region):
    typed = opened(administrator, region, "administration")
    typed.pop("review_required")

    send(administrator, region, "administration", typed)

    region.refresh_from_db()
    assert not region.review_required


def test_an_editor_changes_the_text_of_the_region(publisher, region):
    typed = opened(publisher, region, "region")

    send(publisher, region, "region", typed, do="publish", description="Wij zijn er.")

    region.refresh_from_db()
    assert region.description == "Wij zijn er."


def test_what_is_typed_is_cleaned(publisher, office):
    typed = opened(publisher, office, "contact")

    send(
        publisher,
        office,
        "contact",
        typed,
        do="publish",
        website="www.loket.example.nl/pagina",
        email="  info@loket.example.nl ",
        phone="06 12 34 56 78",
    )

    office.refresh_from_db()
    assert office.website == "https://www.loket.example.nl/pagina"
    assert office.email == "info@loket.example.nl"
    assert office.phone == "+31612345678"


def test_each_error_stands_at_its_field_and_keeps_what_was_typed(publisher, office):
    typed = opened(publisher, office, "contact")

    answer = send(
        publisher,
        office,
        "contact",
        typed,
        do="publish",
        website="javascript:alert(1)",
        phone="030-12",
        contact_team="Team instroom",
    )

    page = answer.content.decode()
    assert answer.status_code == 400
    assert 'id="id_website-wrong" data-wrong><p>' in page
    assert 'id="id_phone-wrong" data-wrong><p>' in page
    assert 'id="id_email-wrong" data-wrong hidden>' in page
    kept = fields_in(answer)
    assert kept["website"] == ["javascript:alert(1)"]
    assert kept["phone"] == ["030-12"]
    assert kept["contact_team"] == ["Team instroom"]
    assert not Revision.objects.exists()


def test_a_text_that_is_too_long_says_by_how_much(publisher, office):
    typed = opened(publisher, office, "introduction")

    answer = send(publisher, office, "introduction", typed, do="publish", description="a" * 4007)

    [message] = answer.context["form"].errors["description"]
    assert "7" in message
    assert fields_in(answer)["description"] == ["a" * 4007]


def test_an_office_keeps_a_name(publisher, office):
    typed = opened(publisher, office, "introduction")

    answer = send(publisher, office, "introduction", typed, do="publish", name=" ")

    assert answer.status_code == 400
    assert "name" in answer.context["form"].errors


def test_the_name_of_another_office_is_refused_at_its_field(publisher, world, office):
    world.office("utrecht", name="Loket Utrecht")
    typed = opened(publisher, office, "introduction")

    answer = send(publisher, office, "introduction", typed, do="publish", name="Loket Utrecht")

    assert answer.status_code == 400
    assert "name" in answer.context["form"].errors


@pytest.mark.parametrize("text", ["Wij helpen [wie?]", "Lorem ipsum", "Bel 06-xxxxxxxx"])
@pytest.mark.parametrize("do", ["publish", "submit"])
def test_a_text_with_a_placeholder_cannot_be_published_or_sent(publisher, office, text, do):
    typed = opened(publisher, office, "introduction")

    answer = send(publisher, office, "introduction", typed, do=do, description=text)

    assert answer.status_code == 400
    assert answer.context["form"].errors["description"]
    assert fields_in(answer)["description"] == [text]
    assert not Revision.objects.exists()


def test_a_text_with_a_placeholder_can_be_a_draft(publisher, office):
    typed = opened(publisher, office, "introduction")

    answer = send(publisher, office, "introduction", typed, description="Wij helpen [wie?]")

    assert answer.status_code == 303
    assert revisions.open_revision(office).changes["description"][1] == "Wij helpen [wie?]"


def test_a_placeholder_elsewhere_in_the_draft_keeps_it_from_being_sent_but_not_from_being_saved(
    reviewed, office
):
    typed = opened(reviewed, office, "introduction")
    send(reviewed, office, "introduction", typed, description="[…]")
    typed = opened(reviewed, office, "story")

    answer = send(reviewed, office, "story", typed, do="submit", schools="Tien scholen.")

    draft = revisions.open_revision(office)
    assert answer.status_code == 303
    assert draft.state == Revision.State.DRAFT
    assert draft.changes["schools"][1] == "Tien scholen."


def test_a_preview_shows_the_texts_and_saves_nothing(publisher, office):
    typed = opened(publisher, office, "introduction")

    answer = send(
        publisher, office, "introduction", typed, do="preview", description="**Wij** <script>"
    )

    page = answer.content.decode()
    assert answer.status_code == 200
    assert "<strong>Wij</strong> &lt;script&gt;" in page
    assert fields_in(answer)["description"] == ["**Wij** <script>"]
    assert not Revision.objects.exists()


def test_a_field_is_checked_before_it_is_saved(publisher, office):
    typed = opened(publisher, office, "contact")

    good = send(publisher, office, "contact", typed, "check", field="website", website="www.x.nl")
    bad = send(publisher, office, "contact", typed, "check", field="phone", phone="030-12")
    hours = send(
        publisher,
        office,
        "contact",
        typed,
        "check",
        field="phone_hours.1",
        phone_hours__1__from1="9-12 en 13-17",
    )

    assert good.json() == {"errors": [], "clean": {"website": "https://www.x.nl"}}
    assert bad.json()["errors"]
    assert hours.json()["clean"]["phone_hours.1.until2"] == "17:00"
    assert not Revision.objects.exists()


@pytest.mark.parametrize("field", ["", "slug", "base"])
def test_a_field_of_another_form_is_not_checked(publisher, office, field):
    typed = opened(publisher, office, "contact")

    answer = send(publisher, office, "contact", typed, "check", field=field)

    assert answer.json() == {"errors": [], "clean": {}}


def test_a_piece_of_text_is_previewed_for_htmx(publisher):
    answer = publisher.post(
        "/mijn-regio/opmaak/", {"field": "schools", "schools": "- een\n- twee [x](javascript:1)"}
    )

    page = answer.content.decode()
    assert "<li>een</li>" in page
    assert "href" not in page


# Hours


@pytest.mark.parametrize(
    ("from1", "until1", "from2", "until2", "spans"),
    [
        ("9", "17", "", "", [["09:00", "17:00"]]),
        ("9-17", "", "", "", [["09:00", "17:00"]]),
        ("9.00", "12.30", "13u", "17u", [["09:00", "12:30"], ["13:00", "17:00"]]),
        ("9:00-12:00 en 13:00-17:00", "", "", "", [["09:00", "12:00"], ["13:00", "17:00"]]),
        ("", "", "", "", []),
    ],
)
def test_hours_are_taken_as_people_type_them(
    publisher, office, from1, until1, from2, until2, spans
):
    typed = opened(publisher, office, "contact")

    answer = send(
        publisher,
        office,
        "contact",
        typed,
        phone_hours__2__from1=from1,
        phone_hours__2__until1=until1,
        phone_hours__2__from2=from2,
        phone_hours__2__until2=until2,
    )

    assert answer.status_code == 303
    assert revisions.working_record(office)["phone_hours"] == [[2, *span] for span in spans]


def test_a_closed_day_has_no_hours_whatever_was_left_there(publisher, office):
    typed = opened(publisher, office, "contact")

    send(
        publisher,
        office,
        "contact",
        typed,
        phone_hours__1__from1="9",
        phone_hours__1__until1="17",
        phone_hours__2__from1="9",
        phone_hours__2__until1="17",
        phone_hours__2__closed="on",
    )

    assert revisions.working_record(office)["phone_hours"] == [[1, "09:00", "17:00"]]
    again = opened(publisher, office, "contact")
    assert "phone_hours.2.closed" in again
    assert "phone_hours.1.closed" not in again


def test_a_wrong_time_is_told_at_its_day(publisher, office):
    typed = opened(publisher, office, "contact")

    answer = send(
        publisher,
        office,
        "contact",
        typed,
        phone_hours__3__from1="17",
        phone_hours__3__until1="9",
        phone_hours__4__from1="negen uur",
    )

    assert answer.status_code == 400
    assert set(answer.context["form"].errors) == {"phone_hours.3", "phone_hours.4"}
    assert fields_in(answer)["phone_hours.4.from1"] == ["negen uur"]


def test_more_than_two_times_a_day_survive_the_form(publisher, office):
    hours = [[1, "09:00", "10:00"], [1, "11:00", "12:00"], [1, "13:00", "14:00"]]
    revisions.publish_now(subject=office, values={"phone_hours": hours}, by=None, at=timezone.now())

    send(publisher, office, "contact", opened(publisher, office, "contact"), do="publish")

    assert records.read(office)["phone_hours"] == hours


# Support


def test_support_has_a_tick_a_note_and_links(publisher, office):
    typed = opened(publisher, office, "support")

    send(
        publisher,
        office,
        "support",
        typed,
        do="publish",
        support__experiences__offered="on",
        support__experiences__note="Op de site",
        support__experiences__links="www.school.nl/een\n\nhttps://www.school.nl/twee",
    )

    record = records.read(office)
    assert record["support.experiences"] == {
        "note": "Op de site",
        "links": ["https://www.school.nl/een", "https://www.school.nl/twee"],
    }
    assert record["support.vacancies"] == {"note": "", "links": ["https://banen.example.nl/"]}


def test_every_type_of_support_has_a_place_in_one_of_the_forms(publisher, office):
    forms = {*opened(publisher, office, "support"), *opened(publisher, office, "advice")}

    assert all(
        f"support.{code}.links" in forms
        for code in SupportType.objects.values_list("pk", flat=True)
    )


def test_a_wrong_link_is_named_by_its_line(publisher, office):
    typed = opened(publisher, office, "support")

    answer = send(
        publisher,
        office,
        "support",
        typed,
        support__vacancies__links="https://www.school.nl/\ngeen link\nftp://oud.nl",
    )

    told = " ".join(answer.context["form"].errors["support.vacancies"])
    assert answer.status_code == 400
    assert "2" in told
    assert "3" in told


def test_a_tick_that_is_taken_away_takes_its_links_along(publisher, office):
    typed = opened(publisher, office, "support")
    typed.pop("support.vacancies.offered")

    send(publisher, office, "support", typed, do="publish")

    assert records.read(office)["support.vacancies"] is None


def test_words_without_a_tick_are_not_lost_unseen(publisher, office):
    typed = opened(publisher, office, "support")

    answer = send(publisher, office, "support", typed, support__podcasts__note="Elke week")

    assert answer.status_code == 400
    assert "support.podcasts" in answer.context["form"].errors


def test_a_section_asks_a_fixed_number_of_queries(publisher, office, django_assert_max_num_queries):
    opened(publisher, office, "contact")

    with django_assert_max_num_queries(25):
        opened(publisher, office, "contact")
