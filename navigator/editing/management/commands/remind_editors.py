"""`manage.py remind_editors`: ask editors whether their profiles are still right."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _

from navigator.editing import reminders


class Command(BaseCommand):
    help = (
        "Mails the editors of offices that nobody confirmed for six months, at most once a month, "
        "and lists the offices that have no editor."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--dry-run", action="store_true", help="list who would be mailed, and send nothing"
        )

    def handle(self, *, dry_run: bool, **options: Any) -> None:
        today = timezone.localdate()
        due = reminders.due(today)
        failed = 0
        for reminder in due.reminders:
            sent = dry_run or reminders.send(reminder, today=today)
            failed += not sent
            names = ", ".join(state.office.slug for state in reminder.offices)
            told = f"{reminder.editor.email}: {names}"
            self.stdout.write(told if sent else self.style.ERROR(_("Not sent: %s") % told))
        for state in due.without_editor:
            self.stdout.write(self.style.WARNING(_("No editor: %s") % state.office.slug))
        words = _("Would be mailed: %d") if dry_run else _("Mailed: %d")
        self.stdout.write(words % (len(due.reminders) - failed))
