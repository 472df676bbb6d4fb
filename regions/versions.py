"""Which state of the directory is public, and what is prepared for it in this process.

The number of the version is looked up at most once a second, in one query; the process that
publishes a change sees it at once. Whatever is prepared for a version is dropped with it.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, TypeVar, cast

from django.db import transaction

from regions.models import DirectoryVersion
from regions.profiles import Directory

T = TypeVar("T")

LOOK_UP_EVERY_S = 1.0
KEEP_PREPARED = 4096  # values; the least recently used go first


class _Process:
    """What this process knows of the directory."""

    directory: Directory | None = None
    looked_up_at: float = 0.0
    prepared: OrderedDict[Hashable, Any] = OrderedDict()
    lock = threading.Lock()


def current() -> Directory:
    """The published directory: at most a second old, without a query most of the time."""
    now = time.monotonic()
    known = _Process.directory
    if known is not None and now - _Process.looked_up_at < LOOK_UP_EVERY_S:
        return known
    if known is None or _stored_number() != known.number:
        known = _read()
        _Process.directory = known
        _Process.prepared = OrderedDict()
    _Process.looked_up_at = now
    return known


def prepared(key: Hashable, build: Callable[[], T]) -> T:
    """The value that `build` made for `key` in the current version, made now if need be."""
    current()
    kept = _Process.prepared  # of this version, also when another thread moves on meanwhile
    with _Process.lock:
        if key in kept:
            kept.move_to_end(key)
            return cast(T, kept[key])
    value = build()
    with _Process.lock:
        kept[key] = value
        if len(kept) > KEEP_PREPARED:
            kept.popitem(last=False)
    return value


def publish(document: dict[str, Any]) -> int:
    """Make `document` the public directory; answers the new number.

    Call it under `regions.derived.lock`. This process forgets the old version when the
    transaction commits.
    """
    version = DirectoryVersion.objects.only("number").get(pk=1)
    number = version.number + 1
    DirectoryVersion.objects.filter(pk=1).update(number=number, document=document)
    transaction.on_commit(forget)
    return number


def forget() -> None:
    """Look the version up again at the next question, and drop what was prepared."""
    _Process.directory = None
    _Process.prepared = OrderedDict()


def _stored_number() -> int | None:
    return DirectoryVersion.objects.filter(pk=1).values_list("number", flat=True).first()


def _read() -> Directory:
    row = DirectoryVersion.objects.filter(pk=1).values_list("number", "document").first()
    number, document = row or (0, {})
    return Directory.from_document(number, document)
