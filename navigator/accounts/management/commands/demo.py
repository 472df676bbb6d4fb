"""`manage.py demo`: an account for each role, to try the service out with."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from navigator.accounts.adapter import know_address
from navigator.accounts.models import Membership, User
from regions import revisions
from regions.models import EducationRegion, Revision

PASSWORD = "loketwijzer-demo"  # noqa: S105  # known to all: the settings keep it out of production


class Command(BaseCommand):
    help = (
        "Makes an account for each role, with a password that everybody knows, and tells them. "
        "What is there stays. Refuses unless the settings say that this is a demo (DEMO=1)."
    )

    def handle(self, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError(_("This is no demo: DEMO=1 is not set."))
        with transaction.atomic():
            accounts = list(_made())
        self.stdout.write(_("Log in at %(address)s with:") % {"address": "/inloggen/"})
        for user, role in accounts:
            known = user.check_password(PASSWORD)
            password = PASSWORD if known else _("(a password of your own)")
            self.stdout.write(f"  {user.email:<32} {password:<20} {role}")


def _made() -> Iterable[tuple[User, str]]:
    """The accounts, with what each is for. Two regions show both ways to publish."""
    with_office = EducationRegion.objects.filter(offices__state="published").distinct()
    try:
        direct, reviewed = with_office.order_by("slug")[:2]
    except ValueError:
        raise CommandError(_("Load the directory first: manage.py load_directory")) from None
    for region, required in ((direct, False), (reviewed, True)):
        revisions.publish_now(
            subject=region,
            values={"review_required": required},
            by=None,
            at=timezone.now(),
            origin=Revision.Origin.ADMIN,
        )
    yield _account("administrator", is_staff=True, is_superuser=True), _("administrator")
    yield _account("advisor", is_advisor=True), _("advisor")
    yield (
        _account("editor", region=direct),
        _("editor of %(region)s, publishes directly") % {"region": direct.name},
    )
    yield (
        _account("editor-with-review", region=reviewed),
        _("editor of %(region)s, with review") % {"region": reviewed.name},
    )


def _account(role: str, region: EducationRegion | None = None, **fields: bool) -> User:
    email = f"{role}@demo.example"
    user = User.objects.filter(email=email).first()
    if user is None:
        user = User.objects.create_user(email, PASSWORD, **fields)
        know_address(user)
        if region is not None:
            Membership.objects.create(user=user, region=region)
    return user
