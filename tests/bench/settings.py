"""Production settings, with two more addresses."""

from navigator.settings import *  # noqa: F403

ROOT_URLCONF = "tests.bench.urls"
