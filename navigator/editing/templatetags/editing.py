"""How the pages of My region link and name what is edited."""

from typing import Any

from django import template

from navigator.editing import subjects
from regions.models import EducationRegion, RegionalOffice, Revision
from regions.records import Subject

register = template.Library()


@register.simple_tag
def subject_link(name: str, subject: Subject) -> str:
    """The address of a page about an office or region: "subject", "draft", "history", …"""
    return subjects.address(name, subject)


@register.simple_tag
def revision_link(revision: Revision, subject: Subject) -> str:
    """The address of a change in the history."""
    return subjects.address("revision", subject, pk=revision.pk)


@register.simple_tag
def section_link(subject: Subject, section: str, field: str = "") -> str:
    """The address of the form of a section, at one of its fields."""
    there = subjects.address("section", subject, section=section)
    return f"{there}#{field_anchor(field)}" if field else there


@register.filter
def field_anchor(field: str) -> str:
    """The name in a page of a field of a record."""
    return f"field-{field}"


@register.filter
def section_name(section: str) -> Any:
    """What a section is called."""
    return subjects.SECTION_NAMES[section]


@register.filter
def is_public(subject: Subject) -> bool:
    """Whether candidates can see the page of an office or region."""
    return subject.state == subject.State.PUBLISHED


@register.filter
def public_name(subject: Subject) -> str:
    """The name of the view that shows an office or region to candidates."""
    known = {RegionalOffice: "finder:office", EducationRegion: "finder:region"}
    return known[type(subject)]
