import pytest

from navigator.accounts import rules
from navigator.accounts.models import AuditEntry, Membership
from regions.models import EducationRegion, RegionalOffice
from tests import people

PLACE = "/beheer/indeling/"


@pytest.fixture
def regions(world):
    """North with an office and an editor; the south with another."""
    world.office("noordloket", regions=["Noord"])
    world.office("zuidloket", regions=["Zuid"])
    return {region.slug: region for region in EducationRegion.objects.all()}


def written():
    return set(AuditEntry.objects.values_list("what", flat=True)) - {"logged_in"}


def test_an_added_office_opens_in_my_region(admin_client, regions):
    posted = {"name": "Het 53e loket", "slug": "", "regions": [regions["noord"].pk]}

    answer = admin_client.post(f"{PLACE}loket-toevoegen/", posted)

    made = RegionalOffice.objects.get(slug="het-53e-loket")
    assert (answer.status_code, answer["Location"]) == (303, "/mijn-regio/loketten/het-53e-loket/")
    assert (made.state, written()) == ("draft", {"office_added"})


def test_fields_that_the_form_does_not_show_are_not_taken(admin_client, regions):
    posted = {"name": "Nieuw", "regions": [regions["noord"].pk], "state": "published", "email": "x"}

    admin_client.post(f"{PLACE}loket-toevoegen/", posted)

    made = RegionalOffice.objects.get(slug="nieuw")
    assert (made.state, made.email) == ("draft", "")


def test_what_is_wrong_stands_at_its_field_and_keeps_what_was_typed(admin_client, regions):
    page = admin_client.post(f"{PLACE}loket-toevoegen/", {"name": "Noordloket", "slug": "ander"})

    assert page.status_code == 400
    assert set(page.context["form"].errors) == {"regions"}
    assert 'value="Noordloket"' in page.content.decode()


def test_a_name_that_is_taken_is_told_at_the_name(admin_client, regions):
    page = admin_client.post(f"{PLACE}regio-toevoegen/", {"name": "Noord", "slug": "ander"})

    assert page.status_code == 400
    assert set(page.context["form"].errors) == {"name"}


def test_a_merger_takes_the_editors_along_and_is_undone_with_them(admin_client, regions):
    editor = people.editor(regions["noord"])
    both = people.editor(regions["noord"], regions["zuid"])
    office = RegionalOffice.objects.get(slug="noordloket")

    merged = admin_client.post(f"{PLACE}regios/noord/samenvoegen/", {"into": regions["zuid"].pk})
    may_edit = rules.may_edit(editor, office)
    undone = admin_client.post(f"{PLACE}regios/noord/terughalen/")

    assert (merged.status_code, undone.status_code, may_edit) == (303, 303, True)
    left = set(Membership.objects.values_list("user", "region__slug"))
    assert left == {(editor.pk, "noord"), (both.pk, "noord"), (both.pk, "zuid")}
    assert written() == {"region_merged", "region_merger_undone"}


def test_a_split_gives_the_new_region_the_chosen_editors(admin_client, regions):
    chosen, other = people.editor(regions["noord"]), people.editor(regions["noord"])
    office = RegionalOffice.objects.get(slug="noordloket")

    admin_client.post(
        f"{PLACE}regios/noord/splitsen/",
        {"name": "Noordoost", "offices": [office.pk], "editors": [chosen.pk]},
    )

    made = EducationRegion.objects.get(slug="noordoost")
    assert list(made.offices.all()) == [office]
    assert list(made.editors.all()) == [chosen]
    assert rules.may_edit(other, regions["noord"])
    assert written() == {"region_split"}


def test_offices_of_another_region_cannot_be_split_off(admin_client, regions):
    office = RegionalOffice.objects.get(slug="zuidloket")

    page = admin_client.post(
        f"{PLACE}regios/noord/splitsen/", {"name": "Noordoost", "offices": [office.pk]}
    )

    assert page.status_code == 400
    assert not EducationRegion.objects.filter(slug="noordoost").exists()


def test_an_archived_office_comes_back(client, admin_client, regions):
    admin_client.post(f"{PLACE}loketten/noordloket/archiveren/")
    gone = RegionalOffice.objects.get(slug="noordloket").state
    admin_client.post(f"{PLACE}loketten/noordloket/terughalen/")

    assert (gone, RegionalOffice.objects.get(slug="noordloket").state) == ("archived", "published")
    assert written() == {"office_archived", "office_unarchived"}


def test_a_region_with_offices_is_not_archived(admin_client, regions):
    page = admin_client.post(f"{PLACE}regios/noord/archiveren/", follow=True)

    assert "notice error wrong" in page.content.decode()
    assert EducationRegion.objects.get(slug="noord").state == "published"


def test_an_address_is_changed(admin_client, regions):
    answer = admin_client.post(f"{PLACE}regios/noord/adres/", {"slug": "Het Noorden"})

    assert answer.status_code == 303
    assert EducationRegion.objects.filter(slug="het-noorden").exists()
    assert written() == {"address_changed"}


def test_a_taken_address_is_refused(admin_client, regions):
    page = admin_client.post(f"{PLACE}regios/noord/adres/", {"slug": "zuid"})

    assert (page.status_code, set(page.context["form"].errors)) == (400, {"slug"})


@pytest.mark.parametrize(
    "address",
    [
        "loket-toevoegen/",
        "regio-toevoegen/",
        "regios/noord/samenvoegen/",
        "regios/noord/splitsen/",
        "regios/noord/adres/",
        "loketten/noordloket/archiveren/",
        "loketten/noordloket/terughalen/",
    ],
)
def test_editors_change_nothing_here(client, regions, address):
    people.log_in(client, people.editor(regions["noord"]))

    answer = client.post(f"{PLACE}{address}", {"name": "X", "slug": "x"})

    assert answer.status_code == 403
    assert EducationRegion.objects.count() == 2
