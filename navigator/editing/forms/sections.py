"""A section of a profile as a form: the fields of `regions.records`, and no others."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from django import forms
from django.db import models
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext, gettext_lazy as _

from navigator.editing.forms.fields import (
    ChoiceField,
    CodesField,
    FlagField,
    HoursField,
    MarkdownField,
    PhoneField,
    PolygonField,
    Shown,
    SupportField,
    TextField,
)
from navigator.kept import sign, unsigned
from regions import cleaning, completeness, markdown, records, revisions
from regions.links import DeadLink
from regions.models import EducationRegion, PhoneHours, Sector, SupportType
from regions.records import SUPPORT, Record, Subject, SubjectModel

HOURS: Final = "phone_hours"
MOST_NOTE: Final = 500
_OF_THE_FORM: Final = frozenset({"base", "seen", "note"})
_MUST_HAVES: Final = {must.field: must for must in completeness.MUST_HAVES}
_INTRODUCTIONS: Final = {
    HOURS: _(
        "When do you answer the phone? 9-17 is enough. Leave public holidays out: candidates see "
        "those."
    ),
}
_AUTOCOMPLETE: Final = {"email": "email", "phone": "tel", "website": "url"}


@dataclass(frozen=True, slots=True)
class Block:
    """Fields that stand together; a title makes a group of them."""

    fields: tuple[forms.BoundField, ...]
    title: str = ""
    hint: Any = ""
    copies: bool = False  # whether the first line can be copied to the others


class SectionForm(forms.Form):
    """The fields of one section of an office or region, filled from a record.

    `base` says which values the form was filled with, so that nothing is overwritten unseen.
    """

    template = "editing/section.html"  # of the page that shows it

    base = forms.CharField(required=False, widget=forms.HiddenInput)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    note = TextField(
        partial(cleaning.line, max_length=MOST_NOTE),
        label=_("Note with this change"),
        help_text=_("For colleagues and for who reviews it; candidates don't see it."),
        most=MOST_NOTE,
    )

    def __init__(
        self, subject: Subject, section: str, record: Record, data: Mapping[str, Any] | None = None
    ) -> None:
        self.section = section
        self.record = record
        self.model = type(subject)
        self.record_fields = self._own_fields()
        super().__init__(
            data, initial={"base": sign(revisions.fingerprints(record, self.record_fields))}
        )
        for name in self.record_fields:
            self._add(name)

    def names(self) -> frozenset[str]:
        """The names under which this form is posted, and no others."""
        own = {
            posted
            for name, field in self.fields.items()
            if name not in _OF_THE_FORM
            for posted in field.names(self.add_prefix(name))  # type: ignore[attr-defined]
        }
        return frozenset(own) | _OF_THE_FORM

    def values(self) -> Record:
        """What a valid form says, by field of the record."""
        return {
            name: self._hours() if name == HOURS else self.cleaned_data[name]
            for name in self.record_fields
        }

    def read_fingerprints(self, name: str = "base") -> dict[str, str]:
        """The fingerprints that were posted; none when somebody made them up."""
        return unsigned(self.data.get(name, "")) or {}

    def tell(self, errors: Mapping[str, list[str]]) -> None:
        """Put the messages that the directory gave where they belong."""
        for name, told in errors.items():
            for message in told:
                self.add_error(name if name in self.fields else None, message)

    def tell_placeholders(self, left: Mapping[str, list[str]]) -> None:
        """Say where something is still to be filled in."""
        for name, found in left.items():
            message = gettext("Fill in what still stands open: %(found)s") % {
                "found": ", ".join(found)
            }
            self.add_error(name, message)

    def carried(self) -> list[tuple[str, str]]:
        """All that was typed here, as it was posted, to be posted once more."""
        data: Any = self.data
        return [
            (name, text)
            for name in sorted(self.names() - {"seen"})
            if name in data
            for text in data.getlist(name)
        ]

    def checked(self, name: str) -> dict[str, Any]:
        """What is wrong with one field, and what it is as the directory will have it."""
        errors = [str(message) for message in self.errors.get(name, [])]
        field: Any = self.fields.get(name)
        if errors or not isinstance(field, Shown):
            return {"errors": errors, "clean": {}}
        return {"errors": [], "clean": field.posted(name, self.cleaned_data[name])}

    def in_words(self, name: str, value: Any) -> list[str]:
        """A value of one of the fields of the record as people read it, line by line."""
        if name == HOURS:
            return [
                f"{PhoneHours.Weekday(day).label} {opens}–{closes}" for day, opens, closes in value
            ]
        field: Any = self.fields[name]
        return list(field.in_words(value))

    def mark_dead(self, dead: Iterable[DeadLink]) -> None:
        """Let each field show which of its links lead nowhere."""
        for link in dead:
            if link.field in self.fields:
                field: Any = self.fields[link.field]
                field.dead = (*field.dead, link)

    def show_previews(self) -> None:
        """Let each text with Markdown show what candidates will see of it."""
        for name, field in self.fields.items():
            if isinstance(field, MarkdownField):
                field.preview = markdown.to_html(self[name].value() or "")

    @cached_property
    def blocks(self) -> list[Block]:
        """The fields in the order of the page, without those of the form itself."""
        if self.section == "support":
            return list(self._support_blocks())
        return [self._block(name) for name in self.record_fields]

    @property
    def has_markdown(self) -> bool:
        """Whether there are texts that can be looked at before they are saved."""
        return any(isinstance(field, MarkdownField) for field in self.fields.values())

    def _own_fields(self) -> tuple[str, ...]:
        return records.sections(self.model)[self.section]

    def _block(self, name: str) -> Block:
        if name == HOURS:
            days = tuple(self[day_name(day)] for day in PhoneHours.Weekday.values)
            label = capfirst(gettext("phone hours"))
            return Block(days, label, _INTRODUCTIONS[HOURS], copies=True)
        return Block((self[name],))

    def _support_blocks(self) -> Iterator[Block]:
        for kind in SupportType.Kind:
            fields = tuple(
                self[name]
                for name in self.record_fields
                if self._types[name.removeprefix(SUPPORT)].kind == kind
            )
            if fields:
                yield Block(fields, str(kind.label))

    def _hours(self) -> list[list[Any]]:
        return [
            [day, opens, closes]
            for day in PhoneHours.Weekday.values
            for opens, closes in self.cleaned_data[day_name(day)]
        ]

    def _add(self, name: str) -> None:
        if name == HOURS:
            self._add_hours()
            return
        field = self._field(name)
        field.must = _MUST_HAVES.get(name)
        field.is_missing = bool(field.must and not field.must.filled(self.record))
        self.fields[name] = field
        self.initial[name] = field.as_typed(self.record.get(name))

    def _add_hours(self) -> None:
        known = self.record.get(HOURS) or []
        for day in PhoneHours.Weekday:
            field = HoursField(weekday=day.value, label=capfirst(day.label))
            spans = [(opens, closes) for weekday, opens, closes in known if weekday == day]
            self.fields[day_name(day)] = field
            self.initial[day_name(day)] = field.as_typed((spans, bool(known)))

    def _field(self, name: str) -> Any:
        if name.startswith(SUPPORT):
            label = self._types[name.removeprefix(SUPPORT)].name
            return SupportField(known=self.record.get(name), label=label)
        column: Any = self.model._meta.get_field(name)
        told = {"label": capfirst(column.verbose_name), "help_text": column.help_text}
        if name == "drawn_area":
            return PolygonField(known=self.record.get(name), **told)
        if isinstance(column, models.ManyToManyField):
            return CodesField(_codes(column.related_model), **told)
        if isinstance(column, models.BooleanField):
            return FlagField(**told)
        if column.choices:
            empty = _("no choice") if column.blank else None
            return ChoiceField(column.choices, empty=empty, **told)
        return _text_field(name, column, told)

    @cached_property
    def _types(self) -> dict[str, SupportType]:
        wanted = [name.removeprefix(SUPPORT) for name in self.record_fields]
        return {term.code: term for term in SupportType.objects.filter(code__in=wanted)}


def day_name(weekday: int) -> str:
    """The name of the field with the hours of a weekday."""
    return f"{HOURS}.{weekday}"


def sections_of(model: SubjectModel, *, administrator: bool) -> list[str]:
    """The sections that somebody has a form for, in order."""
    known = records.REGION_SECTIONS if model is EducationRegion else records.OFFICE_SECTIONS
    return [name for name in known if administrator or name != records.ADMINISTRATION]


def _text_field(name: str, column: Any, told: dict[str, Any]) -> TextField:
    most = column.max_length
    told |= {"required": not column.blank, "autocomplete": _AUTOCOMPLETE.get(name, "off")}
    if name == "phone":
        told["help_text"] = _("Such as 030 227 0374, or +32 2 123 45 67 from abroad.")
        return PhoneField(cleaning.phone, input_mode="tel", **told)
    if isinstance(column, models.EmailField):
        return TextField(partial(cleaning.email, max_length=most), input_mode="email", **told)
    if isinstance(column, models.URLField):
        return TextField(partial(cleaning.web_address, max_length=most), input_mode="url", **told)
    if isinstance(column, models.SlugField):
        return TextField(partial(cleaning.slug, max_length=most), **told)
    if isinstance(column, models.TextField):
        return MarkdownField(partial(cleaning.paragraphs, max_length=most), most=most, **told)
    return TextField(partial(cleaning.line, max_length=most), most=most, **told)


def _codes(model: type[models.Model]) -> list[tuple[str, Any]]:
    if model is Sector:
        return [(sector.code, sector.name) for sector in Sector.objects.all()]
    return [(region.slug, region.name) for region in EducationRegion.objects.order_by("name")]
