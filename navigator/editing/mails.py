"""What people are told by mail about changes of profiles, in Dutch.

Mails go out when the change is stored for good. A mail server that is away costs the mail, never
the change: what waits stands on the pages too, and the log says who was not reached.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

import structlog
from django.conf import settings
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from navigator import post
from navigator.accounts import rules
from navigator.accounts.models import User
from navigator.editing import subjects
from regions import effects, records
from regions.models import EducationRegion, RegionalOffice, Revision
from regions.records import Refused
from regions.revisions import Outdated, Person, Placeholders, RevisionError

LANGUAGE: Final = "nl"
log = structlog.get_logger(__name__)


def ask_review(revision: Revision, *, by: Person) -> None:
    """Tell the administrators that a change waits for them."""
    subject = revision.subject
    with translation.override(LANGUAGE):
        _send(
            [each for each in rules.administrators() if by is None or each.pk != by.pk],
            _("To review: %(name)s") % {"name": subject.name},
            "review_asked",
            {
                "revision": revision,
                "subject": subject,
                "by": by,
                "address": post.full_address(reverse("administration:review", args=[revision.pk])),
            },
        )


def ask_to_decide(suggestion: Revision, *, by: Person) -> None:
    """Tell who decides on it that an advisor suggested a correction."""
    subject = suggestion.subject
    with translation.override(LANGUAGE):
        _send(
            [each for each in rules.deciders_of(subject) if by is None or each.pk != by.pk],
            _("An advisor heard that something is wrong: %(name)s") % {"name": subject.name},
            "suggested",
            {
                "suggestion": suggestion,
                "subject": subject,
                "fields": [
                    records.label(type(subject), field) for field in sorted(suggestion.changes)
                ],
                "address": post.full_address(reverse("editing:suggestion", args=[suggestion.pk])),
            },
        )


def tell_sent_back(revision: Revision, *, by: Person) -> None:
    """Tell who worked on a change what the reviewer says, and where to go on."""
    with translation.override(LANGUAGE):
        subject = _("Sent back: your change for %(name)s") % {"name": revision.subject.name}
        _send_to_authors(revision, subject, "sent_back", by=by)


def tell_approved(revision: Revision, *, by: Person) -> None:
    """Tell who worked on a change that it was approved: public now, or at its moment."""
    with translation.override(LANGUAGE):
        subject = _("Approved: your change for %(name)s") % {"name": revision.subject.name}
        _send_to_authors(revision, subject, "approved", by=by)


def tell_published(revision: Revision) -> None:
    """Tell who worked on a planned change that it is public now."""
    with translation.override(LANGUAGE):
        subject = _("Public now: your change for %(name)s") % {"name": revision.subject.name}
        _send_to_authors(revision, subject, "published")


def tell_not_published(revision: Revision, error: RevisionError | Refused) -> None:
    """Tell who worked on a planned change why it could not be published at its moment."""
    with translation.override(LANGUAGE):
        subject = _("Not published: your change for %(name)s") % {"name": revision.subject.name}
        _send_to_authors(revision, subject, "not_published", why=_reasons(revision, error))


def tell_neighbours(revision: Revision) -> None:
    """Tell the editors of neighbouring regions what a published change of an area means to them."""
    office = revision.office
    if office is None or effects.FIELDS.isdisjoint(revision.changes):
        return
    now = records.read(office)
    before = {name: was for name, (was, _is) in revision.changes.items()}
    effect = effects.effect_between(office, now | before, now)
    own = set(rules.editors_of(office).values_list("pk", flat=True))
    by_region: dict[EducationRegion, list[effects.Touched]] = {}
    for touched in effect.touched:
        for region in touched.regions:
            by_region.setdefault(region, []).append(touched)
    with translation.override(LANGUAGE):
        for region, touched_here in by_region.items():
            _send(
                rules.editors_of(region).exclude(pk__in=own),
                _("%(name)s changed its service area") % {"name": office.name},
                "neighbour_area",
                {
                    "office": office,
                    "region": region,
                    "touched": touched_here,
                    "address": post.full_address(reverse("finder:office", args=[office.slug])),
                },
            )


def authors_of(revision: Revision) -> list[User]:
    """Who worked on a change and still may see it; else all who edit its office or region."""
    subject = revision.subject
    worked = {revision.author_id, *revision.authors.values()} - {None}
    editors = rules.editors_of(subject)
    may_see = User.objects.filter(Q(pk__in=editors) | Q(is_superuser=True), is_active=True)
    return list(may_see.filter(pk__in=worked).order_by("pk")) or list(editors)


def _send_to_authors(
    revision: Revision, subject: str, name: str, *, by: Person = None, **more: Any
) -> None:
    to = [author for author in authors_of(revision) if by is None or author.pk != by.pk]
    context = {
        "revision": revision,
        "subject": revision.subject,
        "fields": [
            records.label(type(revision.subject), field) for field in sorted(revision.changes)
        ],
        "address": post.full_address(subjects.address("draft", revision.subject)),
        "public_address": _public_address(revision),
        **more,
    }
    _send(to, subject, name, context)


def _public_address(revision: Revision) -> str:
    kind = "office" if isinstance(revision.subject, RegionalOffice) else "region"
    return post.full_address(reverse(f"finder:{kind}", args=[revision.subject.slug]))


def _reasons(revision: Revision, error: RevisionError | Refused) -> list[str]:
    """What stands in the way, field by field."""
    model = type(revision.subject)
    if isinstance(error, Outdated):
        told = _("%(field)s: somebody else changed this meanwhile.")
        return [told % {"field": records.label(model, field)} for field in error.clashes]
    if isinstance(error, Placeholders):
        return [
            _("%(field)s: still to be filled in: %(what)s.")
            % {"field": records.label(model, field), "what": ", ".join(found)}
            for field, found in error.fields.items()
        ]
    if isinstance(error, Refused):
        return [
            f"{records.label(model, field)}: {' '.join(told)}"
            for field, told in error.errors.items()
        ]
    return [_("Nothing would change any more.")]


def _send(to: Iterable[User], subject: str, name: str, context: Mapping[str, Any]) -> None:
    """A mail to each of them. Who can't be reached is logged."""
    people = {person.email: person.pk for person in to}
    body = render_to_string(f"editing/mails/{name}.txt", {**context, "site_url": settings.SITE_URL})
    for address in set(people) - post.send(people, subject=subject, body=body):
        log.warning("mail_not_sent", mail=name, user=people[address])
