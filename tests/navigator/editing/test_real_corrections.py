"""The form of a correction with the real directory: what nobody touched is not suggested."""

import pytest

from regions.models import RegionalOffice, Revision
from tests import people
from tests.navigator.editing.pages import fields_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("real_directory")]


def test_only_what_was_typed_is_suggested_whatever_the_office(client):
    people.log_in(client, people.advisor())
    told = {}

    for office in RegionalOffice.objects.published():
        address = f"/en/advies/verbeteringen/{office.slug}/"
        typed = fields_in(client.get(address))
        untouched = client.post(address, typed)
        answer = client.post(address, {**typed, "phone_note": ["Alleen op dinsdag."]})
        [made] = Revision.objects.of(office).suggested() or [None]
        told[office.slug] = (untouched.status_code, answer.status_code, list(made.changes))

    assert len(told) > 50
    assert set(map(str, told.values())) == {"(400, 303, ['phone_note'])"}, told
