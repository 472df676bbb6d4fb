"""What the administrators' pages need in their templates."""

from typing import Any

from django import template
from django.urls import NoReverseMatch, reverse

from regions.records import Subject

register = template.Library()


@register.simple_tag
def address_of(name: str, *arguments: Any) -> str:
    """The address of a page; empty when there is no such page."""
    try:
        return reverse(name, args=arguments)
    except NoReverseMatch:
        return ""


@register.simple_tag
def subject_address(name: str, subject: Subject) -> str:
    """The address of what is done with an office or region: "archive", "change_address", …"""
    return reverse(f"administration:{name}", kwargs={"kind": type(subject), "slug": subject.slug})
