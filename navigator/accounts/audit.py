"""What is written down of what people do here: who, what, when, from where.

No password, no token, no text that somebody typed: codes and the names of things only.
"""

from datetime import datetime

from django.http import HttpRequest
from django.utils import timezone

from navigator.accounts.models import AuditEntry, User
from navigator.proxies import network_address


def record(
    what: str,
    *,
    request: HttpRequest | None = None,
    who: User | None = None,
    about: object = "",
    at: datetime | None = None,
) -> AuditEntry:
    """Write an entry down. One insert.

    `what` is a code such as "logged_in"; `about` a thing of the directory or of the accounts, or
    a text such as its slug. Without `who` it is the user of the request, if there is one. Without
    a request the entry was made by a command.
    """
    if who is None and request is not None and isinstance(request.user, User):
        who = request.user
    return AuditEntry.objects.create(
        at=at or timezone.now(),
        who=who,
        what=what,
        about=named(about)[:200],
        address=network_address(request) if request is not None else None,
    )


def named(thing: object) -> str:
    """What an entry calls a thing: its kind and the name that doesn't change."""
    if isinstance(thing, str):
        return thing
    kind = thing.__class__.__name__.lower()  # not type(): the user of a request is a stand-in
    return f"{kind} {getattr(thing, 'slug', None) or getattr(thing, 'pk', '')}"
