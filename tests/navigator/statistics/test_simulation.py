"""A small play through the production server; `make simulate` plays a whole month.

See `tests/simulation/`: every figure of the API and of the page is held against a book that shares
no code with what is counted.
"""

import os
from datetime import date

from tests.simulation import play, running
from tests.simulation.running import RollUp, night_after

SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)  # the days on which the clocks change
BEFORE, AFTER = date(2026, 10, 24), date(2026, 10, 26)


def test_every_published_figure_is_what_was_played(tmp_path):
    written = play.write(3, 400, [SPRING, BEFORE, AUTUMN, AFTER], edges=[SPRING, BEFORE, AUTUMN])

    outcome = running.run(
        written,
        folder=tmp_path,
        # Of the autumn one day is totalled and gone, one totalled, one neither.
        roll_ups=[RollUp(night_after(AUTUMN), 1)],
        periods=[(AUTUMN, AFTER)],
        database_url=os.environ.get("TEST_DATABASE_URL", ""),
    )

    assert outcome.differences == []
    assert outcome.requests >= 400
    assert outcome.figures > 1000
