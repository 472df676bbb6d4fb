"""Who may do what: the only place, asked by pages, API and admin alike.

Each rule takes a user (or nobody) and, where it matters, the thing; it answers yes or no and asks
the database at most twice. Objects that somebody may not see are not found rather than forbidden:
use the querysets at the end.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from navigator.accounts.models import Invitation, User
from regions import records
from regions.models import EducationRegion, RegionalOffice, Revision

Somebody = User | AnonymousUser
Subject = RegionalOffice | EducationRegion
OWN_ENTRIES: Final = timedelta(days=30)


def is_administrator(user: Somebody) -> bool:
    """Runs the directory: everything of it."""
    return isinstance(user, User) and user.is_administrator


def is_advisor(user: Somebody) -> bool:
    """May use the advisors' desk."""
    return isinstance(user, User) and user.is_active and (user.is_advisor or user.is_superuser)


def may_correct_conversation(
    user: Somebody, *, advisor_id: int | None, registered_at: datetime, at: datetime
) -> bool:
    """Correct or withdraw what was registered: advisors their own, 30 days long."""
    if is_administrator(user):
        return True
    is_own = is_advisor(user) and isinstance(user, User) and user.pk == advisor_id
    return is_own and at - registered_at <= OWN_ENTRIES


def may_see_of_advisor(user: Somebody, *, advisor_id: int | None) -> bool:
    """Follow what an advisor handed out, or hand out more for it: advisors their own."""
    if is_administrator(user):
        return True
    return is_advisor(user) and isinstance(user, User) and user.pk == advisor_id


def may_import_conversations(user: Somebody) -> bool:
    """Add registrations of before the service, which changes everybody's figures."""
    return is_administrator(user)


def is_editor(user: Somebody) -> bool:
    """Has something to edit."""
    return isinstance(user, User) and user.is_active and subjects_exist_for(user)


def works_for_office(user: Somebody, *, office_id: int) -> bool:
    """Is no visitor of an office's public page: its own editors, advisors and administrators.

    One query at most.
    """
    if is_administrator(user) or is_advisor(user):
        return True
    return (
        isinstance(user, User)
        and user.is_active
        and user.memberships.filter(region__offices=office_id).exists()
    )


def needs_second_factor(user: Somebody) -> bool:
    """Administrators and advisors see nothing internal without one (setting `REQUIRE_MFA`)."""
    return bool(settings.REQUIRE_MFA) and (is_administrator(user) or is_advisor(user))


def may_edit(user: Somebody, subject: Subject) -> bool:
    """Change the profile of an office or a region, see its drafts and its history.

    An office belongs to the editors of each of its regions. What is archived changes no more,
    except that an administrator can bring it back.
    """
    if is_administrator(user):
        return True
    return subject.state != subject.State.ARCHIVED and _belongs_to(user, subject)


def may_publish(user: Somebody, subject: Subject) -> bool:
    """Make a change public without review."""
    if is_administrator(user):
        return True
    return may_edit(user, subject) and _belongs_to(user, subject, directly=True)


def may_publish_revision(user: Somebody, revision: Revision) -> bool:
    """Make this change public without review.

    One that holds what editors can't change waits for an administrator, whoever works on it. Three
    queries.
    """
    if is_administrator(user):
        return True
    subject = revision.subject
    own = records.editors_fields(type(subject))
    return own.issuperset(revision.changes) and may_publish(user, subject)


def may_suggest(user: Somebody) -> bool:
    """Suggest the right value where a conversation told that something public is wrong."""
    return is_advisor(user)


def may_decide(user: Somebody, suggestion: Revision) -> bool:
    """Take over what an advisor suggested, or not: who could publish it without review."""
    return may_publish_revision(user, suggestion)


def may_review(user: Somebody, revision: Revision) -> bool:
    """Approve a change of somebody, or send it back."""
    return is_administrator(user)


def may_administer(user: Somebody, subject: Subject) -> bool:
    """Change what editors can't: address name, regions of an office, publication state."""
    return is_administrator(user)


def may_invite(
    user: Somebody, *, regions: Sequence[EducationRegion], advisor: bool, admin: bool
) -> bool:
    """Invite somebody for these regions and roles. Editors: colleagues of their own regions.

    Nobody is invited for a region that is archived.
    """
    if any(region.state == EducationRegion.State.ARCHIVED for region in regions):
        return False
    return _may_grant(user, regions=regions, advisor=advisor, admin=admin)


def may_manage_invitation(user: Somebody, invitation: Invitation) -> bool:
    """Resend or withdraw an invitation: who may have made it, also when a region is archived."""
    return _may_grant(
        user,
        regions=list(invitation.regions.all()),
        advisor=invitation.as_advisor,
        admin=invitation.as_administrator,
    )


def may_manage_people(user: Somebody) -> bool:
    """See all accounts and invitations, change roles, close accounts, read the audit log."""
    return is_administrator(user)


def editable_offices(user: Somebody) -> QuerySet[RegionalOffice]:
    """The offices that somebody may edit, by name."""
    offices = RegionalOffice.objects.order_by("name")
    if is_administrator(user):
        return offices
    if not isinstance(user, User) or not user.is_active:
        return offices.none()
    return (
        offices.exclude(state=RegionalOffice.State.ARCHIVED)
        .filter(regions__memberships__user=user)
        .distinct()
    )


def editable_regions(user: Somebody) -> QuerySet[EducationRegion]:
    """The regions that somebody may edit, by name."""
    regions = EducationRegion.objects.order_by("name")
    if is_administrator(user):
        return regions
    if not isinstance(user, User) or not user.is_active:
        return regions.none()
    return regions.exclude(state=EducationRegion.State.ARCHIVED).filter(memberships__user=user)


def invitable_regions(user: Somebody) -> QuerySet[EducationRegion]:
    """The regions that somebody may invite people for, by name."""
    return editable_regions(user).exclude(state=EducationRegion.State.ARCHIVED)


def visible_invitations(user: Somebody) -> QuerySet[Invitation]:
    """The invitations that somebody may see: of their own regions, the newest first.

    One for regions of others too is seen, but `may_manage_invitation` may say no.
    """
    if is_administrator(user):
        return Invitation.objects.all()
    return Invitation.objects.filter(regions__in=editable_regions(user)).distinct()


def manageable_invitations(user: Somebody) -> QuerySet[Invitation]:
    """The invitations that `may_manage_invitation` says yes to."""
    if is_administrator(user):
        return Invitation.objects.all()
    if not isinstance(user, User) or not user.is_active:
        return Invitation.objects.none()
    own = EducationRegion.objects.filter(memberships__user=user)
    others = EducationRegion.objects.exclude(pk__in=own)
    without_role = Invitation.objects.filter(as_advisor=False, as_administrator=False)
    return without_role.filter(regions__in=own).exclude(regions__in=others).distinct()


def colleagues(user: Somebody) -> QuerySet[User]:
    """The people who edit a region of somebody, who is among them; by address."""
    found = User.objects.filter(is_active=True, memberships__region__in=editable_regions(user))
    return found.distinct().order_by("email")


def editors_of(subject: Subject) -> QuerySet[User]:
    """The people who keep an office or a region right: whom mails about it go to."""
    users = User.objects.filter(is_active=True)
    if isinstance(subject, RegionalOffice):
        return users.filter(memberships__region__offices=subject).distinct().order_by("pk")
    return users.filter(memberships__region=subject).order_by("pk")


def deciders_of(subject: Subject) -> QuerySet[User]:
    """The people whom a suggestion for an office or region waits for: the editors who publish
    without review, else the administrators. Two queries.
    """
    direct = Q(memberships__region__review_required=False)
    mine = (
        Q(memberships__region__offices=subject)
        if isinstance(subject, RegionalOffice)
        else Q(memberships__region=subject)
    )
    editors = User.objects.filter(mine & direct, is_active=True).distinct().order_by("pk")
    return editors if editors.exists() else administrators()


def administrators() -> QuerySet[User]:
    """The people who run the directory."""
    return User.objects.filter(is_active=True, is_superuser=True).order_by("pk")


def subjects_exist_for(user: User) -> bool:
    """Whether a user has any region; administrators have all."""
    return user.is_superuser or user.memberships.exists()


def _may_grant(
    user: Somebody, *, regions: Sequence[EducationRegion], advisor: bool, admin: bool
) -> bool:
    if is_administrator(user):
        return bool(regions) or advisor or admin
    if advisor or admin or not regions or not isinstance(user, User) or not user.is_active:
        return False
    own = set(user.memberships.values_list("region", flat=True))
    return all(region.pk in own for region in regions)


def _belongs_to(user: Somebody, subject: Subject, *, directly: bool = False) -> bool:
    if not isinstance(user, User) or not user.is_active:
        return False
    mine = Q(region__offices=subject) if isinstance(subject, RegionalOffice) else Q(region=subject)
    found = user.memberships.filter(mine)
    return (found.filter(region__review_required=False) if directly else found).exists()
