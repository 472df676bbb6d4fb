"""Records of offices and regions <-> the rows of a table, for a spreadsheet.

A row is an office or a region, known by its `slug`; a column is a field of its record
(`regions.records`), or a part of one. Columns that a file doesn't have stay as they are, an empty
cell empties its field, a row with an unknown slug adds an office or region: as a draft, unless its
`state` says otherwise. Nothing is deleted, and no slug is changed. `docs/directory-tables.md` tells
it to administrators.

- `sectors`, `municipalities`, `partial_postcodes`, `regions`: codes or slugs between `|`;
- `phone_hours`: `ma 09:00-12:30|ma 13:00-17:00|di 09:00-17:00`;
- `visiting_point`: latitude and longitude between `|`; `drawn_area`: GeoJSON;
- `support.<code>`: `ja` or `nee`; `support.<code>.note`: a text; `support.<code>.links`: addresses,
  each on its own line;
- yes or no: `ja` or `nee`; days: `2026-11-24`.

The rows are read by a resource of django-import-export, which tries them all in a transaction that
is rolled back: what a plan says can be done has been done once. Saving goes through
`regions.revisions`.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import URLField
from django.utils.translation import gettext as _
from import_export import resources
from import_export.fields import Field
from import_export.instance_loaders import BaseInstanceLoader
from import_export.results import RowResult
from import_export.widgets import Widget
from tablib import Dataset

from regions import cleaning, derived, records, revisions
from regions.cleaning import Unclean
from regions.models import EducationRegion, RegionalOffice, Revision
from regions.records import CONFIRMED, SUPPORT, Record, Refused, Subject, SubjectModel
from regions.revisions import Edit, Person

Progress = Callable[[int, int], None]

TABLES: Final[Mapping[str, SubjectModel]] = {"offices": RegionalOffice, "regions": EducationRegion}
KEY: Final = "slug"

_LIST: Final = "|"
_DAYS: Final = ("ma", "di", "wo", "do", "vr", "za", "zo")
_YES: Final = frozenset({"ja", "j", "yes", "y", "true", "waar", "1", "x"})
_NO: Final = frozenset({"nee", "n", "no", "false", "onwaar", "0", ""})
_MULTI_LINE: Final = frozenset(
    {
        "description",
        "target_groups",
        "schools",
        "training_institutes",
        "regulations",
        "matching",
        "what_to_expect",
    }
)
_NUMBER_OF_A_SPREADSHEET: Final = re.compile(r"[0-9]([.,][0-9]+)?E\+?[0-9]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Change:
    """What a row would change: by field, `[from, to]` as values of records."""

    row: int  # as the spreadsheet numbers it
    slug: str
    name: str
    is_new: bool
    values: Record
    differences: Mapping[str, list[Any]]


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a row can't be taken over. The column is empty when it is the row as a whole."""

    row: int
    column: str
    reason: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What a table would do; it can be done when there is no problem."""

    table: str
    changes: tuple[Change, ...] = ()
    problems: tuple[Problem, ...] = ()
    unchanged: int = 0

    @property
    def digest(self) -> str:
        """Differs when what would change does."""
        told = [
            [each.slug, each.is_new, each.values, dict(each.differences)] for each in self.changes
        ]
        return revisions.fingerprint([self.table, told, len(self.problems)])


class Changed(Exception):
    """What a table would do is no longer what was shown; `plan` is what it would do now."""

    code = "changed"

    def __init__(self, plan: Plan) -> None:
        super().__init__(plan.table)
        self.plan = plan


def export(table: str) -> Dataset:
    """All offices or regions, drafts and what is archived too. As many queries as their records."""
    return _Resource(TABLES[table]).export(_rows(TABLES[table]))


def columns(table: str) -> list[str]:
    """The names of the columns, in order. One query."""
    headers: list[str] = _Resource(TABLES[table]).get_export_headers()
    return headers


def field_of(column: str) -> str:
    """The field of a record that a column tells, or tells a part of."""
    if column.startswith(SUPPORT):
        return column.removesuffix(".note").removesuffix(".links")
    return column


def cleaned(model: SubjectModel, column: str, text: str) -> Any:
    """The value of a record that a text in a column means. Raises ValueError, told in words."""
    try:
        return _widget(model, column).clean(text)
    except Unclean as wrong:
        raise ValueError(cleaning.message(wrong)) from None


def plan(table: str, cells: Dataset, *, progress: Progress | None = None) -> Plan:
    """What a table of texts would change, and why it can't. Changes nothing.

    Every row is tried, in their order and together, in a transaction that is rolled back.
    """
    resource = _Resource(TABLES[table], progress=progress)
    if wrong := list(_wrong_columns(cells.headers, resource)):
        return Plan(table, problems=tuple(wrong))
    # Rolled back from within too; so that nothing stays, also inside a caller's transaction.
    result = resource.import_data(cells, dry_run=True)
    for row in result.rows:
        if row.import_type == RowResult.IMPORT_TYPE_ERROR:
            raise row.errors[0].error  # no mistake of the file, but ours
    problems = tuple(_problems(result.invalid_rows))
    tried = [row.instance for row in result.rows if row.is_valid() and row.instance]
    changes = tuple(_changes(tried))
    return Plan(table, changes, problems, unchanged=len(tried) - len(changes))


@transaction.atomic
def apply(
    table: str,
    cells: Dataset,
    *,
    shown: str,
    by: Person,
    at: datetime,
    progress: Progress | None = None,
) -> list[Revision]:
    """Make what a table changes public, all or nothing, if that is still what was shown.

    `shown` is the digest of the plan that somebody agreed with; `progress` is told how far it is,
    and how far it goes. Raises Changed; then nothing has changed.
    """
    derived.lock()
    half = len(cells)
    agreed = plan(table, cells, progress=_part(progress, 0, half, 2 * half))
    if agreed.digest != shown or agreed.problems:
        raise Changed(agreed)
    edits = _edits(TABLES[table], agreed.changes, _part(progress, half, half, 2 * half))
    return revisions.publish_many(edits, by=by, at=at, origin=Revision.Origin.IMPORT)


def _edits(
    model: SubjectModel, changes: Iterable[Change], progress: Progress | None
) -> Iterator[Edit]:
    told = list(changes)
    known: dict[str, Subject] = {subject.slug: subject for subject in model.objects.all()}
    for number, change in enumerate(told, 1):
        subject = known.get(change.slug) or _begin(model, change.slug, change.values["name"])
        yield Edit(subject, change.values)
        if progress:
            progress(number, len(told))


def _part(progress: Progress | None, start: int, length: int, whole: int) -> Progress | None:
    """Progress of a part of the work, told as that of the whole."""
    if progress is None:
        return None
    tell = progress
    return lambda done, of: tell(start + length * done // max(of, 1), whole)


def _begin(model: SubjectModel, slug: str, name: str) -> Subject:
    subject: Subject = model(slug=slug, name=name, state=model.State.DRAFT)
    subject.save()
    return subject


# Rows


@dataclass(slots=True)
class _Row:
    """An office or region while its row is read: what is stored, and what is to be."""

    subject: Subject
    record: Record
    is_new: bool = False
    number: int = 0
    values: Record = field(default_factory=dict)
    pk: int | None = None

    def now(self, name: str) -> Any:
        return self.values.get(name, self.record.get(name))


def _rows(model: SubjectModel) -> list[_Row]:
    subjects: Any = model._default_manager.order_by("name", "pk").in_bulk()
    read: Any = records.read_regions if model is EducationRegion else records.read_many
    found: dict[int, Record] = read(model._default_manager.all())
    return [_Row(subject, found[pk], pk=pk) for pk, subject in subjects.items() if pk in found]


class _Known(BaseInstanceLoader):
    """The stored rows by slug, read at once."""

    def __init__(self, resource: Any, dataset: Any = None) -> None:
        super().__init__(resource, dataset)
        self.rows = {row.record[KEY]: row for row in _rows(resource.model)}

    def get_instance(self, row: Mapping[str, str]) -> _Row | None:
        return self.rows.get(row[KEY].strip())


class _Resource(resources.Resource):
    """How django-import-export reads and writes the rows of one table."""

    class Meta:
        import_id_fields = (KEY,)
        instance_loader_class = _Known
        using_db = "default"
        skip_diff = True
        report_skipped = True
        store_instance = True

    def __init__(self, model: SubjectModel, *, progress: Progress | None = None) -> None:
        super().__init__()
        self.model = model
        self.progress = progress
        self.seen: set[str] = set()
        self.total = 0
        self.fields = {column.column_name: column for column in _columns(model)}

    def before_import(self, dataset: Dataset, **options: Any) -> None:
        self.total = len(dataset)

    def before_import_row(self, row: Mapping[str, str], **options: Any) -> None:
        slug = row[KEY].strip()
        if not any(text.strip() for text in row.values()):
            return
        if not slug:
            raise ValidationError({KEY: _("Every row needs its address name here.")})
        if slug in self.seen:
            raise ValidationError({KEY: _("This address name stands in the table twice.")})
        self.seen.add(slug)

    def init_instance(self, row: Mapping[str, str] | None = None) -> _Row:
        subject = self.model()
        return _Row(subject, _nothing(self.model), is_new=True)

    def after_init_instance(
        self, instance: _Row, new: bool, row: Mapping[str, str], **options: Any
    ) -> None:
        instance.number = options["row_number"] + 1  # the first row has the names
        if new and any(text.strip() for text in row.values()):
            slug = row[KEY].strip()
            instance.values = {KEY: slug, "name": "", "state": self.model.State.DRAFT.value}

    def skip_row(
        self,
        instance: _Row,
        original: Any,
        row: Mapping[str, str],
        import_validation_errors: Any = None,
    ) -> bool:
        empty = not any(text.strip() for text in row.values())
        return empty or (not import_validation_errors and not instance.values)

    def do_instance_save(self, instance: _Row, is_create: bool) -> None:
        try:
            _try(instance)
        except Refused as refused:
            raise ValidationError(_told(refused.errors, self.fields)) from None

    def after_import_row(self, row: Any, row_result: Any, **options: Any) -> None:
        if self.progress:
            self.progress(options["row_number"], self.total)


def _try(row: _Row) -> None:
    """Store what a row says, within a transaction that is rolled back. Raises Refused."""
    left = revisions.placeholders(row.values)
    if left:
        raise Refused(
            {
                name: [
                    _("This still has to be filled in: %(text)s") % {"text": ", ".join(found[:3])}
                ]
                for name, found in left.items()
            }
        )
    row.values = records.normal(row.values)
    if row.is_new:
        records.check(row.subject, row.values)
        row.subject = _begin(type(row.subject), row.values[KEY], row.values["name"])
        records.write(row.subject, {k: v for k, v in row.values.items() if k != KEY})
    else:
        records.write(row.subject, row.values)


def _nothing(model: SubjectModel) -> Record:
    """The record of an office or region of which nothing is known."""
    plain: Record = {name: "" for names in records.sections(model).values() for name in names}
    for name in plain:
        if name in ("sectors", "municipalities", "partial_postcodes", "regions", "phone_hours"):
            plain[name] = []
        elif name.startswith(SUPPORT) or name in ("visiting_point", "drawn_area"):
            plain[name] = None
        elif name in _FLAGS:
            plain[name] = name == "review_required"
    return plain | ({CONFIRMED: None} if model is RegionalOffice else {})


def _changes(tried: Iterable[_Row]) -> Iterator[Change]:
    for row in tried:
        differences = records.difference(row.record, row.values)
        if differences:
            yield Change(
                row=row.number,
                slug=row.values[KEY] if row.is_new else row.record[KEY],
                name=row.now("name"),
                is_new=row.is_new,
                values=row.values,
                differences=differences,
            )


def _problems(invalid: Iterable[Any]) -> Iterator[Problem]:
    for row in invalid:
        for column, told in row.field_specific_errors.items():
            yield from (Problem(row.number + 1, column, reason) for reason in told)
        yield from (Problem(row.number + 1, "", reason) for reason in row.non_field_specific_errors)


def _wrong_columns(headers: Iterable[str] | None, resource: _Resource) -> Iterator[Problem]:
    there = list(headers or ())
    if KEY not in there:
        yield Problem(1, KEY, _("This column is missing. It says which row is about whom."))
    for name in there:
        if name not in resource.fields:
            yield Problem(1, name, _("There is no such column. Mend its name, or take it out."))


def _told(errors: Mapping[str, list[str]], fields: Mapping[str, Any]) -> dict[str, list[str]]:
    """Errors by column; those of a field that no column has are told at the slug."""
    return {name if name in fields else KEY: told for name, told in errors.items()}


# Columns and their cells


class _Column(Field):
    """A column of the table that holds a field of a record."""

    def __init__(self, name: str, widget: Widget) -> None:
        super().__init__(attribute=name, column_name=name, widget=widget)

    def get_value(self, instance: _Row) -> Any:
        return instance.record.get(self.attribute)

    def save(
        self, instance: _Row, row: Mapping[str, str], is_m2m: bool = False, **options: Any
    ) -> None:
        text = row[self.column_name]
        if _same(text, self.export(instance)) and not instance.is_new:
            return  # as it was exported, also what would be written otherwise today
        try:
            value = self.widget.clean(text)
        except Unclean as wrong:
            raise ValueError(cleaning.message(wrong)) from None
        if instance.is_new and value in ("", None) and self.attribute == "state":
            return
        if value != instance.now(self.attribute):
            self.put(instance, value)

    def put(self, instance: _Row, value: Any) -> None:
        instance.values[self.attribute] = value


class _SupportPart(_Column):
    """A column with the note or the links of a type of support."""

    part = "note"

    def get_value(self, instance: _Row) -> Any:
        offered = instance.record.get(field_of(self.attribute))
        return self.widget.nothing if offered is None else offered[self.part]

    def put(self, instance: _Row, value: Any) -> None:
        name = field_of(self.attribute)
        offered = instance.now(name)
        if offered is None:
            if value:
                raise ValueError(
                    _("Say “ja” in the column %(column)s, or empty this.") % {"column": name}
                )
            return
        instance.values[name] = {**offered, self.part: value}


class _SupportLinks(_SupportPart):
    part = "links"


class _SupportOffered(_Column):
    """A column that says whether a type of support is offered; it stands before its parts."""

    def get_value(self, instance: _Row) -> Any:
        return instance.record.get(self.attribute) is not None

    def put(self, instance: _Row, value: Any) -> None:
        stored = instance.record.get(self.attribute)
        if value == (stored is not None):
            return
        instance.values[self.attribute] = {"note": "", "links": []} if value else None


class _Text(Widget):
    nothing: Any = ""

    def __init__(self, clean: Callable[[str], Any]) -> None:
        super().__init__()
        self.cleaned = clean

    def clean(self, value: str, row: Any = None, **options: Any) -> Any:
        return self.cleaned(value)

    def render(self, value: Any, obj: Any = None, **options: Any) -> str:
        return "" if value is None else str(value)


class _YesOrNo(Widget):
    def clean(self, value: str, row: Any = None, **options: Any) -> bool:
        said = value.strip().casefold()
        if said in _YES:
            return True
        if said in _NO:
            return False
        raise ValueError(_("Write “ja” or “nee”."))

    def render(self, value: Any, obj: Any = None, **options: Any) -> str:
        return "ja" if value else "nee"


class _Choice(_Text):
    """A code; the word that pages have for it is taken as well."""

    def __init__(self, choices: Iterable[tuple[str, Any]]) -> None:
        super().__init__(str.strip)
        self.choices = list(choices)

    def clean(self, value: str, row: Any = None, **options: Any) -> str:
        said = value.strip().casefold()
        for code, word in self.choices:
            if said in (code, str(word).casefold()):
                return code
        known = ", ".join(code for code, _word in self.choices)
        raise ValueError(_("Choose from: %(codes)s.") % {"codes": known})


class _Codes(Widget):
    """Codes between `|`; each must look like one."""

    def __init__(self, pattern: str, told: str) -> None:
        super().__init__()
        self.pattern, self.told = re.compile(pattern), told

    def clean(self, value: str, row: Any = None, **options: Any) -> list[str]:
        codes = sorted({part.strip() for part in re.split(r"[|\n]", value) if part.strip()})
        for code in codes:
            if not self.pattern.fullmatch(code):
                raise ValueError(self.told % {"code": code[:40]})
        return codes

    def render(self, value: Any, obj: Any = None, **options: Any) -> str:
        return _LIST.join(value or ())


class _Links(Widget):
    nothing: Any = []

    def clean(self, value: str, row: Any = None, **options: Any) -> list[str]:
        typed = [part for part in value.split("\n") if part.strip()]
        return list(dict.fromkeys(cleaning.web_address(part, 500) for part in typed))

    def render(self, value: Any, obj: Any = None, **options: Any) -> str:
        return "\n".join(value or ())


class _Hours(Widget):
    def clean(self, value: str, row: Any = None, **options: Any) -> list[list[Any]]:
        spans: list[list[Any]] = []
        for part in re.split(r"[|\n]", value):
            if not part.strip():
                continue
            day, _space, hours = part.strip().partition(" ")
            number = _weekday(day)
            spans += [[number, *span] for span in cleaning.hours(hours)]
        return sorted(spans)

    def render(self, value: Any, obj: Any = None, **options: Any) -> str:
        told = (f"{_DAYS[day - 1]} {opens}-{closes}" for day, opens, closes in value or ())
        return _LIST.join(told)


def _weekday(typed: str) -> int:
    for number, day in enumerate(_DAYS, 1):
        if typed.casefold().startswith(day):
            return number
    raise ValueError(
        _("Write hours like “ma 09:00-12:30|di 13:00-17:00”; “%(day)s” is no day.")
        % {"day": typed[:20]}
    )


class _Point(Widget):
    def clean(self, value: str, row: Any = None, **options: Any) -> list[float] | None:
        if not value.strip():
            return None
        numbers = [part.strip().replace(",", ".") for part in value.split(_LIST)]
        try:
            latitude, longitude = (float(number) for number in numbers)
        except ValueError:
            raise ValueError(_("Write latitude and longitude like “52.0907|5.1214”.")) from None
        return [latitude, longitude]

    def render(self, value: Any, obj: Any = None, **options: Any) -> str:
        return _LIST.join(repr(part) for part in value or ())


class _Day(Widget):
    def clean(self, value: str, row: Any = None, **options: Any) -> str | None:
        typed = value.strip()
        if not typed:
            return None
        for pattern in ("%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y"):
            try:
                # A day has no time zone.
                day = datetime.strptime(typed, pattern).date()  # noqa: DTZ007
            except ValueError:
                continue
            return _not_before_the_site(day).isoformat()
        raise ValueError(_("Write a day like 2026-11-24."))

    def render(self, value: Any, obj: Any = None, **options: Any) -> str:
        return value or ""


def _not_before_the_site(day: date) -> date:
    if not 2000 <= day.year <= 2100:
        raise ValueError(_("Write a day like 2026-11-24."))
    return day


class _GeoJson(Widget):
    def clean(self, value: str, row: Any = None, **options: Any) -> Any:
        try:
            return json.loads(value) if value.strip() else None
        except (ValueError, RecursionError):
            raise ValueError(_("This is no GeoJSON.")) from None

    def render(self, value: Any, obj: Any = None, **options: Any) -> str:
        return "" if value is None else json.dumps(value, separators=(",", ":"))


_FLAGS: Final = frozenset(
    {"has_visiting_location", "appointment_needed", "nationwide", "review_required"}
)


def _columns(model: SubjectModel) -> Iterator[_Column]:
    """The columns in order: who it is, what administrators say, and the sections of a form."""
    sections = records.sections(model)
    administration = sections.pop(records.ADMINISTRATION)
    first = (KEY, "name", *(name for name in administration if name != "drawn_area"))
    rest = [name for names in sections.values() for name in names]
    last = ("drawn_area", CONFIRMED) if model is RegionalOffice else ()
    for name in dict.fromkeys((*first, *rest, *last)):
        if name.startswith(SUPPORT):
            yield _SupportOffered(name, _YesOrNo())
            yield _SupportPart(f"{name}.note", _Text(_line_of(300)))
            yield _SupportLinks(f"{name}.links", _Links())
        else:
            yield _Column(name, _widget(model, name))


def _widget(model: SubjectModel, name: str) -> Widget:
    special: dict[str, Callable[[], Widget]] = {
        KEY: lambda: _Text(_slug),
        "phone": lambda: _Text(_phone),
        "email": lambda: _Text(cleaning.email),
        "phone_hours": _Hours,
        "visiting_point": _Point,
        "drawn_area": _GeoJson,
        CONFIRMED: _Day,
        "sectors": lambda: _Codes(r"[a-z]+", _("“%(code)s” is no code of a sector.")),
        "regions": lambda: _Codes(r"[-a-z0-9_]+", _("“%(code)s” is no address name of a region.")),
        "municipalities": lambda: _Codes(
            r"GM[0-9]{4}",
            _(
                "“%(code)s” is no code of a municipality: GM and four digits, such as GM0518. "
                "A spreadsheet may have taken zeros away."
            ),
        ),
        "partial_postcodes": lambda: _Codes(
            r"[1-9][0-9]{3}",
            _(
                "“%(code)s” is no postcode of four digits. A spreadsheet may have made a number "
                "of it; give the column the type “text”."
            ),
        ),
    }
    if name in special:
        return special[name]()
    if name in _FLAGS:
        return _YesOrNo()
    column: Any = model._meta.get_field(name)
    if column.choices:
        blank = [("", "")] if column.blank else []
        return _Choice([*blank, *(pair for pair in column.choices if pair[0])])
    if isinstance(column, URLField):
        return _Text(lambda text: cleaning.web_address(text, column.max_length or 300))
    if name in _MULTI_LINE:
        return _Text(lambda text: cleaning.paragraphs(text, column.max_length))
    return _Text(_line_of(column.max_length))


def _line_of(most: int) -> Callable[[str], str]:
    return lambda text: cleaning.line(text, most)


def _slug(text: str) -> str:
    typed = text.strip()
    if not re.fullmatch(r"[a-z0-9]+(?:[-_][a-z0-9]+)*", typed):
        raise Unclean("not_a_slug")
    return typed


def _phone(text: str) -> str:
    if _NUMBER_OF_A_SPREADSHEET.fullmatch(text.strip()):
        raise ValueError(
            _(
                "A spreadsheet made a number of this phone number. Give the column the type "
                "“text”, and type it again."
            )
        )
    return cleaning.phone(text)


def _same(text: str, exported: str) -> bool:
    """Whether a cell is as it was exported; spaces at the ends get lost in some programs."""
    return text.strip() == exported.replace("\r\n", "\n").replace("\r", "\n").strip()
