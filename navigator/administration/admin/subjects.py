"""Offices and regions, changed through the one door, and their history."""

from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext, gettext_lazy as _

from navigator.accounts.models import User
from navigator.administration import arranging
from navigator.administration.admin.plain import Form, Plain, ReadOnly
from navigator.administration.site import data_site
from navigator.editing import publication, subjects
from navigator.editing.forms.fields import ShallowJSON
from regions import records, revisions, tables
from regions.models import (
    EducationRegion,
    FormerSlug,
    RegionalOffice,
    Revision,
)
from regions.records import Refused, Subject
from regions.reorganisation import ArrangementError
from regions.revisions import RevisionError


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
