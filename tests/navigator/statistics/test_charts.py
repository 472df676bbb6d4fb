"""Charts: what a drawing says, to whom, and that nothing in it could do harm."""

from xml.etree import ElementTree

import pytest

from navigator.statistics import charts
from navigator.statistics.charts import Bar

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(params=[charts.bars, charts.columns], ids=["bars", "columns"])
def draw(request):
    """Draws either kind of chart, and reads it as XML."""

    def drawn(*bars, title="Title", description="Description"):
        text = request.param(bars, name="chart", title=title, description=description)
        return ElementTree.fromstring(text)

    return drawn


def bar(label="Phone", value=12, words="12", **more):
    return Bar(label, value, words, **more)


def of_kind(chart, kind):
    return [each for each in chart.iter() if kind in each.get("class", "").split()]


def percent(element, name):
    return float(element.get(name).removesuffix("%"))


def test_a_chart_has_a_title_and_a_description_for_who_cannot_see_it(draw):
    chart = draw(bar(), title="Channels", description="Most by phone.")

    assert chart.get("role") == "img"
    named = {each.get("id"): each.text for each in chart if each.get("id")}
    assert [named[key] for key in chart.get("aria-labelledby").split()] == [
        "Channels",
        "Most by phone.",
    ]


def test_a_chart_has_no_style_and_no_script(draw):
    chart = draw(bar(), bar(before=3))

    assert not any("style" in each.attrib for each in chart.iter())
    assert {each.tag.removeprefix(SVG) for each in chart.iter()} <= {
        "svg",
        "title",
        "desc",
        "g",
        "rect",
        "line",
        "text",
    }
    assert not any(name.startswith("on") for each in chart.iter() for name in each.attrib)


def test_what_labels_say_stays_text(draw):
    harm = '<script>"&</script>'

    chart = draw(bar(label=harm, words=harm, before_words=harm), title=harm, description=harm)

    assert chart.find(f"{SVG}title").text == harm
    assert not any(each.tag.endswith("script") for each in chart.iter())


def test_every_category_has_its_label_and_its_words():
    text = charts.bars(
        [bar("Phone"), bar("Chat", 3, "3 (4.5%)")], name="a", title="", description=""
    )

    chart = ElementTree.fromstring(text)
    assert [each.text for each in of_kind(chart, "chart-label")] == ["Phone", "Chat"]
    assert [each.text for each in of_kind(chart, "chart-value")] == ["12", "3 (4.5%)"]


def test_a_bar_is_as_long_as_its_value_is_large():
    text = charts.bars([bar(value=40), bar(value=10)], name="a", title="", description="")

    drawn = of_kind(ElementTree.fromstring(text), "chart-bar")
    assert [percent(each, "width") for each in drawn] == [100, 25]


def test_the_number_before_counts_for_the_length_of_all():
    text = charts.bars([bar(value=10, before=40)], name="a", title="", description="")

    chart = ElementTree.fromstring(text)
    assert percent(of_kind(chart, "chart-bar")[0], "width") == 25
    assert percent(of_kind(chart, "chart-before")[0], "x1") == 100


def test_a_long_label_is_cut_into_lines_that_fit_a_phone():
    label = "Samen voor de Haagse klas en nog veel meer woorden daarna"

    text = charts.bars([bar(label, words="1.078 (45,3 %)")], name="a", title="", description="")

    lines = [each.text for each in of_kind(ElementTree.fromstring(text), "chart-label")]
    assert " ".join(lines) == label
    assert max(map(len, lines)) <= 24


def test_a_number_that_is_kept_back_has_words_and_no_bar(draw):
    chart = draw(bar(value=None, words="<5"), bar())

    assert "<5" in [each.text for each in of_kind(chart, "chart-value")]
    filled = [each for each in of_kind(chart, "chart-bar") if each.get("height") != "0.0em"]
    assert len(filled) == 1


def test_what_was_before_is_a_line_and_no_second_colour(draw):
    chart = draw(bar(before=7))

    assert {each.tag for each in of_kind(chart, "chart-before")} == {f"{SVG}line"}


def test_without_a_number_before_there_is_no_line(draw):
    assert of_kind(draw(bar()), "chart-before") == []


def test_a_pointer_is_told_what_a_bar_is(draw):
    chart = draw(bar(before=7, before_words="before: 7"))

    assert [each.text for each in chart.iter(f"{SVG}title")][1:] == ["Phone: 12 (before: 7)"]


def test_labels_of_many_days_leave_room_for_each_other():
    days = [bar(f"{day} nov", day, str(day)) for day in range(1, 31)]

    text = charts.columns(days, name="a", title="", description="")

    labels = [each.text for each in of_kind(ElementTree.fromstring(text), "chart-label")]
    assert labels[0] == "1 nov"
    assert 3 <= len(labels) <= 6


def test_of_many_days_the_highest_alone_has_its_number():
    days = [bar(f"{day} nov", day % 17, str(day % 17)) for day in range(1, 31)]

    text = charts.columns(days, name="a", title="", description="")

    assert [e.text for e in of_kind(ElementTree.fromstring(text), "chart-value")] == ["16"]


def test_the_lowest_and_the_empty_can_be_drawn(draw):
    assert draw() is not None
    assert draw(bar(value=0, words="0", before=0)) is not None


@pytest.mark.parametrize(
    ("most", "expected"),
    [
        (0, [0, 1]),
        (1, [0, 1]),
        (3, [0, 1, 2, 3]),
        (52, [0, 20, 40, 60]),
        (611, [0, 200, 400, 600, 800]),
        (1078, [0, 500, 1000, 1500]),
    ],
)
def test_a_scale_has_few_and_round_steps_and_holds_all(most, expected):
    assert charts.scale(most) == expected
