import io
import runpy

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.test import Client

from navigator.accounts import rules
from navigator.accounts.models import User
from regions.models import EducationRegion

pytestmark = pytest.mark.django_db


@pytest.fixture
def directory(world):
    with world.at_once():
        world.office("noord", serves=["3011"], regions=["Noord"])
        world.office("zuid", serves=["3012"], regions=["Zuid"])


@pytest.fixture
def demo(settings, directory):
    settings.DEMO, settings.REQUIRE_MFA = True, False

    def run():
        output = io.StringIO()
        call_command("demo", stdout=output)
        return output.getvalue()

    return run


def accounts_in(printed):
    """Address -> password, of what a start prints."""
    words = [line.split() for line in printed.splitlines() if "@" in line]
    return {address: password for address, password, *_role in words}


def test_there_is_an_account_for_each_role_and_each_lets_in(demo):
    accounts = accounts_in(demo())

    assert len(accounts) == 4
    for email, password in accounts.items():
        client = Client()
        client.post("/inloggen/", {"login": email, "password": password})
        assert client.get("/account/").status_code == 200, email


def test_the_roles_differ(demo):
    demo()

    roles = {
        user.email.partition("@")[0]: (
            rules.is_administrator(user),
            rules.is_advisor(user),
            [region.review_required for region in user.regions.all()],
        )
        for user in User.objects.all()
    }

    assert roles == {
        "administrator": (True, True, []),
        "advisor": (False, True, []),
        "editor": (False, False, [False]),
        "editor-with-review": (False, False, [True]),
    }


def test_a_second_start_tells_them_again_and_changes_nothing(demo):
    first = demo()
    before = list(User.objects.order_by("pk").values())

    assert demo() == first
    assert list(User.objects.order_by("pk").values()) == before


def test_a_password_that_was_changed_stays_and_is_not_told(demo):
    demo()
    user = User.objects.get(email="editor@demo.example")
    user.set_password("a sentence of my own")
    user.save()

    printed = demo()

    user.refresh_from_db()
    assert user.check_password("a sentence of my own")
    assert "a sentence of my own" not in printed
    assert printed.count("loketwijzer-demo") == 3


def test_nothing_is_made_where_the_settings_do_not_say_that_it_is_a_demo(directory, settings):
    settings.DEMO = False

    with pytest.raises(CommandError):
        call_command("demo")

    assert not User.objects.exists()
    assert not EducationRegion.objects.filter(review_required=False).exists()


@pytest.fixture
def read_settings(monkeypatch):
    monkeypatch.setattr("environ.Env.read_env", lambda *_, **__: None)  # this machine's own

    def read(**environment):
        for name in ("DEMO", "HTTPS", "REQUIRE_MFA"):
            monkeypatch.delenv(name, raising=False)
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        return runpy.run_path("navigator/settings.py")

    return read


def test_production_refuses_to_be_a_demo(read_settings):
    with pytest.raises(ImproperlyConfigured, match="DEMO"):
        read_settings(DEMO="1", HTTPS="1")


def test_without_a_word_it_is_no_demo_and_asks_for_a_second_factor(read_settings):
    read = read_settings(HTTPS="1")

    assert (read["DEMO"], read["REQUIRE_MFA"]) == (False, True)


def test_a_demo_asks_for_no_second_factor(read_settings):
    read = read_settings(DEMO="1", HTTPS="0")

    assert (read["DEMO"], read["REQUIRE_MFA"]) == (True, False)
