"""`manage.py check_directory`: is what is derived right, and what is wrong with the facts?"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from regions import checking, derived, versions
from regions.management.progress import shown

LISTED = 12  # how many places of a defect are named, unless all are asked for


class Command(BaseCommand):
    help = (
        "Measures reach and gaps anew and compares them with what is stored; lists the defects of "
        "the facts. Fails when derived and stored data disagree."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--repair", action="store_true", help="rebuild what is derived when it is wrong"
        )
        parser.add_argument(
            "--all", action="store_true", dest="all_places", help="name every place of a defect"
        )

    def handle(self, *, repair: bool, all_places: bool, verbosity: int, **options: Any) -> None:
        with shown(on=bool(verbosity)) as progress:
            found = checking.disagreements(progress=progress)
        for line in found:
            self.stdout.write(self.style.ERROR(line))
        if found and repair:
            derived.rebuild(full=True)
            self.stdout.write(_("Rebuilt."))
        directory = versions.current()
        for defect in checking.defects(directory):
            self.stdout.write(self._line(defect, None if all_places else LISTED))
        if found and not repair:
            raise CommandError(
                _("Derived and stored data disagree. Run check_directory --repair to mend it.")
            )
        self.stdout.write(self.style.SUCCESS(_("Derived and stored data agree.")))

    def _line(self, defect: checking.Defect, most: int | None) -> str:
        shown = defect.where[:most]
        more = len(defect.where) - len(shown)
        rest = f" … (+{more})" if more else ""
        return f"{defect.what} ({len(defect.where)}): {', '.join(shown)}{rest}"
