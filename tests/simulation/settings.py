"""Production settings, under the clock of the month that is played."""

from navigator.settings import *  # noqa: F403
from navigator.settings import MIDDLEWARE, STORAGES

MIDDLEWARE = ["tests.simulation.clock.SimulatedClock", *MIDDLEWARE]
STORAGES["staticfiles"] = {
    "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage",
}
