"""How often something may be done: enough for people, too little for flooding.

Counted in the shared cache, which may forget: a brake, and no book. What is counted by is kept as
a keyed hash, so that the cache tells neither links, nor people, nor network addresses.
"""

from datetime import datetime
from typing import Final

from django.core.cache import cache
from django.utils.crypto import salted_hmac

AN_HOUR_S: Final = 3600


def one_more(name: str, period: str, *, most: int, lasts_s: int) -> bool:
    """Count one more of `name` in this period; whether it is within the most."""
    hashed = salted_hmac("navigator.brakes", name, algorithm="sha256").hexdigest()
    key = f"brakes:{hashed[:32]}:{period}"
    count: int = cache.get(key, 0)
    if count >= most:
        return False
    cache.set(key, count + 1, lasts_s)
    return True


def one_more_this_hour(name: str, at: datetime, *, most: int) -> bool:
    """Count one more of `name` in the hour of `at`; whether it is within the most."""
    return one_more(name, f"{at:%Y-%m-%dT%H%z}", most=most, lasts_s=AN_HOUR_S)
