"""What all pages of the data have in common."""

from typing import TYPE_CHECKING, Any, TypeAlias

from django import forms
from django.contrib.admin import ModelAdmin
from django.contrib.admin.widgets import AdminTextInputWidget
from django.db.models import URLField
from django.http import HttpRequest

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
