"""The settings under which the tests run: those of production, without HTTPS and in a hurry.

`TEST_DATABASE_URL` chooses the database; SQLite when it is not set.
"""

import os
import tempfile
from pathlib import Path

os.environ["SECRET_KEY"] = "for the tests alone, where there is nothing to protect from anybody"
os.environ["HTTPS"] = "0"
os.environ["DEBUG"] = "0"
os.environ["GEOCODER"] = "local"
os.environ["DATABASE_URL"] = os.environ.get("TEST_DATABASE_URL") or "sqlite:///:memory:"

from navigator.settings import *  # noqa: E402, F403
from navigator.settings import DATABASES, STORAGES  # noqa: E402

# A file, since servers and browsers in threads need the same database.
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    folder = Path(tempfile.gettempdir()) / f"navigator-tests-{os.getuid()}-{os.getpid()}"
    folder.mkdir(exist_ok=True)
    DATABASES["default"]["TEST"] = {"NAME": str(folder / f"{worker}.sqlite3")}

ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {
    "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage",
}
WHITENOISE_AUTOREFRESH = True
