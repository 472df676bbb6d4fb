"""Links that would run something, or lead elsewhere than they look, in every field for a link."""

import json

import pytest
from django.db import models

from api.v1.my import fields
from regions import markdown, records
from regions.models import EducationRegion, RegionalOffice, Revision
from tests.navigator.editing import pages
from tests.security.pages import danger_in

DANGEROUS = [
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\tscript:alert(1)",
    "java\nscript:alert(1)",
    "java\x00script:alert(1)",
    "\x01javascript:alert(1)",
    "\u200bjavascript:alert(1)",
    "javascript\uff1aalert(1)",
    "\uff4aavascript:alert(1)",
    "j\u0430vascript:alert(1)",
    "javascript&colon;alert(1)",
    "&#106;avascript:alert(1)",
    "javascript://a.nl/%0aalert(1)",
    "vbscript:x",
    "data:text/html,<script>alert(1)</script>",
    "file:///etc/passwd",
    "ftp://a.nl/",
    "blob:https://a.nl/x",
    "view-source:https://a.nl",
    "https://good.nl@evil.nl/",
    "https://good.nl:80@evil.nl/",
    "https://good.nl\\@evil.nl/",
    "https://evil.nl\u2044good.nl/",
    "//good.nl@evil.nl/x",
    "http://127.0.0.1/",
    "http://[::1]/",
    "http://2130706433/",
    "http://localhost/",
    "http://server.internal/",
]


def _fields_for_addresses():
    for model in (RegionalOffice, EducationRegion):
        known = records.REGION_SECTIONS if model is EducationRegion else records.OFFICE_SECTIONS
        for section, names in known.items():
            for name in names:
                if name.startswith(records.SUPPORT) or name in {
                    f.name for f in model._meta.fields if isinstance(f, models.URLField)
                }:
                    yield model, section, name
    yield RegionalOffice, "support", "support.vacancies"


FIELDS = list(_fields_for_addresses())


def _subject(model):
    return model.objects.get(slug="hier" if model is RegionalOffice else "regio-hier")


@pytest.mark.parametrize(
    ("model", "section", "field"), FIELDS, ids=[f"{m.__name__}.{f}" for m, _s, f in FIELDS]
)
def test_a_form_takes_no_dangerous_address(as_editor, model, section, field):
    subject = _subject(model)
    posted = f"{field}.links" if field.startswith(records.SUPPORT) else field
    typed = pages.opened(as_editor, subject, section)
    taken = []

    for address in DANGEROUS:
        form = {**typed, posted: address, "do": "publish"}
        if posted != field:
            form[f"{field}.offered"] = "on"
        answer = as_editor.post(pages.section(subject, section), form)
        if answer.status_code != 400 or danger_in(answer.text):
            taken.append(address)

    # A line end in a list of links parts two of them, each of which is looked at.
    assert taken == []
    assert not Revision.objects.exists()


@pytest.mark.parametrize(
    ("model", "section", "field"), FIELDS, ids=[f"{m.__name__}.{f}" for m, _s, f in FIELDS]
)
def test_the_api_takes_no_dangerous_address(as_editor, model, section, field):
    kind = "offices" if model is RegionalOffice else "regions"
    at = f"/api/v1/my/{kind}/{_subject(model).slug}"
    etag = as_editor.get(at)["ETag"]
    taken = []

    for address in DANGEROUS:
        if field.startswith(records.SUPPORT):
            body = {"support": {field.removeprefix(records.SUPPORT): {"links": [address]}}}
        else:
            body = {fields.name_of(model, field): address}
        answer = as_editor.patch(
            at, json.dumps(body), content_type="application/json", headers={"If-Match": etag}
        )
        if answer.status_code != 400:
            taken.append(address)

    assert taken == []


@pytest.mark.parametrize("address", DANGEROUS)
@pytest.mark.parametrize("written", ["[hier]({})", "[hier](<{}>)", "<{}>", "[hier][x]\n\n[x]: {}"])
def test_a_text_links_to_no_dangerous_address(address, written):
    html = markdown.to_html(written.format(address))

    assert "<a " not in html
    assert not danger_in(html)


def test_every_field_for_an_address_is_tried():
    tried = {(model, field) for model, _section, field in FIELDS}

    for model in (RegionalOffice, EducationRegion):
        for column in model._meta.fields:
            if isinstance(column, models.URLField):
                assert (model, column.name) in tried
