"""Who works here: accounts, memberships, invitations, keys, and the audit log."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from navigator.accounts import audit, people
from navigator.accounts.models import AuditEntry, Invitation, Membership, Token, User
from navigator.accounts.people import LastAdministrator
from navigator.administration.admin.plain import Data, Form, Plain, ReadOnly
from navigator.administration.site import data_site


class UserForm(Form):
    """The roles of somebody, and whether the account is open. There stays an administrator."""

    class Meta:
        model = User
        fields = ("is_active", "is_superuser", "is_advisor")
        labels = {"is_active": _("open"), "is_superuser": _("is an administrator")}
        help_texts = {
            "is_active": _("Who has a closed account can't log in."),
            "is_superuser": _("Runs the directory: everything of it."),
        }

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        stays = cleaned.get("is_active") and cleaned.get("is_superuser")
        others = User.objects.filter(is_active=True, is_superuser=True).exclude(pk=self.instance.pk)
        if "is_superuser" in self.fields and not stays and not others.exists():
            raise ValidationError(
                _("This is the last administrator. Make somebody else one first.")
            )
        return cleaned

    def _post_clean(self) -> None:
        """An administrator is staff too; both are stored together."""
        if "is_superuser" in self.cleaned_data:
            self.instance.is_staff = self.cleaned_data["is_superuser"]
        super()._post_clean()  # type: ignore[misc]  # Django's own


@admin.register(User, site=data_site)
class UserAdmin(Plain):
    form = UserForm
    list_display = ["email", "is_superuser", "is_advisor", "is_active", "last_login"]
    list_filter = ["is_active", "is_superuser", "is_advisor", "regions"]
    search_fields = ["email", "regions__name"]
    fields = [
        "email",
        "is_active",
        "is_superuser",
        "is_advisor",
        "regions_now",
        "last_login",
        "date_joined",
        "reminded_on",
    ]
    readonly_fields = ["email", "regions_now", "last_login", "date_joined", "reminded_on"]

    @admin.display(description=_("education regions"))
    def regions_now(self, obj: User) -> str:
        """The regions that somebody edits."""
        return ", ".join(region.name for region in obj.regions.all())

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # people are invited

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # an account is closed

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        stored = User.objects.get(pk=obj.pk)
        told = form.cleaned_data
        roles = people.change_roles(
            stored,
            regions=list(stored.regions.all()),
            is_advisor=told["is_advisor"],
            is_administrator=told["is_superuser"],
        )
        if roles:
            audit.record("roles_changed", request=request, about=stored)
        if told["is_active"] and people.activate(stored):
            audit.record("account_activated", request=request, about=stored)
        elif not told["is_active"] and people.deactivate(stored, at=timezone.now()):
            audit.record("account_deactivated", request=request, about=stored)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Nothing: regions are memberships."""

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except LastAdministrator:
            told = _("This is the last administrator. Make somebody else one first.")
            messages.error(request, str(told))
            return HttpResponseRedirect(request.get_full_path())


@admin.register(Membership, site=data_site)
class MembershipAdmin(Data):
    list_display = ["user", "region", "since"]
    list_filter = ["region"]
    list_select_related = ["user", "region"]
    search_fields = ["user__email", "region__name"]
    actions = None

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        audit.record("roles_changed", request=request, about=obj.user)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        with transaction.atomic():
            audit.record("roles_changed", request=request, about=obj.user)
            super().delete_model(request, obj)


@admin.register(Invitation, site=data_site)
class InvitationAdmin(ReadOnly):
    list_display = ["email", "invited_by", "sent_at", "expires_at", "accepted_at", "withdrawn_at"]
    list_filter = ["as_administrator", "as_advisor", "regions"]
    list_select_related = ["invited_by"]
    search_fields = ["email", "invited_by__email"]
    fields = [
        "email",
        "regions",
        "as_advisor",
        "as_administrator",
        "invited_by",
        "created_at",
        "sent_at",
        "expires_at",
        "accepted_at",
        "accepted_by",
        "withdrawn_at",
    ]


@admin.register(Token, site=data_site)
class TokenAdmin(ReadOnly):
    list_display = ["beginning", "user", "name", "expires_at", "last_used_on", "withdrawn_at"]
    list_select_related = ["user"]
    search_fields = ["user__email", "beginning"]
    fields = [
        "user",
        "name",
        "beginning",
        "created_at",
        "expires_at",
        "last_used_on",
        "withdrawn_at",
    ]


@admin.register(AuditEntry, site=data_site)
class AuditEntryAdmin(ReadOnly):
    list_display = ["at", "who", "what", "about", "address"]
    list_filter = ["what", "at"]
    list_select_related = ["who"]
    search_fields = ["who__email", "about"]
    fields = ["at", "who", "what", "about", "address"]
