import re

import pytest
from django.http import QueryDict
from hypothesis import HealthCheck, example, given, settings, strategies as st

from navigator.finder.forms import OfficeListForm, PostcodeForm, SearchForm
from regions.answers import Outcome

pytestmark = pytest.mark.django_db

FULL_POSTCODE = re.compile(r"[1-9][0-9]{3}[\s-]*[A-Za-z]{2}(?![A-Za-z])")

texts = st.one_of(
    st.text(max_size=80),
    st.text(alphabet="0123456789ABSDabsd -.,'\u200b\u00a0３", max_size=12),
    st.builds(
        "{} {}, {}{}{} {}".format,
        st.sampled_from(["Coolsingel", "Plein 1944", "2e Weg", ""]),
        st.integers(0, 9999),
        st.integers(0, 99999),
        st.sampled_from(["", " ", "-", "\u00a0"]),
        st.text(alphabet="ABSDabsd", max_size=3),
        st.sampled_from(["Rotterdam", "rotterdam (ZH)", "Nergens", ""]),
    ),
)
# The world of a test is the same for all examples, which only read it.
same_world = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)


@pytest.fixture
def rotterdam(world):
    world.postcode("3011", place="Rotterdam", municipality="Rotterdam")
    world.office("here", serves=["3011"], support=["vacancies"])
    return world


@same_world
@given(typed=texts)
@example(typed="3011AB")
@example(typed="Coolsingel 40, 3011 AD Rotterdam")
@example(typed="Rotterdam 3011 AD")
@example(typed="3011 AD Rotterdam")
@example(typed="3011AD3012AB")
@example(typed="\x00")
@example(typed="\ud800")
def test_whatever_is_typed_goes_on_without_letters_or_is_explained(rotterdam, typed):
    form = PostcodeForm({"postcode": typed})

    if form.is_valid():
        assert form.question
        assert not any(FULL_POSTCODE.search(value) for value in form.question.values())
    else:
        assert all(str(message).strip() for message in form.errors["postcode"])


@same_world
@given(latitude=st.text(max_size=20) | st.floats().map(str), longitude=st.floats().map(str))
def test_whatever_is_sent_as_a_location_is_a_postcode_or_explained(rotterdam, latitude, longitude):
    form = PostcodeForm({"postcode": "", "latitude": latitude, "longitude": longitude})

    assert form.is_valid() == bool(form.question)
    assert form.is_valid() or list(form.errors) == ["postcode"]


@same_world
@given(
    names=st.dictionaries(
        st.sampled_from(["postcode", "place", "municipality", "sector", "support", "note"]),
        texts | st.sampled_from(["3011", "Rotterdam", "GM3011", "po", "vacancies"]),
    )
)
def test_whatever_is_in_an_address_is_answered_or_explained(rotterdam, names):
    address = QueryDict(mutable=True)
    address.update(names)
    form = SearchForm(address)

    answer = form.ask() if form.is_valid() else None

    assert (answer is None) == bool(form.errors)
    assert answer is None or answer.outcome in Outcome


@same_world
@given(
    names=st.dictionaries(
        st.sampled_from(["q", "sector", "support", "order", "page"]),
        texts | st.sampled_from(["po", "vacancies", "region", "province"]),
    )
)
def test_whatever_the_list_is_filtered_by_there_is_a_filter_and_an_order(rotterdam, names):
    address = QueryDict(mutable=True)
    address.update(names)
    form = OfficeListForm(address)

    form.is_valid()

    assert form.filters["sector"] in ("", "po")
    assert form.grouped_by in list(OfficeListForm.Order)


def test_of_an_address_without_anything_the_first_thing_is_told(rotterdam):
    form = SearchForm(QueryDict(""))

    assert not form.is_valid()
    assert form.errors.as_data()["__all__"][0].code == "empty"


def test_what_is_empty_is_no_part_of_a_question(rotterdam):
    form = SearchForm(QueryDict("postcode=3011&place=&sector=&support=vacancies"))

    assert form.is_valid()
    assert form.question == {"postcode": "3011", "support": ["vacancies"]}
