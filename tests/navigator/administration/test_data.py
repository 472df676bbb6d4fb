import pytest
from django.urls import reverse

from navigator.accounts.models import AuditEntry, Membership, User
from navigator.administration.admin import data_site
from regions import versions
from regions.models import EducationRegion, Municipality, RegionalOffice, Revision, SupportType
from tests import people


@pytest.fixture
def office(world):
    return world.office("rijnmond", serves=["3011"], regions=["Rijnmond"], email="a@rijnmond.nl")


def change(thing):
    name = f"admin:{thing._meta.app_label}_{thing._meta.model_name}_change"
    return reverse(name, args=[thing.pk])


def opened(client, thing):
    """The form of a thing as it would be posted."""
    page = client.get(change(thing))
    posted = {}
    for field in page.context["adminform"].form:
        assert f'name="{field.html_name}"' in page.content.decode()
        value = field.value()
        if value not in (None, False):
            posted[field.html_name] = "on" if value is True else value
    return posted


@pytest.mark.parametrize("model", [each.__name__ for each in data_site._registry])
def test_every_list_opens_for_administrators_and_nobody_else(client, admin_client, office, model):
    registered = next(each for each in data_site._registry if each.__name__ == model)
    meta = registered._meta
    address = reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist")
    opened = admin_client.get(address, {"q": "a"})
    people.log_in(client, people.editor(office.regions.get()))

    assert opened.status_code == 200
    assert client.get(address).status_code == 403


def test_who_is_not_logged_in_is_led_to_our_own_page(client, db):
    answer = client.get("/beheer/gegevens/")

    assert answer["Location"].startswith(reverse("account_login"))


def test_there_is_no_second_log_in(admin_client, db):
    for part in ("login", "logout", "password_change", "autocomplete", "r/1/1"):
        assert admin_client.get(f"/beheer/gegevens/{part}/").status_code == 404


def test_a_change_of_an_office_is_a_revision_and_public_at_once(
    admin_client, administrator, office
):
    posted = opened(admin_client, office) | {"phone": "010 234 56 78"}

    answer = admin_client.post(change(office), posted)

    assert answer.status_code == 302
    revision = Revision.objects.get()
    assert (revision.origin, revision.author) == ("admin", administrator)
    assert revision.changes == {"phone": ["", "+31102345678"]}
    versions.forget()
    assert versions.current().profiles["rijnmond"].phone == "+31102345678"


def test_a_wrong_value_is_told_at_its_field(admin_client, office):
    posted = opened(admin_client, office) | {"website": "javascript:alert(1)", "name": ""}

    page = admin_client.post(change(office), posted)

    assert page.status_code == 200
    assert set(page.context["adminform"].form.errors) == {"website", "name"}
    assert not Revision.objects.exists()


def test_what_another_saved_meanwhile_is_not_overwritten(admin_client, world, office):
    first = opened(admin_client, office)
    world.edit("rijnmond", email="nieuw@rijnmond.nl")

    own = admin_client.post(change(office), first | {"phone": "010 234 56 78"})
    same = admin_client.post(change(office), first | {"email": "ander@rijnmond.nl"})

    office.refresh_from_db()
    assert own.status_code == 302
    assert (office.email, office.phone) == ("nieuw@rijnmond.nl", "+31102345678")
    assert set(same.context["adminform"].form.errors) == {"email"}


def test_what_a_form_showed_can_be_no_endless_nest_of_brackets(admin_client, office):
    page = f"/beheer/gegevens/regions/regionaloffice/{office.pk}/change/"

    answer = admin_client.post(page, {"name": "Anders", "base": "[" * 100_000})

    assert answer.status_code == 200
    assert not Revision.objects.exists()


def test_nothing_of_the_directory_can_be_deleted(admin_client, office):
    things = [office, office.regions.get(), Municipality.objects.get(), SupportType.objects.first()]

    for thing in things:
        meta = thing._meta
        address = reverse(f"admin:{meta.app_label}_{meta.model_name}_delete", args=[thing.pk])
        assert admin_client.post(address, {"post": "yes"}).status_code == 403


def test_offices_are_archived_and_brought_back_by_a_list(admin_client, office):
    address = reverse("admin:regions_regionaloffice_changelist")
    chosen = {"_selected_action": [office.pk]}

    admin_client.post(address, {**chosen, "action": "archive"})
    gone = RegionalOffice.objects.get().state
    admin_client.post(address, {**chosen, "action": "bring_back"})

    assert (gone, RegionalOffice.objects.get().state) == ("archived", "published")
    assert Revision.objects.count() == 2


def test_a_changed_name_of_a_municipality_is_public_at_once(admin_client, office):
    municipality = Municipality.objects.get()
    before = versions.current().number

    admin_client.post(change(municipality), opened(admin_client, municipality) | {"name": "Anders"})

    versions.forget()
    assert versions.current().number > before
    assert versions.current().profiles["rijnmond"].municipalities[0].name == "Anders"
    assert AuditEntry.objects.filter(what="facts_changed").count() == 1


def test_new_offices_and_regions_begin_on_their_own_page(admin_client, world):
    office = admin_client.get(reverse("admin:regions_regionaloffice_add"))
    region = admin_client.get(reverse("admin:regions_educationregion_add"))

    assert office["Location"] == reverse("administration:add_office")
    assert region["Location"] == reverse("administration:add_region")


@pytest.mark.parametrize("model", ["auditentry", "invitation", "token"])
def test_what_only_tells_cannot_be_changed(admin_client, administrator, model):
    entry = AuditEntry.objects.create(at=administrator.date_joined, what="logged_in")
    add = admin_client.post(reverse(f"admin:accounts_{model}_add"), {"what": "x"})
    pages = {
        "change": admin_client.post(change(entry), {"what": "x"}),
        "delete": admin_client.post(reverse("admin:accounts_auditentry_delete", args=[entry.pk])),
    }

    assert add.status_code == 403
    assert {page.status_code for page in pages.values()} == {403}
    assert AuditEntry.objects.get(pk=entry.pk).what == "logged_in"


def test_roles_are_changed_together_and_written_down(admin_client, administrator):
    other = people.UserFactory()

    admin_client.post(change(other), {"is_active": "on", "is_superuser": "on"})

    other.refresh_from_db()
    assert (other.is_superuser, other.is_staff) == (True, True)
    assert AuditEntry.objects.filter(what="roles_changed").count() == 1


@pytest.mark.parametrize("posted", [{"is_active": "on"}, {"is_superuser": "on"}, {}])
def test_the_last_administrator_stays(admin_client, administrator, posted):
    page = admin_client.post(change(administrator), posted)

    administrator.refresh_from_db()
    assert page.status_code == 200
    assert page.context["adminform"].form.errors
    assert administrator.is_administrator


def test_a_closed_account_is_logged_out_by_it(admin_client, administrator):
    other = people.administrator()

    admin_client.post(change(other), {"is_superuser": "on"})

    assert not User.objects.get(pk=other.pk).is_active
    assert AuditEntry.objects.filter(what="account_deactivated").count() == 1


def test_a_password_or_an_address_cannot_be_set_here(admin_client, administrator):
    before = (administrator.email, administrator.password)
    posted = {"is_active": "on", "is_superuser": "on", "password": "x", "email": "x@x.nl"}

    admin_client.post(change(administrator), posted)

    administrator.refresh_from_db()
    assert (administrator.email, administrator.password) == before


def test_a_membership_is_given_and_taken(admin_client, office):
    user, region = people.UserFactory(), EducationRegion.objects.get()

    admin_client.post(
        reverse("admin:accounts_membership_add"), {"user": user.pk, "region": region.pk}
    )
    given = Membership.objects.get()
    admin_client.post(reverse("admin:accounts_membership_delete", args=[given.pk]), {"post": "yes"})

    assert not Membership.objects.exists()
    assert AuditEntry.objects.filter(what="roles_changed").count() == 2
