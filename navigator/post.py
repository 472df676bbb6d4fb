"""Letters to people and offices. A mail server that is away costs the letter, nothing else."""

from collections.abc import Iterable
from smtplib import SMTPException

import structlog
from django.conf import settings
from django.core.mail import EmailMessage, get_connection

log = structlog.get_logger(__name__)


def send(to: Iterable[str], *, subject: str, body: str) -> set[str]:
    """A letter to each address, over one connection; answers the addresses that it went out to.

    What could not be sent is logged without the address: the caller knows whom it was for.
    """
    addresses = list(dict.fromkeys(to))
    if not addresses:
        return set()
    connection = get_connection()
    try:
        connection.open()
    except (SMTPException, OSError) as error:
        log.warning("post_away", reason=type(error).__name__)
        return set()
    sent = set()
    for address in addresses:
        letter = EmailMessage(" ".join(subject.split()), body, to=[address], connection=connection)
        try:
            letter.send()
            sent.add(address)
        except (SMTPException, OSError) as error:
            log.warning("letter_not_sent", reason=type(error).__name__)
    connection.close()
    return sent


def full_address(path: str) -> str:
    """The address of a page with the site in front."""
    return f"{settings.SITE_URL}{path}"
