"""How commands show how far they are."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tqdm import tqdm

from regions.derived import Progress


@contextmanager
def shown(*, on: bool = True) -> Iterator[Progress]:
    """A bar on the error output, a new one for each step; nothing when not `on`."""
    bars: dict[str, tqdm[Any]] = {}

    def show(step: str, done: int, of: int) -> None:
        if step not in bars:
            for earlier in bars.values():
                earlier.close()
            bars[step] = tqdm(desc=step, total=of, disable=not on, mininterval=0.3)
        bars[step].update(done - bars[step].n)

    try:
        yield show
    finally:
        for bar in bars.values():
            bar.close()
