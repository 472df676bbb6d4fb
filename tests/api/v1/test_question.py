import json

from hypothesis import HealthCheck, given, settings, strategies as st

FIELDS = ("postcode", "place", "latitude", "longitude", "municipality", "sector", "support")
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
MEANT = st.sampled_from(["1011", "1013ab", "9011", "1000", "Dorp", "GM0001", "po", 52.1, 5.1])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    question=st.dictionaries(
        st.sampled_from(FIELDS) | st.text(max_size=8), VALUES | MEANT, max_size=4
    )
)
def test_whatever_is_asked_has_an_answer_or_a_reason(directory, ask, question):
    answer = ask(json.dumps(question))

    assert answer.status_code in {200, 400}
    if answer.status_code == 400:
        assert answer.json()["detail"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.binary(max_size=60))
def test_whatever_is_sent_has_an_answer_or_a_reason(directory, ask, body):
    assert ask(body or b" ").status_code in {200, 400}
