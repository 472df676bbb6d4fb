"""How often may be told by links: enough for people, too little for guessing and flooding.

Counted in the shared cache, which may forget: a brake, and no book. What is counted by is stored
as a keyed hash, so that the cache tells neither links nor network addresses.
"""

from datetime import datetime
from typing import Final

from django.core.cache import cache
from django.utils.crypto import salted_hmac

MOST_BY_LINK: Final = 10  # an hour
MOST_BY_ADDRESS: Final = 60  # an hour
MOST_NEW_LINKS: Final = 5  # a day, for one referral: each is a mail
_AN_HOUR_S: Final = 3600
_A_DAY_S: Final = 24 * _AN_HOUR_S


def may_post(link: str, address: str, at: datetime) -> bool:
    """Count a post by this link from this network address; whether it is within both limits."""
    hour = f"{at:%Y-%m-%dT%H%z}"
    by_address = _one_more(f"address:{address}", hour, MOST_BY_ADDRESS, _AN_HOUR_S)
    return by_address and _one_more(f"link:{link}", hour, MOST_BY_LINK, _AN_HOUR_S)


def may_send_link(slip_office_id: int, at: datetime) -> bool:
    """Count a new link for a referral; whether there were few enough today."""
    return _one_more(f"new:{slip_office_id}", f"{at:%Y-%m-%d}", MOST_NEW_LINKS, _A_DAY_S)


def _one_more(name: str, period: str, most: int, lasts_s: int) -> bool:
    hashed = salted_hmac("navigator.advice.outcome_brakes", name, algorithm="sha256").hexdigest()
    key = f"outcomes:{hashed[:32]}:{period}"
    count: int = cache.get(key, 0)
    if count >= most:
        return False
    cache.set(key, count + 1, lasts_s)
    return True
