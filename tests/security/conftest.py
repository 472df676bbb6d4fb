"""Who attacks what: the people and things of the access table, and a site with an office."""

import pytest
from django.core.cache import cache
from django.test import Client

from regions.models import EducationRegion
from tests import people
from tests.test_access import people_and_things  # noqa: F401  # a fixture


@pytest.fixture(autouse=True)
def _nobody_tried_before(db):
    cache.clear()


@pytest.fixture
def site(world):
    """Two regions with an office each; the first publishes without review."""
    with world.at_once():
        world.office("hier", name="Loket Hier", serves=["3011"], regions=["Regio Hier"])
        world.office("daar", name="Loket Daar", serves=["9711"], regions=["Regio Daar"])
    for name in ("Hier", "Daar"):
        EducationRegion.objects.filter(name=f"Regio {name}").update(slug=f"regio-{name.lower()}")
    EducationRegion.objects.filter(slug="regio-hier").update(review_required=False)
    world.publish()
    return world


@pytest.fixture
def here(site):
    return EducationRegion.objects.get(slug="regio-hier")


@pytest.fixture
def there(site):
    return EducationRegion.objects.get(slug="regio-daar")


@pytest.fixture
def editor(here):
    return people.editor(here, email="editor@hier.example")


@pytest.fixture
def stranger(there):
    return people.editor(there, email="editor@daar.example")


@pytest.fixture
def administrator(site):
    return people.administrator(email="administrator@navigator.example")


@pytest.fixture
def as_editor(editor):
    return people.log_in(Client(), editor)


@pytest.fixture
def as_administrator(administrator):
    return people.log_in(Client(), administrator)
