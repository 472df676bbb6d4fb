"""Nothing of the people who played is left behind: no address, no browser, no full postcode."""

import re
import sqlite3
from collections.abc import Iterable, Iterator

import psycopg
from psycopg import sql

from tests.simulation.play import FULL_POSTCODES, Step


def left_behind(database: str, steps: Iterable[Step]) -> list[str]:
    """What of these people stands anywhere in the database."""
    told = {step.browser for step in steps} | set(FULL_POSTCODES)
    told |= {f"{code[:4]} {code[4:]}" for code in FULL_POSTCODES}
    told |= {part.strip() for step in steps for part in step.address.split(",")}
    told.discard("")
    pattern = re.compile(
        r"(?<![0-9a-f.:])(" + "|".join(sorted(map(re.escape, told), key=len, reverse=True)) + ")"
        r"(?![0-9a-f.:])",
        re.IGNORECASE,
    )
    return sorted(
        {
            f"{where} holds {found[1]!r}"
            for where, text in _texts(database)
            if (found := pattern.search(text))
        }
    )


def _texts(database: str) -> Iterator[tuple[str, str]]:
    """All that is stored, each with the table in which it stands; of SQLite the file as well."""
    if database.startswith("sqlite"):
        path = database.removeprefix("sqlite:///")
        connection = sqlite3.connect(path)
        tables = "SELECT name FROM sqlite_master WHERE type = 'table'"
        for (table,) in connection.execute(tables).fetchall():
            for row in connection.execute(f'SELECT * FROM "{table}"'):
                yield table, " ".join(map(str, row))
        connection.close()
        return
    with psycopg.connect(database) as connection:
        tables = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        for (table,) in connection.execute(tables).fetchall():
            rows = connection.execute(sql.SQL("SELECT * FROM {}").format(sql.Identifier(table)))
            for row in rows:
                yield table, " ".join(map(str, row))
