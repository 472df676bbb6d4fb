"""What the service measures of itself, for Prometheus: how counting goes.

Each process writes its own numbers; in a folder that the server's processes share, when
`navigator.metrics_folder` made one before this was imported, and else in memory.
"""

import os
from collections.abc import Iterable
from typing import Final

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector

CONTENT_TYPE: Final = CONTENT_TYPE_LATEST
_FOLDER: Final = os.environ.get("PROMETHEUS_MULTIPROC_DIR", "")

disable_created_metrics()  # type: ignore[no-untyped-call]  # has no types
_written = Counter(
    "navigator_counts", "Rows of views, searches, clicks and asked support written.", ["what"]
)
_failed = Counter(
    "navigator_counts_failed", "Requests that were answered and could not be counted.", ["what"]
)
_left_out = Counter(
    "navigator_requests_left_out", "Requests that count for nothing, by why.", ["what", "why"]
)


def expect(what: str, whys: Iterable[str]) -> None:
    """Show this from the start: what is missing can't be told from zero."""
    _written.labels(what)
    _failed.labels(what)
    for why in whys:
        _left_out.labels(what, why)


def count_written(what: str, rows: int) -> None:
    """So many rows were written."""
    _written.labels(what).inc(rows)


def count_failed(what: str) -> None:
    """Something could not be counted."""
    _failed.labels(what).inc()


def count_left_out(what: str, why: str) -> None:
    """A request was left out."""
    _left_out.labels(what, why).inc()


def exposition() -> bytes:
    """The numbers of all processes of this server, in the text format of Prometheus."""
    if not _FOLDER:
        return generate_latest(REGISTRY)
    registry = CollectorRegistry()
    MultiProcessCollector(registry, path=_FOLDER)  # type: ignore[no-untyped-call]  # has no types
    return generate_latest(registry)
