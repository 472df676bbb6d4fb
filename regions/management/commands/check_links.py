"""`manage.py check_links`: do the web addresses on profiles still lead somewhere?"""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from regions import links
from regions.fetching import Visitor
from regions.management.progress import shown


class Command(BaseCommand):
    help = (
        "Visits the web addresses on published profiles, one a second for each host, and marks "
        "those that are dead. Can be broken off and run again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--all",
            action="store_true",
            dest="everything",
            help="visit also what was checked in the last hours",
        )

    def handle(self, *, everything: bool, verbosity: int, **options: Any) -> None:
        visitor = Visitor(site=settings.SITE_URL)
        try:
            with shown(on=bool(verbosity)) as progress:
                summary = links.check(
                    visitor, at=timezone.now(), everything=everything, progress=progress
                )
        except KeyboardInterrupt:
            raise CommandError(
                _("Broken off. What was found is stored; run it again to go on."), returncode=130
            ) from None
        if verbosity:
            self._tell(summary, verbosity)

    def _tell(self, summary: links.Summary, verbosity: int) -> None:
        for url in summary.dead:
            self.stdout.write(self.style.WARNING(_("Dead: %s") % url))
        if verbosity > 1:
            for old, new in summary.moved:
                self.stdout.write(
                    _("Moved for good: %(old)s -> %(new)s") % {"old": old, "new": new}
                )
        self.stdout.write(
            _(
                "Work: %(works)d. Dead: %(dead)d. Not checked: %(unsure)d. Moved for good: "
                "%(moved)d. Checked shortly before: %(skipped)d. No longer used: %(dropped)d."
            )
            % {
                "works": summary.works,
                "dead": len(summary.dead),
                "unsure": summary.unsure,
                "moved": len(summary.moved),
                "skipped": summary.skipped,
                "dropped": summary.dropped,
            }
        )
