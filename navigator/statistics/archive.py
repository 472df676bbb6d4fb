"""All open figures of a period in one file: a table each, and what they mean.

The same figures give the same bytes: whoever keeps archives sees by them whether anything changed.
The figures of advice aren't among them, since an administrator decides who sees these.
"""

import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

from django.conf import settings
from django.utils import translation

from navigator.statistics import open_data
from navigator.statistics.left_out import left_out
from navigator.statistics.open_data import Compare, OpenTable, Row
from navigator.statistics.periods import Period
from navigator.statistics.usage_report import usage_report

CONTENT_TYPE: Final = "application/zip"
# What the format takes for no moment at all.
_NO_MOMENT: Final = datetime(1980, 1, 1, tzinfo=UTC)

_HOW: Final = """\
How it was counted
------------------

- A view is a request of a person for the page of an office. A search is a question for the
  offices of a postcode, a place or a location. The same visitor who asks the same again within
  30 minutes counts once.
- Visitors are daily visitors: each person is counted once a day. Over several days they are added
  up, so who came on two days counts twice.
- Nobody is followed. There are no cookies and nothing is kept in the browser. People are told
  apart by a keyed hash of their address and browser, under a secret (a salt) that is replaced at
  midnight and destroyed: nobody can be recognised the next day. Addresses are not stored.
- Not counted: programs (bots), requests that a browser makes ahead, HEAD, errors, redirects,
  advisors, administrators, and editors of the office itself. How many were left out stands in
  left-out.csv.
- Searches by programs (the API) are counted, but are no visitors.
- Where people live is not known to anybody: searches are told by municipality, never by postcode.
- Days are those of Europe/Amsterdam.
- Figures of days of before this service can have been imported; these have views and visitors
  alone, and no province.
- What an administrator found out to be no people is taken out again, so figures of the past can
  change. The last change stands above.
"""
_FILES: Final = """\
The files
---------

CSV (RFC 4180): UTF-8, separated by commas, under one line with the names of the columns. Numbers
have a decimal point. A text that a spreadsheet would run as a formula begins with an apostrophe.
"Compared with" is the period before it: as many days, directly before this one.
"""
_ADVICE: Final = """\
What is not in here
-------------------

The figures of the advice conversations: as far as they are published they stand at
/statistiek/ and /api/v1/statistics/advice, as an administrator chose.
"""


def archive(period: Period, *, changed_at: datetime | None) -> bytes:
    """The archive (zip) of a period. `changed_at`: when its figures changed last; None: never.

    In English, whatever the language of the moment.
    """
    with translation.override("en"):
        tables = dict(_tables(period))
    files = {"README.txt": _readme(period, tables, changed_at), "LICENSE.txt": _licence()}
    files |= {
        f"{table.code}.csv": open_data.csv(table.columns, rows) for table, rows in tables.values()
    }
    return _zipped(files, changed_at or _NO_MOMENT)


def name_of(period: Period) -> str:
    """The name of the file."""
    return f"usage-{period.first.isoformat()}-{period.last.isoformat()}.zip"


def _tables(period: Period) -> Iterator[tuple[str, tuple[OpenTable, Sequence[Row]]]]:
    report = usage_report(period)
    yield "summary", (open_data.SUMMARY, open_data.summary_rows(report))
    for code, table in open_data.TABLES.items():
        yield code, (table, open_data.rows(report.tables[code], Compare.BEFORE))
    yield "left-out", (open_data.LEFT_OUT, open_data.left_out_rows(left_out(period)))


def _readme(
    period: Period,
    tables: Mapping[str, tuple[OpenTable, Sequence[Row]]],
    changed_at: datetime | None,
) -> bytes:
    """What stands in the archive, in plain text."""
    before = period.before
    changed = changed_at.astimezone(UTC).isoformat(timespec="seconds") if changed_at else "never"
    title = f"Use of the regional office navigator, {period.first} to {period.last}"
    parts = [
        f"{title}\n{'=' * len(title)}\n",
        f"Period:        {period.first} to {period.last}, both included\n"
        f"Compared with: {before.first} to {before.last}\n"
        f"Last change:   {changed} (what was counted until then)\n"
        f"Made by:       {settings.SITE_URL}/statistiek/\n"
        f"Licence:       {open_data.LICENCE} ({open_data.LICENCE_URL}), see LICENSE.txt\n",
        _HOW,
        _FILES,
        *(_description(table) for table, _rows in tables.values()),
        _ADVICE,
    ]
    return "\n".join(parts).encode()


def _description(table: OpenTable) -> str:
    """A file and each of its columns."""
    name = f"{table.code}.csv"
    columns = "\n".join(
        f"- {column.name} ({column.kind}): {column.description}" for column in table.columns
    )
    return f"{name}: {table.title}\n{table.description}\n\n{columns}\n"


def _licence() -> bytes:
    return (
        f"SPDX-License-Identifier: {open_data.LICENCE}\n\n"
        f"{open_data.LICENCE_NAME}: {open_data.LICENCE_URL}\n"
        "You may copy, change and publish these figures, also for money, without asking.\n"
    ).encode()


def _zipped(files: Mapping[str, bytes], at: datetime) -> bytes:
    """A zip file that is the same for the same files and moment."""
    moment = max(at.astimezone(UTC), _NO_MOMENT).timetuple()[:6]
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, moment)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16  # as a file that can be read
            entry.create_system = 3  # the same whatever system made it
            packed.writestr(entry, content)
    return made.getvalue()
