"""An empty database for a server of its own, gone afterwards."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql


@contextmanager
def own_database(folder: Path, server_url: str = "") -> Iterator[str]:
    """The address of an empty database: on PostgreSQL at `server_url`, or SQLite in `folder`."""
    if not server_url.startswith("postgres"):
        yield f"sqlite:///{folder / 'own.sqlite3'}"
        return
    admin = urlunsplit(urlsplit(server_url)._replace(path="/postgres"))
    name = f"navigator_own_{os.getpid()}"
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    try:
        yield urlunsplit(urlsplit(admin)._replace(path=f"/{name}"))
    finally:
        with psycopg.connect(admin, autocommit=True) as connection:
            connection.execute(
                sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name))
            )
