"""Every figure that is published, held against the book."""

import csv
import io
import json
import urllib.error
import urllib.request
import zipfile
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import count

from tests.simulation import facts
from tests.simulation.book import (
    SOURCES,
    WHYS,
    Book,
    before,
    change,
    one_decimal,
    percent,
    year_before,
)
from tests.simulation.clock import MOMENT

# Of each table: what it is kept by, its measures with the main one first, and whether lines
# without a number in any of the three periods are there.
_MEASURES = {
    "days": ("visitors", "views", "searches", "without_office"),
    "sources": ("visitors", "views", "searches"),
    "provinces": ("searches", "visitors", "views"),
    "municipalities": ("searches", "without_office"),
    "searches": ("searches", "without_office"),
    "without-office": ("without_office", "searches"),
    "offices": ("views", "visitors"),
}
_NAMES = {"without_office": "withoutOffice"}
_FIGURES = ("visitors", "searches", "views")
_readers = count(1)


class Expected:
    """What the book says of a period and of those beside it."""

    def __init__(self, book: Book, first: date, last: date) -> None:
        self.book, self.first, self.last = book, first, last
        self.periods = [(first, last), before(first, last), year_before(first, last)]
        self.numbers = [book.numbers(*period) for period in self.periods]

    def of(self, table: str, code, measure: str) -> tuple[int, int, int]:
        """A number in each of the three periods."""
        return tuple(numbers[table][code, measure] for numbers in self.numbers)

    def total(self, table: str, measure: str, place: int = 0) -> int:
        """The sum of a measure."""
        return sum(
            number
            for (_code, what), number in self.numbers[place][table].items()
            if what == measure
        )

    def codes(self, table: str) -> list:
        """The codes that stand in a table, with those that have no number."""
        if table == "days":
            length = (self.last - self.first).days + 1
            return [(self.first + timedelta(days=ahead)).isoformat() for ahead in range(length)]
        if table == "sources":
            return SOURCES
        if table == "provinces":
            return [*sorted(set(facts.provinces().values())), ""]
        if table == "offices":
            return [office.slug for office in facts.offices()]
        if table == "without-office":
            seen = {
                code
                for numbers in self.numbers[:2]
                for (code, measure), number in numbers["searches"].items()
                if measure == "without_office" and number
            }
            return sorted(seen)
        return sorted({code for numbers in self.numbers for code, _measure in numbers[table]})

    def line(self, table: str, code) -> dict[str, tuple[int, int, int]]:
        """The numbers of a line."""
        if table == "days":
            return {measure: self._of_day(code, measure) for measure in _MEASURES[table]}
        kept = "searches" if table == "without-office" else table
        return {measure: self.of(kept, code, measure) for measure in _MEASURES[table]}

    def _of_day(self, code: str, measure: str) -> tuple[int, int, int]:
        """A day is compared with the day at its place in the period before, and its date a year
        before.
        """
        day = date.fromisoformat(code)
        earlier = day - (self.last - self.first) - timedelta(days=1)
        days = (day, earlier, day.replace(year=day.year - 1))
        return tuple(
            numbers["days"][each.isoformat(), measure]
            for each, numbers in zip(days, self.numbers, strict=True)
        )

    def base(self, table: str) -> int:
        """What a share is a part of."""
        main = _MEASURES[table][0]
        return self.total("days", main)

    def cards(self) -> dict[str, list]:
        """The figures of the cards, each in the three periods."""
        sums = {
            name: [self.total("days", name, place) for place in range(3)]
            for name in (*_FIGURES, "without_office")
        }
        cards = {name: sums[name] for name in _FIGURES}
        cards["viewsAVisitor"] = [
            one_decimal(Decimal(views) / people) if people else None
            for views, people in zip(sums["views"], sums["visitors"], strict=True)
        ]
        cards["servedShare"] = [
            percent(searches - without, searches)
            for searches, without in zip(sums["searches"], sums["without_office"], strict=True)
        ]
        return cards

    def record_day(self) -> dict | None:
        """The earliest of the days with most people."""
        per_day = {code: self._of_day(code, "visitors")[0] for code in self.codes("days")}
        most = max(per_day.values())
        day = min(day for day, number in per_day.items() if number == most)
        return {"day": day, "count": most} if most else None


class Reader:
    """Somebody who reads all figures at a moment, and notes where they differ from the book."""

    def __init__(self, port: int, book: Book, at: datetime) -> None:
        self.port, self.book, self.at = port, book, at
        self.compared = 0
        self.differences: list[str] = []

    def read(self, path: str) -> bytes:
        """A page or a file; empty when it is refused, which is a difference too."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}",
            headers={
                "User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Reader",
                "X-Forwarded-For": f"2001:db8:ffff:{next(_readers):x}::1",
                "X-Forwarded-Proto": "https",
                "Accept-Language": "nl",
                MOMENT: self.at.isoformat(),
            },
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as response:
                return response.read()
        except urllib.error.HTTPError as error:
            self.differences.append(f"{path}: status {error.code}: {error.read()[:300]!r}")
            return b""

    def same(self, where: str, told, expected) -> None:
        """Note a figure that isn't what it has to be."""
        self.compared += 1
        if told != expected:
            self.differences.append(f"{where}: {told!r}, not {expected!r}")

    def api(self, first: date, last: date) -> None:
        """All tables of the API, in both formats, and the archive."""
        expected = Expected(self.book, first, last)
        period = f"from={first}&to={last}"
        self._usage(expected, period)
        for table in _MEASURES:
            for compare in ("year", "before"):
                path = f"/api/v1/statistics/{table}?{period}&compare={compare}"
                rows = self._rows(path)
                self._table(path, table, rows, expected, compare)
            lines = _lines(self.read(f"{path}&format=csv"))
            self.same(f"{path} as CSV", lines, [_plain(row) for row in rows])
        self._left_out(expected, period)
        self._archive(period)

    def _usage(self, expected: Expected, period: str) -> None:
        path = f"/api/v1/statistics/usage?{period}"
        told = self._json(path)
        for name, figures in expected.cards().items():
            now, then, year = figures
            self.same(
                f"{path} {name}",
                {key: _number(value) for key, value in told.get(name, {}).items()},
                {
                    "now": now,
                    "before": then,
                    "changeBefore": change(now, then),
                    "yearBefore": year,
                    "changeYear": change(now, year),
                },
            )
        record = expected.record_day()
        told_record = told.get("recordDay")
        self.same(
            f"{path} recordDay",
            told_record and list(told_record.values()),
            record and list(record.values()),
        )
        self.same(f"{path} firstDay", told.get("firstDay"), str(self.book.first_day()))

    def _table(self, path, table, rows, expected, compare) -> None:
        by_code = {_code(table, row): row for row in rows}
        self.same(f"{path} lines", sorted(by_code), sorted(expected.codes(table)))
        self.same(f"{path} doubled lines", len(rows), len(by_code))
        main = _MEASURES[table][0]
        if table not in ("days", "sources", "provinces"):
            numbers = [row[_NAMES.get(main, main)] for row in rows]
            self.same(f"{path} order", numbers, sorted(numbers, reverse=True))
        for code, row in by_code.items():
            line = expected.line(table, code)
            for measure, (now, _then, _year) in line.items():
                name = _NAMES.get(measure, measure)
                self.same(f"{path} {code} {name}", row[name], now)
            now, *others = line[main]
            then = {"before": others[0], "year": others[1]}[compare]
            self.same(f"{path} {code} change", _number(row["change"]), change(now, then))
            if table != "offices":
                name = f"{_NAMES.get(main, main)}Compared"
                self.same(f"{path} {code} {name}", row[name], then)
            if table != "days":
                share = percent(now, expected.base(table))
                self.same(f"{path} {code} share", _number(row["share"]), share)

    def _left_out(self, expected: Expected, period: str) -> None:
        path = f"/api/v1/statistics/left-out?{period}"
        rows = self._rows(path)
        self.same(f"{path} lines", sorted(row["why"] for row in rows), sorted(WHYS))
        for row in rows:
            for name, what in (("views", "view"), ("searches", "search")):
                number = expected.of("left-out", row["why"], what)[0]
                self.same(f"{path} {row['why']} {name}", row[name], number)
        lines = _lines(self.read(f"{path}&format=csv"))
        self.same(f"{path} as CSV", lines, [_plain(row) for row in rows])

    def _archive(self, period: str) -> None:
        """Its files are those of the API."""
        path = f"/api/v1/statistics/archive?{period}"
        for where in (path, f"/statistiek/archief/?{period}"):
            packed = self.read(where)
            if not packed:
                continue
            with zipfile.ZipFile(io.BytesIO(packed)) as files:
                found = {name.rpartition("/")[2]: files.read(name) for name in files.namelist()}
            for table in (*_MEASURES, "left-out"):
                compare = "" if table == "left-out" else "&compare=before"
                csv_file = self.read(f"/api/v1/statistics/{table}?{period}{compare}&format=csv")
                self.same(f"{where} {table}", found.get(f"{table}.csv"), csv_file)

    def _json(self, path: str) -> dict:
        return json.loads(self.read(path) or "{}", parse_float=Decimal)

    def _rows(self, path: str) -> list[dict]:
        told = self._json(path)
        rows = told.get("results", [])
        self.same(f"{path} count", told.get("count"), len(rows))
        return rows


def _code(table, row):
    if table == "days":
        return row["day"]
    if table in ("sources", "provinces", "municipalities"):
        return (
            row[
                {"sources": "source", "provinces": "province", "municipalities": "municipality"}[
                    table
                ]
            ]
            or ""
        )
    if table == "offices":
        return row["slug"]
    return row["municipality"] or "", row["sector"] or ""


def _number(told):
    """A number of JSON, which tells no trailing zeros."""
    return Decimal(str(told)) if isinstance(told, float | Decimal | str) else told


def _lines(file: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(file.decode("utf-8-sig"))))


def _plain(row):
    """A line of JSON as CSV has it."""
    return {name: "" if value is None else str(value) for name, value in row.items()}
