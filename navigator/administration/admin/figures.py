"""What administrators keep for the figures: campaigns, and sites that visitors come from."""

from typing import Any, Final

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminTextInputWidget
from django.core.exceptions import NON_FIELD_ERRORS
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext_lazy as _

from navigator.accounts import audit
from navigator.administration.admin.plain import Form, Plain
from navigator.administration.site import data_site
from navigator.statistics import known_sources, periods
from navigator.statistics.known_sources import UnclearSource
from navigator.statistics.models import Campaign, KnownSource

_MOST_PASTED: Final = 2000


class Kept(Plain):
    """A short list that administrators keep; every change is written down."""

    actions = None  # a bulk deletion would not be written down
    changed = ""  # the code in the audit log

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        self.follow(request, obj)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        self.follow(request, obj)
        super().delete_model(request, obj)

    def follow(self, request: HttpRequest, obj: Any) -> None:
        """What follows from a change."""
        audit.record(self.changed, request=request, about=self.name_of(obj))

    def name_of(self, obj: Any) -> str:
        """What the audit log calls it."""
        raise NotImplementedError

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except IntegrityError:  # the form found nothing: it was stored a moment later
            told = _("Somebody else changed this at the same time. Try it again.")
            messages.error(request, str(told))
            return HttpResponseRedirect(request.get_full_path())


class CampaignForm(Form):
    """A period with a name, that can be asked for as any other."""

    class Meta:
        model = Campaign
        fields = ("name_nl", "name_en", "code", "first", "last")
        help_texts = {
            "name_nl": _("As visitors choose it, such as Campaign of spring 2026."),
            "name_en": _("Empty: the Dutch name."),
            "code": _(
                "Stands in the address of the figures, such as spring-2026. It stays, since people "
                "share such addresses."
            ),
            "last": _("Included. It can lie ahead: the days to come are 0."),
        }
        error_messages = {
            "code": {"unique": _("There is a campaign with this code already. Choose another one.")}
        }

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"]).lower()
        if code in periods.PRESETS:
            raise forms.ValidationError(
                _("This code stands for a period that is always there. Choose another one."),
                code="preset",
            )
        return code

    def clean(self) -> dict[str, Any]:
        """The same bounds as those of any period; see `periods.read`."""
        values: dict[str, Any] = super().clean() or {}
        first, last = values.get("first"), values.get("last")
        if first and last:
            asked = {"from": first.isoformat(), "to": last.isoformat()}
            try:
                periods.read(asked, today=first)
            except periods.PeriodError as wrong:
                self.add_error("first" if wrong.name == "from" else "last", wrong.message)
        return values


@admin.register(Campaign, site=data_site)
class CampaignAdmin(Kept):
    form = CampaignForm
    list_display = ["name_nl", "name_en", "code", "first", "last"]
    fields = ["name_nl", "name_en", "code", "first", "last"]
    changed = "campaigns_changed"

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """An address that was shared keeps its meaning."""
        return ["code"] if obj else []

    def name_of(self, obj: Campaign) -> str:
        return obj.code


class KnownSourceForm(Form):
    """A site, pasted as it is found, or a `utm_source`."""

    value = forms.CharField(
        label=_("Value"),
        max_length=_MOST_PASTED,
        widget=AdminTextInputWidget,
        help_text=_(
            "A site: example.nl, or an address of it as you copied it. It stands for the sites "
            "below it too, such as actie.example.nl. A utm_source: the text that stands behind "
            "utm_source= in the link; capitals make no difference."
        ),
    )

    class Meta:
        model = KnownSource
        fields = ("by", "value", "source")
        help_texts = {
            "source": _("From now on. Earlier visits are not counted again."),
        }
        error_messages = {
            NON_FIELD_ERRORS: {
                "unique_together": _("This is in the list already. Change it there."),
            }
        }

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        if values.get("by") and values.get("value"):
            try:
                values["value"] = known_sources.cleaned(values["by"], values["value"])
            except UnclearSource as wrong:
                self.add_error("value", wrong.message)
        return values


@admin.register(KnownSource, site=data_site)
class KnownSourceAdmin(Kept):
    form = KnownSourceForm
    list_display = ["value", "by", "source"]
    list_filter = ["source", "by"]
    search_fields = ["value"]
    fields = ["by", "value", "source"]
    changed = "known_sources_changed"

    def follow(self, request: HttpRequest, obj: Any) -> None:
        super().follow(request, obj)
        transaction.on_commit(known_sources.forget)

    def name_of(self, obj: KnownSource) -> str:
        return f"{obj.by}: {obj.value}"
