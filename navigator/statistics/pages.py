"""What the pages with figures of advice share: their context, and their files."""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import get_language

from navigator.statistics import periods, sections, tables
from navigator.statistics.forms import Asked
from navigator.statistics.values import AdviceReport, share
from regions import sheets


def context(asked: Asked, report: AdviceReport | None, *, order: str) -> dict[str, Any]:
    """All that a page shows of a period. Without a report: the question alone."""
    about = {
        "form": asked.form,
        "period": asked.period,
        "preset": asked.preset,
        "presets": periods.PRESET_NAMES.items(),
        "question": asked.question,
        "report": report,
    }
    if report is None:
        return about
    return about | {
        "is_empty": _is_empty(report),
        "outcome_share": share(report.with_outcome.now, report.conversations.now),
        "sections": sections.sections(report, order=order),
        "formats": list(sheets.FORMATS),
    }


def file(report: AdviceReport, table: str, kind: str) -> HttpResponse:
    """A table of a report, to be kept as a file."""
    language = get_language() or ""
    made = tables.file(report.tables[table], kind, comma=language.startswith("nl"))
    period = report.period
    name = f"{table}-{period.first.isoformat()}-{period.last.isoformat()}.{kind}"
    return HttpResponse(
        made,
        content_type=sheets.FORMATS[kind].CONTENT_TYPE,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _is_empty(report: AdviceReport) -> bool:
    """Whether there was nothing in the period, nor before, nor a year before."""
    count = report.conversations
    slips = report.tables.get("slips")
    return not any((count.now, count.before, count.year_before)) and not (
        slips and any(line.count.now for line in slips.totals)
    )
