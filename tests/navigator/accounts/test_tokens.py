import time
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256

import pytest
from django.utils import timezone

from navigator.accounts import tokens
from navigator.accounts.models import AuditEntry, Token
from navigator.accounts.tokens import TokenError
from tests.people import PASSWORD, UserFactory, administrator, log_in

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
DAY = timedelta(days=1)
PAGE = "/account/sleutels/"


def make(user, name="website", days=30, at=NOW):
    return tokens.make(user, name=name, days=days, at=at)


def code_of(*args, **kwargs):
    with pytest.raises(TokenError) as raised:
        make(*args, **kwargs)
    return raised.value.code


def enter(client, user):
    """Log in as somebody who typed the password just now."""
    client.post("/inloggen/", {"login": user.email, "password": PASSWORD})
    return client


def later(client, seconds):
    """As if the password was typed earlier."""
    session = client.session
    records = session["account_authentication_methods"]
    session["account_authentication_methods"] = [
        {**record, "at": time.time() - seconds} for record in records
    ]
    session.save()


def test_a_key_is_long_says_what_it_is_and_only_its_hash_is_stored():
    token, key = make(UserFactory())

    assert key.startswith("rn_")
    assert len(key) == 3 + 43
    assert token.key_hash == sha256(key.encode()).hexdigest()
    assert token.beginning == key[:8]
    assert all(key not in str(getattr(token, field.attname)) for field in Token._meta.fields)


def test_a_key_leads_to_its_holder():
    user = UserFactory()
    _token, key = make(user)

    assert tokens.user_of(key, NOW) == user


def test_what_is_no_key_leads_to_nobody():
    token, key = make(UserFactory())

    for wrong in ("", "rn_", key[:-1], key + "x", key.upper(), token.key_hash, "é" * 300):
        assert tokens.user_of(wrong, NOW) is None


def test_a_key_works_until_it_expires():
    user = UserFactory()
    _token, key = make(user, days=90)

    assert tokens.user_of(key, NOW + 90 * DAY - timedelta(seconds=1)) == user
    assert tokens.user_of(key, NOW + 90 * DAY) is None


def test_a_withdrawn_key_works_no_more():
    token, key = make(UserFactory())

    assert tokens.withdraw(token, at=NOW)
    assert tokens.user_of(key, NOW) is None
    assert not tokens.withdraw(token, at=NOW + DAY)
    assert token.withdrawn_at == NOW


def test_the_key_of_a_closed_account_works_no_more():
    _token, key = make(UserFactory(is_active=False))

    assert tokens.user_of(key, NOW) is None


def test_the_day_of_use_is_stored_once_a_day(django_assert_num_queries):
    token, key = make(UserFactory())

    with django_assert_num_queries(2):
        tokens.user_of(key, NOW)
    with django_assert_num_queries(1):
        tokens.user_of(key, NOW + timedelta(hours=1))

    token.refresh_from_db()
    assert token.last_used_on == date(2026, 11, 24)


def test_the_day_of_use_is_a_day_in_amsterdam():
    token, key = make(UserFactory())

    tokens.user_of(key, datetime(2026, 11, 24, 23, 30, tzinfo=UTC))

    token.refresh_from_db()
    assert token.last_used_on == date(2026, 11, 25)


def test_the_name_of_a_key_that_works_is_not_given_twice():
    user = UserFactory()
    token, _key = make(user)

    assert code_of(user) == "name_taken"
    assert make(UserFactory())
    tokens.withdraw(token, at=NOW)
    assert make(user)


def test_there_is_an_end_to_keys_and_their_terms():
    user = UserFactory()
    for number in range(tokens.MOST):
        make(user, name=str(number))

    assert code_of(user, name="one more") == "too_many"
    assert code_of(UserFactory(), days=3650) == "wrong_term"


def test_the_page_shows_the_key_once_and_keeps_it_nowhere(client):
    user = UserFactory()
    enter(client, user)

    made = client.post(PAGE, {"name": "website", "days": "90"})

    key = made.context["key"]
    assert made.status_code == 200
    assert "no-store" in made.headers["Cache-Control"]
    assert made.text.count(key) == 1
    assert tokens.user_of(key, timezone.now()) == user
    assert key not in str(dict(client.session))
    assert key not in client.get(PAGE).text
    assert key[:8] in client.get(PAGE).text


def test_the_audit_log_knows_of_a_key_but_not_the_key(client):
    user = UserFactory()
    enter(client, user)
    key = client.post(PAGE, {"name": "website", "days": "90"}).context["key"]

    client.post(f"{PAGE}{Token.objects.get().pk}/intrekken/")

    last = AuditEntry.objects.order_by("-pk")[:2]
    assert [entry.what for entry in last] == ["token_withdrawn", "token_made"]
    assert all(entry.who == user and key not in entry.about for entry in last)
    assert all("website" not in entry.about for entry in last)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"name": "", "days": "90"}, "name"),
        ({"name": "x" * 81, "days": "90"}, "name"),
        ({"name": "website", "days": "9999"}, "days"),
        ({"name": "website"}, "days"),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_makes_nothing(client, typed, field):
    enter(client, UserFactory())

    response = client.post(PAGE, typed)

    assert f'id="id_{field}_error"' in response.text
    assert f'href="#id_{field}"' in response.text
    assert not Token.objects.exists()


def test_a_page_that_is_sent_again_makes_no_second_key(client):
    enter(client, UserFactory())
    client.post(PAGE, {"name": "website", "days": "90"})

    response = client.post(PAGE, {"name": "website", "days": "90"})

    assert "key" not in response.context
    assert 'id="id_name_error"' in response.text
    assert Token.objects.count() == 1


def test_posting_more_than_the_form_shows_changes_nothing(client):
    user, other = UserFactory(), UserFactory()
    enter(client, user)

    client.post(
        PAGE,
        {"name": "mine", "days": "30", "user": other.pk, "key_hash": "0" * 64, "id": 5000},
    )

    token = Token.objects.get()
    assert token.user == user
    assert token.key_hash != "0" * 64
    assert token.pk != 5000


def test_making_a_key_asks_for_the_password_once_more_after_a_while(client):
    user = UserFactory()
    enter(client, user)
    later(client, 3600)

    assert client.get(PAGE).status_code == 200
    asked = client.post(PAGE, {"name": "website", "days": "90"})
    assert asked.status_code == 302
    assert asked.headers["Location"].startswith("/account/bevestigen/")
    assert not Token.objects.exists()

    shown = client.post(asked.headers["Location"], {"password": PASSWORD})
    assert shown.context["key"].startswith("rn_")
    assert "no-store" in shown.headers["Cache-Control"]
    assert Token.objects.get().user == user


def test_somebody_else_can_neither_see_nor_withdraw_a_key(client):
    token, _key = make(UserFactory(), name="of somebody else")
    log_in(client, administrator())

    assert "of somebody else" not in client.get(PAGE).text
    for method in (client.get, client.post):
        assert method(f"{PAGE}{token.pk}/intrekken/").status_code == 404
    token.refresh_from_db()
    assert token.withdrawn_at is None


def test_withdrawing_asks_first(client):
    user = UserFactory()
    token, key = make(user, at=timezone.now())
    enter(client, user)

    asked = client.get(f"{PAGE}{token.pk}/intrekken/")
    assert "website" in asked.text
    assert tokens.user_of(key, timezone.now()) == user

    done = client.post(f"{PAGE}{token.pk}/intrekken/")
    assert (done.status_code, done.headers["Location"]) == (303, PAGE)
    assert tokens.user_of(key, timezone.now()) is None
    assert client.get(f"{PAGE}{token.pk}/intrekken/").status_code == 404


def test_without_keys_the_page_says_so_and_offers_one(client):
    enter(client, UserFactory())

    response = client.get(PAGE)

    assert "<table" not in response.text
    assert '<button class="button primary" type="submit">' in response.text


def test_names_of_keys_are_shown_as_text(client):
    user = UserFactory()
    make(user, name="<script>alert(1)</script>")
    enter(client, user)

    assert "<script>alert" not in client.get(PAGE).text
