import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client

from navigator.accounts import second_factor as factor
from navigator.accounts.models import AuditEntry
from tests.people import PASSWORD, administrator, advisor, editor, log_in, second_factor

pytestmark = pytest.mark.django_db

SET_UP = "/account/tweede-stap/instellen/"


@pytest.fixture(autouse=True)
def _commits(django_capture_on_commit_callbacks, monkeypatch):
    """What waits for the commit happens at once: the transaction of a test never commits."""
    monkeypatch.setattr("django.db.transaction.on_commit", lambda callback, **_: callback())


def enter(client, user):
    return client.post("/inloggen/", {"login": user.email, "password": PASSWORD})


def code_of(secret, steps=0):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def secret_on(page):
    return page.context["form"].secret


def events():
    return list(AuditEntry.objects.order_by("pk").values_list("what", flat=True))


@pytest.mark.parametrize("make", [administrator, advisor])
def test_who_needs_a_second_factor_sees_nothing_internal_before_it_is_set_up(client, make):
    enter(client, make())

    for path in ["/account/", "/account/e-mail/", "/account/sessies/", "/account/tweede-stap/"]:
        response = client.get(path)
        assert response.headers["Location"] == f"{SET_UP}?next={path}"
    posted = client.post("/account/wachtwoord/", {"oldpassword": PASSWORD})
    assert posted.headers["Location"] == f"{SET_UP}?next=/account/"


@pytest.mark.parametrize("make", [administrator, advisor])
def test_public_pages_and_the_way_out_stay_open_without_a_second_factor(client, world, make):
    enter(client, make())

    assert client.get("/").status_code == 200
    assert client.get("/api/v1/offices").status_code == 200
    assert client.get(SET_UP).status_code == 200
    assert client.get("/uitloggen/").status_code == 200
    assert client.post("/uitloggen/").headers["Location"] == "/inloggen/"


def test_after_setting_it_up_everything_is_open_and_recovery_codes_are_shown(client):
    enter(client, administrator())
    secret = secret_on(client.get(SET_UP))

    response = client.post(SET_UP, {"code": code_of(secret)})

    assert response.headers["Location"] == "/account/tweede-stap/herstelcodes/"
    codes = client.get("/account/tweede-stap/herstelcodes/")
    assert codes.status_code == 200
    assert codes.text.count("<li><code>") == 10
    assert client.get("/account/").status_code == 200
    assert events() == ["logged_in", "second_factor_added", "recovery_codes_made"]


def test_the_code_proves_that_the_app_is_set_up(client):
    enter(client, administrator())
    client.get(SET_UP)

    response = client.post(SET_UP, {"code": "000000"})

    assert response.status_code == 200
    assert 'role="alert"' in response.text
    assert not Authenticator.objects.exists()


def test_the_picture_for_the_app_is_part_of_the_page(client):
    """The policy lets a page show pictures of its own and data, no other."""
    enter(client, administrator())

    response = client.get(SET_UP)

    assert 'src="data:image/svg+xml;base64,' in response.text
    assert "data:" in response.headers["Content-Security-Policy"]


def test_the_secret_is_not_stored_as_it_is(client):
    enter(client, administrator())
    secret = secret_on(client.get(SET_UP))

    client.post(SET_UP, {"code": code_of(secret)})

    assert secret not in str(Authenticator.objects.values_list("data", flat=True))


def test_a_secret_survives_a_new_key_of_the_site(client, settings):
    user = administrator()
    secret = second_factor(user)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another one, since the old one may have been seen"

    enter(client, user)
    client.post("/inloggen/tweede-stap/", {"code": code_of(secret)})

    assert client.get("/account/").status_code == 200


def test_the_next_log_in_asks_for_the_code(client):
    user = administrator()
    secret = second_factor(user)

    assert enter(client, user).headers["Location"] == "/inloggen/tweede-stap/"
    assert client.get("/inloggen/tweede-stap/").status_code == 200
    assert client.get("/account/").headers["Location"].startswith("/inloggen/")
    client.post("/inloggen/tweede-stap/", {"code": code_of(secret)})

    assert client.get("/account/").status_code == 200


def test_a_code_works_once(client):
    user = administrator()
    code = code_of(second_factor(user))
    enter(client, user)
    client.post("/inloggen/tweede-stap/", {"code": code})
    other = Client()
    enter(other, user)

    response = other.post("/inloggen/tweede-stap/", {"code": code})

    assert response.status_code == 200
    assert other.get("/account/").status_code == 302


def test_a_recovery_code_works_once(client):
    enter(client, administrator(email="administrator@navigator.example"))
    client.post(SET_UP, {"code": code_of(secret_on(client.get(SET_UP)))})
    code = client.get("/account/tweede-stap/herstelcodes/").context["unused_codes"][0]

    answers = []
    for _ in range(2):
        phoneless = Client()
        phoneless.post(
            "/inloggen/", {"login": "administrator@navigator.example", "password": PASSWORD}
        )
        phoneless.post("/inloggen/tweede-stap/", {"code": code})
        answers.append(phoneless.get("/account/").status_code)

    assert answers == [200, 302]


def test_a_session_from_before_the_rule_is_asked_for_the_code(client):
    """Such as of an editor with an app who became an administrator, or after single sign-on."""
    user = administrator()
    secret = second_factor(user)
    client.force_login(user)

    response = client.get("/account/")

    way = "/account/bevestigen/tweede-stap/"
    assert response.headers["Location"] == f"{way}?next=/account/"
    assert client.get(way).status_code == 200
    done = client.post(way, {"code": code_of(secret), "next": "/account/"})
    assert done.headers["Location"] == "/account/"
    assert client.get("/account/").status_code == 200


def test_a_code_of_somebody_else_opens_nothing(client):
    second_factor(administrator())
    other = second_factor(administrator())
    user = administrator()
    second_factor(user)
    enter(client, user)

    client.post("/inloggen/tweede-stap/", {"code": code_of(other)})

    assert client.get("/account/").status_code == 302


def test_guessing_codes_has_to_wait_and_is_written_down(client):
    user = administrator()
    secret = second_factor(user)
    enter(client, user)
    for _ in range(5):
        client.post("/inloggen/tweede-stap/", {"code": "12345x"})

    client.post("/inloggen/tweede-stap/", {"code": code_of(secret)})

    assert client.get("/account/").status_code == 302
    assert events().count("login_failed") == 5


def test_who_turns_it_off_is_asked_to_set_it_up_again(client):
    user = log_in(client, administrator())
    reauthenticated = client.post("/account/tweede-stap/uitzetten/")
    assert reauthenticated.headers["Location"] == "/account/tweede-stap/"

    assert not Authenticator.objects.exists()
    assert user.get("/account/").headers["Location"] == f"{SET_UP}?next=/account/"
    assert "second_factor_removed" in events()


def test_turning_it_off_asks_who_it_is_when_the_log_in_is_long_ago(client):
    user = administrator()
    log_in(client, user)
    session = client.session
    for record in session["account_authentication_methods"]:
        record["at"] -= 3600
    session.save()

    response = client.post("/account/tweede-stap/uitzetten/")

    assert response.headers["Location"].startswith("/account/bevestigen/")
    assert Authenticator.objects.exists()


def test_new_recovery_codes_replace_the_old_ones(client):
    enter(client, administrator())
    client.post(SET_UP, {"code": code_of(secret_on(client.get(SET_UP)))})
    old = client.get("/account/tweede-stap/herstelcodes/").context["unused_codes"]
    assert client.get("/account/tweede-stap/herstelcodes/maken/").status_code == 200

    client.post("/account/tweede-stap/herstelcodes/maken/")

    new = client.get("/account/tweede-stap/herstelcodes/bestand/")
    assert new.text.split() != old
    assert len(new.text.split()) == 10
    assert new.headers["Content-Disposition"].startswith("attachment")
    assert events()[-1] == "recovery_codes_made"


def test_an_editor_needs_no_second_factor(client):
    enter(client, editor())

    assert client.get("/account/").status_code == 200
    assert client.get("/account/tweede-stap/").status_code == 200


def test_an_editor_who_wants_one_is_asked_for_it(client):
    user = editor()
    second_factor(user)

    assert enter(client, user).headers["Location"] == "/inloggen/tweede-stap/"


def test_without_the_rule_nobody_needs_one(client, settings):
    settings.REQUIRE_MFA = False

    enter(client, administrator())

    assert client.get("/account/").status_code == 200


def test_what_is_no_page_can_ask_the_same(rf, client):
    def answer_for(user, session):
        request = rf.get("/api/v1/offices")
        request.user, request.session = user, session
        return factor.passed(request)

    user = administrator()
    assert not answer_for(user, {})
    second_factor(user)
    assert not answer_for(user, {})
    assert answer_for(user, log_in(client, user).session)
    assert not answer_for(administrator(), client.session)
    assert answer_for(editor(), {})
