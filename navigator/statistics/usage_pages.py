"""What the public pages say of the usage in a period: cards, sections and notes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.utils.translation import get_language, gettext as _

from navigator.statistics import usage_files, usage_sections
from navigator.statistics.left_out import LeftOutReport
from navigator.statistics.templatetags.figures import number, percent
from navigator.statistics.usage_sections import Change
from navigator.statistics.usage_tables import added
from navigator.statistics.values import Count, Ratio, UsageReport
from regions import sheets
from regions.models import RegionalOffice


@dataclass(frozen=True, slots=True)
class Card:
    """A main figure beside those that it is compared with; `note` says what it is."""

    name: str
    words: str
    note: str
    changes: tuple[Change, Change]


def context(
    report: UsageReport, left_out: LeftOutReport, *, order: str, today: date
) -> dict[str, Any]:
    """All that the page shows of usage. Two queries at most: the offices, and the map."""
    published = RegionalOffice.objects.published().values_list("slug", flat=True)
    period, first_day = report.period, report.first_day
    compared_from = min(period.before.first, period.year_before.first)
    return {
        "usage": report,
        "usage_cards": cards(report),
        "record_changes": usage_sections.changes_of(report.record),
        "usage_sections": usage_sections.usage_sections(
            report, order=order, with_page=frozenset(published)
        ),
        "usage_formats": list(sheets.FORMATS),
        "left_out": left_out,
        "is_unused": not any((report.visitors.now, report.searches.now, report.views.now)),
        "is_going_on": period.first <= today <= period.last,
        "is_ahead": period.first > today,
        "counted_since": first_day if first_day and first_day > period.first else None,
        "compared_since": first_day if first_day and first_day > compared_from else None,
    }


def cards(report: UsageReport) -> Sequence[Card]:
    """The main figures; the record day stands apart."""
    return (
        _counted(_("People"), _("the sum of daily visitors"), report.visitors),
        _counted(_("Searches"), _("for a postcode, a place or a location"), report.searches),
        _counted(_("Profile views"), _("of the page of a regional office"), report.views),
        _computed(
            _("Views a person"), _("profile views divided by people"), report.views_a_visitor
        ),
        _computed(
            _("Searches with an office"),
            _("with at least one regional office"),
            report.served_share,
            is_percent=True,
        ),
    )


@dataclass(frozen=True, slots=True)
class LeftOutRow:
    """A kind of requests that were left out, by what was asked for."""

    name: str
    explanation: str
    views: Count
    searches: Count
    together: Count

    @property
    def changes(self) -> tuple[Change, Change]:
        """All of them beside those of the period before, and of a year before."""
        return usage_sections.changes_of(self.together)


def left_out_rows(report: LeftOutReport) -> list[LeftOutRow]:
    """Every kind, those without a request too, and then all of them together."""
    told = [
        LeftOutRow(both.name, both.explanation, views.requests, searches.requests, both.requests)
        for both, views, searches in zip(report.lines, report.views, report.searches, strict=True)
    ]
    total = LeftOutRow(
        _("All together"),
        "",
        added(row.views for row in told),
        added(row.searches for row in told),
        report.total,
    )
    return [*told, total]


def file(report: UsageReport, table: str, kind: str) -> HttpResponse:
    """A table of a report, to be kept as a file."""
    is_dutch = (get_language() or "").startswith("nl")
    first, last = report.period.first.isoformat(), report.period.last.isoformat()
    name = f"usage-{table}-{first}-{last}.{kind}"
    return HttpResponse(
        usage_files.file(report.tables[table], kind, comma=is_dutch),
        content_type=sheets.FORMATS[kind].CONTENT_TYPE,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _counted(name: str, note: str, count: Count) -> Card:
    return Card(name, number(count.now), note, usage_sections.changes_of(count))


def _computed(name: str, note: str, ratio: Ratio, *, is_percent: bool = False) -> Card:
    write = percent if is_percent else number
    return Card(name, write(ratio.now), note, usage_sections.changes_of(ratio, write=write))
