"""A table of usage of a few lines, for tests of what pages and files make of it."""

from navigator.statistics.values import Count, Measure, UsageLine, UsageTable, share


def line(code, *numbers, name="", base=0, **detail):
    """A line with the counts of views, and of people after them."""
    codes = ("views", "visitors")
    counts = {
        each: Count(*number) if isinstance(number, tuple) else Count(number)
        for each, number in zip(codes, numbers, strict=False)
    }
    views = counts["views"].now
    return UsageLine(code, name or code.title(), counts, share(views, base), detail)


def table(*lines, code="offices", share_of="of all views"):
    """A table of these lines with their total."""
    measures = (Measure("views", "Views"), Measure("visitors", "People"))
    told = measures[: len(lines[0].counts)] if lines else measures
    total = UsageLine(
        "total",
        "All together",
        {each.code: Count(sum(one.counts[each.code].now for one in lines)) for each in told},
    )
    return UsageTable(code, "Title", "Office", told, tuple(lines), (total,), share_of)
