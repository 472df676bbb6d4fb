"""Texts of editors, which may hold Markdown -> HTML that can do no harm, or plain text.

Read are paragraphs, line ends (kept, as old texts without Markdown need), emphasis, lists,
headings and links. Everything else, HTML too, is shown as it was typed.
"""

import re
from typing import Final

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

from regions import cleaning

SCHEMES: Final = frozenset({"http", "https", "mailto", "tel"})
_TAGS: Final = {"p", "br", "em", "strong", "ul", "ol", "li", "h3", "h4", "a"}
_ATTRIBUTES: Final[dict[str, set[str]]] = {"a": {"href"}, "ol": {"start"}, "*": set()}
_SCHEME: Final = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_MOST_READ: Final = 5_000  # characters; no field holds that many, and reading more takes too long
_TOP_HEADING: Final = 3  # a text stands below the page's h1 and its section's h2


def to_html(text: str) -> SafeString:
    """The text as HTML: p, br, em, strong, ul, ol, li, h3, h4 and a (with rel="noopener").

    A link that is neither http, https, mailto nor tel stays text, and so does one without a
    scheme, which would lead into this site, and one that leads elsewhere than it looks.
    """
    tokens = _READER.parse(text[:_MOST_READ])
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(_TOP_HEADING + int(token.tag[1]) - 1, _TOP_HEADING + 1)}"
    html = _READER.renderer.render(tokens, _READER.options, {})
    safe = nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes=set(SCHEMES),
        link_rel="noopener",
    )
    return mark_safe(safe.strip())  # noqa: S308 - nh3 let through what is listed above, no more


def to_text(text: str) -> str:
    r"""The text without Markdown: for descriptions in the head of a page, and for machines.

    Paragraphs and items are separated by `\n`; a link is its words.
    """
    lines: list[str] = []
    for token in _READER.parse(text[:_MOST_READ]):
        if token.type == "inline":
            lines.extend(_words(token.children or []).split("\n"))
    return "\n".join(filter(None, (line.strip() for line in lines)))


def links_in(text: str) -> list[str]:
    """The web addresses (http and https) that a text links to, each once, in order."""
    found: dict[str, None] = {}
    for token in _READER.parse(text[:_MOST_READ]):
        for child in token.children or []:
            address = str(child.attrGet("href") or "")
            if child.type == "link_open" and address.startswith(("http://", "https://")):
                found[address] = None
    return list(found)


def _words(tokens: list[Token]) -> str:
    return "".join(
        "\n" if token.type in {"softbreak", "hardbreak"} else token.content for token in tokens
    )


def _may_lead_to(address: str) -> bool:
    """A web address must be one that a field for web addresses takes too."""
    scheme = _SCHEME.match(address)
    if scheme is None or scheme[1].lower() not in SCHEMES:
        return False
    if scheme[1].lower() in {"mailto", "tel"}:
        return True
    try:
        return bool(cleaning.web_address(address, max_length=2000))
    except cleaning.Unclean:
        return False


def _reader() -> MarkdownIt:
    reader = MarkdownIt(
        "zero", {"html": False, "breaks": True, "linkify": False, "typographer": False}
    )
    reader.enable(["heading", "lheading", "list", "reference"])
    reader.enable(["autolink", "balance_pairs", "emphasis", "entity", "escape", "link", "newline"])
    reader.enable(["fragments_join"])
    # An address that may not be followed stays as it was typed, brackets and all.
    reader.validateLink = _may_lead_to  # type: ignore[assignment]  # the library's own way
    return reader


_READER: Final = _reader()
