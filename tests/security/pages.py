"""A page as a browser takes it: what in it would run, and where its links lead."""

import re
from html.parser import HTMLParser

_MAY_LEAD = re.compile(
    r"(?:https?:|mailto:|tel:|sms:|/|\?|#|\./|[\w%.-]+(?:[/?#]|$)|$)", re.IGNORECASE
)
_LINKS = {"href", "src", "action", "formaction", "xlink:href", "data", "poster", "srcdoc"}
_IMAGES = re.compile(r"data:image/(?:svg\+xml|png)")


class _Danger(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.found = []
        self._script = None

    def handle_starttag(self, tag, attrs):
        told = dict(attrs)
        if tag in ("iframe", "object", "embed", "base", "style", "xss"):
            self.found.append(f"<{tag}>")
        if tag == "script":
            self._script = told.get("type", "")
        for name, value in attrs:
            if name.startswith("on") or name in ("style", "srcdoc"):
                self.found.append(f"<{tag} {name}={value}>")
            if name in _LINKS and not self._is_harmless(tag, value or ""):
                self.found.append(f"<{tag} {name}={value}>")

    def handle_data(self, data):
        if self._script is not None and data.strip() and "json" not in (self._script or ""):
            self.found.append(f"script: {data[:60]}")

    def handle_endtag(self, tag):
        if tag == "script":
            self._script = None

    @staticmethod
    def _is_harmless(tag, value):
        # Browsers leave out white space and control characters, and take backslashes for slashes.
        plain = re.sub(r"[\x00-\x20\x7f]", "", value)
        return bool(_MAY_LEAD.match(plain)) or (tag == "img" and bool(_IMAGES.match(plain)))


def danger_in(text):
    """What in a page could run, or lead somewhere that is no web address."""
    parser = _Danger()
    parser.feed(text)
    parser.close()
    return parser.found
