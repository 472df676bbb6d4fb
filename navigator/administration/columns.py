"""What the columns of a table are about, in words."""

from dataclasses import dataclass

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from navigator.editing.differences import Labels
from regions import tables
from regions.records import SUPPORT


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table."""

    name: str
    words: str


def described(table: str) -> list[Column]:
    """The columns of a table, in order, with what each is about. A few queries."""
    names = tables.columns(table)
    model = tables.TABLES[table]
    words = Labels(model)
    return [Column(name, _about(name, words.of([tables.field_of(name)])[0])) for name in names]


def _about(name: str, words: str) -> str:
    if name.startswith(SUPPORT) and name.endswith(".note"):
        return _("%(support)s: note") % {"support": capfirst(words)}
    if name.startswith(SUPPORT) and name.endswith(".links"):
        return _("%(support)s: web addresses, each on its own line") % {"support": capfirst(words)}
    return str(capfirst(words))
