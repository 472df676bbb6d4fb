"""`manage.py load_directory`: the fixtures -> the directory."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from regions import exchange
from regions.fixtures import FixtureError
from regions.management.progress import shown

LISTED = 50  # how many kept objects are named, unless -v 2 asks for all


class Command(BaseCommand):
    help = (
        "Loads or refreshes the directory from the fixtures, in one transaction. What was edited "
        "on the site since the last load is kept and listed."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--overwrite",
            action="store_true",
            help="take the fixtures' values also where the site was edited",
        )
        parser.add_argument(
            "--if-changed",
            action="store_true",
            help="do nothing when the fixtures are those of the last load",
        )
        parser.add_argument(
            "--fixtures",
            default=str(settings.FIXTURES_DIR),
            help="the folder with the fixtures (default: the project's own)",
        )

    def handle(
        self, *, overwrite: bool, if_changed: bool, fixtures: str, verbosity: int, **options: Any
    ) -> None:
        with shown(on=bool(verbosity)) as progress:
            try:
                summary = exchange.load(
                    Path(fixtures),
                    overwrite=overwrite,
                    if_changed=if_changed,
                    progress=progress,
                )
            except FixtureError as error:
                raise CommandError(_("Nothing was changed. %s") % error) from error
        if verbosity:
            self._tell(summary, None if verbosity > 1 else LISTED)

    def _tell(self, summary: exchange.Summary, most: int | None) -> None:
        if summary.skipped:
            self.stdout.write(_("The directory is up to date."))
            return
        for model, tally in summary.tallies.items():
            self.stdout.write(
                _(
                    "%(name)-24s %(created)6d created %(changed)6d changed "
                    "%(unchanged)6d unchanged %(kept)6d kept %(removed)6d removed"
                )
                % {
                    "name": model._meta.model_name,
                    "created": tally.created,
                    "changed": tally.changed,
                    "unchanged": tally.unchanged,
                    "kept": tally.kept,
                    "removed": tally.removed,
                }
            )
        for line in summary.kept[:most]:
            self.stdout.write(self.style.WARNING(_("Kept: %s") % line))
        more = len(summary.kept) - len(summary.kept[:most])
        if more:
            self.stdout.write(self.style.WARNING(_("Kept: %d more") % more))
        if summary.kept:
            self.stdout.write(_("Use --overwrite to take the fixtures' values for these."))
