"""The service area: picked, told, and only then saved."""

import pytest

from navigator.editing.forms.area_form import AreaForm, Geography, read_postcodes
from regions import records, revisions
from regions.models import EducationRegion, RegionalOffice, Revision
from tests import people
from tests.navigator.editing.pages import fields_in, opened, section, send

ADDRESS = "/mijn-regio/loketten/rotterdam/werkgebied/"


@pytest.fixture
def office(world):
    with world.at_once():
        for code in ("3011", "3012", "3013", "3016"):
            world.postcode(code, municipality="Rotterdam")
        world.postcode("3111", municipality="Schiedam")
        world.postcode("3199", municipality="Rotterdam", shares={"Rotterdam": 0.6, "Delft": 0.4})
        world.postcode(
            "3000", municipality="Rotterdam", po_box_only=True, latitude=None, longitude=None
        )
        world.postcode("6811", municipality="Arnhem")
        world.municipality("Arnhem", province="gelderland")
        office = world.office("rotterdam", sectors=["po"], serves=["3011"], regions=["Rijnmond"])
        world.office("schiedam", sectors=["po"], serves=["3111"], regions=["Waterweg"])
    EducationRegion.objects.update(review_required=False)
    return office


@pytest.fixture
def editor(client, office):
    return people.log_in(
        client, people.editor(office.regions.get(), email="editor@rotterdam.example")
    )


@pytest.fixture
def geography(office):
    return Geography()


def area(office):
    record = records.read(office)
    return record["municipalities"], record["partial_postcodes"]


def told(answer):
    """The effect that a page shows."""
    return answer.context["form"].outcome.effect


def with_ticks(typed, *codes):
    return {**typed, "municipalities": list(codes)}


# Seeing


def test_the_form_shows_what_is_served_as_a_whole_and_in_part(editor, office):
    office.partial_postcodes.set(["3111"])

    typed = opened(editor, office, "area")

    assert typed["municipalities"] == ["GM3011"]
    assert typed["partial_postcodes.GM3111"] == ["3111"]


def test_municipalities_stand_by_province_and_those_with_a_tick_are_open(editor, office):
    page = editor.get(ADDRESS)

    provinces = {each.code: each for each in page.context["form"].provinces}
    assert [row.name for row in provinces["zuid-holland"].rows] == [
        "Delft",
        "Rotterdam",
        "Schiedam",
    ]
    assert (provinces["zuid-holland"].ticked, provinces["zuid-holland"].is_open) == (1, True)
    assert not provinces["gelderland"].is_open


@pytest.mark.parametrize("address", [ADDRESS, f"/en{ADDRESS}"])
def test_who_may_not_edit_the_office_does_not_find_it(client, office, address):
    other = EducationRegion.objects.get(name="Waterweg")
    people.log_in(client, people.editor(other))

    assert client.get(address).status_code == 404
    assert client.post(address, {"do": "publish"}).status_code == 404


def test_who_is_not_logged_in_is_sent_to_log_in(client, office):
    assert client.get(ADDRESS).status_code == 302


# The effect


def test_the_effect_is_shown_and_nothing_is_saved(editor, office):
    typed = with_ticks(opened(editor, office, "area"), "GM3111")

    page = send(editor, office, "area", typed, "effect")

    effect = told(page)
    assert page.status_code == 200
    assert effect.gained == {"3111"}
    assert effect.new_gaps["po"] == {"3011", "3012", "3013", "3016", "3199"}
    assert [region.name for region in effect.regions] == ["Waterweg"]
    text = page.content.decode()
    assert "Waterweg" in text
    assert "3111" in text
    assert fields_in(page)["municipalities"] == ["GM3111"]
    assert not Revision.objects.exists()


@pytest.mark.parametrize("do", ["publish", "draft", "submit"])
def test_what_was_not_told_is_told_before_it_is_saved(editor, office, do):
    typed = with_ticks(opened(editor, office, "area"), "GM3011", "GM3111")

    page = send(editor, office, "area", typed, do)

    assert page.status_code == 200
    assert page.context["form"].asks
    assert not Revision.objects.exists()


def test_once_told_it_is_saved(editor, office):
    typed = with_ticks(opened(editor, office, "area"), "GM3011", "GM3111")
    page = send(editor, office, "area", typed, "publish")

    answer = send(editor, office, "area", fields_in(page), "publish")

    assert answer.status_code == 303
    assert area(office) == (["GM3011", "GM3111"], [])
    assert office.slug in str(Revision.objects.published().get().subject.slug)


def test_what_was_told_of_another_area_does_not_count(editor, office):
    typed = with_ticks(opened(editor, office, "area"), "GM3011", "GM3111")
    page = send(editor, office, "area", typed, "effect")

    answer = send(editor, office, "area", with_ticks(fields_in(page), "GM3111"), "publish")

    assert answer.status_code == 200
    assert answer.context["form"].asks
    assert not Revision.objects.exists()


def test_an_unchanged_area_needs_no_telling(editor, office):
    answer = send(editor, office, "area", opened(editor, office, "area"), "publish", told="")

    assert answer.status_code == 303
    assert not Revision.objects.exists()


def test_a_draft_is_told_against_what_is_public(editor, office):
    typed = with_ticks(opened(editor, office, "area"), "GM3011", "GM3111")
    page = send(editor, office, "area", typed, "draft")
    send(editor, office, "area", fields_in(page), "draft")

    again = editor.get(ADDRESS)

    assert area(office) == (["GM3011"], [])
    assert revisions.working_record(office)["municipalities"] == ["GM3011", "GM3111"]
    assert told(again).gained == {"3111"}


def test_an_office_that_is_not_public_is_told_what_happens_once_it_is(editor, office):
    RegionalOffice.objects.update(state="draft")

    page = editor.get(ADDRESS)

    assert told(page).gained == {"3011", "3012", "3013", "3016", "3199"}


def test_htmx_gets_the_effect_alone(editor, office):
    typed = with_ticks(opened(editor, office, "area"), "GM3111")

    part = editor.post(ADDRESS, {**typed, "do": "effect"}, headers={"HX-Request": "true"})

    text = part.content.decode()
    assert part.status_code == 200
    assert "<html" not in text
    assert "<svg" in text
    assert 'name="told"' in text


def test_htmx_never_saves(editor, office):
    typed = with_ticks(opened(editor, office, "area"), "GM3111")
    page = send(editor, office, "area", typed, "effect")

    editor.post(ADDRESS, {**fields_in(page), "do": "effect"}, headers={"HX-Request": "true"})

    assert not Revision.objects.exists()


# Provinces


def test_a_whole_province_is_ticked_without_a_script(editor, office):
    typed = opened(editor, office, "area")

    page = send(editor, office, "area", typed, "all:gelderland")

    assert sorted(fields_in(page)["municipalities"]) == ["GM3011", "GM6811"]
    assert not Revision.objects.exists()


def test_a_whole_province_is_unticked_without_a_script(editor, office):
    typed = with_ticks(opened(editor, office, "area"), "GM3011", "GM6811")

    page = send(editor, office, "area", typed, "none:zuid-holland")

    assert fields_in(page)["municipalities"] == ["GM6811"]


# Parts


def test_a_part_is_saved_as_postcodes(editor, office):
    typed = with_ticks(opened(editor, office, "area"))
    typed["partial_postcodes.GM3011"] = "3011 t/m 3013,3016"
    page = send(editor, office, "area", typed, "publish")

    answer = send(editor, office, "area", fields_in(page), "publish")

    assert answer.status_code == 303
    assert area(office) == ([], ["3011", "3012", "3013", "3016"])
    assert opened(editor, office, "area")["partial_postcodes.GM3011"] == ["3011-3016"]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("3011", {"3011"}),
        ("3011, 3013;3016", {"3011", "3013", "3016"}),
        ("3011-3013", {"3011", "3012", "3013"}),
        ("3011 – 3012 3016", {"3011", "3012", "3016"}),
        ("3011 tot en met 3012", {"3011", "3012"}),
        ("3015-3098", {"3016"}),
        ("3199", {"3199"}),
        ("", set()),
    ],
)
def test_postcodes_are_read_as_people_write_them(geography, typed, found):
    assert read_postcodes(typed, "GM3011", geography) == (found, [])


@pytest.mark.parametrize(
    ("typed", "named"),
    [
        ("301", "301"),
        ("3011AB", "3011AB"),
        ("0123", "0123"),
        ("3111", "3111 (Schiedam)"),
        ("3099", "3099"),
        ("3000", "3000"),
        ("3013-3011", "3013-3011"),
        ("3112-3120", "3112-3120"),
    ],
)
def test_what_is_wrong_is_named_with_its_municipality(geography, typed, named):
    _found, messages = read_postcodes(f"3011, {typed}", "GM3011", geography)

    (message,) = messages
    assert named in message
    assert "Rotterdam" in message


def test_a_split_postcode_lies_in_each_of_its_municipalities(geography):
    delft = next(code for code, (name, _) in geography.municipalities.items() if name == "Delft")

    assert read_postcodes("3199", delft, geography) == ({"3199"}, [])
    assert read_postcodes("3011", delft, geography)[1]


def test_a_mistake_stands_at_its_municipality_and_keeps_what_was_typed(editor, office):
    typed = opened(editor, office, "area")
    typed["partial_postcodes.GM3111"] = "3111, 9999"

    page = send(editor, office, "area", typed, "publish")

    rows = {row.name: row for each in page.context["form"].provinces for row in each.rows}
    assert page.status_code == 400
    assert "9999" in rows["Schiedam"].errors[0]
    assert rows["Rotterdam"].errors == ()
    assert fields_in(page)["partial_postcodes.GM3111"] == ["3111, 9999"]
    assert 'aria-describedby="wrong-GM3111"' in page.content.decode()
    assert not Revision.objects.exists()


def test_a_mistake_is_told_to_htmx_too(editor, office):
    typed = opened(editor, office, "area")
    typed["partial_postcodes.GM3111"] = "9999"

    part = editor.post(ADDRESS, {**typed, "do": "effect"}, headers={"HX-Request": "true"})

    assert "9999" in part.content.decode()


def test_a_municipality_is_served_as_a_whole_or_in_part(editor, office):
    typed = opened(editor, office, "area")
    typed["partial_postcodes.GM3011"] = "3011"

    page = send(editor, office, "area", typed, "publish")

    assert page.status_code == 400
    assert "Rotterdam" in page.context["form"].errors["partial_postcodes"][0]


def test_ranges_are_written_back_as_ranges(geography):
    field = AreaForm(RegionalOffice(), {}).fields["partial_postcodes"]

    assert field.as_typed(["3011", "3012", "3016", "3111"]) == {
        "GM3011": "3011-3012, 3016",
        "GM3111": "3111",
    }


def test_what_is_no_municipality_is_no_field(editor, office):
    typed = with_ticks(opened(editor, office, "area"), "GM9999")
    typed["partial_postcodes.GM9999"] = "3011"

    page = send(editor, office, "area", typed, "publish")

    assert page.status_code == 400
    assert "municipalities" in page.context["form"].errors


def test_other_fields_are_not_taken(editor, office):
    typed = opened(editor, office, "area")

    send(editor, office, "area", typed, "publish", name="Gekaapt", nationwide="on", slug="gekaapt")

    office.refresh_from_db()
    assert (office.name, office.nationwide, office.slug) == (office.name, False, "rotterdam")
    assert not Revision.objects.exists()


# Two at once, and a session that ends


def test_two_who_change_the_area_see_both(editor, office):
    mine = with_ticks(opened(editor, office, "area"), "GM3011", "GM3111")
    page = send(editor, office, "area", mine, "publish")
    revisions.publish_now(
        subject=office,
        values={"municipalities": ["GM6811"]},
        by=people.administrator(),
        at=revisions.timezone.now(),
    )

    clash = send(editor, office, "area", fields_in(page), "publish")
    kept = fields_in(clash)
    answer = send(editor, office, "area", kept, "publish", keep__municipalities="mine")

    assert clash.status_code == 409
    assert answer.status_code == 303
    assert area(office)[0] == ["GM3011", "GM3111"]


def test_what_was_picked_is_still_there_after_logging_in_again(client, office):
    user = people.editor(office.regions.get())
    typed = with_ticks(opened(people.log_in(client, user), office, "area"), "GM3111")
    typed["partial_postcodes.GM6811"] = "6811"
    client.session.flush()

    send(client, office, "area", typed, "publish")
    again = opened(people.log_in(client, user), office, "area")

    assert again["municipalities"] == ["GM3111"]
    assert again["partial_postcodes.GM6811"] == ["6811"]
    assert not Revision.objects.exists()


def test_who_is_reviewed_saves_and_sends(client, office):
    EducationRegion.objects.update(review_required=True)
    people.log_in(client, people.editor(office.regions.get()))
    typed = with_ticks(opened(client, office, "area"), "GM3111")
    page = send(client, office, "area", typed, "submit")

    answer = send(client, office, "area", fields_in(page), "submit")

    assert answer.status_code == 303
    assert Revision.objects.get().state == Revision.State.WAITING
    assert area(office)[0] == ["GM3011"]


def test_the_address_is_that_of_the_section(office):
    assert section(office, "area") == ADDRESS


# The neighbours


def test_neighbours_get_a_mail_once_it_is_public(
    editor, office, mailoutbox, django_capture_on_commit_callbacks
):
    neighbour = people.editor(
        EducationRegion.objects.get(name="Waterweg"), email="editor@waterweg.example"
    )
    typed = with_ticks(opened(editor, office, "area"), "GM3011", "GM3111")
    page = send(editor, office, "area", typed, "effect")

    with django_capture_on_commit_callbacks(execute=True):
        send(editor, office, "area", fields_in(page), "publish")

    (mail,) = mailoutbox
    assert mail.to == [neighbour.email]
    assert "Waterweg" in mail.body
    assert "1 " in mail.body
    assert "https://navigator.example/regioloketten/rotterdam/" in mail.body
    assert "\n\n\n\n" not in mail.body


def test_neighbours_get_no_mail_for_a_draft(
    editor, office, mailoutbox, django_capture_on_commit_callbacks
):
    people.editor(EducationRegion.objects.get(name="Waterweg"))
    typed = with_ticks(opened(editor, office, "area"), "GM3011", "GM3111")
    page = send(editor, office, "area", typed, "effect")

    with django_capture_on_commit_callbacks(execute=True):
        send(editor, office, "area", fields_in(page), "draft")

    assert mailoutbox == []
