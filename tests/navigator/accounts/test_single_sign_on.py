import importlib
import runpy

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from django.urls import clear_url_caches

import navigator.accounts.urls
import navigator.urls
from navigator.accounts.models import AuditEntry, User
from tests.navigator.accounts.provider_double import CLIENT, SECRET, Provider
from tests.people import PASSWORD, administrator, editor, second_factor

pytestmark = pytest.mark.django_db

START, BACK = "/inloggen/oidc/", "/inloggen/oidc/terug/"


def _read_addresses_again():
    for module in (navigator.accounts.urls, navigator.urls):
        importlib.reload(module)
    clear_url_caches()


@pytest.fixture(scope="module")
def one_provider():
    provider = Provider()
    yield provider
    provider.stop()


@pytest.fixture
def provider(one_provider, settings, monkeypatch):
    """A provider that the settings name, in the environment alone."""
    one_provider.__dict__ |= {
        "claims": {"sub": "1", "email": "editor@rotterdam.example", "email_verified": True},
        "works": True,
    }
    monkeypatch.setattr("environ.Env.read_env", lambda *_, **__: None)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("OIDC_PROVIDER_NAME", "Onderwijsaccount")
    monkeypatch.setenv("OIDC_SERVER_URL", one_provider.address)
    monkeypatch.setenv("OIDC_CLIENT_ID", CLIENT)
    monkeypatch.setenv("OIDC_CLIENT_SECRET", SECRET)
    configured = runpy.run_path("navigator/settings.py")
    settings.SOCIALACCOUNT_PROVIDERS = configured["SOCIALACCOUNT_PROVIDERS"]
    _read_addresses_again()
    yield one_provider
    settings.SOCIALACCOUNT_PROVIDERS = {}
    _read_addresses_again()


def enter(client, provider, **query):
    """Go to the provider, be let in there, and come back."""
    answer = provider.ask(client.get(START, query).headers["Location"])
    return client.get(BACK, answer)


def is_in(client):
    return client.get("/account/").status_code == 200


def test_an_account_with_the_same_address_is_let_in_and_connected(client, provider):
    user = editor(email="editor@rotterdam.example")

    response = enter(client, provider)

    assert response.headers["Location"] == "/account/"
    assert is_in(client)
    assert SocialAccount.objects.get().user == user
    assert AuditEntry.objects.get(what="logged_in").who == user


def test_the_password_of_an_account_that_is_connected_stays(client, provider):
    user = editor(email="editor@rotterdam.example")

    enter(client, provider)

    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_who_is_connected_comes_in_with_another_address_too(client, provider):
    editor(email="editor@rotterdam.example")
    enter(client, provider)
    provider.claims |= {"email": "moved@elsewhere.example"}
    later = Client()

    enter(later, provider)

    assert is_in(later)


def test_somebody_whom_only_the_provider_knows_gets_no_account(client, provider):
    provider.claims |= {"email": "stranger@rotterdam.example"}

    response = enter(client, provider)

    assert response.status_code == 200
    assert "stranger" not in response.text
    assert not is_in(client)
    assert not User.objects.exists()
    assert not SocialAccount.objects.exists()


@pytest.mark.parametrize("verified", [False, None, "false", "true", 0, 1])
def test_an_address_that_the_provider_did_not_verify_opens_nothing(client, provider, verified):
    editor(email="editor@rotterdam.example")
    provider.claims |= {"email_verified": verified}

    enter(client, provider)

    assert not is_in(client)
    assert not SocialAccount.objects.exists()


def test_an_address_that_somebody_is_changing_to_opens_nothing(client, provider):
    user = editor(email="old@rotterdam.example")
    EmailAddress.objects.create(user=user, email="editor@rotterdam.example")

    enter(client, provider)

    assert not is_in(client)


def test_a_closed_account_stays_closed(client, provider):
    user = editor(email="editor@rotterdam.example")
    enter(client, provider)
    user.is_active = False
    user.save()
    later = Client()

    response = enter(later, provider)

    assert response.headers["Location"] == "/inloggen/gesloten/"
    assert not is_in(later)


def test_the_second_factor_is_asked_for_here_too(client, provider):
    user = administrator(email="editor@rotterdam.example")

    enter(client, provider)
    assert client.get("/account/").headers["Location"].startswith("/account/tweede-stap/instellen/")
    second_factor(user)
    later = Client()
    response = enter(later, provider)

    assert response.headers["Location"] == "/inloggen/tweede-stap/"
    assert not is_in(later)


def test_an_answer_that_nobody_asked_for_is_refused(client, provider):
    editor(email="editor@rotterdam.example")
    answer = provider.ask(client.get(START).headers["Location"])

    for forged in ({**answer, "state": "made-up"}, {"code": "single-use"}):
        assert "sessionid" not in Client().get(BACK, forged).cookies
    assert Client().get(BACK, answer).status_code >= 400  # of another browser
    assert not User.objects.get().last_login


def test_nobody_is_sent_to_another_site_afterwards(client, provider):
    editor(email="editor@rotterdam.example")

    response = enter(client, provider, next="https://evil.example/")

    assert response.headers["Location"] == "/account/"


def test_after_the_log_in_comes_the_page_that_was_asked_for(client, provider):
    editor(email="editor@rotterdam.example")

    response = enter(client, provider, next="/account/wachtwoord/")

    assert response.headers["Location"] == "/account/wachtwoord/"


def test_a_provider_that_fails_gets_a_page_with_words(client, provider):
    editor(email="editor@rotterdam.example")
    provider.works = False

    response = enter(client, provider)

    assert response.status_code >= 400
    assert 'href="/inloggen/"' in response.text
    assert not is_in(client)


def test_who_stops_there_comes_back_to_a_page_with_words(client, provider):
    answer = provider.ask(client.get(START).headers["Location"])

    response = client.get(BACK, {"error": "access_denied", "state": answer["state"]})

    assert response.headers["Location"] == "/inloggen/afgebroken/"
    assert client.get("/inloggen/afgebroken/").status_code == 200


def test_the_log_in_offers_the_provider_by_its_name(client, provider):
    text = client.get("/inloggen/", {"next": "/account/wachtwoord/"}).text

    assert "Onderwijsaccount" in text
    assert 'href="/inloggen/oidc/?next=%2Faccount%2Fwachtwoord%2F"' in text


def test_an_unknown_provider_is_not_found(client, provider):
    assert client.get("/inloggen/other/").status_code == 404


def test_without_settings_there_is_no_single_sign_on(client):
    assert client.get(START).status_code == 404
    assert client.get(BACK).status_code == 404
    assert "oidc" not in client.get("/inloggen/").text
