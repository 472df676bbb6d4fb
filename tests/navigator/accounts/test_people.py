import threading

import pytest
from allauth.usersessions.models import UserSession
from django.core.mail.backends import locmem
from django.db import connection
from django.test import Client
from django.utils import timezone

from navigator.accounts import people, tokens
from navigator.accounts.models import AuditEntry, User
from navigator.accounts.people import LastAdministrator
from navigator.accounts.second_factor import has_app
from regions.models import EducationRegion
from tests.factories import EducationRegionFactory
from tests.people import (
    PASSWORD,
    UserFactory,
    administrator,
    advisor,
    editor,
    log_in,
    second_factor,
)

pytestmark = pytest.mark.django_db

PAGE = "/beheer/mensen/"


def change(user, *regions, is_advisor=False, is_administrator=False):
    return people.change_roles(
        user, regions=regions, is_advisor=is_advisor, is_administrator=is_administrator
    )


def roles(user):
    user = User.objects.get(pk=user.pk)
    return user.is_advisor, user.is_superuser, user.is_staff, set(user.regions.all())


def written():
    return [(entry.what, entry.about) for entry in AuditEntry.objects.order_by("pk")]


@pytest.fixture
def boss(client):
    user = administrator(email="administrator@navigator.example")
    log_in(client, user)
    return user


def test_roles_become_exactly_what_is_given():
    kept, dropped, new = (EducationRegionFactory() for _number in range(3))
    user = editor(kept, dropped, is_advisor=True)
    since = user.memberships.get(region=kept).since

    assert change(user, kept, new, is_administrator=True)

    assert roles(user) == (False, True, True, {kept, new})
    assert user.memberships.get(region=kept).since == since
    assert not change(user, kept, new, is_administrator=True)


def test_the_last_administrator_stays_one():
    last = administrator()
    administrator(is_active=False)

    with pytest.raises(LastAdministrator):
        change(last)
    with pytest.raises(LastAdministrator):
        people.deactivate(last, at=timezone.now())

    last.refresh_from_db()
    assert last.is_administrator


def test_with_another_one_an_administrator_can_stop():
    first, second = administrator(), administrator()

    assert change(first)
    assert people.deactivate(UserFactory(), at=timezone.now())
    with pytest.raises(LastAdministrator):
        change(second)


def test_two_administrators_who_remove_each_other_at_once_leave_one(transactional_db):
    pair = [administrator(), administrator()]
    start = threading.Barrier(2)

    def remove(user):
        start.wait()
        try:
            people.deactivate(user, at=timezone.now())
        except LastAdministrator:
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=remove, args=[user]) for user in pair]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert User.objects.filter(is_superuser=True, is_active=True).count() == 1


def test_a_closed_account_is_logged_out_everywhere_and_loses_its_keys(client):
    user = UserFactory()
    _token, key = tokens.make(user, name="website", days=30, at=timezone.now())
    client.post("/inloggen/", {"login": user.email, "password": PASSWORD})
    assert client.get("/account/").status_code == 200
    assert UserSession.objects.filter(user=user).exists()

    people.deactivate(user, at=timezone.now())

    assert client.get("/account/").headers["Location"].startswith("/inloggen/")
    assert not UserSession.objects.filter(user=user).exists()
    assert tokens.user_of(key, timezone.now()) is None


def test_an_account_that_is_opened_again_has_its_roles_but_not_its_keys():
    region = EducationRegionFactory()
    user = editor(region)
    _token, key = tokens.make(user, name="website", days=30, at=timezone.now())
    people.deactivate(user, at=timezone.now())

    assert people.activate(user)

    assert list(user.regions.all()) == [region]
    assert user.is_active
    assert tokens.user_of(key, timezone.now()) is None
    assert not people.activate(user)


def test_the_list_shows_everybody_with_roles_and_last_log_in(client, boss):
    region = EducationRegionFactory(name="Onderwijsregio Hier")
    editor(region, email="editor@rotterdam.example")
    advisor(email="advisor@navigator.example", is_active=False)

    text = client.get(PAGE).text

    assert text.index("administrator@") < text.index("advisor@") < text.index("editor@")
    assert "Onderwijsregio Hier" in text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["administrator@", "advisor@", "closed@", "editor@"]),
        ("?q=EDITOR", ["editor@"]),
        ("?q=regio+hier", ["editor@"]),
        ("?role=advisor", ["advisor@"]),
        ("?role=administrator", ["administrator@"]),
        ("?role=editor", ["editor@"]),
        ("?role=closed", ["closed@"]),
        ("?role=nonsense", ["administrator@", "advisor@", "closed@", "editor@"]),
        ("?q=nobody", []),
        ("?page=99", ["administrator@", "advisor@", "closed@", "editor@"]),
    ],
)
def test_the_list_can_be_searched(client, boss, query, found):
    other = EducationRegionFactory(name="Onderwijsregio Hierheen")
    editor(EducationRegionFactory(name="Onderwijsregio Hier"), other, email="editor@a.example")
    advisor(email="advisor@a.example")
    UserFactory(email="closed@a.example", is_active=False)

    response = client.get(PAGE + query)

    emails = [user.email.partition("@")[0] + "@" for user in response.context["page"]]
    assert emails == found


def test_the_list_takes_as_many_queries_for_many_as_for_few(
    client, boss, django_assert_num_queries
):
    region = EducationRegionFactory()
    client.get(PAGE)
    with django_assert_num_queries(6) as few:
        client.get(PAGE)
    for _number in range(12):
        editor(region)

    with django_assert_num_queries(len(few)):
        client.get(PAGE)


def test_an_administrator_changes_what_somebody_may(client, boss):
    region, archived = EducationRegionFactory(), EducationRegionFactory(state="archived")
    user = editor(archived)

    response = client.post(
        f"{PAGE}{user.pk}/",
        {"regions": [region.pk, archived.pk], "is_advisor": "on"},
    )

    assert (response.status_code, response.headers["Location"]) == (303, PAGE)
    assert roles(user) == (True, False, False, {region, archived})
    assert written()[-1] == ("roles_changed", f"user {user.pk}")


def test_storing_what_is_there_already_is_not_written_down(client, boss):
    user = UserFactory()

    client.post(f"{PAGE}{user.pk}/", {})

    assert written() == []


def test_an_archived_region_cannot_be_given(client, boss):
    archived, user = EducationRegionFactory(state="archived"), UserFactory()

    response = client.post(f"{PAGE}{user.pk}/", {"regions": [archived.pk]})

    assert response.status_code == 200
    assert 'id="id_regions_error"' in response.text
    assert 'href="#id_regions"' in response.text
    assert not user.memberships.exists()


def test_the_form_changes_nothing_but_what_it_shows(client, boss):
    user = UserFactory()
    before = user.password

    client.post(
        f"{PAGE}{user.pk}/",
        {
            "email": "stolen@evil.example",
            "password": "known",
            "is_superuser": "on",
            "is_staff": "on",
            "is_active": "",
            "last_login": "2020-01-01",
        },
    )

    now = User.objects.get(pk=user.pk)
    assert (now.email, now.password, now.is_active) == (user.email, before, True)
    assert (now.is_superuser, now.is_staff) == (False, False)


def test_the_last_administrator_is_told_so_at_the_field(client, boss):
    response = client.post(f"{PAGE}{boss.pk}/", {})

    assert 'id="id_is_administrator_error"' in response.text
    assert roles(boss)[1]

    response = client.post(f"{PAGE}{boss.pk}/sluiten/", follow=True)
    assert "notice error wrong" in response.text
    assert User.objects.get(pk=boss.pk).is_active


def test_closing_and_opening_ask_first_and_are_written_down(client, boss):
    user = UserFactory()

    assert client.get(f"{PAGE}{user.pk}/sluiten/").status_code == 200
    assert User.objects.get(pk=user.pk).is_active
    assert client.post(f"{PAGE}{user.pk}/sluiten/").status_code == 303
    assert not User.objects.get(pk=user.pk).is_active
    assert client.get(f"{PAGE}{user.pk}/openen/").status_code == 200
    assert client.post(f"{PAGE}{user.pk}/openen/").status_code == 303
    assert User.objects.get(pk=user.pk).is_active

    about = f"user {user.pk}"
    assert written() == [("account_deactivated", about), ("account_activated", about)]
    client.post(f"{PAGE}{user.pk}/openen/")
    assert len(written()) == 2


def test_who_lost_phone_and_codes_is_let_in_again_by_an_administrator(client, boss, mailoutbox):
    lost = advisor(email="advisor@navigator.example")
    theirs = Client()
    log_in(theirs, lost)
    theirs.get("/account/")  # so that the session is listed

    asked = client.get(f"{PAGE}{lost.pk}/tweede-stap/")
    answer = client.post(f"{PAGE}{lost.pk}/tweede-stap/")

    assert (asked.status_code, answer.status_code) == (200, 303)
    assert not has_app(lost)
    assert theirs.get("/account/").status_code == 302
    assert [mail.to for mail in mailoutbox] == [["advisor@navigator.example"]]
    assert written()[-1] == ("second_factor_reset", f"user {lost.pk}")


def test_nobody_turns_the_own_second_step_off_without_using_it(client, boss):
    answer = client.post(f"{PAGE}{boss.pk}/tweede-stap/")

    assert answer["Location"] == "/account/tweede-stap/"
    assert has_app(boss)


def test_the_second_step_of_a_person_is_turned_off_also_when_no_mail_can_go_out(
    client, boss, monkeypatch
):
    lost = advisor()
    second_factor(lost)
    monkeypatch.setattr(locmem.EmailBackend, "send_messages", _refuse)

    client.post(f"{PAGE}{lost.pk}/tweede-stap/")

    assert not has_app(lost)


def _refuse(*_arguments):
    raise OSError("no mail server")


def test_an_account_that_does_not_exist_is_not_found(client, boss):
    for path in ("0/", "999999999999999999999999/", "0/sluiten/", "0/openen/"):
        assert client.get(PAGE + path).status_code == 404


@pytest.mark.parametrize(
    "path", ["", "{pk}/", "{pk}/sluiten/", "{pk}/openen/", "0/", "../uitnodigingen/", "../logboek/"]
)
def test_only_administrators_get_in(client, path):
    user = editor(EducationRegionFactory())
    log_in(client, user)
    address = PAGE + path.format(pk=user.pk)
    address = address.replace("mensen/../", "")

    assert client.get(address).status_code == 403
    assert client.post(address, {"is_administrator": "on"}).status_code in (403, 405)
    assert roles(user)[1:3] == (False, False)
    client.logout()
    assert client.get(address).headers["Location"].startswith("/inloggen/")


def test_names_are_shown_as_text(client, boss):
    bad = "<script>alert(1)</script>"
    user = editor(EducationRegionFactory(name=bad), first_name=bad)

    for path in ("", f"{user.pk}/", f"{user.pk}/sluiten/", f"{user.pk}/openen/"):
        assert "<script>alert" not in client.get(PAGE + path).text


def test_all_regions_that_live_are_offered(client, boss):
    EducationRegionFactory(state="archived", name="Voorbij")
    EducationRegionFactory(state="draft", name="Straks")
    EducationRegionFactory(name="Nu")

    response = client.get(f"{PAGE}{UserFactory().pk}/")

    offered = response.context["form"].fields["regions"].queryset
    assert [region.name for region in offered] == ["Nu", "Straks"]
    assert EducationRegion.objects.count() == 3
