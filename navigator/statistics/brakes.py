"""How often everybody may ask for the figures of many years: each takes a second or more.

Of open data everything that is computed counts, and not what a client has already (304).
"""

from datetime import datetime
from typing import Final

from navigator.brakes import one_more
from navigator.statistics.periods import Period

LONG: Final = 366  # days; up to here asking is free
MOST_LONG: Final = 10  # in five minutes, from one network address
MOST_LONG_OPEN: Final = 60  # the same of open data: a period has ten addresses, some with pages
WAIT_S: Final = 300


class TooOften(Exception):
    """Long periods were asked for too often from this address; after WAIT_S it is well again."""


def may_ask(period: Period, address: str, at: datetime) -> bool:
    """Count a long period that is asked for from this address; whether there were few enough."""
    return _one_more("figures", period, address, at, most=MOST_LONG)


def ask_open_data(period: Period, address: str, at: datetime) -> None:
    """Count open data of a long period that is computed for this address. Raises TooOften."""
    if not _one_more("open figures", period, address, at, most=MOST_LONG_OPEN):
        raise TooOften


def _one_more(what: str, period: Period, address: str, at: datetime, *, most: int) -> bool:
    if period.days <= LONG:
        return True
    five_minutes = str(int(at.timestamp()) // WAIT_S)
    return one_more(f"{what}:{address}", five_minutes, most=most, lasts_s=WAIT_S)
