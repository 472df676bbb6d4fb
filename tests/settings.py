"""The settings under which the tests run: those of production, without HTTPS and in a hurry.

`TEST_DATABASE_URL` chooses the database; SQLite when it is not set. What stands in this machine's
`.env` changes no test.
"""

import os

os.environ |= {
    "SECRET_KEY": "for the tests alone, where there is nothing to protect from anybody",
    "DATABASE_URL": os.environ.get("TEST_DATABASE_URL") or "sqlite:///:memory:",
    "HTTPS": "0",
    "DEBUG": "0",
    "TRUSTED_PROXIES": "",
    "REQUIRE_MFA": "1",
    "DEMO": "0",
    "REDIS_URL": "",
    "OIDC_PROVIDER_NAME": "",
    "OIDC_SERVER_URL": "",
    "OIDC_CLIENT_ID": "",
    "OIDC_CLIENT_SECRET": "",
    "SITE_URL": "https://navigator.example",
    "EMAIL_URL": "memorymail://",
    "DEFAULT_FROM_EMAIL": "Loketwijzer <noreply@navigator.example>",
    "GEOCODER": "local",
    "GEOCODER_URL": "",
    "GEOCODER_TIMEOUT_S": "1.5",
    "VIEWS_A_VISITOR_A_DAY": "10",
    "METRICS_NETWORKS": "127.0.0.1/32,::1/128",
    "LOG_LEVEL": "INFO",
}

from navigator.settings import *  # noqa: F403
from navigator.settings import DATABASES, STORAGES

# A server thread that kept its connection would keep PostgreSQL from dropping the test database.
DATABASES["default"]["CONN_MAX_AGE"] = 0
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {
    "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage",
}
WHITENOISE_AUTOREFRESH = True
