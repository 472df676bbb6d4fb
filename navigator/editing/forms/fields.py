"""Fields that take what people type and answer values of records.

`regions.cleaning` says what is wrong; each field knows the component that shows it, and what it
shows of a value of a record (`as_typed`).
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, TypeAlias

import phonenumbers
import shapely
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, gettext_lazy as _

from regions import cleaning
from regions.cleaning import TimeSpan, Unclean
from regions.completeness import MustHave
from regions.links import DeadLink

Typed: TypeAlias = Mapping[str, Any]

MOST_LINKS: Final = 30
_MOST_LINK: Final = 500
_MOST_SUPPORT_NOTE: Final = 300
_PARTS: Final = ("from1", "until1", "from2", "until2")  # of the hours of a day


class Shown:
    """What every field of a section says about itself to its template."""

    component = ""
    must: MustHave | None = None  # the must-have that is told here
    is_missing = False
    dead: tuple[DeadLink, ...] = ()  # links in it that lead nowhere
    has_focus = False  # when the page opens

    def as_typed(self, value: Any) -> Any:
        """What the field shows of a value of a record."""
        return value

    def names(self, name: str) -> set[str]:
        """The names under which the field is posted."""
        return {name}

    def posted(self, name: str, value: Any) -> dict[str, str]:
        """What would be typed for a clean value, by the names under which it is posted."""
        return {name: str(self.as_typed(value) or "")}

    def in_words(self, value: Any) -> list[str]:
        """A value of a record as people read it, line by line; nothing when it is empty."""
        return str(value or "").splitlines()


class TextField(Shown, forms.CharField):
    """A text that is cleaned by one of the functions of `regions.cleaning`."""

    component = "components/edit_line.html"

    def __init__(
        self,
        clean: Callable[[str], str],
        *,
        most: int = 0,
        input_mode: str = "text",
        autocomplete: str = "off",
        **options: Any,
    ) -> None:
        super().__init__(**{"required": False, "strip": False, **options})
        self.cleaned = clean
        self.most = most  # characters; 0 where no count helps
        self.input_mode = input_mode
        self.autocomplete = autocomplete
        self.error_messages["required"] = _("This can't be empty.")

    def to_python(self, value: Any) -> str:
        try:
            return self.cleaned(super().to_python(value) or "")
        except Unclean as error:
            raise ValidationError(cleaning.message(error), code=error.code) from None


class MarkdownField(TextField):
    """A text of paragraphs, which may hold Markdown."""

    component = "components/edit_markdown.html"
    preview = ""  # as HTML


class PhoneField(TextField):
    """A phone number, shown as people write it."""

    def as_typed(self, value: Any) -> Any:
        try:
            number = phonenumbers.parse(value)
        except phonenumbers.NumberParseException:
            return value
        dutch = number.country_code == 31
        form = phonenumbers.PhoneNumberFormat
        return phonenumbers.format_number(number, form.NATIONAL if dutch else form.INTERNATIONAL)


class ChoiceField(Shown, forms.ChoiceField):
    """One of a few."""

    component = "components/edit_select.html"

    def __init__(self, choices: Iterable[tuple[str, Any]], *, empty: Any = None, **options: Any):
        first = [] if empty is None else [("", empty)]
        super().__init__(
            choices=[*first, *choices],
            required=empty is None,
            error_messages={
                "invalid_choice": _("This choice doesn't exist. Choose from the list."),
                "required": _("Choose one from the list."),
            },
            **options,
        )

    def in_words(self, value: Any) -> list[str]:
        names: dict[Any, Any] = dict(self.choices)  # type: ignore[arg-type]  # pairs, not groups
        return [str(names.get(value, value))] if value else []


class FlagField(Shown, forms.BooleanField):
    """Yes or no."""

    component = "components/edit_tick.html"

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, **options)

    def in_words(self, value: Any) -> list[str]:
        return [gettext("yes") if value else gettext("no")]


class CodesField(Shown, forms.MultipleChoiceField):
    """Any number of codes, to tick."""

    component = "components/edit_ticks.html"
    widget = forms.CheckboxSelectMultiple

    def __init__(self, choices: Iterable[tuple[str, Any]], **options: Any) -> None:
        super().__init__(
            choices=list(choices),
            required=False,
            error_messages={
                "invalid_choice": _("This choice doesn't exist. Choose from the list.")
            },
            **options,
        )

    def in_words(self, value: Any) -> list[str]:
        names: dict[Any, Any] = dict(self.choices)  # type: ignore[arg-type]  # pairs, not groups
        return [str(names.get(code, code)) for code in value or ()]


class ShallowJSON(forms.JSONField):
    """JSON that is no endless nest of brackets."""

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except RecursionError:  # brackets within brackets, without end
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None

    def bound_data(self, data: Any, initial: Any) -> Any:
        try:
            return super().bound_data(data, initial)
        except RecursionError:
            return forms.fields.InvalidJSONInput(data)


class PolygonField(Shown, ShallowJSON):
    """A polygon as GeoJSON text, or nothing."""

    component = "components/edit_code.html"

    def __init__(self, *, known: Any, **options: Any) -> None:
        super().__init__(
            required=False,
            error_messages={"invalid": _("This is not JSON. Paste the whole GeoJSON text.")},
            **options,
        )
        self.known = known  # what the record has; some old areas are careless, and may stay

    def in_words(self, value: Any) -> list[str]:
        return [gettext("a drawn area")] if value else []

    def clean(self, value: Any) -> Any:
        area = super().clean(value)
        if area in (None, "", self.known):
            return area or None
        try:
            polygon = shapely.geometry.shape(area)
            sound = polygon.geom_type in {"Polygon", "MultiPolygon"} and polygon.is_valid
            west, south, east, north = polygon.bounds
        except (AttributeError, KeyError, TypeError, ValueError, shapely.errors.ShapelyError):
            sound = False
        if not sound:
            raise ValidationError(
                gettext("This is not a GeoJSON Polygon or MultiPolygon without crossing lines."),
                code="no_polygon",
            )
        if not (3 <= west <= east <= 7.5 and 50.5 <= south <= north <= 53.8):
            raise ValidationError(
                gettext("This lies outside the Netherlands. The longitude comes first."),
                code="outside",
            )
        return area


class HoursInput(forms.Widget):
    """Closed, and two times from and until."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Typed:
        typed = {part: str(data.get(f"{name}.{part}", "")) for part in _PARTS}
        return {"closed": f"{name}.closed" in data, **typed}


class HoursField(Shown, forms.Field):
    """The hours of one weekday: spans such as ("09:00", "17:00"), none when closed."""

    component = "components/edit_hours.html"
    widget = HoursInput

    def __init__(self, *, weekday: int, **options: Any) -> None:
        super().__init__(required=False, **options)
        self.weekday = weekday

    def names(self, name: str) -> set[str]:
        return {f"{name}.{part}" for part in ("closed", *_PARTS)}

    def as_typed(self, value: Any) -> Typed:
        """`value` has the spans, and whether other days have any."""
        spans, others = value
        first, second = [*list(spans), ("", ""), ("", "")][:2]
        if len(spans) > 2:  # by the API: a line holds as many as one types
            second = (", ".join(f"{opens}-{closes}" for opens, closes in spans[1:]), "")
        return {
            "closed": others and not spans,
            "from1": first[0],
            "until1": first[1],
            "from2": second[0],
            "until2": second[1],
        }

    def posted(self, name: str, value: Any) -> dict[str, str]:
        typed = self.as_typed((value, False))
        return {f"{name}.{part}": typed[part] for part in _PARTS} if value else {}

    def clean(self, value: Any) -> tuple[TimeSpan, ...]:
        if value["closed"]:
            return ()
        try:
            spans: list[TimeSpan] = []
            for part in ("1", "2"):
                spans += self._spans(value[f"from{part}"].strip(), value[f"until{part}"].strip())
            return cleaning.hours(spans)
        except Unclean as error:
            raise ValidationError(cleaning.message(error), code=error.code) from None

    @staticmethod
    def _spans(begin: str, end: str) -> tuple[TimeSpan, ...]:
        if begin and end:
            return cleaning.hours([(begin, end)])
        return cleaning.hours(begin or end)


class SupportInput(forms.Widget):
    """Offered or not, a note, and links one by line."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Typed:
        return {
            "offered": f"{name}.offered" in data,
            "note": str(data.get(f"{name}.note", "")),
            "links": str(data.get(f"{name}.links", "")),
        }


class SupportField(Shown, forms.Field):
    """A type of support: None, or its note and links."""

    component = "components/edit_support.html"
    widget = SupportInput
    most = _MOST_SUPPORT_NOTE

    def __init__(self, *, known: Typed | None, **options: Any) -> None:
        super().__init__(required=False, **options)
        self.known = known  # what the record has

    def names(self, name: str) -> set[str]:
        return {f"{name}.{part}" for part in ("offered", "note", "links")}

    def as_typed(self, value: Any) -> Typed:
        links = "\n".join(value["links"]) if value else ""
        return {"offered": bool(value), "note": value["note"] if value else "", "links": links}

    def posted(self, name: str, value: Any) -> dict[str, str]:
        typed = self.as_typed(value)
        return {f"{name}.{part}": typed[part] for part in ("note", "links")} if value else {}

    def in_words(self, value: Any) -> list[str]:
        if value is None:
            return [gettext("not offered")]
        return [gettext("offered"), *filter(None, [value["note"]]), *value["links"]]

    def clean(self, value: Any) -> dict[str, Any] | None:
        wrong: list[ValidationError] = []
        made = {"note": self._note(value, wrong), "links": self._links(value, wrong)}
        if not value["offered"]:
            self._refuse_new_words(made if not wrong else None)
            return None
        if wrong:
            raise ValidationError(wrong)
        return made

    def _refuse_new_words(self, made: Typed | None) -> None:
        """A tick that was taken away takes its words along; words without a tick were forgotten."""
        if made in ({"note": "", "links": []}, self.known):
            return
        raise ValidationError(
            gettext("You wrote something here. Tick that you offer it, or take the text away."),
            code="not_ticked",
        )

    @staticmethod
    def _note(value: Typed, wrong: list[ValidationError]) -> str:
        try:
            return cleaning.line(value["note"], _MOST_SUPPORT_NOTE)
        except Unclean as error:
            told = gettext("Note: %(message)s") % {"message": cleaning.message(error)}
            wrong.append(ValidationError(told, code=error.code))
            return ""

    @staticmethod
    def _links(value: Typed, wrong: list[ValidationError]) -> list[str]:
        links: list[str] = []
        for number, line in enumerate(value["links"].splitlines(), start=1):
            try:
                links += filter(None, [cleaning.web_address(line, _MOST_LINK)])
            except Unclean as error:
                told = gettext("Line %(number)s: %(message)s") % {
                    "number": number,
                    "message": cleaning.message(error),
                }
                wrong.append(ValidationError(told, code=error.code))
        if len(links) > MOST_LINKS:
            told = gettext("Give at most %(most)s links.") % {"most": MOST_LINKS}
            wrong.append(ValidationError(told, code="too_many_links"))
        return list(dict.fromkeys(links))
