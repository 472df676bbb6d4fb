"""How pages and mails about referrals with a slip write what they know."""

from django import template

from navigator.advice import codes

register = template.Library()


@register.filter
def shown_code(code: str | None) -> str:
    """A code as people read it, C3D4-F6H; nothing once it was forgotten."""
    return codes.shown(code) if code else ""
