"""The audit log as people read it: codes in words, things by their names."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from navigator.accounts.models import AuditEntry, Invitation, Token, User
from regions.models import EducationRegion, RegionalOffice

# A code of an entry -> what happened.
WORDS: Final[dict[str, Any]] = {
    "logged_in": _("Logged in"),
    "logged_out": _("Logged out"),
    "login_failed": _("Failed to log in"),
    "sessions_ended": _("Logged out elsewhere"),
    "password_changed": _("Changed the password"),
    "password_reset": _("Chose a password by the link of a mail"),
    "email_changed": _("Changed the address"),
    "second_factor_added": _("Set the second step up"),
    "second_factor_removed": _("Turned the second step off"),
    "second_factor_reset": _("Turned the second step of somebody off"),
    "recovery_codes_made": _("Made recovery codes"),
    "token_made": _("Made a key"),
    "token_withdrawn": _("Withdrew a key"),
    "invited": _("Invited somebody"),
    "invitation_resent": _("Sent an invitation again"),
    "invitation_withdrawn": _("Withdrew an invitation"),
    "invitation_accepted": _("Accepted an invitation"),
    "account_deactivated": _("Closed an account"),
    "account_activated": _("Opened an account again"),
    "roles_changed": _("Changed roles"),
    "profile_confirmed": _("Confirmed a profile"),
    "revision_submitted": _("Asked for a review of a change"),
    "revision_approved": _("Approved a change"),
    "revision_sent_back": _("Sent a change back"),
    "revision_planned": _("Planned a change"),
    "revision_published": _("Published a change"),
    "revision_not_published": _("A planned change could not be published"),
    "revision_withdrawn": _("Withdrew a change"),
    "revision_resumed": _("Went on with a change"),
    "revision_settled": _("Chose between two versions of a change"),
    "revision_restored": _("Brought an earlier state back"),
    "correction_suggested": _("Suggested a correction from a call"),
    "correction_taken_over": _("Took a correction from a call over"),
    "correction_declined": _("Did not take a correction from a call over"),
    "review_setting_changed": _("Changed whether a region is reviewed"),
    "facts_changed": _("Changed facts in the administration"),
    "directory_exported": _("Exported the directory"),
    "directory_imported": _("Imported into the directory"),
    "conversations_imported": _("Imported earlier conversations"),
    "office_archived": _("Archived a regional office"),
    "office_unarchived": _("Brought a regional office back"),
    "region_archived": _("Archived an education region"),
    "region_unarchived": _("Brought an education region back"),
    "office_added": _("Added a regional office"),
    "region_added": _("Added an education region"),
    "region_merged": _("Merged two education regions"),
    "region_merger_undone": _("Undid the merger of a region"),
    "region_split": _("Split an education region"),
    "figures_published": _("Chose which figures are public"),
    "campaigns_changed": _("Changed the campaigns"),
    "known_sources_changed": _("Changed the list of known sources"),
    "views_excluded": _("Left views out of the figures"),
    "views_brought_back": _("Brought views back into the figures"),
    "address_changed": _("Changed the address of a page"),
    "preview_shared": _("Shared a preview"),
    "preview_unshared": _("Stopped sharing a preview"),
    "outcome_link_renewed": _("Mailed a new link for a referral"),
    "outcome_link_withdrawn": _("Withdrew the link of a referral"),
}
_KINDS: Final = {
    "user": _("account"),
    "invitation": _("invitation"),
    "token": _("key of a program"),
    "regionaloffice": _("regional office"),
    "educationregion": _("education region"),
    "revision": _("change to a profile"),
    "slipoffice": _("referral"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """An entry, readable."""

    at: datetime
    who: str  # an address; empty when nobody was logged in, or a command did it
    what: str
    about: str
    address: str  # of the network; empty when unknown


def choices() -> list[tuple[str, Any]]:
    """All that can be chosen as *what*, by its words."""
    return sorted(WORDS.items(), key=lambda item: str(item[1]))


def entries(
    *,
    what: str = "",
    who: str = "",
    since: date | None = None,
    until: date | None = None,
) -> QuerySet[AuditEntry]:
    """The entries that match all of it, the newest first.

    `who` is a part of the address of who did it. Days are those of Amsterdam; `until` is included.
    """
    found = AuditEntry.objects.select_related("who").order_by("-at", "-pk")
    if what:
        found = found.filter(what=what)
    if who:
        found = found.filter(who__email__icontains=who)
    if since:
        found = found.filter(at__gte=_start_of(since))
    if until:
        found = found.filter(at__lt=_start_of(until + timedelta(days=1)))
    return found


def read(entries: Iterable[AuditEntry]) -> list[Line]:
    """Entries -> lines. At most four queries, however many."""
    found = list(entries)
    names = _names(entry.about for entry in found)
    return [
        Line(
            at=entry.at,
            who=entry.who.email if entry.who else "",
            what=words(entry.what),
            about=_about(entry.about, names),
            address=entry.address or "",
        )
        for entry in found
    ]


def words(code: str) -> str:
    """What a code says; one that has no words yet as it is written, which still can be read."""
    return str(WORDS.get(code) or code.replace("_", " ").capitalize())


def _about(about: str, names: dict[str, str]) -> str:
    kind, _space, _key = about.partition(" ")
    if kind not in _KINDS:
        return about
    return f"{_KINDS[kind]} {names.get(about) or about.partition(' ')[2]}"


def _names(abouts: Iterable[str]) -> dict[str, str]:
    """What an entry is about -> its name now, for those things that still are there."""
    keys: dict[str, set[str]] = {}
    for about in set(abouts):
        kind, _space, key = about.partition(" ")
        keys.setdefault(kind, set()).add(key)
    numbers = {kind: [key for key in found if key.isdecimal()] for kind, found in keys.items()}
    questions: dict[str, Iterable[tuple[Any, str]]] = {
        "user": User.objects.filter(pk__in=numbers.get("user", [])).values_list("pk", "email"),
        "invitation": Invitation.objects.filter(pk__in=numbers.get("invitation", [])).values_list(
            "pk", "email"
        ),
        "token": Token.objects.filter(pk__in=numbers.get("token", [])).values_list(
            "pk", "beginning"
        ),
        "regionaloffice": RegionalOffice.objects.filter(
            slug__in=keys.get("regionaloffice", ())
        ).values_list("slug", "name"),
        "educationregion": EducationRegion.objects.filter(
            slug__in=keys.get("educationregion", ())
        ).values_list("slug", "name"),
    }
    return {
        f"{kind} {key}": name
        for kind, found in questions.items()
        if keys.get(kind)
        for key, name in found
    }


def _start_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
