"""`manage.py import_views FILE`: figures of before this service, from CSV or XLSX."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from navigator.statistics import earlier
from regions import sheets

_MOST_SHOWN = 50


class Command(BaseCommand):
    help = (
        "Loads views and visitors by office and day that were counted before this service. The "
        "file has the columns office, day, views, visitors and (optional) source."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="a CSV or XLSX file")
        parser.add_argument(
            "--dry-run", action="store_true", help="tell what would be stored, and store nothing"
        )

    def handle(self, *, file: Path, dry_run: bool, **options: Any) -> None:
        try:
            table = sheets.read(file.read_bytes())
        except OSError as error:
            raise CommandError(_("This file can't be read: %s") % error.strerror) from error
        except sheets.SheetError as error:
            raise CommandError(_("This file is no table: %s") % error.code) from error
        plan = earlier.plan(table, today=timezone.localdate())
        if plan.problems:
            raise CommandError(self._told(plan.problems))
        if not dry_run:
            earlier.store(plan)
        words = _("Would be stored. Views: %(views)d. Days: %(days)d.")
        if not dry_run:
            words = _("Stored. Views: %(views)d. Days: %(days)d.")
        self.stdout.write(words % {"views": plan.views, "days": len(plan.days)})

    def _told(self, problems: tuple[earlier.Problem, ...]) -> str:
        lines = [
            _("Row %(row)d, column %(column)s: %(what)s")
            % {"row": each.row, "column": each.column, "what": each}
            for each in problems[:_MOST_SHOWN]
        ]
        more = len(problems) - len(lines)
        if more:
            lines.append(_("And %d more.") % more)
        return "\n".join([_("Nothing was stored."), *lines])
