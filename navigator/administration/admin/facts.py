"""Facts that others follow from: places, sectors, kinds of support; and checked links."""

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from navigator.accounts import audit
from navigator.administration.admin.plain import Data, ReadOnly
from navigator.administration.site import data_site
from regions import derived
from regions.models import (
    LinkCheck,
    Municipality,
    Place,
    Postcode,
    Sector,
    SupportType,
)


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


@admin.register(LinkCheck, site=data_site)
class LinkCheckAdmin(ReadOnly):
    list_display = ["url", "result", "reason", "checked_at", "failing_since"]
    list_filter = ["result", "checked_at"]
    search_fields = ["url"]
