"""How often everybody may ask for the figures of many years: each takes a second or more."""

from datetime import datetime
from typing import Final

from navigator.brakes import one_more
from navigator.statistics.periods import Period

LONG: Final = 366  # days; up to here asking is free
MOST_LONG: Final = 10  # in five minutes, from one network address
WAIT_S: Final = 300


def may_ask(period: Period, address: str, at: datetime) -> bool:
    """Count a long period that is asked for from this address; whether there were few enough."""
    if period.days <= LONG:
        return True
    five_minutes = str(int(at.timestamp()) // WAIT_S)
    return one_more(f"figures:{address}", five_minutes, most=MOST_LONG, lasts_s=WAIT_S)
