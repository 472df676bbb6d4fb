"""The project's own fixtures: whole, readable, and taken by Django's own command too."""

import json
import re

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from regions import exchange, stored
from regions.fixtures import KEY_FIELDS, fixture_files, read_facts
from regions.models import Place, PlaceName
from regions.places import name_key


@pytest.fixture(scope="module")
def facts():
    """The project's fixtures, read once."""
    return read_facts(fixture_files(settings.FIXTURES_DIR))


def test_every_place_is_found_by_its_own_name(facts):
    nameless = [
        place for place in facts[Place] if (name_key(place[0]), *place) not in facts[PlaceName]
    ]

    assert nameless == []


def test_the_readme_gives_the_number_of_objects_of_every_file():
    told = re.findall(
        r"^\| `(\S+\.json)` \| ([\d,]+) \|",
        (settings.FIXTURES_DIR / "README.md").read_text(encoding="utf-8"),
        re.MULTILINE,
    )

    files = fixture_files(settings.FIXTURES_DIR)
    assert {name: int(number.replace(",", "")) for name, number in told} == {
        file.name: len(json.loads(file.read_text(encoding="utf-8"))) for file in files
    }


def test_every_object_of_a_fixture_stands_on_a_line_of_its_own():
    for file in fixture_files(settings.FIXTURES_DIR):
        first, *lines, last = file.read_text(encoding="utf-8").splitlines()

        assert (first, last) == ("[", "]")
        assert all(isinstance(json.loads(line.rstrip(",")), dict) for line in lines), file.name


@pytest.mark.django_db
def test_djangos_own_loaddata_stores_the_same(facts):
    for file in fixture_files(settings.FIXTURES_DIR):
        call_command("loaddata", file, verbosity=0)
        # The database may still believe that the tables are empty, and be slow for it.
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")

    site = stored.read_site()
    for model in KEY_FIELDS:
        plan = exchange.compare(model, facts[model], {}, site[model])
        assert (plan.unchanged, plan.new, plan.kept) == (len(facts[model]), [], {}), model
