"""An end to work that never ends.

No claim about speed: a text that is read in a moment, and one that keeps a regular expression busy
for hours, differ by far more than a busy machine does.
"""

import signal
from contextlib import contextmanager

SECONDS = 20  # of the processor


@contextmanager
def with_patience(what=""):
    """Raises AssertionError when what happens within needs that much of the processor."""

    def give_up(_signal, _frame):
        raise AssertionError(f"This doesn't end: {what[:60]!r}")

    before = signal.signal(signal.SIGVTALRM, give_up)
    signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
