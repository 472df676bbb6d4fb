import re
import time
from datetime import timedelta

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.usersessions.models import UserSession
from django.core.mail import EmailMessage
from django.test import Client
from django.utils import timezone

from navigator.accounts import invitations
from navigator.accounts.models import AuditEntry, Invitation, User
from tests.factories import EducationRegionFactory
from tests.people import PASSWORD, UserFactory, administrator, advisor, editor, log_in

pytestmark = pytest.mark.django_db

COLLEAGUES = "/mijn-regio/collegas/"
INVITATIONS = "/beheer/uitnodigingen/"
ADDRESS = "new@rotterdam.example"
STRONG = {"password1": "lantern above the harbour", "password2": "lantern above the harbour"}


@pytest.fixture(autouse=True)
def _commits(monkeypatch):
    """What waits for the commit happens at once: the transaction of a test never commits."""
    monkeypatch.setattr("django.db.transaction.on_commit", lambda callback, **_: callback())


@pytest.fixture
def region():
    return EducationRegionFactory(name="Onderwijsregio Hier")


@pytest.fixture
def me(client, region):
    user = editor(region, email="me@rotterdam.example")
    log_in(client, user)
    return user


@pytest.fixture
def boss(client):
    user = administrator(email="administrator@navigator.example")
    log_in(client, user)
    return user


def invited(by, *regions, email=ADDRESS, at=None, **roles):
    at = at or timezone.now()
    return invitations.invite(email=email, regions=regions, by=by, at=at, **roles)


def link(key):
    return f"/uitnodiging/{key}/"


def written():
    return [entry.what for entry in AuditEntry.objects.order_by("pk")]


# Colleagues, for editors


def test_the_page_shows_colleagues_and_invitations_of_my_regions_alone(client, me, region):
    other = EducationRegionFactory(name="Onderwijsregio Elders")
    editor(region, other, email="colleague@rotterdam.example")
    editor(other, email="stranger@elsewhere.example")
    editor(region, email="closed@rotterdam.example", is_active=False)
    invited(me, region)
    invited(administrator(), other, email="invited@elsewhere.example")

    text = client.get(COLLEAGUES).text

    assert "me@rotterdam.example" in text
    assert "colleague@rotterdam.example" in text
    assert ADDRESS in text
    for hidden in ("stranger@", "closed@", "invited@", "Elders"):
        assert hidden not in text


def test_an_invitation_for_regions_of_others_too_is_shown_without_them_and_without_buttons(
    client, me, region
):
    made, _key = invited(administrator(), region, EducationRegionFactory(name="Elders"))

    text = client.get(COLLEAGUES).text

    assert ADDRESS in text
    assert "Elders" not in text
    assert f"/uitnodigingen/{made.pk}/" not in text


def test_an_editor_invites_a_colleague(client, me, region, mailoutbox):
    response = client.post(COLLEAGUES, {"email": " New@Rotterdam.example", "regions": [region.pk]})

    assert (response.status_code, response.headers["Location"]) == (303, COLLEAGUES)
    made = Invitation.objects.get()
    assert (made.email, list(made.regions.all()), made.invited_by) == (ADDRESS, [region], me)
    assert [mail.to for mail in mailoutbox] == [[ADDRESS]]
    assert written() == ["invited"]
    assert AuditEntry.objects.get().about == f"invitation {made.pk}"


def test_only_own_regions_are_offered_and_accepted(client, me, region):
    other = EducationRegionFactory()

    offered = client.get(COLLEAGUES).context["form"].fields["regions"].queryset
    response = client.post(COLLEAGUES, {"email": ADDRESS, "regions": [region.pk, other.pk]})

    assert list(offered) == [region]
    assert 'id="id_regions_error"' in response.text
    assert f'value="{ADDRESS}"' in response.text
    assert not Invitation.objects.exists()


def test_an_editor_cannot_slip_a_role_in(client, me, region):
    more = {
        "as_advisor": "on",
        "as_administrator": "on",
        "invited_by": 1,
        "expires_at": "2099-01-01",
        "key_hash": "0" * 64,
    }

    client.post(COLLEAGUES, {"email": ADDRESS, "regions": [region.pk], **more})

    made = Invitation.objects.get()
    assert (made.as_advisor, made.as_administrator, made.invited_by) == (False, False, me)
    assert made.key_hash != "0" * 64
    assert made.expires_at < timezone.now() + timedelta(days=15)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"email": ""}, "email"),
        ({"email": "no address"}, "email"),
        ({"email": "a@b"}, "email"),
        ({"email": "x" * 250 + "@a.example"}, "email"),
        ({"email": "a@a.example\nBcc: b@b.example"}, "email"),
        ({"regions": []}, "regions"),
        ({"regions": ["nonsense"]}, "regions"),
    ],
)
def test_errors_stand_at_their_field_and_what_was_typed_is_kept(client, me, region, typed, field):
    response = client.post(COLLEAGUES, {"email": ADDRESS, "regions": [region.pk], **typed})

    assert response.status_code == 200
    assert f'id="id_{field}_error"' in response.text
    assert f'href="#id_{field}"' in response.text
    assert not Invitation.objects.exists()


def test_what_is_invited_already_or_works_here_is_told_at_the_address(client, me, region):
    editor(region, email="colleague@rotterdam.example")
    invited(me, region)

    for email in (ADDRESS, "colleague@rotterdam.example"):
        response = client.post(COLLEAGUES, {"email": email, "regions": [region.pk]})
        assert 'id="id_email_error"' in response.text
    assert Invitation.objects.count() == 1


def test_a_mail_that_cannot_be_sent_is_told_and_the_form_is_kept(client, me, region, monkeypatch):
    def fail(self):
        raise ConnectionRefusedError

    monkeypatch.setattr(EmailMessage, "send", fail)

    response = client.post(COLLEAGUES, {"email": ADDRESS, "regions": [region.pk]})

    assert 'role="alert"' in response.text
    assert f'value="{ADDRESS}"' in response.text
    assert written() == []


def test_the_answer_is_the_same_whether_or_not_the_address_has_an_account(client, me, region):
    UserFactory(email="known@elsewhere.example")

    pages = []
    for email in ("known@elsewhere.example", "nobody@elsewhere.example"):
        text = client.post(
            COLLEAGUES, {"email": email, "regions": [region.pk]}, follow=True
        ).text.replace(email, "x")
        pages.append(re.sub(r'csrfmiddlewaretoken" value="\w+"|uitnodigingen/\d+', "", text))
        Invitation.objects.all().delete()

    assert pages[0] == pages[1]


def test_resending_and_withdrawing_ask_first(client, me, region, mailoutbox):
    made, old = invited(me, region, at=timezone.now() - timedelta(days=1))

    assert client.get(f"/uitnodigingen/{made.pk}/opnieuw/").status_code == 200
    assert client.get(f"/uitnodigingen/{made.pk}/intrekken/").status_code == 200
    assert invitations.find(old, timezone.now()) == made
    assert len(mailoutbox) == 1

    again = client.post(f"/uitnodigingen/{made.pk}/opnieuw/")
    assert (again.status_code, again.headers["Location"]) == (303, COLLEAGUES)
    assert len(mailoutbox) == 2
    gone = client.post(f"/uitnodigingen/{made.pk}/intrekken/")
    assert (gone.status_code, gone.headers["Location"]) == (303, COLLEAGUES)
    assert written() == ["invitation_resent", "invitation_withdrawn"]
    assert (
        ADDRESS
        not in client.get(COLLEAGUES, follow=True).text.partition("<main")[2].partition("</div>")[2]
    )


def test_what_can_no_longer_be_done_is_told(client, me, region):
    made, _key = invited(me, region)

    just_sent = client.post(f"/uitnodigingen/{made.pk}/opnieuw/", follow=True)
    assert "notice error wrong" in just_sent.text
    client.post(f"/uitnodigingen/{made.pk}/intrekken/")
    for act in ("opnieuw", "intrekken"):
        response = client.post(f"/uitnodigingen/{made.pk}/{act}/", follow=True)
        assert "notice error wrong" in response.text
    assert written() == ["invitation_withdrawn"]


def test_invitations_that_somebody_may_not_manage_are_not_found(client, me, region):
    other = EducationRegionFactory()
    foreign = [
        invited(administrator(), other)[0],
        invited(administrator(), region, other)[0],
        invited(administrator(), region, as_advisor=True)[0],
    ]

    for pk in [*(made.pk for made in foreign), 0, 10**30]:
        for act in ("opnieuw", "intrekken"):
            assert client.get(f"/uitnodigingen/{pk}/{act}/").status_code == 404
            assert client.post(f"/uitnodigingen/{pk}/{act}/").status_code == 404
    assert not Invitation.objects.exclude(withdrawn_at=None).exists()


def test_the_page_takes_as_many_queries_for_many_as_for_few(
    client, me, region, django_assert_num_queries
):
    invited(me, region)
    client.get(COLLEAGUES)
    with django_assert_num_queries(11) as few:
        client.get(COLLEAGUES)
    for number in range(8):
        editor(region)
        invited(me, region, email=f"{number}@rotterdam.example")

    with django_assert_num_queries(len(few)):
        client.get(COLLEAGUES)


def test_an_editor_whose_region_is_archived_sees_what_to_do(client, me, region):
    region.state = region.State.ARCHIVED
    region.save()

    response = client.get(COLLEAGUES)

    assert response.status_code == 200
    assert "<table" not in response.text
    assert 'id="id_email"' not in response.text


def test_without_a_region_there_are_no_colleagues(client):
    log_in(client, advisor())

    assert client.get(COLLEAGUES).status_code == 403
    assert client.post(COLLEAGUES, {"email": ADDRESS}).status_code == 403


def test_texts_of_others_are_shown_as_text(client, me, region):
    bad = "<script>alert(1)</script>"
    region.name = bad
    region.save()
    editor(region, first_name=bad)
    _made, key = invited(me, region)

    assert "<script>alert" not in client.get(COLLEAGUES).text
    assert "<script>alert" not in Client().get(link(key)).text


# Invitations, for administrators


def test_administrators_are_led_to_all_invitations(client, boss):
    assert client.get(COLLEAGUES).headers["Location"] == INVITATIONS


def test_an_administrator_invites_for_any_role_and_region(client, boss, region):
    response = client.post(
        INVITATIONS,
        {"email": ADDRESS, "regions": [region.pk], "as_advisor": "on", "as_administrator": "on"},
    )

    assert (response.status_code, response.headers["Location"]) == (303, INVITATIONS)
    made = Invitation.objects.get()
    assert (made.as_advisor, made.as_administrator) == (True, True)
    assert list(made.regions.all()) == [region]


def test_an_administrator_has_to_choose_something(client, boss):
    response = client.post(INVITATIONS, {"email": ADDRESS})

    assert 'id="id_regions_error"' in response.text
    assert not Invitation.objects.exists()


def test_archived_regions_are_not_offered(client, boss, region):
    archived = EducationRegionFactory(state="archived")

    response = client.post(INVITATIONS, {"email": ADDRESS, "regions": [archived.pk]})

    assert list(response.context["form"].fields["regions"].queryset) == [region]
    assert not Invitation.objects.exists()


def test_the_list_shows_what_waits_and_on_request_all(client, boss, region):
    now = timezone.now()
    invited(boss, region, email="open@a.example")
    invited(boss, region, email="expired@a.example", at=now - timedelta(days=20))
    withdrawn, _key = invited(boss, region, email="withdrawn@a.example")
    invitations.withdraw(withdrawn, by=boss, at=now)
    _made, key = invited(boss, region, email="accepted@a.example")
    invitations.accept_as_new(key, password=PASSWORD, at=now)

    waiting = {row.invitation.email[:4]: row for row in client.get(INVITATIONS).context["rows"]}
    every = {
        row.invitation.email[:4]: row for row in client.get(f"{INVITATIONS}?all=1").context["rows"]
    }

    assert set(waiting) == {"open", "expi"}
    assert set(every) == {"open", "expi", "with", "acce"}
    assert {name for name, row in every.items() if row.may_manage} == {"open", "expi"}


def test_the_list_of_administrators_has_a_fixed_number_of_queries(
    client, boss, region, django_assert_num_queries
):
    invited(boss, region)
    client.get(INVITATIONS)
    with django_assert_num_queries(10) as few:
        client.get(INVITATIONS)
    for number in range(8):
        invited(boss, region, email=f"{number}@rotterdam.example")

    with django_assert_num_queries(len(few)):
        client.get(INVITATIONS)


def test_an_administrator_comes_back_to_the_own_list(client, boss, region):
    made, _key = invited(boss, region, at=timezone.now() - timedelta(days=1))

    for act in ("opnieuw", "intrekken"):
        response = client.post(f"/uitnodigingen/{made.pk}/{act}/")
        assert response.headers["Location"] == INVITATIONS


# The link


def test_opening_the_link_shows_what_it_is_for_and_changes_nothing(client, region):
    by = editor(region, email="editor@rotterdam.example")
    _made, key = invited(by, region)

    for _time in range(3):
        response = client.get(link(key))
        assert response.status_code == 200
        client.head(link(key))

    for shown in ("Onderwijsregio Hier", "editor@rotterdam.example", ADDRESS):
        assert shown in response.text
    assert not User.objects.filter(email=ADDRESS).exists()
    assert invitations.find(key, timezone.now())


def test_the_key_leaves_no_trace(client, region):
    _made, key = invited(editor(region), region)

    for response in (client.get(link(key)), client.post(link(key), {}), client.get(link("x" * 43))):
        assert response.headers["Referrer-Policy"] == "strict-origin"
        assert "no-store" in response.headers["Cache-Control"]
        assert '<meta name="robots" content="noindex">' in response.text
    assert 'rel="canonical"' not in client.get(link(key)).text


def test_a_new_person_chooses_a_password_and_is_logged_in(client, region):
    _made, key = invited(editor(region), region)

    response = client.post(link(key), {"name": "A name", **STRONG})

    assert response.status_code == 302
    user = User.objects.get(email=ADDRESS)
    assert user.first_name == "A name"
    assert client.session["_auth_user_id"] == str(user.pk)
    assert client.get(COLLEAGUES).status_code == 200
    assert UserSession.objects.filter(user=user).count() == 1
    assert written() == ["invitation_accepted", "logged_in"]
    assert {entry.who for entry in AuditEntry.objects.all()} == {user}


def test_the_new_password_works_at_the_next_log_in(client, region):
    _made, key = invited(editor(region), region)
    client.post(link(key), STRONG)

    again = Client()
    again.post("/inloggen/", {"login": ADDRESS, "password": STRONG["password1"]})

    assert again.get("/account/").status_code == 200


@pytest.mark.parametrize("role", ["as_advisor", "as_administrator"])
def test_a_new_advisor_or_administrator_is_led_to_the_second_factor(client, role):
    _made, key = invited(administrator(), **{role: True})
    client.post(link(key), STRONG)
    set_up = "/account/tweede-stap/instellen/"

    assert client.get("/account/").headers["Location"] == f"{set_up}?next=/account/"

    secret = client.get(set_up).context["form"].secret
    code = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    client.post(set_up, {"code": code})
    assert client.get("/account/").status_code == 200


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"password1": "", "password2": ""}, "password1"),
        ({"password1": "short", "password2": "short"}, "password1"),
        ({"password1": "123456789012345", "password2": "123456789012345"}, "password1"),
        ({"password1": "newrotterdam.example", "password2": "newrotterdam.example"}, "password1"),
        ({"password2": "something else entirely"}, "password2"),
        ({"name": "x" * 151}, "name"),
    ],
)
def test_a_weak_password_is_explained_and_the_link_keeps_working(client, region, typed, field):
    _made, key = invited(editor(region), region)

    response = client.post(link(key), {"name": "A name", **STRONG, **typed})

    assert response.status_code == 200
    assert f'id="id_{field}_error"' in response.text
    assert STRONG["password1"] not in response.text
    assert not User.objects.filter(email=ADDRESS).exists()
    assert client.post(link(key), STRONG).status_code == 302


def test_posting_more_than_the_form_shows_gives_no_more(client, region):
    other = EducationRegionFactory()
    _made, key = invited(editor(region), region)

    client.post(
        link(key),
        {
            **STRONG,
            "email": "other@evil.example",
            "is_superuser": "on",
            "is_staff": "on",
            "is_advisor": "on",
            "as_administrator": "on",
            "regions": [other.pk],
        },
    )

    user = User.objects.get(email=ADDRESS)
    assert (user.is_superuser, user.is_staff, user.is_advisor) == (False, False, False)
    assert list(user.regions.all()) == [region]
    assert not User.objects.filter(email="other@evil.example").exists()


def wrong_link(region):
    return "x" * 43


def expired(region):
    return invited(editor(region), region, at=timezone.now() - timedelta(days=15))[1]


def used(region):
    key = invited(editor(region), region)[1]
    invitations.accept_as_new(key, password=PASSWORD, at=timezone.now())
    return key


def withdrawn(region):
    by = editor(region)
    made, key = invited(by, region)
    invitations.withdraw(made, by=by, at=timezone.now())
    return key


def of_somebody_who_left(region):
    by = editor(region)
    key = invited(by, region)[1]
    by.memberships.all().delete()
    return key


@pytest.mark.parametrize(
    ("make", "status"),
    [
        (wrong_link, 404),
        (expired, 410),
        (used, 410),
        (withdrawn, 410),
        (of_somebody_who_left, 409),
    ],
)
def test_a_link_that_cannot_be_used_says_why_and_no_more(client, region, make, status):
    key = make(region)
    before = User.objects.count()

    texts = set()
    for response in (client.get(link(key)), client.post(link(key), STRONG)):
        assert response.status_code == status
        assert ADDRESS not in response.text
        assert "Onderwijsregio Hier" not in response.text
        assert 'href="/inloggen/"' in response.text
        texts.add(response.text)
    assert User.objects.count() == before
    assert "_auth_user_id" not in client.session


def test_every_reason_has_its_own_words(region):
    makes = [wrong_link, expired, used, withdrawn, of_somebody_who_left]

    leads = []
    for make in makes:
        User.objects.filter(email=ADDRESS).delete()
        text = Client().get(link(make(region))).text
        leads.append(re.search(r'<p class="lead">(.*?)</p>', text, re.DOTALL)[1].strip())

    assert len(set(leads)) == len(makes)


def test_who_has_an_account_logs_in_first_and_then_accepts(client, region):
    known = UserFactory(email=ADDRESS)
    _made, key = invited(editor(region), region)
    take = f"{link(key)}aannemen/"

    shown = client.get(link(key))
    assert f'href="{take}"' in shown.text
    assert 'name="password1"' not in shown.text
    asked = client.get(take)
    assert asked.headers["Location"] == f"/inloggen/?next={take}"
    entered = client.post(
        asked.headers["Location"], {"login": ADDRESS, "password": PASSWORD, "next": take}
    )
    assert entered.headers["Location"] == take

    assert client.get(take).status_code == 200
    assert not known.memberships.exists()
    done = client.post(take)
    assert done.status_code == 303
    assert list(known.regions.all()) == [region]
    assert written() == ["logged_in", "invitation_accepted"]


def test_posting_a_password_for_an_address_with_an_account_changes_nothing(client, region):
    known = UserFactory(email=ADDRESS)
    _made, key = invited(editor(region), region)

    client.post(link(key), STRONG)

    known.refresh_from_db()
    assert known.check_password(PASSWORD)
    assert "_auth_user_id" not in client.session
    assert invitations.find(key, timezone.now())


def test_who_is_logged_in_as_somebody_else_is_asked_to_log_out(client, region):
    other = UserFactory()
    log_in(client, other)
    _made, key = invited(editor(region), region)

    for path in (link(key), f"{link(key)}aannemen/"):
        for method in (client.get, client.post):
            response = method(path, STRONG)
            assert 'action="/uitloggen/"' in response.text
            assert ADDRESS not in response.text
            assert "Onderwijsregio Hier" not in response.text
    assert not other.memberships.exists()
    assert not User.objects.filter(email=ADDRESS).exists()
    out = client.post("/uitloggen/", {"next": link(key)})
    assert out.headers["Location"] == link(key)
    assert client.post(link(key), STRONG).status_code == 302


def test_an_administrator_accepts_after_the_second_factor_only(client, region):
    known = administrator(email=ADDRESS)
    _made, key = invited(administrator(), region)
    client.post("/inloggen/", {"login": ADDRESS, "password": PASSWORD})

    response = client.post(f"{link(key)}aannemen/")

    assert response.headers["Location"].startswith("/account/tweede-stap/instellen/")
    assert not known.memberships.exists()


def test_who_has_a_closed_account_is_told_so(client, region):
    UserFactory(email=ADDRESS, is_active=False)
    _made, key = invited(editor(region), region)

    response = client.get(link(key))

    assert response.status_code == 409
    assert 'name="password1"' not in response.text


def test_another_site_cannot_accept_for_somebody(region):
    _made, key = invited(editor(region), region)

    response = Client(enforce_csrf_checks=True).post(link(key), STRONG)

    assert response.status_code == 403
    assert invitations.find(key, timezone.now())
