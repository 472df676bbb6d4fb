"""What an address of My region means: an office or a region, and a section of its profile."""

from typing import Any, Final

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from navigator.accounts import rules
from regions.models import EducationRegion, RegionalOffice
from regions.records import Subject, SubjectModel

KINDS: Final[dict[str, SubjectModel]] = {"loketten": RegionalOffice, "regios": EducationRegion}

# Section of a record -> how it stands in an address.
SECTION_SLUGS: Final = {
    "introduction": "inleiding",
    "story": "verhaal",
    "contact": "contact",
    "visiting": "bezoek",
    "sectors": "sectoren",
    "area": "werkgebied",
    "support": "aanbod",
    "advice": "advies",
    "administration": "instellingen",
    "region": "gegevens",
}
SECTION_NAMES: Final = {
    "introduction": _("Name and introduction"),
    "story": _("What you tell candidates"),
    "contact": _("Contact and phone hours"),
    "visiting": _("Visiting address"),
    "sectors": _("Sectors"),
    "area": _("Service area"),
    "support": _("Support that you offer"),
    "advice": _("Personal advice"),
    "administration": _("Settings for administrators"),
    "region": _("Name and introduction of the region"),
}
_SECTIONS: Final = {slug: section for section, slug in SECTION_SLUGS.items()}


class KindConverter:
    """`loketten` or `regios` in an address -> the model."""

    regex = "loketten|regios"

    def to_python(self, value: str) -> SubjectModel:
        return KINDS[value]

    def to_url(self, value: SubjectModel) -> str:
        return next(slug for slug, model in KINDS.items() if model is value)


class SectionConverter:
    """`werkgebied` in an address -> the section `area`, and so on."""

    regex = "|".join(_SECTIONS)

    def to_python(self, value: str) -> str:
        return _SECTIONS[value]

    def to_url(self, value: str) -> str:
        return SECTION_SLUGS[value]


def subject_or_404(request: HttpRequest, kind: SubjectModel, slug: str) -> Subject:
    """The office or region of an address, if this user may edit it; else it isn't found.

    Two or three queries. Raises Http404, so that nobody learns what exists beside the own.
    """
    subject: Subject | None = kind.objects.filter(slug=slug).first()
    if subject is None or not rules.may_edit(request.user, subject):
        raise Http404("nothing here that this user may edit")
    return subject


def address(name: str, subject: Subject, **more: Any) -> str:
    """The address of a page about a subject: `address("section", office, section="area")`."""
    full_name = "preview:own" if name == "preview" else f"editing:{name}"
    return reverse(full_name, args=None, kwargs=_arguments(subject) | more)


def _arguments(subject: Subject) -> dict[str, Any]:
    return {"kind": type(subject), "slug": subject.slug}
