"""Who is invited, and inviting: by editors for their regions, by administrators for all."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy as _

from navigator.accounts import audit, invitations, rules
from navigator.accounts.invitations import InvitationError, State
from navigator.accounts.models import Invitation, Membership, User
from navigator.accounts.people_forms import INVITE_ERRORS, AdministratorInviteForm, InviteForm
from navigator.methods import SeeOther, takes
from regions.models import EducationRegion

PER_PAGE: Final = 50
_NOT_POSSIBLE: Final = {
    "not_allowed": _("You may not invite people for these regions any more."),
    **{code: INVITE_ERRORS[code] for code in ("many_by_you", "many_to_address")},
    "just_sent": _("It was sent less than a minute ago. Wait a minute."),
    "not_sent": _("The mail could not be sent. Try again in a few minutes."),
    "used": _("It has been accepted already."),
    "withdrawn": _("It has been withdrawn already."),
}


@dataclass(frozen=True, slots=True)
class Row:
    """An invitation in a list."""

    invitation: Invitation
    state: State
    regions: tuple[EducationRegion, ...]
    may_manage: bool  # and there is something to manage

    @property
    def is_open(self) -> bool:
        """Whether the link works now."""
        return self.state is State.OPEN


@takes("GET", "HEAD", "POST")
def colleagues(request: HttpRequest) -> HttpResponse:
    """The people of my regions, those who are invited, and a form to invite one."""
    user, at = cast(User, request.user), timezone.now()
    if rules.may_manage_people(user):
        return redirect("people:invitations")
    if not rules.is_editor(user):
        raise PermissionDenied("editors alone")
    form = InviteForm(request.POST or None, by=user)
    if form.is_valid() and _invited(request, form, at):
        return SeeOther(reverse("people:colleagues"))
    own = list(rules.editable_regions(user))
    theirs = Membership.objects.filter(user__in=rules.colleagues(user), region__in=own)
    waiting = rules.visible_invitations(user).filter(accepted_at=None, withdrawn_at=None)
    context = {
        "form": form,
        "regions": own,
        "memberships": theirs.select_related("user", "region").order_by(
            "user__email", "region__name"
        ),
        "rows": list(_rows(user, waiting, at, within=own)),
    }
    return render(request, "accounts/colleagues.html", context)


@takes("GET", "HEAD", "POST")
def all_invitations(request: HttpRequest) -> HttpResponse:
    """All invitations, those that wait by themselves, and a form to invite anybody."""
    user, at = cast(User, request.user), timezone.now()
    if not rules.may_manage_people(user):
        raise PermissionDenied("administrators alone")
    form = AdministratorInviteForm(request.POST or None, by=user)
    if form.is_valid() and _invited(request, form, at):
        return SeeOther(reverse("people:invitations"))
    every = "all" in request.GET
    found = rules.visible_invitations(user)
    if not every:
        found = found.filter(accepted_at=None, withdrawn_at=None)
    found = found.order_by("-created_at", "-pk")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    shown = found.filter(pk__in=[each.pk for each in page])
    context = {
        "form": form,
        "every": every,
        "page": page,
        "rows": list(_rows(user, shown, at, within=list(EducationRegion.objects.all()))),
    }
    return render(request, "accounts/invitations.html", context)


@takes("GET", "HEAD", "POST")
def resend(request: HttpRequest, pk: int) -> HttpResponse:
    """Send an invitation again. The old link is dead from then on, so it asks first."""
    found = _manageable(request, pk)
    if request.method != "POST":
        return render(
            request, "accounts/resend.html", {"invitation": found, "back": _back(request)}
        )
    return _do(request, invitations.resend, found, "invitation_resent")


@takes("GET", "HEAD", "POST")
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw an invitation, after asking."""
    found = _manageable(request, pk)
    if request.method != "POST":
        context = {"invitation": found, "back": _back(request)}
        return render(request, "accounts/withdraw_invitation.html", context)
    return _do(request, invitations.withdraw, found, "invitation_withdrawn")


def _invited(request: HttpRequest, form: InviteForm, at: datetime) -> bool:
    """Invite whom the form says; False when that can't be, and the form tells why."""
    chosen = form.cleaned_data
    try:
        made, _key = invitations.invite(
            email=chosen["email"],
            regions=chosen["regions"],
            as_advisor=chosen.get("as_advisor", False),
            as_administrator=chosen.get("as_administrator", False),
            by=cast(User, request.user),
            at=at,
        )
    except InvitationError as error:
        if error.code not in INVITE_ERRORS:
            raise PermissionDenied(error.code) from error
        form.refuse(error.code)
        return False
    audit.record("invited", request=request, about=made)
    told = gettext("The invitation is on its way to %(email)s.") % {"email": made.email}
    messages.success(request, told)
    return True


def _do(
    request: HttpRequest, act: Callable[..., Any], found: Invitation, what: str
) -> HttpResponse:
    try:
        act(found, by=request.user, at=timezone.now())
    except InvitationError as error:
        messages.error(request, str(_NOT_POSSIBLE[error.code]))
    else:
        audit.record(what, request=request, about=found)
        done = {
            "invitation_resent": gettext("Sent again to %(email)s. The old link works no more."),
            "invitation_withdrawn": gettext("The invitation of %(email)s is withdrawn."),
        }[what]
        messages.success(request, done % {"email": found.email})
    return SeeOther(_back(request))


def _manageable(request: HttpRequest, pk: int) -> Invitation:
    """Raises Http404 for an invitation that this user may not manage."""
    found = Invitation.objects.filter(pk=pk).first()
    if found is None or not rules.may_manage_invitation(request.user, found):
        raise Http404("no invitation that this user may manage")
    return found


def _back(request: HttpRequest) -> str:
    everything = rules.may_manage_people(request.user)
    return reverse("people:invitations" if everything else "people:colleagues")


def _rows(
    user: User, found: QuerySet[Invitation], at: datetime, *, within: list[EducationRegion]
) -> Iterator[Row]:
    """Rows for a list, with the names of those regions that stand in `within`. Three queries."""
    manageable = set(rules.manageable_invitations(user).values_list("pk", flat=True))
    for each in found.select_related("invited_by").prefetch_related("regions"):
        state = invitations.state_of(each, at)
        yield Row(
            invitation=each,
            state=state,
            regions=tuple(region for region in each.regions.all() if region in within),
            may_manage=each.pk in manageable and state in (State.OPEN, State.EXPIRED),
        )
