"""A table of earlier registrations: what its rows mean, what is wrong, and that nothing doubles."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation
from hypothesis import HealthCheck, given, settings as hypothesis_settings, strategies as st
from tablib import Dataset

from navigator.advice import registration, registration_rows as rows, registrations
from navigator.advice.facts import Facts, ReferralFacts
from navigator.advice.models import (
    AdviceConversation,
    Channel,
    ConversationChange,
    Destination,
    Interest,
    ReferralOffice,
)
from navigator.advice.registrations import Changed
from regions import sheets
from regions.models import FormerSlug, RegionalOffice
from tests import people

AT = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
DOCUMENTATION = Path(__file__).parents[3].joinpath("docs", "advice-tables.md").read_text("utf-8")
SECTORS = ("po", "vo", "mbo", "ho", "so", "pro", "vavo")
PLAIN = {"moment": "2025-11-24", "kanaal": "phone"}


@pytest.fixture
def offices(world):
    with world.at_once():
        world.office("drechtsteden", name="Loket Drechtsteden, Gorinchem")
        world.office("flevowijs", name="FlevoWijs")
    return world


def table(*lines, headers=()):
    """Lines as dicts; a cell that isn't named is empty."""
    columns = list(headers) or list(registrations.COLUMNS)
    return Dataset(*([line.get(name, "") for name in columns] for line in lines), headers=columns)


def plan(*lines, at=AT, **more):
    return registrations.plan(table(*lines, **more), at=at)


def facts_of(**cells):
    """The facts of a row in which these cells stand."""
    found = plan(PLAIN | cells)
    assert found.problems == ()
    return found.entries[0][1]


def problems(*lines, **more):
    return [(each.row, each.column) for each in plan(*lines, **more).problems]


def store(*lines, cells=None, at=AT):
    cells = cells or table(*lines)
    return registrations.store(cells, shown=registrations.plan(cells, at=at).digest, at=at)


def test_a_row_tells_all_of_a_conversation(offices):
    facts = facts_of(
        moment="2025-11-24 14:05",
        kanaal="planned-call",
        sectoren="vo|po",
        bestemmingen="regional-office|school",
        naam_school="Basisschool De Beuk",
        regioloketten="flevowijs|drechtsteden",
        toelichting="Vraagt naar  zij-instroom",
    )

    assert facts == Facts(
        moment=datetime(2025, 11, 24, 13, 5, tzinfo=UTC),
        channel="planned-call",
        outcome="referred",
        interests=("po", "vo"),
        referrals=(
            ReferralFacts("regional-office", offices=("drechtsteden", "flevowijs")),
            ReferralFacts("school", "Basisschool De Beuk"),
        ),
        note="Vraagt naar zij-instroom",
    )


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2025-11-24", "2025-11-24 00:00"),
        ("24-11-2025", "2025-11-24 00:00"),
        ("4/1/2025", "2025-01-04 00:00"),
        ("2025-11-24 00:30", "2025-11-24 00:30"),
        ("2025-11-24T14:05:59", "2025-11-24 14:05:59"),
        ("24-11-2025 9:05", "2025-11-24 09:05"),
        ("2025-07-01 09:00", "2025-07-01 09:00"),
    ],
)
def test_a_moment_is_of_amsterdam_however_it_is_written(offices, written, meant):
    moment = facts_of(moment=written).moment

    assert moment == datetime.fromisoformat(meant).replace(tzinfo=AMSTERDAM)


def test_a_conversation_of_today_without_a_time_was_today(offices):
    early = datetime(2026, 11, 24, 0, 1, tzinfo=AMSTERDAM)

    found = plan(PLAIN | {"moment": "2026-11-24"}, at=early)

    assert found.problems == ()
    assert found.days == (date(2026, 11, 24), date(2026, 11, 24))


@pytest.mark.parametrize(
    "written",
    [
        "",
        "gisteren",
        "2025-13-01",
        "30-02-2025",
        "2025-11-24 25:00",
        "2025-03-30 02:30",  # the clock went from 2 to 3
        "2027-01-01",
        "1999-12-31",
        "0001-01-01",
        "9999-12-31 23:59",
        "45985",
        "２０２５-11-24",
    ],
)
def test_a_moment_that_can_not_be_is_named(offices, written):
    assert problems(PLAIN | {"moment": written}) == [(2, "moment")]


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("change", [str, str.upper, str.title, lambda text: f"  {text} "])
def test_words_mean_the_same_as_codes_in_any_case(offices, language, change):
    with translation.override(language):
        words = {
            "kanaal": str(Channel.VIDEO_CALL.label),
            "bestemmingen": str(Destination.TRADE_UNION.label),
            "sectoren": str(Interest.UNDECIDED.label),
        }

    facts = facts_of(**{column: change(text) for column, text in words.items()})

    assert (facts.channel, facts.interests) == ("video-call", ("undecided",))
    assert facts.referrals == (ReferralFacts("trade-union"),)


def test_sectors_go_by_their_names_too(offices):
    assert facts_of(sectoren="Primair onderwijs; VO").interests == ("po", "vo")


@pytest.mark.parametrize("between", ["|", " | ", ";", "\n", ", "])
def test_several_things_stand_in_one_cell(offices, between):
    facts = facts_of(sectoren=between.join(("po", "vo", "mbo")))

    assert facts.interests == ("mbo", "po", "vo")


def test_an_office_goes_by_slug_by_former_slug_and_by_name(offices):
    flevowijs = RegionalOffice.objects.get(slug="flevowijs")
    FormerSlug.objects.create(slug="flevo", office=flevowijs)

    for written in ("flevowijs", "FLEVOWIJS", "flevo", "Flevowijs"):
        facts = facts_of(bestemmingen="regional-office", regioloketten=written)
        assert facts.referrals[0].offices == ("flevowijs",)


def test_a_name_with_a_comma_is_one_name(offices):
    facts = facts_of(
        bestemmingen="regional-office",
        regioloketten="Loket Drechtsteden, Gorinchem|FlevoWijs",
    )

    assert facts.referrals[0].offices == ("drechtsteden", "flevowijs")


def test_a_name_of_two_offices_is_not_guessed(offices):
    offices.office("flevo-2", name="flevowijs ")

    wrong = {"bestemmingen": "regional-office", "regioloketten": "flevo wijs|FlevoWijs"}

    assert problems(PLAIN | wrong) == [(2, "regioloketten")]
    assert facts_of(bestemmingen="regional-office", regioloketten="flevo-2").referrals


def test_an_office_that_nobody_could_be_referred_to_is_unknown(offices):
    offices.office("concept", state="draft")

    wrong = {"bestemmingen": "regional-office", "regioloketten": "concept"}

    assert problems(PLAIN | wrong) == [(2, "regioloketten")]


def test_an_outcome_that_is_not_known_is_allowed(offices):
    found = plan(PLAIN, PLAIN | {"bestemmingen": "not-referred"})

    assert [facts.outcome for _key, facts in found.entries] == ["", "not-referred"]
    assert (found.problems, found.without_outcome) == ((), 1)


@pytest.mark.parametrize(
    ("cells", "columns"),
    [
        ({"kanaal": "duif"}, ["kanaal"]),
        ({"kanaal": ""}, ["kanaal"]),
        ({"sectoren": "po|xx"}, ["sectoren"]),
        ({"sectoren": "po|unknown"}, ["sectoren"]),
        ({"bestemmingen": "bakker"}, ["bestemmingen"]),
        ({"bestemmingen": "not-referred|school"}, ["bestemmingen"]),
        ({"naam_school": "De Beuk"}, ["naam_school"]),
        ({"bestemmingen": "not-referred", "naam_vakbond": "x"}, ["naam_vakbond"]),
        ({"regioloketten": "flevowijs"}, ["regioloketten"]),
        ({"bestemmingen": "regional-office", "regioloketten": "nergens"}, ["regioloketten"]),
        ({"bestemmingen": "school", "naam_school": "x" * 121}, ["naam_school"]),
        ({"toelichting": "x" * 1001}, ["toelichting"]),
        ({"toelichting": "Bel 06 12345678 of a@b.example"}, ["toelichting", "toelichting"]),
        ({"toelichting": "BSN 111222333"}, ["toelichting"]),
        ({"bestemmingen": "school", "naam_school": "meester@de-beuk.example"}, ["naam_school"]),
        ({"kenmerk": "x" * 201}, ["kenmerk"]),
        ({"moment": "ooit", "kanaal": "duif"}, ["moment", "kanaal"]),
        ({"toelichting": "x" * 1001, "sectoren": "po|unknown"}, ["toelichting", "sectoren"]),
    ],
)
def test_what_is_wrong_is_named_by_row_and_column(offices, cells, columns):
    right = PLAIN | {"kenmerk": "1"}

    found = plan(right, PLAIN | cells)

    assert [(each.row, each.column) for each in found.problems] == [(3, name) for name in columns]
    assert all(each.reason for each in found.problems)


def test_an_empty_row_means_nothing_and_still_counts_in_the_numbers(offices):
    assert problems({}, PLAIN, {"sectoren": "  "}, {"kanaal": "duif"}) == [
        (5, "moment"),
        (5, "kanaal"),
    ]


@pytest.mark.parametrize(
    ("headers", "wrong"),
    [
        (["moment"], ["kanaal"]),
        (["sectoren"], ["moment", "kanaal"]),
        (["moment", "kanaal", "postcode"], ["postcode"]),
        (["moment", "kanaal", "Naam School", "naam_school"], ["Naam School", "naam_school"]),
    ],
)
def test_wrong_columns_are_named(offices, headers, wrong):
    found = registrations.plan(Dataset([""] * len(headers), headers=headers), at=AT)

    assert [(each.row, each.column) for each in found.problems] == [(1, name) for name in wrong]


def test_names_of_columns_are_known_in_any_case_and_order(offices):
    cells = Dataset(
        ["De Beuk", "phone", "school", "2025-11-24"],
        headers=[" Naam School ", "KANAAL", "Bestemmingen", "Moment"],
    )

    found = registrations.plan(cells, at=AT)

    assert found.entries[0][1].referrals == (ReferralFacts("school", "De Beuk"),)


def test_what_is_stored_is_an_import_of_nobody(offices):
    referred = {"bestemmingen": "regional-office", "regioloketten": "flevowijs"}

    stored = store(PLAIN | referred, PLAIN).stored

    assert len(stored) == AdviceConversation.objects.count() == 2
    assert {(each.origin, each.advisor) for each in stored} == {("import", None)}
    assert ReferralOffice.objects.get().office.slug == "flevowijs"
    assert ConversationChange.objects.filter(who=None, what="registered").count() == 2


def test_the_same_table_again_in_another_order_stores_nothing(offices):
    lines = [PLAIN, PLAIN, PLAIN | {"sectoren": "po"}, PLAIN | {"kenmerk": "1"}]
    store(*lines)

    again = plan(*reversed(lines))

    assert (len(again.known), again.new, again.problems) == (4, (), ())
    assert store(*lines).stored == ()
    assert AdviceConversation.objects.count() == 4


def test_a_longer_table_adds_what_was_not_there(offices):
    store(PLAIN, PLAIN)

    stored = store(PLAIN, PLAIN | {"sectoren": "vo"}, PLAIN, PLAIN).stored

    assert len(stored) == 2
    assert AdviceConversation.objects.count() == 4


def test_a_row_is_known_again_in_other_words(offices):
    store(PLAIN | {"bestemmingen": "regional-office", "regioloketten": "flevowijs"})
    with translation.override("nl"):
        other = {
            "moment": "24-11-2025 00:00",
            "kanaal": str(Channel.PHONE.label),
            "bestemmingen": str(Destination.REGIONAL_OFFICE.label),
            "regioloketten": "FlevoWijs",
        }

    assert len(plan(other).known) == 1


@pytest.mark.parametrize("reference", ["", "2025-0001"])
def test_a_row_is_known_again_when_the_office_has_another_address(offices, reference):
    line = {"bestemmingen": "regional-office", "regioloketten": "flevowijs", "kenmerk": reference}
    store(PLAIN | line)
    FormerSlug.objects.create(slug="flevowijs", office=RegionalOffice.objects.get(slug="flevowijs"))
    RegionalOffice.objects.filter(slug="flevowijs").update(slug="flevo-wijzer")
    offices.publish()

    found = plan(PLAIN | line)

    assert (len(found.known), found.problems) == (1, ())


def test_a_row_is_known_again_after_it_was_corrected_or_withdrawn(offices):
    administrator = people.administrator()
    made = store(PLAIN).stored[0]
    changed = replace(registration.facts_of(made), channel="chat")
    registration.correct(made, facts=changed, by=administrator, at=AT, seen=1)
    registration.withdraw(made, by=administrator, at=AT, seen=2)

    assert len(plan(PLAIN).known) == 1


def test_a_reference_that_stands_for_something_else_is_named(offices):
    store(PLAIN | {"kenmerk": "1"})

    wrong = problems({}, PLAIN, PLAIN | {"kenmerk": "1", "kanaal": "chat"})

    assert wrong == [(4, "kenmerk")]


def test_a_reference_twice_in_a_table_is_named(offices):
    assert problems(PLAIN | {"kenmerk": "1"}, PLAIN | {"kenmerk": " 1 "}) == [(3, "kenmerk")]


def test_the_reference_is_stored_nowhere(offices):
    made = store(PLAIN | {"kenmerk": "dossier-77"}).stored[0]

    told = str(AdviceConversation.objects.filter(pk=made.pk).values().get())
    told += str(ConversationChange.objects.values().get())
    assert "dossier" not in told


def test_only_what_was_shown_is_stored(offices):
    cells = table(PLAIN, PLAIN | {"sectoren": "po"})
    shown = registrations.plan(cells, at=AT).digest
    store(PLAIN)

    with pytest.raises(Changed):
        registrations.store(cells, shown=shown, at=AT)

    assert AdviceConversation.objects.count() == 1


def test_a_table_with_a_mistake_stores_nothing(offices):
    cells = table(PLAIN, PLAIN | {"kanaal": "duif"})

    with pytest.raises(Changed):
        store(cells=cells)

    assert not AdviceConversation.objects.exists()


def test_the_example_can_be_imported(offices):
    found = registrations.plan(registrations.example(), at=AT)

    assert found.problems == ()
    assert [facts.outcome for _key, facts in found.entries] == ["referred", "not-referred"]
    assert found.entries[0][1].referrals[1].offices in {("drechtsteden",), ("flevowijs",)}


def test_a_month_of_the_campaign_takes_a_bounded_number_of_queries(
    offices, django_assert_max_num_queries
):
    cells = table(*campaign_month())

    with django_assert_max_num_queries(7):
        shown = registrations.plan(cells, at=AT)
    # SQLite takes a thousand values a statement; a dozen statements is what it is elsewhere.
    with django_assert_max_num_queries(50):
        stored = registrations.store(cells, shown=shown.digest, at=AT).stored
    with django_assert_max_num_queries(7):
        again = registrations.plan(cells, at=AT)

    assert len(stored) == len(again.known) == 611
    assert sum(len(each.referrals.all()) for each in AdviceConversation.objects.whole()) == 1078


def campaign_month():
    """611 conversations with 1,078 referrals."""
    more = 1078 - 611  # that many have two
    for number in range(611):
        kinds = ["regional-office", "school"] if number < more else ["regional-office"]
        yield PLAIN | {
            "moment": f"2025-11-{number % 30 + 1:02} {number % 24:02}:{number % 60:02}",
            "bestemmingen": "|".join(kinds),
            "sectoren": "po|vo",
            "regioloketten": "flevowijs" if number % 2 else "drechtsteden|flevowijs",
        }


def test_the_columns_are_documented_and_no_others():
    described = re.findall(r"^\| `(\w+)` \|", DOCUMENTATION, flags=re.MULTILINE)

    assert described == list(registrations.COLUMNS)


def test_the_codes_are_documented():
    for codes in (Channel, Interest, Destination):
        for code in codes.values:
            assert f"`{code}`" in DOCUMENTATION
    assert str(sheets.MOST_ROWS) in DOCUMENTATION
    for destination, column in rows.NAMES.items():
        assert f"| `{column}` | name of the `{destination}`" in DOCUMENTATION


def _texts(most):
    """What people type, without what the check for personal data could take for some."""
    letters = st.characters(
        codec="utf-8", categories=("L", "P", "Zs", "S"), exclude_characters="@\x00"
    )
    return st.text(letters, max_size=most)


@st.composite
def _lines(draw):
    """A valid row, in codes."""
    moment = draw(
        st.datetimes(datetime(2000, 1, 2), datetime(2026, 11, 1)).filter(_is_a_time_of_amsterdam)
    )
    kinds = draw(st.lists(st.sampled_from(Destination.values), unique=True, max_size=4))
    interests = draw(
        st.one_of(
            st.lists(st.sampled_from(SECTORS), unique=True),
            st.sampled_from(Interest.values).map(lambda code: [code]),
        )
    )
    line = {
        "moment": moment.isoformat(" ", "seconds"),
        "kanaal": draw(st.sampled_from(Channel.values)),
        "sectoren": "|".join(interests),
        "bestemmingen": "|".join(kinds) or draw(st.sampled_from(["", "not-referred"])),
        "toelichting": draw(_texts(60)),
    }
    for kind in kinds:
        if kind in rows.NAMES:
            line[rows.NAMES[kind]] = draw(_texts(20))
    if Destination.REGIONAL_OFFICE in kinds:
        known = st.sampled_from(["flevowijs", "drechtsteden"])
        line["regioloketten"] = "|".join(draw(st.lists(known, unique=True)))
    return line


def _is_a_time_of_amsterdam(naive):
    moment = naive.replace(tzinfo=AMSTERDAM)
    return moment.astimezone(UTC).astimezone(AMSTERDAM).replace(tzinfo=None) == naive


@hypothesis_settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=st.lists(_lines(), min_size=1, max_size=5), kind=st.sampled_from(list(sheets.FORMATS)))
def test_a_table_means_the_same_after_it_was_a_file(offices, lines, kind):
    written = registrations.plan(table(*lines), at=AT)

    read = registrations.plan(sheets.read(sheets.write(table(*lines), kind)), at=AT)

    assert written.problems == ()
    assert read.entries == written.entries
