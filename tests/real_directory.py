"""The real directory for tests: loaded and derived once a process, then put back in a moment.

Loading takes seconds, nearly all for what is derived; copying the rows takes a tenth of that.
"""

from django.apps import apps
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, transaction

_kept = {}  # table -> its rows, as its database hands them out


def fill():
    """Fill the empty tables of the directory, in one transaction or within the one that is open."""
    with transaction.atomic():
        if not _kept:
            call_command("load_directory", verbosity=0)
            _kept.update({table: _read(table) for table in _tables()})
            return
        for table, rows in _kept.items():
            _write(table, rows)
        with connection.cursor() as cursor:
            for statement in connection.ops.sequence_reset_sql(no_style(), _models()):
                cursor.execute(statement)


def _models():
    return list(apps.get_app_config("regions").get_models(include_auto_created=True))


def _tables():
    for model in _models():
        yield model._meta.db_table


def _read(table):
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f'COPY "{table}" TO STDOUT') as copy:
                return b"".join(copy)
        described = connection.introspection.get_table_description(cursor, table)
        # The sign hides the declared type, so that each value comes as it is stored.
        columns = ", ".join(f'+"{column.name}"' for column in described)
        return cursor.execute(f'SELECT {columns} FROM "{table}"').fetchall()


def _write(table, rows):
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f'COPY "{table}" FROM STDIN') as copy:
                copy.write(rows)
        elif rows:
            places = ", ".join(["%s"] * len(rows[0]))
            cursor.executemany(f'INSERT INTO "{table}" VALUES ({places})', rows)
