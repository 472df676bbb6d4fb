import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from navigator.accounts import tokens
from navigator.accounts.models import AuditEntry, User
from tests.people import PASSWORD, UserFactory, administrator, editor, log_in

pytestmark = pytest.mark.django_db

NEW = "quite another long sentence"


def enter(client, user, password=PASSWORD, **more):
    return client.post("/inloggen/", {"login": user.email, "password": password, **more})


def is_in(client):
    return client.get("/account/").status_code == 200


def link_in(message):
    return re.search(r"https://navigator\.example(/\S+)", message.body)[1]


def entries():
    return list(AuditEntry.objects.order_by("pk").values_list("what", "who", "about"))


def test_somebody_with_the_right_password_comes_in(client):
    user = editor()

    response = enter(client, user)

    assert response.status_code == 302
    assert is_in(client)
    assert entries() == [("logged_in", user.pk, "")]


def test_the_case_of_the_address_makes_no_difference(client):
    user = editor(email="editor@rotterdam.example")

    client.post("/inloggen/", {"login": "Editor@Rotterdam.EXAMPLE", "password": PASSWORD})

    assert is_in(client)
    assert EmailAddress.objects.get(user=user).email == "editor@rotterdam.example"


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(client):
    user = editor(email="known@rotterdam.example")

    known = enter(client, user, password="not the right one")
    unknown = client.post(
        "/inloggen/", {"login": "unknown@rotterdam.example", "password": "not the right one"}
    )

    def without_what_differs(response):
        text = response.text.replace("unknown@", "known@")
        return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text)

    assert known.status_code == unknown.status_code == 200
    assert without_what_differs(known) == without_what_differs(unknown)
    assert not is_in(client)


def test_a_try_that_failed_is_written_down_without_what_was_typed(client):
    user = editor(email="known@rotterdam.example")

    enter(client, user, password="not the right one")
    client.post("/inloggen/", {"login": "secret@rotterdam.example", "password": "x"})

    assert entries() == [
        ("login_failed", None, f"user {user.pk}"),
        ("login_failed", None, ""),
    ]


def test_an_unknown_address_costs_a_hash_as_well(client, monkeypatch):
    hashed = []
    monkeypatch.setattr(User, "set_password", lambda self, raw: hashed.append(raw))

    client.post("/inloggen/", {"login": "unknown@rotterdam.example", "password": "typed"})

    assert hashed == ["typed"]


def test_a_closed_account_does_not_come_in(client):
    user = editor(is_active=False)

    response = enter(client, user)

    assert response.headers["Location"] == "/inloggen/gesloten/"
    assert client.get("/inloggen/gesloten/").status_code == 200
    assert not is_in(client)


def test_what_is_wrong_stands_above_the_form_and_the_address_stays(client):
    response = client.post("/inloggen/", {"login": "editor@rotterdam.example", "password": ""})

    assert 'role="alert"' in response.text
    assert 'href="#id_password"' in response.text
    assert 'value="editor@rotterdam.example"' in response.text
    assert 'aria-invalid="true"' in response.text


@pytest.mark.parametrize("language", ["", "/en"])
def test_an_inner_page_asks_to_log_in_first_and_comes_back(client, language):
    response = client.get(f"{language}/account/")

    assert response.headers["Location"] == f"{language}/inloggen/?next={language}/account/"


def test_after_the_log_in_comes_the_page_that_was_asked_for(client):
    response = enter(client, editor(), next="/account/wachtwoord/")

    assert response.headers["Location"] == "/account/wachtwoord/"


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "http:evil.example",
        "javascript:alert(1)",
        "http://testserver.evil.example/",
        "\thttps://evil.example/",
    ],
)
def test_nobody_is_sent_to_another_site(client, address):
    user = editor()

    after_login = enter(client, user, next=address)
    again = client.get("/inloggen/", {"next": address})
    after_logout = client.post("/uitloggen/", {"next": address})

    for response in (after_login, again, after_logout):
        assert response.headers["Location"] in ("/account/", "/inloggen/")


def test_logging_out_takes_a_post(client):
    user = log_in(client, editor())

    asked = user.get("/uitloggen/")
    assert asked.status_code == 200
    assert is_in(client)

    client.post("/uitloggen/")
    assert not is_in(client)
    assert [what for what, _who, _about in entries()] == ["logged_out"]


def test_another_site_can_neither_log_in_nor_out():
    client = Client(enforce_csrf_checks=True)
    user = editor()

    assert enter(client, user).status_code == 403
    log_in(client, user)
    assert client.post("/uitloggen/").status_code == 403
    assert is_in(client)


def test_the_cookie_of_a_session_is_out_of_reach_of_scripts_and_other_sites(client):
    enter(client, editor())
    cookie = client.cookies["sessionid"]

    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["max-age"] == 12 * 3600


def test_the_cookie_goes_over_https_alone_where_there_is_https(client, settings):
    settings.SESSION_COOKIE_SECURE = True

    enter(client, editor())

    assert client.cookies["sessionid"]["secure"]


def test_a_log_in_gets_a_session_with_another_key(client):
    user = editor()
    session = client.session
    session["planted"] = "by somebody else"
    session.save()
    client.cookies["sessionid"] = planted = session.session_key

    enter(client, user)

    assert client.cookies["sessionid"].value != planted


@pytest.mark.parametrize(
    "name",
    [
        "account_signup",
        "account_request_login_code",
        "account_confirm_login_code",
        "socialaccount_signup",
        "socialaccount_connections",
        "openid_connect_login",
        "mfa_add_webauthn",
    ],
)
def test_what_we_do_not_offer_has_no_address(name):
    with pytest.raises(NoReverseMatch):
        reverse(name)


@pytest.mark.parametrize(
    "path", ["/accounts/signup/", "/accounts/login/", "/registreren/", "/login/", "/accounts/"]
)
def test_the_library_has_no_other_addresses(client, path):
    assert client.get(path).status_code == 404


def test_a_forgotten_password_is_replaced_by_a_link_that_works_once(client):
    user = editor(email="editor@rotterdam.example")
    _token, key = tokens.make(user, name="our website", days=30, at=timezone.now())

    response = client.post("/wachtwoord-vergeten/", {"email": "Editor@rotterdam.example"})
    assert response.headers["Location"] == "/wachtwoord-vergeten/verzonden/"
    (message,) = mail.outbox
    assert message.to == ["editor@rotterdam.example"]
    link = link_in(message)
    form = client.get(link).headers["Location"]
    assert client.get(form).status_code == 200
    done = client.post(form, {"password1": NEW, "password2": NEW})

    assert done.headers["Location"] == "/wachtwoord-vergeten/klaar/"
    assert client.get("/wachtwoord-vergeten/klaar/").status_code == 200
    assert not is_in(client)
    assert ("password_reset", user.pk, f"user {user.pk}") in entries()
    assert tokens.user_of(key, timezone.now()) is None
    enter(client, user, password=NEW)
    assert is_in(client)
    again = Client().get(link)
    assert again.status_code == 200
    assert "password1" not in again.text


def test_a_link_to_a_new_password_does_not_stand_in_a_referrer(client):
    client.post("/wachtwoord-vergeten/", {"email": editor().email})
    link = link_in(mail.outbox[0])

    response = client.get(link)

    assert response.headers["Location"].endswith("-set-password/")
    assert response.headers["Cache-Control"].count("no-store")


def test_asking_for_a_new_password_tells_nobody_whether_there_is_an_account(client):
    editor(email="known@rotterdam.example")

    known = client.post("/wachtwoord-vergeten/", {"email": "known@rotterdam.example"})
    unknown = client.post("/wachtwoord-vergeten/", {"email": "unknown@rotterdam.example"})

    assert known.status_code == unknown.status_code == 302
    assert known.headers["Location"] == unknown.headers["Location"]
    assert [message.to for message in mail.outbox] == [
        ["known@rotterdam.example"],
        ["unknown@rotterdam.example"],
    ]
    assert "/wachtwoord-vergeten/" not in mail.outbox[1].body


def test_a_closed_account_gets_no_link(client):
    editor(email="closed@rotterdam.example", is_active=False)

    client.post("/wachtwoord-vergeten/", {"email": "closed@rotterdam.example"})

    assert "/wachtwoord-vergeten/" not in mail.outbox[0].body


@pytest.mark.parametrize("password", ["short", "onlytwelve1"[:11], "password1234", "123456789012"])
def test_a_weak_password_is_refused(client, password):
    log_in(client, editor())

    response = client.post(
        "/account/wachtwoord/",
        {"oldpassword": PASSWORD, "password1": password, "password2": password},
    )

    assert response.status_code == 200
    assert 'role="alert"' in response.text


def test_a_new_password_ends_all_other_sessions(client):
    user = editor()
    elsewhere = Client()
    enter(elsewhere, user)
    enter(client, user)

    client.post(
        "/account/wachtwoord/", {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    )

    assert is_in(client)
    assert not is_in(elsewhere)
    assert ("password_changed", user.pk, f"user {user.pk}") in entries()


def test_a_new_password_takes_the_present_one(client):
    user = editor()
    log_in(client, user)

    client.post("/account/wachtwoord/", {"oldpassword": "x", "password1": NEW, "password2": NEW})

    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def change_address(client, address):
    return client.post("/account/e-mail/", {"email": address, "action_add": ""})


def test_a_new_address_counts_from_when_it_is_confirmed(client):
    user = editor(email="old@rotterdam.example")
    enter(client, user)

    change_address(client, "New@Rotterdam.example")
    user.refresh_from_db()
    assert user.email == "old@rotterdam.example"
    (message,) = mail.outbox
    assert message.to == ["new@rotterdam.example"]
    assert "new@rotterdam.example" in client.get("/account/e-mail/").text
    assert client.get(link_in(message)).status_code == 200
    client.post(link_in(message))

    user.refresh_from_db()
    assert user.email == "new@rotterdam.example"
    assert list(EmailAddress.objects.values_list("email", "verified", "primary")) == [
        ("new@rotterdam.example", True, True)
    ]
    assert ("email_changed", user.pk, f"user {user.pk}") in entries()
    assert not enter(Client(), user, password="x").headers.get("Location")
    other = Client()
    other.post("/inloggen/", {"login": "old@rotterdam.example", "password": PASSWORD})
    assert not is_in(other)


def test_a_new_address_asks_for_the_password_when_the_log_in_is_long_ago(client):
    log_in(client, editor())

    response = change_address(client, "new@rotterdam.example")

    assert response.headers["Location"] == "/account/bevestigen/?next=%2Faccount%2Fe-mail%2F"
    assert not mail.outbox
    client.post("/account/bevestigen/", {"password": PASSWORD, "next": "/account/e-mail/"})
    assert mail.outbox[0].to == ["new@rotterdam.example"]


def test_the_address_of_somebody_else_is_not_given_away(client):
    editor(email="taken@rotterdam.example")
    user = editor(email="old@rotterdam.example")
    enter(client, user)

    taken = change_address(client, "taken@rotterdam.example")

    assert taken.status_code == 302
    (message,) = mail.outbox
    assert message.to == ["taken@rotterdam.example"]
    assert "/account/e-mail/" not in message.body


def test_an_address_that_became_somebody_elses_meanwhile_is_refused(client):
    user = editor(email="old@rotterdam.example")
    enter(client, user)
    change_address(client, "new@rotterdam.example")
    editor(email="new@rotterdam.example")

    client.post(link_in(mail.outbox[0]))

    user.refresh_from_db()
    assert user.email == "old@rotterdam.example"


def test_an_address_that_is_not_confirmed_resets_nothing(client):
    """Who mistypes the new address doesn't hand the account to whoever reads mail there."""
    user = editor(email="old@rotterdam.example")
    enter(client, user)
    change_address(client, "mistyped@rotterdam.example")
    mail.outbox.clear()

    Client().post("/wachtwoord-vergeten/", {"email": "mistyped@rotterdam.example"})

    assert "/wachtwoord-vergeten/" not in mail.outbox[0].body


def test_a_change_of_address_can_be_called_off(client):
    user = editor(email="old@rotterdam.example")
    enter(client, user)
    change_address(client, "new@rotterdam.example")
    link = link_in(mail.outbox[0])

    client.post("/account/e-mail/", {"email": "new@rotterdam.example", "action_remove": ""})
    client.post(link)

    user.refresh_from_db()
    assert user.email == "old@rotterdam.example"


def test_mails_are_in_dutch_and_plain_whatever_the_language_of_the_page(client):
    user = editor()

    client.post("/en/wachtwoord-vergeten/", {"email": user.email})

    (message,) = mail.outbox
    assert not message.alternatives
    assert message.from_email == "Loketwijzer <noreply@navigator.example>"
    assert "\n\n\n" not in message.body


@pytest.mark.parametrize("language", ["", "/en"])
@pytest.mark.parametrize(
    "path", ["/inloggen/", "/wachtwoord-vergeten/", "/wachtwoord-vergeten/verzonden/"]
)
def test_the_pages_for_coming_in_are_kept_by_nobody_and_indexed_by_nobody(client, path, language):
    response = client.get(language + path)

    assert response.status_code == 200
    assert "no-store" in response.headers["Cache-Control"]
    assert '<meta name="robots" content="noindex">' in response.text


def test_inner_pages_are_kept_by_nobody(client):
    log_in(client, editor())

    assert "no-store" in client.get("/account/").headers["Cache-Control"]


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_other_methods_are_refused_with_words(client, method):
    response = getattr(client, method)("/inloggen/")

    assert response.status_code == 405
    assert "<h1" in response.text


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/over/",
        "/regioloketten/",
        "/regioloketten/here/",
        "/zoeken/?postcode=3011",
        "/nergens/",
    ],
)
def test_a_public_page_is_the_same_for_who_is_logged_in(client, world, path):
    world.office("here", serves=["3011"])
    anonymous = client.get(path)

    known = log_in(Client(), administrator()).get(path)

    assert known.content == anonymous.content


def test_the_menu_shows_what_is_open_to_somebody(client):
    log_in(client, UserFactory(email="nobody-special@navigator.example"))

    text = client.get("/account/").text

    assert 'action="/uitloggen/"' in text
    assert "nobody-special@navigator.example" in text
    assert "/beheer/" not in text
