"""How a difference is shown."""

from typing import Final

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from navigator.editing.differences import ADDED, LEFT_OUT, REMOVED

register = template.Library()

_TAGS: Final = {REMOVED: "del", ADDED: "ins"}


@register.simple_tag
def diff_piece(kind: str, text: str, url: str = "") -> SafeString:
    """A part of a text or list that stayed, went or came; the last two are said in words too.

    No component, since that ends in a line break, which would stand between the words of a text.
    """
    if kind == LEFT_OUT:
        told = gettext("the same as before")
        hidden = '<span class="visually-hidden"> {}</span>'
        return format_html('<span class="diff-left-out"> […]' + hidden + " </span>", told)
    if kind not in _TAGS:
        return format_html("{}", text)
    shown = format_html('<a href="{}" rel="noreferrer nofollow">{}</a>', url, text) if url else text
    return format_html(
        '<{tag}><span class="visually-hidden">{before} </span>{shown}'
        '<span class="visually-hidden"> {after}</span></{tag}>',
        tag=_TAGS[kind],
        before=gettext("gone:") if kind == REMOVED else gettext("new:"),
        shown=shown,
        after=gettext("(end)"),
    )
