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
from tests.simulation.page import beside, day_name, number, on_card, percentage, read

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
# On the page a longer period has its table by week or by month.
_MOST_DAYS_ON_PAGE = 45
_ON_PAGE = tuple(table for table in _MEASURES if table != "searches")
_MOST_LINES_ON_PAGE = 100
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

    def total_line(self, table: str) -> dict[str, tuple[int, int, int]]:
        """The sums of the lines of a table."""
        if table == "days":  # those of the days of each period, whatever stands beside what
            return {
                measure: tuple(self.total("days", measure, place) for place in range(3))
                for measure in _MEASURES[table]
            }
        lines = [self.line(table, code) for code in self.codes(table)]
        return {
            measure: tuple(sum(line[measure][place] for line in lines) for place in range(3))
            for measure in _MEASURES[table]
        }

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

    def record(self, place: int) -> int:
        """The people of the day with most people, in this one of the three periods."""
        return max(self._of_day(code, "visitors")[place] for code in self.codes("days"))

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
        self.names: dict[str, dict] = {}  # what the files of the page call each code of a table
        self.whys: list[str] = []  # why requests were left out, in order
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

    def pages(self, first: date, last: date) -> None:
        """The page, its files, and what it says of requests that were left out. After `api`."""
        expected = Expected(self.book, first, last)
        period = f"from={first}&to={last}"
        path = f"/statistiek/?{period}"
        told = read(self.read(path).decode())
        self._cards(path, told.cards, expected)
        for table in _MEASURES:
            self._file(f"/statistiek/{table}/csv/?{period}", table, expected)
        for table in _ON_PAGE:
            self._rows_on_page(path, table, told.tables.get(f"caption-usage-{table}", []), expected)
        self._left_out_on_page(expected, period)

    def _cards(self, path, cards, expected: Expected) -> None:
        record = expected.record_day()
        main, records = (cards[:-1], cards[-1:]) if record else (cards, [])
        meant = []
        for name, (now, then, year) in expected.cards().items():
            write = percentage if name == "servedShare" else number
            meant.append(
                [write(now), *(on_card(write(each), change(now, each)) for each in (then, year))]
            )
        # Words follow behind: "more" or "less", or that there is nothing to compare with.
        told = [
            [card[1], *(cell[: len(cut)] for cell, cut in zip(card[3:], words[1:], strict=True))]
            for card, words in zip(main, meant, strict=False)
        ]
        self.same(f"{path} cards", told, meant)
        for card in records:
            now, *earlier = (expected.record(place) for place in range(3))
            told = [card[1], *card[3:]]
            meant = [number(now), *(on_card(number(each), change(now, each)) for each in earlier)]
            cut = [cell[: len(words)] for cell, words in zip(told, meant, strict=True)]
            self.same(f"{path} record", cut, meant)
            self.same(f"{path} {card[2]}", card[2].endswith(day_name(record["day"])), True)

    def _rows_on_page(self, path, table, rows, expected: Expected) -> None:
        """Each row has the numbers of its line; the last row those of all together."""
        codes = expected.codes(table)
        is_folded = table == "days" and len(codes) > _MOST_DAYS_ON_PAGE
        if not codes:
            self.same(f"{path} {table}", rows, [])
            return
        shown = {row[0]: row[1:] for row in rows[1:-1]}
        if not is_folded:
            self.same(f"{path} {table} rows", len(rows[1:-1]), min(len(codes), self._most(table)))
            self.same(f"{path} {table} names", len(shown), len(rows[1:-1]))
        for code in [] if is_folded else codes:
            name = day_name(code) if table == "days" else self.names[table].get(code, "")
            if name not in shown and len(codes) > self._most(table):
                continue  # it stands in the file
            line = expected.line(table, code)
            meant = self._cells(table, line, percent(line_now(table, line), expected.base(table)))
            self.same(f"{path} {table} {name}", shown.get(name), meant)
        total = expected.total_line(table)
        self.same(f"{path} {table} together", rows[-1][1:], self._cells(table, total, None))

    @staticmethod
    def _most(table: str) -> int:
        return _MOST_LINES_ON_PAGE if table == "without-office" else 1000

    @staticmethod
    def _cells(table, line, share) -> list[str]:
        now, then, year = line[_MEASURES[table][0]]
        shares = [] if table == "days" else [percentage(share)]
        return [
            *(number(line[measure][0]) for measure in _MEASURES[table]),
            *shares,
            beside(number(then), change(now, then)),
            beside(number(year), change(now, year)),
        ]

    def _file(self, path: str, table: str, expected: Expected) -> None:
        """The file of a table, by its places: code, name, measures, share, and those of before."""
        text = self.read(path).decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(text), delimiter=";" if ";" in text[:80] else ","))
        told = {row[0]: row[2:] for row in rows[1:]}
        names = {row[0]: row[1] for row in rows[1:]}
        codes = {}
        for code in expected.codes(table):
            codes[_code_in_file(table, code)] = expected.line(table, code)
            self.names.setdefault(table, {})[code] = names.get(_code_in_file(table, code), "")
        self.same(f"{path} lines", sorted(told), sorted([*codes, "total"]))
        for code, line in (codes | {"total": expected.total_line(table)}).items():
            main = line_now(table, line)
            share = None if code == "total" else percent(main, expected.base(table))
            meant = [line[measure][0] for measure in _MEASURES[table]]
            meant += [] if table == "days" else [share]
            for measure in _MEASURES[table]:
                now, then, year = line[measure]
                meant += [then, change(now, then), year, change(now, year)]
            self.same(f"{path} {code}", told.get(code), [_in_file(each) for each in meant])

    def _left_out_on_page(self, expected: Expected, period: str) -> None:
        """Its rows are in the order of the API."""
        path = f"/statistiek/uitleg/?{period}"
        rows = read(self.read(path).decode()).tables.get("caption-left-out", [])
        meant = []
        for why in self.whys:
            views, searches = (expected.of("left-out", why, what) for what in ("view", "search"))
            together = [sum(both) for both in zip(views, searches, strict=True)]
            meant.append([views[0], searches[0], *together])
        meant.append([sum(numbers) for numbers in zip(*meant, strict=True)])
        told = [row[1:] for row in rows[1:]]
        self.same(path, told, [self._left_out_cells(*numbers) for numbers in meant])

    @staticmethod
    def _left_out_cells(views, searches, now, then, year) -> list[str]:
        before = [beside(number(each), change(now, each)) for each in (then, year)]
        return [number(views), number(searches), number(now), *before]

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
        self.whys = [row["why"] for row in rows]
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


def _in_file(value):
    """A cell of a file for people."""
    if isinstance(value, Decimal):
        return f"{value:.1f}".replace(".", ",")
    return "" if value is None else str(value)


def _code_in_file(table, code):
    if table in ("searches", "without-office"):
        municipality, sector = code
        return f"{municipality or 'none'}:{sector}"
    return code or "none"


def line_now(table, line):
    """The main number of a line."""
    return line[_MEASURES[table][0]][0]


def _number(told):
    """A number of JSON, which tells no trailing zeros."""
    return Decimal(str(told)) if isinstance(told, float | Decimal | str) else told


def _lines(file: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(file.decode("utf-8-sig"))))


def _plain(row):
    """A line of JSON as CSV has it."""
    return {name: "" if value is None else str(value) for name, value in row.items()}
