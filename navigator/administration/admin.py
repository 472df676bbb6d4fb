"""What administrators see and change of the data that has no page of its own.

Whatever follows from a change follows at once: offices and regions are changed through
`regions.revisions`, facts end in a rebuild, accounts go through `navigator.accounts.people`.
Nothing of the directory can be deleted here.
"""

from typing import TYPE_CHECKING, Any, TypeAlias, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import ModelAdmin
from django.contrib.admin.widgets import AdminTextInputWidget
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model, QuerySet, URLField
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext, gettext_lazy as _

from navigator.accounts import audit, people
from navigator.accounts.models import AuditEntry, Invitation, Membership, Token, User
from navigator.accounts.people import LastAdministrator
from navigator.administration import arranging
from navigator.administration.site import data_site
from navigator.editing import publication, subjects
from navigator.editing.forms.fields import ShallowJSON
from regions import derived, records, revisions, tables
from regions.models import (
    EducationRegion,
    FormerSlug,
    LinkCheck,
    Municipality,
    Place,
    Postcode,
    RegionalOffice,
    Revision,
    Sector,
    SupportType,
)
from regions.records import Refused, Subject
from regions.reorganisation import ArrangementError
from regions.revisions import RevisionError

__all__ = ["data_site"]  # with all that is registered here

if TYPE_CHECKING:  # Django's own can't be subscripted
    Data: TypeAlias = ModelAdmin[Any]
    Form: TypeAlias = forms.ModelForm[Any]
else:
    Data, Form = ModelAdmin, forms.ModelForm


class Plain(Data):
    """Web addresses as texts, cleaned as everywhere else. Lists are narrowed down by what they
    show: by the hash of a password it could be found out letter by letter.
    """

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        shown = {*(self.fields or ()), *self.list_display, *self.list_filter, "pk", "id"}
        names = {str(name).partition("__")[0] for name in shown}
        return lookup.partition("__")[0] in names and super().lookup_allowed(lookup, value, request)

    def formfield_for_dbfield(self, db_field: Any, request: Any, **options: Any) -> Any:
        if isinstance(db_field, URLField):
            return super().formfield_for_dbfield(
                db_field, request, form_class=forms.CharField, widget=AdminTextInputWidget
            )
        return super().formfield_for_dbfield(db_field, request, **options)


class ReadOnly(Plain):
    """To look at, and nothing more."""

    list_per_page = 50
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class Facts(Data):
    """What others follow from: a change is calculated through at once."""

    list_per_page = 50

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Model, form: Any, change: bool) -> None:
        derived.lock()
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        derived.rebuild()
        audit.record("facts_changed", request=request, about=form.instance)


@admin.register(Municipality, site=data_site)
class MunicipalityAdmin(Facts):
    list_display = ["name", "code", "province"]
    list_filter = ["province"]
    search_fields = ["name", "code"]
    fields = ["code", "name", "province"]
    readonly_fields = ["code"]


@admin.register(Postcode, site=data_site)
class PostcodeAdmin(Facts):
    list_display = ["code", "place", "municipality", "po_box_only"]
    list_filter = ["po_box_only", "municipality__province"]
    list_select_related = ["municipality"]
    search_fields = ["code", "place", "municipality__name"]
    fields = ["code", "place", "municipality", "po_box_only", "latitude", "longitude"]
    readonly_fields = ["code"]


@admin.register(Place, site=data_site)
class PlaceAdmin(ReadOnly):
    list_display = ["name", "municipality"]
    list_filter = ["municipality__province"]
    list_select_related = ["municipality"]
    search_fields = ["name", "names__key", "postcodes__code"]
    fields = ["name", "municipality", "postcodes"]


@admin.register(Sector, site=data_site)
class SectorAdmin(Facts):
    list_display = ["code", "name_nl", "name_en", "position"]
    fields = ["code", "name_nl", "name_en", "position"]
    readonly_fields = ["code"]


@admin.register(SupportType, site=data_site)
class SupportTypeAdmin(Facts):
    list_display = ["code", "name_nl", "name_en", "kind", "position"]
    list_filter = ["kind"]
    search_fields = ["code", "name_nl", "name_en"]
    fields = ["code", "name_nl", "name_en", "kind", "position"]
    readonly_fields = ["code"]


class SubjectForm(Form):
    """The short fields of an office or region, cleaned as everywhere else.

    `base` has the fingerprints of the fields as they were shown.
    """

    base = ShallowJSON(required=False, widget=forms.HiddenInput, label="")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = [name for name in self.fields if name != "base"]
        record = records.read(self.instance) if self.instance.pk else {}
        self.initial["base"] = revisions.fingerprints(record, names)

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        for name in self.fields:
            if name != "base" and isinstance(values.get(name), str):
                try:
                    values[name] = tables.cleaned(type(self.instance), name, values[name])
                except ValueError as wrong:
                    self.add_error(name, str(wrong))
        if not self.errors:
            self._check()
        return values

    @property
    def changed(self) -> dict[str, Any]:
        """The values that were changed in this form, seen from what it showed."""
        return {
            name: value
            for name, value in self.cleaned_data.items()
            if name != "base" and revisions.fingerprint(value) != self.shown.get(name)
        }

    @property
    def shown(self) -> dict[str, str]:
        """The fingerprints of what the form showed."""
        base = self.cleaned_data.get("base")
        return base if isinstance(base, dict) else {}

    def _check(self) -> None:
        values = self.changed
        record = records.read(self.instance)
        for name in values:
            now = revisions.fingerprint(record[name])
            if now not in (self.shown.get(name), revisions.fingerprint(values[name])):
                told = _("Somebody else changed this meanwhile. Open the page again.")
                self.add_error(name, str(told))
        for name in revisions.placeholders(values):
            self.add_error(name, gettext("This still has to be filled in."))
        try:
            records.check(self.instance, values)
        except Refused as refused:
            for name, reasons in refused.errors.items():
                self.add_error(name if name in self.fields else None, reasons)


class SubjectAdmin(Plain):
    """An office or a region: its short fields here, all the others in My region."""

    form = SubjectForm
    actions: Any = ("archive", "bring_back")
    list_per_page = 100

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **more: Any
    ) -> Any:
        more["fields"] = [*self.own_fields]
        return super().get_form(request, obj, change, **more)

    own_fields: tuple[str, ...] = ()

    @admin.display(description=_("All fields"))
    def elsewhere(self, obj: Subject) -> str:
        """The way to My region."""
        there = subjects.address("subject", obj)
        return format_html('<a href="{}">{}</a>', there, gettext("Edit it in My region"))

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        values = form.changed
        publication.publish_now(
            subject=type(obj).objects.get(pk=obj.pk),
            values=values,
            by=cast(User, request.user),
            at=timezone.now(),
            origin=Revision.Origin.ADMIN,
            base=form.shown,
            request=request,
        )
        obj.refresh_from_db()

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Nothing: lists are changed in My region."""

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except (Refused, RevisionError):
            told = gettext("Somebody else changed this at the same time. Try it again.")
            messages.error(request, told)
            return HttpResponseRedirect(request.get_full_path())

    @admin.action(description=_("Archive"))
    def archive(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Take them out of everything public; they can come back."""
        self._each(request, queryset, arranging.archive)

    @admin.action(description=_("Bring back"))
    def bring_back(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Undo an archiving."""
        self._each(request, queryset, arranging.bring_back_or_apart)

    def _each(self, request: HttpRequest, queryset: QuerySet[Any], step: Any) -> None:
        done = 0
        for subject in queryset:
            try:
                step(request, subject, by=cast(User, request.user), at=timezone.now())
            except ArrangementError as error:
                messages.error(request, f"{subject}: {arranging.explain(error)}")
            except (Refused, RevisionError) as error:
                messages.error(request, f"{subject}: {error}")
            else:
                done += 1
        if done:
            messages.success(request, gettext("Done: %(count)s") % {"count": done})


@admin.register(RegionalOffice, site=data_site)
class OfficeAdmin(SubjectAdmin):
    own_fields = ("name", "slug", "state", "nationwide", "website", "email", "phone")
    fields = ["base", "elsewhere", *own_fields, "regions_now", "facts_of", "confirmed_on"]
    readonly_fields = ["elsewhere", "regions_now", "facts_of", "confirmed_on"]
    list_display = ["name", "state", "nationwide", "confirmed_on"]
    list_filter = ["state", "nationwide", "sectors", "regions"]
    search_fields = ["name", "slug", "email", "regions__name"]

    @admin.display(description=_("education regions"))
    def regions_now(self, obj: RegionalOffice) -> str:
        """The regions, which are changed elsewhere."""
        return ", ".join(region.name for region in obj.regions.all())

    def add_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Offices are added where their regions are chosen too."""
        return HttpResponseRedirect(reverse("administration:add_office"))


@admin.register(EducationRegion, site=data_site)
class RegionAdmin(SubjectAdmin):
    own_fields = ("name", "slug", "state", "review_required", "website")
    fields = ["base", "elsewhere", *own_fields, "offices_now"]
    readonly_fields = ["elsewhere", "offices_now"]
    list_display = ["name", "state", "review_required"]
    list_filter = ["state", "review_required"]
    search_fields = ["name", "slug"]

    @admin.display(description=_("regional offices"))
    def offices_now(self, obj: EducationRegion) -> str:
        """The offices, which are changed elsewhere."""
        return ", ".join(office.name for office in obj.offices.all())

    def add_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Regions are added on a page of their own."""
        return HttpResponseRedirect(reverse("administration:add_region"))


@admin.register(FormerSlug, site=data_site)
class FormerSlugAdmin(ReadOnly):
    list_display = ["slug", "office", "region"]
    list_select_related = ["office", "region"]
    search_fields = ["slug", "office__name", "region__name"]


@admin.register(LinkCheck, site=data_site)
class LinkCheckAdmin(ReadOnly):
    list_display = ["url", "result", "reason", "checked_at", "failing_since"]
    list_filter = ["result", "checked_at"]
    search_fields = ["url"]


@admin.register(Revision, site=data_site)
class RevisionAdmin(ReadOnly):
    list_display = ["subject", "state", "origin", "author", "changed_at", "published_at"]
    list_filter = ["state", "origin", "changed_at"]
    list_select_related = ["office", "region", "author"]
    search_fields = ["office__name", "region__name", "author__email", "note"]
    fields = [
        "office",
        "region",
        "state",
        "origin",
        "changes",
        "note",
        "author",
        "created_at",
        "changed_at",
        "submitted_at",
        "reviewer",
        "reviewed_at",
        "comment",
        "publish_at",
        "published_at",
        "restores",
    ]


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
