"""`manage.py roll_up`: single views, searches and clicks -> totals of their day; the old go."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _

from navigator.statistics import totals
from regions.management.progress import shown


class Command(BaseCommand):
    help = (
        "Totals the days that are over, and removes single views, searches and clicks that are "
        "older than KEEP_COUNTS_DAYS. Can be run at any moment, twice, and late."
    )

    def handle(self, *, verbosity: int, **options: Any) -> None:
        with shown(on=bool(verbosity)) as progress:
            done = totals.roll_up(
                at=timezone.now(), keep_days=settings.KEEP_COUNTS_DAYS, progress=progress
            )
        if verbosity:
            self.stdout.write(
                _("Days totalled: %(totalled)d. Single rows removed: %(removed)d.")
                % {"totalled": done.totalled, "removed": done.removed}
            )
