"""Personal keys for the API: made, used, withdrawn.

A key is shown once, when it is made; only its hash is stored. It lets its holder do what they may
do at that moment, no more: the rules are the same as on the pages.
"""

import secrets
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from navigator.accounts.models import Token, User

PREFIX: Final = "rn_"  # so that who finds one, or a program that looks for them, knows what it is
TERMS_DAYS: Final = (30, 90, 365)
MOST: Final = 20


class TokenError(Exception):
    """Why it can't be made. `code`: name_taken (by one that still works), too_many, wrong_term."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def make(user: User, *, name: str, days: int, at: datetime) -> tuple[Token, str]:
    """A new token of `user`, and its key: the only time that it is known. Raises TokenError."""
    if days not in TERMS_DAYS:
        raise TokenError("wrong_term")
    key = PREFIX + secrets.token_urlsafe(32)
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)  # one at a time
        usable = list(Token.objects.usable(at).filter(user=user))
        if any(token.name == name for token in usable):
            raise TokenError("name_taken")
        if len(usable) >= MOST:
            raise TokenError("too_many")
        token = Token.objects.create(
            user=user,
            name=name,
            key_hash=_hash_of(key),
            beginning=key[:8],
            created_at=at,
            expires_at=at + timedelta(days=days),
        )
    return token, key


def user_of(key: str, at: datetime) -> User | None:
    """Whose key it is; None when it is unknown, expired, withdrawn, or its holder is inactive.

    What it compares is a hash, by an index: the time it takes tells nothing of a key. One query;
    the first time of a day one more, which stores that day.
    """
    usable = Token.objects.usable(at).filter(key_hash=_hash_of(key))
    token = usable.select_related("user").first()
    if token is None:
        return None
    today = timezone.localdate(at)
    if token.last_used_on is None or token.last_used_on < today:
        earlier = Q(last_used_on=None) | Q(last_used_on__lt=today)
        Token.objects.filter(earlier, pk=token.pk).update(last_used_on=today)
    return token.user


def withdraw(token: Token, *, at: datetime) -> bool:
    """Make a key useless, at once; answers whether it wasn't withdrawn before."""
    changed = Token.objects.filter(pk=token.pk, withdrawn_at=None).update(withdrawn_at=at)
    token.refresh_from_db()
    return bool(changed)


def withdraw_all(user: User, *, at: datetime) -> None:
    """Make all keys of somebody useless. One query."""
    Token.objects.filter(user=user, withdrawn_at=None).update(withdrawn_at=at)


def _hash_of(key: str) -> str:
    return sha256(key.encode()).hexdigest()
