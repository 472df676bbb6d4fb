"""The page of the service area with the real directory: how much it weighs, and asks."""

import pytest
from django.conf import settings

from navigator.editing import maps
from regions.models import Gap, RegionalOffice
from tests import people
from tests.navigator.editing.pages import fields_in, section

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("real_directory")]

LARGEST = "koerskracht"  # 65 municipalities all over the country


@pytest.fixture
def page(client):
    people.log_in(client, people.administrator())
    return lambda slug: client.get(section(RegionalOffice.objects.get(slug=slug), "area"))


@pytest.mark.parametrize("slug", [LARGEST, "de-rode-loper", "landelijk-groen"])
def test_the_page_is_light(page, slug):
    answer = page(slug)

    assert answer.status_code == 200
    assert len(answer.content) < 250_000


def test_all_municipalities_can_be_posted_at_once(page):
    fields = fields_in(page(LARGEST))

    most = sum(len(texts) for texts in fields.values()) + 342
    assert sum(name.startswith("partial_postcodes.") for name in fields) == 342
    assert most < settings.DATA_UPLOAD_MAX_NUMBER_FIELDS


def test_a_page_asks_the_same_for_a_large_and_a_small_area(page, django_assert_max_num_queries):
    page(LARGEST)  # what the process keeps

    with django_assert_max_num_queries(60):
        page(LARGEST)
    with django_assert_max_num_queries(60):
        page("de-rode-loper")


def test_the_map_of_all_gaps_is_light():
    gaps = Gap.objects.filter(sector="so").values_list("postcode", flat=True)

    drawing = maps.draw(marked={"gap": gaps})

    weight = sum(len(shape.path) for shape in drawing.shapes)
    weight += sum(len(each.path) for each in drawing.marks)
    assert len(drawing.shapes) == 342
    assert drawing.marks[0].count == len(gaps) > 100
    assert weight < 110_000
