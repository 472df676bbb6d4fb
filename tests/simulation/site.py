"""The site on which it is played: the real directory in a database of its own."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tests.bench.databases import own_database
from tests.bench.server import ROOT, Server, environment, manage, serving
from tests.simulation import facts
from tests.simulation.book import MOST_A_DAY
from tests.simulation.play import CAMPAIGN_HOST, CAMPAIGN_UTM, MOVED, PARTNER_HOST

# Whatever this machine's own site is set to.
_OWN_SETTINGS = {
    "VIEWS_A_VISITOR_A_DAY": str(MOST_A_DAY),
    "GEOCODER": "local",
    "DEMO": "0",
    "REDIS_URL": "",
}
_PEOPLE = """
import json
from datetime import datetime, UTC
from django.contrib.sessions.models import Session
from importlib import import_module
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from navigator.accounts.models import Membership, User
from navigator.statistics.models import KnownSource
from regions.models import EducationRegion, FormerSlug, RegionalOffice

given = json.loads({given!r})
office = RegionalOffice.objects.get(slug=given["office"])
FormerSlug.objects.create(slug=given["moved"], office=office)
for by, value, source in given["sources"]:
    KnownSource.objects.create(by=by, value=value, source=source)
cookies = {{}}
for role, fields in given["people"].items():
    user = User.objects.create(email=role + "@navigator.example", **fields)
    if role == "editor":
        Membership.objects.create(
            user=user, region=EducationRegion.objects.get(slug=given["region"])
        )
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    cookies[role] = session.session_key
# The month may lie far from today.
Session.objects.update(expire_date=datetime(2100, 1, 1, tzinfo=UTC))
print(json.dumps(cookies))
"""
_ROLL_UP = """
import json
from datetime import datetime
from navigator.statistics import totals
done = totals.roll_up(at=datetime.fromisoformat({at!r}), keep_days={keep_days})
print(json.dumps({{"totalled": done.totalled, "removed": done.removed}}))
"""
_REST = """
import json
from datetime import date
from navigator.statistics import totals
from navigator.statistics.models import Salt
from regions.models import RegionalOffice
slugs = dict(RegionalOffice.objects.values_list("pk", "slug"))
found = totals.of_period(date({first}), date({last}))
print(json.dumps({{
    "clicks": [[slugs[key.office], key.target, n] for key, n in found.clicks.items()],
    "support": [[*key, n] for key, n in found.support.items()],
    "salts": Salt.objects.count(),
}}))
"""


@dataclass(frozen=True)
class Site:
    """A site that answers, with the cookies of who is logged in, by role."""

    server: Server
    database: str
    log: Path
    cookies: dict[str, str]

    def roll_up(self, at: datetime, keep_days: int) -> dict[str, int]:
        """What the daily job does at that moment."""
        return _shell(
            self.server.environment, _ROLL_UP.format(at=at.isoformat(), keep_days=keep_days)
        )

    def rest(self, first, last):
        """What no public page shows: clicks, support that was asked for; and how many salts."""
        code = _REST.format(
            first=f"{first.year}, {first.month}, {first.day}",
            last=f"{last.year}, {last.month}, {last.day}",
        )
        return _shell(self.server.environment, code)


@contextmanager
def site(folder: Path, database_url: str = "") -> Iterator[Site]:
    """Serve a new site from `folder`; `database_url` names a PostgreSQL on which it may make a
    database, and without it is SQLite.
    """
    with own_database(folder, database_url) as url:
        env = environment(url, "tests.simulation.settings") | _OWN_SETTINGS
        manage(env, "migrate", "--verbosity=0")
        manage(env, "load_directory", "--verbosity=0")
        first = facts.offices()[0]
        given = {
            "office": first.slug,
            "region": min(first.regions),
            "moved": MOVED,
            "sources": [
                ("host", CAMPAIGN_HOST, "campaign"),
                ("utm_source", CAMPAIGN_UTM, "campaign"),
                ("host", PARTNER_HOST, "partner"),
            ],
            "people": {
                "administrator": {"is_staff": True, "is_superuser": True},
                "advisor": {"is_advisor": True},
                "editor": {},
            },
        }
        cookies = _shell(env, _PEOPLE.format(given=json.dumps(given)))
        log = folder / "server.log"
        with log.open("w") as told, serving(env, log=told) as server:
            yield Site(server, url, log, cookies)


def _shell(env, code):
    """Run code in a process of its own; answers the JSON that it prints."""
    done = subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", code],
        cwd=ROOT,
        env=env,
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise RuntimeError(done.stderr)
    return json.loads(done.stdout.splitlines()[-1])
