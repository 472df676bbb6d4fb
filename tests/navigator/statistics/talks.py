"""Conversations for pages with figures, registered as the desk does."""

from datetime import UTC, date, datetime, time
from uuid import uuid4

from navigator.advice import registration
from navigator.advice.facts import Facts, ReferralFacts


def talk(by, day, *destinations, channel="phone", interests=(), offices=(), outcome=""):
    """A conversation at noon of a day; `offices` are slugs of those that it led to."""
    moment = datetime.combine(date.fromisoformat(day), time(11), UTC)
    referrals = tuple(
        ReferralFacts(each, "", tuple(offices) if each == "regional-office" else ())
        for each in destinations
    )
    facts = Facts(
        moment,
        channel,
        outcome or ("referred" if destinations else "not-referred"),
        tuple(interests),
        referrals,
    )
    made, _new = registration.register(key=uuid4(), facts=facts, by=by, at=moment)
    return made
