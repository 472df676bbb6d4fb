"""Two regions with an office each, and people of every role who ask for them."""

import json

import pytest
from django.core.cache import cache
from django.utils import timezone

from navigator.accounts import tokens
from navigator.accounts.models import Token
from regions.models import EducationRegion
from tests import people

OFFICE = "/api/v1/my/offices/hier"
REGION = "/api/v1/my/regions/regio-hier"


@pytest.fixture(autouse=True)
def _nobody_changed_anything_lately(db):
    cache.clear()


@pytest.fixture
def here(world):
    """`hier` of Regio Hier and `daar` of Regio Daar, whose changes are reviewed."""
    with world.at_once():
        world.office(
            "hier",
            name="Loket Hier",
            serves=["3011"],
            regions=["Regio Hier"],
            support=[("vacancies", ["https://hier.example/vacatures"])],
            phone="+31302270374",
        )
        world.office("daar", name="Loket Daar", serves=["9711"], regions=["Regio Daar"])
    EducationRegion.objects.filter(name="Regio Hier").update(slug="regio-hier")
    world.publish()
    return world


@pytest.fixture
def region(here):
    return EducationRegion.objects.get(slug="regio-hier")


@pytest.fixture
def editor(region):
    return people.editor(region, email="editor@hier.example")


@pytest.fixture
def direct_editor(region):
    """An editor whose changes are not reviewed."""
    EducationRegion.objects.filter(pk=region.pk).update(review_required=False)
    return people.editor(region, email="direct@hier.example")


@pytest.fixture
def elsewhere(here):
    return people.editor(EducationRegion.objects.get(name="Regio Daar"))


def key_of(user, **fields):
    """A key of a new token."""
    name = f"token {Token.objects.count()}"
    token, key = tokens.make(user, name=name, days=30, at=timezone.now())
    Token.objects.filter(pk=token.pk).update(**{"last_used_on": None, **fields})
    return key


class Caller:
    """A program that asks with the token of somebody."""

    def __init__(self, client, user):
        if user.is_superuser or user.is_advisor:
            people.second_factor(user)
        self._client = client
        self._authorization = f"Bearer {key_of(user)}"

    def __call__(self, method, path, body=None, **headers):
        sent = {} if body is None else {"data": json.dumps(body)}
        return self._client.generic(
            method,
            path,
            content_type="application/json",
            headers={
                "Authorization": self._authorization,
                **{name.replace("_", "-"): value for name, value in headers.items()},
            },
            **sent,
        )

    def get(self, path, **headers):
        return self("GET", path, **headers)

    def post(self, path, body=None, **headers):
        return self("POST", path, body, **headers)

    def patch(self, path, body, *, etag="", **headers):
        """A change of what stands there now, unless `etag` says of what."""
        return self("PATCH", path, body, If_Match=etag or self.get(path)["ETag"], **headers)


@pytest.fixture
def calling(client):
    """Somebody -> a program that asks for them."""
    return lambda user: Caller(client, user)
