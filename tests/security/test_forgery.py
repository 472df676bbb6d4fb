"""Another site lets the browser of somebody who is logged in here send a form."""

import re

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import people
from tests.test_access import LINES

# What anybody may ask without a cookie, since it changes nothing for anybody.
ASKS_ONLY = {"", "api/v1/searches"}
# What is counted, without a cookie: pages of other sites are refused by what browsers say of them.
COUNTED = {"klik/"}
# Where the address itself is the secret, which another site would have to know.
BY_ITS_LINK = {"terugmelden/<str:link>/", "briefje/<slug:key>/niet-gebeld/"}
CHANGING = [
    (route, line, method)
    for route, line in LINES
    for method in ("POST", "PUT", "PATCH", "DELETE")
    if line.answer(method, "administrator") not in ("404", "405")
    and route not in ASKS_ONLY | COUNTED | BY_ITS_LINK
]
READ = [line for _route, line in LINES if line.answer("GET", "administrator") == "200"]
# What reading may write: sessions, counters, and what is kept for a moment.
MAY_BE_WRITTEN = re.compile(
    r'(?:INSERT INTO|UPDATE|DELETE FROM) "(?:django_session|shared_cache|usersessions_|statistics_|'
    r"account_emailaddress)"
)


@pytest.mark.parametrize(
    ("route", "line", "method"),
    CHANGING,
    ids=[f"{method} {line.example}" for _, line, method in CHANGING],
)
def test_a_form_without_its_secret_is_refused(people_and_things, db, route, line, method):
    cast, things = people_and_things
    client = people.log_in(Client(enforce_csrf_checks=True), cast["administrator"])
    body = {"data": line.body, "content_type": "application/json"} if line.body else {}

    with transaction.atomic():
        response = client.generic(method, line.example.format(**things), **body)
        transaction.set_rollback(True)

    assert response.status_code == 403


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_a_log_in_without_its_secret_is_refused(people_and_things, db, prefix):
    user = people.editor()
    client = Client(enforce_csrf_checks=True)

    response = client.post(
        f"{prefix}/inloggen/", {"login": user.email, "password": people.PASSWORD}
    )

    assert response.status_code == 403
    assert "_auth_user_id" not in client.session


def test_the_right_secret_from_another_site_is_refused(people_and_things, db):
    user = people.editor()
    client = Client(enforce_csrf_checks=True)
    page = client.get("/inloggen/").text
    secret = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]
    typed = {"login": user.email, "password": people.PASSWORD, "csrfmiddlewaretoken": secret}

    for origin in ("https://evil.example", "null", "http://testserver.evil.example"):
        response = client.post("/inloggen/", typed, headers={"Origin": origin})

        assert response.status_code == 403
    assert client.post("/inloggen/", typed).status_code == 302


@pytest.mark.parametrize("method", ["get", "head"])
@pytest.mark.parametrize("line", READ, ids=[line.example for line in READ])
def test_reading_changes_nothing(people_and_things, db, line, method):
    cast, things = people_and_things
    client = people.log_in(Client(), cast["administrator"])
    address = line.example.format(**things)

    with CaptureQueriesContext(connection) as asked, transaction.atomic():
        getattr(client, method)(address)
        transaction.set_rollback(True)

    written = [
        query["sql"][:120]
        for query in asked
        if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))
        and not MAY_BE_WRITTEN.match(query["sql"])
    ]
    if method == "get" and "/in-en-uitvoer/" in address:  # that data was taken out is noted
        written = [sql for sql in written if "accounts_auditentry" not in sql]
    assert written == []


@pytest.mark.parametrize(
    "said",
    [
        {"headers": {"X-HTTP-Method-Override": "PATCH"}},
        {"headers": {"X-HTTP-Method": "PATCH"}},
        {"query_params": {"_method": "PATCH"}},
    ],
)
def test_a_method_is_what_it_is(people_and_things, db, said):
    client = people.log_in(Client(), people_and_things[0]["editor"])

    response = client.post(
        "/api/v1/my/offices/flevowijs", {"name": "Anders"}, content_type="application/json", **said
    )

    assert response.status_code in (400, 405)
