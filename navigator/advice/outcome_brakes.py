"""How often may be told by links: enough for people, too little for guessing and flooding; and how
often somebody may do what mails others.
"""

from datetime import datetime
from typing import Final

from navigator.brakes import one_more, one_more_this_hour

MOST_BY_LINK: Final = 10  # an hour
MOST_BY_ADDRESS: Final = 60  # an hour
MOST_NEW_LINKS: Final = 5  # a day, for one referral: each is a mail
MOST_SLIPS: Final = 60  # an hour, by one advisor: each mails its offices
_A_DAY_S: Final = 24 * 3600


def may_post(link: str, address: str, at: datetime) -> bool:
    """Count a post by this link from this network address; whether it is within both limits."""
    by_address = one_more_this_hour(f"outcomes:address:{address}", at, most=MOST_BY_ADDRESS)
    return by_address and one_more_this_hour(f"outcomes:link:{link}", at, most=MOST_BY_LINK)


def may_send_link(slip_office_id: int, at: datetime) -> bool:
    """Count a new link for a referral; whether there were few enough today."""
    name = f"outcomes:new:{slip_office_id}"
    return one_more(name, f"{at:%Y-%m-%d}", most=MOST_NEW_LINKS, lasts_s=_A_DAY_S)


def may_make_slip(user_id: int, at: datetime) -> bool:
    """Count a slip that somebody makes; whether there were few enough this hour."""
    return one_more_this_hour(f"slips:{user_id}", at, most=MOST_SLIPS)
