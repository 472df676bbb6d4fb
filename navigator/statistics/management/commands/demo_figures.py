"""`manage.py demo_figures`: figures that nobody made, to try the pages with figures out."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from navigator.statistics import demo


class Command(BaseCommand):
    help = (
        "Invents visits and conversations, so that the pages with figures have some to show. What "
        "is there stays: with any figure in the database it does nothing. Refuses unless the "
        "settings say that this is a demo (DEMO=1)."
    )

    def handle(self, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError(_("This is no demo: DEMO=1 is not set."))
        if demo.has_figures():
            return
        visits = demo.fill(timezone.now())
        self.stdout.write(
            _("Invented %(number)d visits, so that there are figures to see.") % {"number": visits}
        )
