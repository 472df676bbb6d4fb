"""The figures of the own offices: who looked at them, what they did then, who was referred."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.http import HttpResponse
from django.utils.translation import get_language, gettext as _
from tablib import Dataset

from navigator.editing import office_sections
from navigator.statistics import periods, usage_files
from navigator.statistics.forms import Asked
from navigator.statistics.office_sums import CLICKS, VIEWS, VISITORS, office_sums
from navigator.statistics.office_usage import office_usage
from navigator.statistics.periods import NamedPeriod, Period
from navigator.statistics.reports import advice_report
from navigator.statistics.values import Count, UsageTable, rounded
from regions import sheets
from regions.models import RegionalOffice

# Who has a few offices sees cards, which fit on a phone; who has many compares them in a table.
MOST_AS_CARDS: Final = 3
_NO_REFERRALS: Final = Count(0)


@dataclass(frozen=True, slots=True)
class OwnOffice:
    """The main figures of an office in a period."""

    office: RegionalOffice
    views: Count
    visitors: Count
    clicks: Count
    referrals: Count

    @property
    def counts(self) -> tuple[Count, ...]:
        """All of them, in the order in which they are shown."""
        return (self.views, self.visitors, self.clicks, self.referrals)


@dataclass(frozen=True, slots=True)
class Card:
    """A main figure of one office, and that of the average public office."""

    name: str
    count: Count
    average: Decimal

    @property
    def compared(self) -> str:
        """Whether it is "more" or "less" than the average, or the "same"."""
        now = Decimal(int(self.count.now))
        return "more" if now > self.average else "less" if now < self.average else "same"


def question(asked: Asked, campaigns: Iterable[NamedPeriod], *, address: str) -> dict[str, Any]:
    """What a page needs to let somebody choose a period, and to keep it in its links."""
    named = [(campaign.code, campaign.name) for campaign in campaigns]
    return {
        "address": address,
        "form": asked.form,
        "period": asked.period,
        "preset": asked.preset,
        "presets": [*periods.PRESET_NAMES.items(), *named],
        "question": asked.question,
    }


def own_offices(offices: Sequence[RegionalOffice], period: Period) -> tuple[OwnOffice, ...]:
    """The main figures of these offices, in their order. Thirteen queries, however many."""
    if not offices:
        return ()
    sums = office_sums((period, period.before, period.year_before))
    report = advice_report(period, offices=[office.pk for office in offices])
    referrals = {line.detail["id"]: line.count for line in report.tables["offices"].lines}
    return tuple(
        OwnOffice(
            office,
            views=sums.count(office.pk, VIEWS),
            visitors=sums.count(office.pk, VISITORS),
            clicks=sums.count(office.pk, CLICKS),
            referrals=referrals.get(office.pk, _NO_REFERRALS),
        )
        for office in offices
    )


def detail(office: RegionalOffice, period: Period) -> dict[str, Any]:
    """All that the page of one office shows, in a constant number of queries."""
    usage = office_usage(office.pk, period)
    referrals, average_referrals = _referrals(office, period)
    return {
        "cards": (
            Card(_("Views of the page"), usage.views, usage.average.views),
            Card(_("People who looked"), usage.visitors, usage.average.visitors),
            Card(_("Clicks on ways to contact"), usage.clicks, usage.average.clicks),
            Card(_("Referrals by advisors"), referrals, average_referrals),
        ),
        "is_unseen": not usage.views.now,
        "sections": office_sections.sections(usage),
        "formats": list(sheets.FORMATS),
    }


def file(table: UsageTable, period: Period, *, slug: str, kind: str) -> HttpResponse:
    """A table of an office, to be kept as a file: `kind` is one of `sheets.FORMATS`."""
    titles = [column.title for column in usage_files.columns(table)]
    rows = [list(row.values()) for row in usage_files.rows(table)]
    lines = (*table.lines, *table.totals)
    if any("average" in line.detail for line in lines):
        titles.append(_("Average office"))
        for row, line in zip(rows, lines, strict=True):
            row.append(line.detail.get("average"))
    comma = kind != "xlsx" and (get_language() or "").startswith("nl")
    dataset = Dataset(headers=titles)
    for row in rows:
        dataset.append([_cell(cell, comma=comma) for cell in row])
    name = f"{slug}-{table.code}-{period.first.isoformat()}-{period.last.isoformat()}.{kind}"
    return HttpResponse(
        sheets.write(dataset, kind),
        content_type=sheets.FORMATS[kind].CONTENT_TYPE,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _referrals(office: RegionalOffice, period: Period) -> tuple[Count, Decimal]:
    """Those to an office, and to the average public office."""
    published = set(RegionalOffice.objects.published().values_list("pk", flat=True))
    lines = advice_report(period).tables["offices"].lines
    counts = {line.detail.get("id"): line.count for line in lines}
    of_published = sum(int(count.now) for pk, count in counts.items() if pk in published)
    average = rounded(Decimal(of_published) / len(published)) if published else Decimal(0)
    return counts.get(office.pk, _NO_REFERRALS), average


def _cell(cell: usage_files.Cell, *, comma: bool) -> str | int | Decimal:
    """What stands in a file: fractions with a comma where people read it as text in Dutch."""
    if cell is None:
        return ""
    return (
        sheets.Number(str(cell).replace(".", ",")) if comma and isinstance(cell, Decimal) else cell
    )
