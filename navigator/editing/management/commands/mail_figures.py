"""`manage.py mail_figures`: mail editors the figures of last month, who switched that on."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _

from navigator.editing import figure_mails


class Command(BaseCommand):
    help = (
        "Mails the figures of last month to the editors who switched that on and did not get them "
        "yet. The schedule does the same every hour."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--dry-run", action="store_true", help="list who would be mailed, and send nothing"
        )

    def handle(self, *, dry_run: bool, **options: Any) -> None:
        at = timezone.now()
        if not dry_run:
            self.stdout.write(_("Mailed: %d") % figure_mails.send_due(at))
            return
        rows = figure_mails.to_mail(at)
        for row in rows:
            self.stdout.write(row.user.email)
        self.stdout.write(_("Would be mailed: %d") % len(rows))
