"""Which figures of advice everybody may see, as an administrator chose."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from navigator.accounts.models import User
from navigator.statistics.models import PublishedFigures
from navigator.statistics.reports import TABLES


@dataclass(frozen=True, slots=True)
class Published:
    """The codes of the tables that are public, in order, and whether small numbers are hidden."""

    tables: tuple[str, ...] = ()
    hide_small: bool = True


class UnknownTable(ValueError):
    """There is no such table."""


def published_tables() -> Published:
    """What was last chosen; nothing as long as nobody chose. One query."""
    row = PublishedFigures.objects.filter(pk=1).first()
    if row is None:
        return Published()
    return Published(tuple(code for code in TABLES if code in row.tables), row.hide_small)


def publish(tables: Collection[str], *, hide_small: bool, by: User, at: datetime) -> Published:
    """Let everybody see these tables, and no others. Raises UnknownTable. Two queries or three."""
    if set(tables) - set(TABLES):
        raise UnknownTable
    chosen = [code for code in TABLES if code in tables]
    PublishedFigures.objects.update_or_create(
        pk=1,
        defaults={
            "tables": chosen,
            "hide_small": hide_small,
            "changed_at": at,
            "changed_by": by,
        },
    )
    return Published(tuple(chosen), hide_small)
