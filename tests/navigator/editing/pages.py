"""How tests use the pages of My region: open a form, change it, send it."""

from html.parser import HTMLParser

from navigator.editing import subjects


class _Fields(HTMLParser):
    """What a browser would post of the form for a section, as name -> texts."""

    def __init__(self):
        super().__init__()
        self.fields = {}
        self._within = False
        self._text = self._select = None

    def handle_starttag(self, tag, attrs):
        told = dict(attrs)
        if tag == "form":
            self._within = "data-edit-form" in told
        if not self._within:
            return
        name = told.get("name")
        if tag == "input" and name and told.get("type") in ("checkbox", "radio"):
            if "checked" in told:
                self._add(name, told.get("value", "on"))
        elif tag == "input" and name:
            self._add(name, told.get("value") or "")
        elif tag == "textarea":
            self._text = name
            self._add(name, "")
        elif tag == "select":
            self._select = name
        elif tag == "option" and "selected" in told:
            self._add(self._select, told.get("value") or "")

    def handle_data(self, data):
        if self._text:
            self.fields[self._text][-1] += data

    def handle_endtag(self, tag):
        if tag == "textarea" and self._text:
            # A browser leaves out the line end right after the tag.
            self.fields[self._text][-1] = self.fields[self._text][-1].removeprefix("\n")
            self._text = None
        if tag == "form":
            self._within = False

    def _add(self, name, text):
        self.fields.setdefault(name, []).append(text)


def fields_in(response):
    """What the form on a page would post as it stands."""
    parser = _Fields()
    parser.feed(response.content.decode())
    parser.fields.pop("csrfmiddlewaretoken", None)
    return parser.fields


def section(subject, name):
    """The address of the form of a section."""
    return subjects.address("section", subject, section=name)


def opened(client, subject, name):
    """The form of a section as somebody has it open: what it would post."""
    response = client.get(section(subject, name))
    assert response.status_code == 200, response.status_code
    return fields_in(response)


def send(client, subject, section_name, typed, /, do="draft", **changed):
    """Post an opened form with other texts: by name, dots written as two underscores."""
    changes = {key.replace("__", "."): value for key, value in changed.items()}
    return client.post(section(subject, section_name), {**typed, **changes, "do": do})
