"""What advisors hand on in tests: conversations with a referral, slips, pick lists."""

from datetime import UTC, datetime
from uuid import uuid4

from navigator.advice import pick_lists, registration, slips
from navigator.advice.facts import Facts, ReferralFacts
from navigator.advice.pick_lists import Link

AT = datetime(2026, 11, 24, 12, tzinfo=UTC)  # a Tuesday


def referral(by, *slugs, at=AT, destination="regional-office"):
    """What `by` registered: a referral to these offices."""
    referred = ReferralFacts(destination, "", slugs)
    facts = Facts(at, "phone", "referred", ("po",), (referred,))
    conversation, _new = registration.register(key=uuid4(), facts=facts, by=by, at=at)
    return conversation.referrals.get()


def slip(by, *slugs, at=AT, category="orientation", language="nl"):
    """A slip for a new referral to these offices."""
    made, _new = slips.make(
        referral(by, *slugs, at=at), category=category, language=language, by=by, at=at
    )
    return made


def pick_list(by, *slugs, links=(), at=AT, language="nl"):
    """A list of these offices, and of links as (title, address)."""
    return pick_lists.make(
        offices=slugs,
        links=[Link(*link) for link in links],
        language=language,
        by=by,
        at=at,
    )
