"""A profile -> which of the must-haves are there, and which are missing.

The must-haves are those of *What a good profile tells*: the national team's own checklist. What
is nice to have is not counted.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from statistics import median
from typing import Any, Final, TypeAlias

from django.utils.translation import gettext_lazy as _

from regions import records
from regions.cleaning import placeholders_in
from regions.models import RegionalOffice

Values: TypeAlias = Mapping[str, Any]  # a record, or as much of it as matters

ORIENTATION: Final = (
    "shadowing-day",
    "school-open-day",
    "institute-open-day",
    "information-meeting",
    "webinar",
    "other-orientation",
)
# A way to make contact, and the fields without which it leads nowhere.
_WAYS: Final[Mapping[str, tuple[str, ...]]] = {
    "phone": ("phone",),
    "email": ("email",),
    "advice": ("advice_url",),
    "website": ("website",),
    "visit": ("has_visiting_location", "visiting_address"),
}


@dataclass(frozen=True, slots=True)
class MustHave:
    """Something that a good profile tells. Texts are in the language of the moment."""

    code: str
    label: Any
    section: str  # of the form where it is mended
    field: str  # that gets the focus there
    asked: Any  # what candidates want to know
    example: Any  # a good text for the field, of an office that doesn't exist
    filled: Callable[[Values], bool]


@dataclass(frozen=True, slots=True)
class Completeness:
    """How far a profile is, in the order of the checklist."""

    filled: tuple[MustHave, ...]
    missing: tuple[MustHave, ...]

    @property
    def score_percent(self) -> int:
        """The share of the must-haves that are there; 100 only when all are."""
        return 100 * len(self.filled) // (len(self.filled) + len(self.missing))


def completeness(record: Values) -> Completeness:
    """Which must-haves a record of an office has. Asks nothing of the database."""
    filled = tuple(must for must in MUST_HAVES if must.filled(record))
    return Completeness(filled, tuple(must for must in MUST_HAVES if must not in filled))


def published_scores() -> dict[int, int]:
    """The score of each published office, by id. As many queries as `records.read_many`."""
    found = records.read_many(RegionalOffice.objects.published())
    return {pk: completeness(record).score_percent for pk, record in found.items()}


def middle(scores: Iterable[int]) -> int | None:
    """The middle score (median), whole; None of nothing."""
    known = list(scores)
    return int(median(known)) if known else None


def _has_text(field: str) -> Callable[[Values], bool]:
    """A text is there when nothing in it still has to be filled in."""

    def filled(record: Values) -> bool:
        text = str(record.get(field) or "").strip()
        return bool(text) and not placeholders_in(text)

    return filled


def _offers(*codes: str) -> Callable[[Values], bool]:
    """One of these types of support is offered; with or without a link, as a profile shows it."""
    return lambda record: any(record.get(f"support.{code}") is not None for code in codes)


def _has_area(record: Values) -> bool:
    """The overlap with neighbours follows from it: the page names them by itself."""
    return bool(
        record.get("nationwide") or record.get("municipalities") or record.get("partial_postcodes")
    )


def _can_be_contacted(record: Values) -> bool:
    """There is a way that needs no journey, and the preferred one leads somewhere."""
    best = _WAYS.get(record.get("preferred_contact") or "")
    anywhere = any(record.get(field) for field in ("website", "email", "phone", "advice_url"))
    return anywhere and best is not None and all(record.get(field) for field in best)


MUST_HAVES: Final[tuple[MustHave, ...]] = (
    MustHave(
        "service_area",
        _("Service area"),
        "area",
        "municipalities",
        _("Does this office help me where I live?"),
        _("Choose the municipalities that you serve. The page names your neighbours by itself."),
        _has_area,
    ),
    MustHave(
        "description",
        _("What the office does"),
        "introduction",
        "description",
        _("What can this office do for me?"),
        _(
            "We help you find out whether working in education suits you. You talk to an adviser, "
            "visit a school for a day, and know which training fits you. It costs nothing."
        ),
        _has_text("description"),
    ),
    MustHave(
        "target_groups",
        _("Target groups"),
        "story",
        "target_groups",
        _("Is this office there for somebody like me?"),
        _(
            "For students, for people who want a new career, for teachers who come back, and for "
            "people with a foreign diploma."
        ),
        _has_text("target_groups"),
    ),
    MustHave(
        "sectors",
        _("Sectors"),
        "sectors",
        "sectors",
        _("Do they know the kind of education that I want to work in?"),
        _("Choose only the sectors that you can really tell people about."),
        lambda record: bool(record.get("sectors")),
    ),
    MustHave(
        "schools",
        _("Schools"),
        "story",
        "schools",
        _("At which schools near me could I work?"),
        _(
            "We work for 85 primary schools of six school boards in the city and the villages "
            "around it. You find all of them on our map."
        ),
        _has_text("schools"),
    ),
    MustHave(
        "training_institutes",
        _("Training institutes"),
        "story",
        "training_institutes",
        _("Where can I become a teacher, and where can I go with my diploma?"),
        _(
            "You can train at the teacher-training college in the city (full-time, part-time and "
            "lateral entry) or at the university. We help you choose."
        ),
        _has_text("training_institutes"),
    ),
    MustHave(
        "experiences",
        _("Experiences"),
        "support",
        "support.experiences",
        _("How was it for others who took this step?"),
        _("Tick experiences, and give the page with the stories of new teachers."),
        _offers("experiences"),
    ),
    MustHave(
        "vacancies",
        _("Vacancies"),
        "support",
        "support.vacancies",
        _("Which jobs are there now?"),
        _("Tick vacancies, and give the page that lists the jobs at your schools."),
        _offers("vacancies"),
    ),
    MustHave(
        "regulations",
        _("Regulations and subsidies"),
        "story",
        "regulations",
        _("Which rules apply to me, and is there money that helps?"),
        _(
            "Will you enter from another job? Then the school can ask for a subsidy for your "
            "training. We tell you when, and what you need for it."
        ),
        _has_text("regulations"),
    ),
    MustHave(
        "matching",
        _("Matching: what you do and what you don't"),
        "story",
        "matching",
        _("Will the office find me a school, or do I do that myself?"),
        _(
            "We bring you into contact with schools that look for somebody like you. We don't "
            "apply for you: the school decides whom it employs."
        ),
        _has_text("matching"),
    ),
    MustHave(
        "activities",
        _("Kinds of activities"),
        "support",
        "support.information-meeting",
        _("Can I have a look before I decide?"),
        _("Tick what you organise, such as shadowing days or information meetings."),
        _offers(*ORIENTATION),
    ),
    MustHave(
        "calendar",
        _("Calendar"),
        "story",
        "calendar_url",
        _("When is the next activity?"),
        _("Give the page with the dates, such as https://www.school.nl/calendar."),
        lambda record: bool(record.get("calendar_url")),
    ),
    MustHave(
        "contact",
        _("Ways to make contact, and the best one"),
        "contact",
        "preferred_contact",
        _("What is the best way to reach this office?"),
        _("Give a website, e-mail address or phone number, and choose which works best."),
        _can_be_contacted,
    ),
    MustHave(
        "what_to_expect",
        _("What to expect of the contact"),
        "contact",
        "what_to_expect",
        _("What happens after I get in touch?"),
        _(
            "We answer within two working days. Then we plan a talk of half an hour, by phone or "
            "at our office. Have your diplomas at hand."
        ),
        # The response time alone says neither what happens nor how to prepare.
        _has_text("what_to_expect"),
    ),
    MustHave(
        "contact_team",
        _("Contact person or team"),
        "contact",
        "contact_team",
        _("Who am I going to talk to?"),
        _("Team Working in education"),
        _has_text("contact_team"),
    ),
)
