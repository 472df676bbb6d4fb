"""The links by which an office tells what became of one referral, without an account.

A link is signed: it carries the id of the office of a slip and the number that its links had when
it was made. Nothing is stored of it. It works for 14 days; raising the number withdraws all that
were made before. Whoever has the link may tell, as whoever has a letter may answer it: that is
why a form that it opens needs no cookie.
"""

from datetime import UTC, datetime, timedelta
from typing import Final

from django.core.signing import BadSignature, TimestampSigner, b62_decode, b62_encode
from django.db.models import F
from django.urls import reverse
from django.utils import timezone, translation

from navigator import post
from navigator.advice.models import SlipOffice

TERM: Final = timedelta(days=14)
_SALT: Final = "navigator.advice.outcome_links"
_LONGEST: Final = 200


class LinkError(Exception):
    """The link lets nobody in. `code` says why."""

    code = ""


class LinkUnknown(LinkError):
    """No link of ours, or of something that is gone."""

    code = "unknown"


class LinkExpired(LinkError):
    """Made more than 14 days ago."""

    code = "expired"


class LinkWithdrawn(LinkError):
    """Another one took its place, or the slip was withdrawn."""

    code = "withdrawn"


class _Signer(TimestampSigner):
    """Signs with a moment that is passed in."""

    def __init__(self, at: datetime) -> None:
        super().__init__(salt=_SALT)
        self._at = at

    def timestamp(self) -> str:
        return b62_encode(int(self._at.timestamp()))


def link_of(slip_office: SlipOffice, *, at: datetime | None = None) -> str:
    """A link for this referral, good for 14 days from `at` (now). No query."""
    signed = _Signer(at or timezone.now())
    return signed.sign(f"{slip_office.pk}.{slip_office.link_number}")


def address_of(slip_office: SlipOffice, *, at: datetime) -> str:
    """The full address of the Dutch page that a new link opens."""
    with translation.override("nl"):
        path = reverse("outcomes:report", args=[link_of(slip_office, at=at)])
    return post.full_address(path)


def read_link(link: str, *, at: datetime) -> SlipOffice:
    """The referral of a link that works, with its slip and office. One query, changes nothing.

    Raises LinkUnknown, LinkWithdrawn, LinkExpired.
    """
    pk, number, made_at = _read(link, at)
    found = SlipOffice.objects.select_related("slip", "office").filter(pk=pk).first()
    if found is None:
        raise LinkUnknown
    if found.link_number != number or found.slip.withdrawn_at is not None:
        raise LinkWithdrawn
    # A slip that is forgotten is older than any link; a clock that was wrong changes nothing.
    if at - made_at > TERM or found.slip.key is None:
        raise LinkExpired
    return found


def withdraw_links(slip_office: SlipOffice) -> None:
    """Let no link that was made for this referral work any more. One query and one to know it."""
    SlipOffice.objects.filter(pk=slip_office.pk).update(link_number=F("link_number") + 1)
    slip_office.refresh_from_db(fields=["link_number"])


def _read(link: str, at: datetime) -> tuple[int, int, datetime]:
    """The id, the number and the moment that a link was signed with. Raises LinkUnknown."""
    if len(link) > _LONGEST:
        raise LinkUnknown
    signer = _Signer(at)
    try:
        # TimestampSigner.unsign would ask the clock, and not tell the moment.
        value, stamp = super(TimestampSigner, signer).unsign(link).rsplit(signer.sep, 1)
        pk, number = value.split(".")
        made_at = datetime.fromtimestamp(b62_decode(stamp), UTC)
        return int(pk), int(number), made_at
    except (BadSignature, ValueError) as error:
        raise LinkUnknown from error
