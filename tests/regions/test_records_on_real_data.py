"""Every office and region of the real directory survives being read and written, to the letter."""

import pytest
from django.db import transaction

from regions import records
from regions.models import EducationRegion, RegionalOffice

pytestmark = pytest.mark.usefixtures("real_directory", "db")


def test_what_is_read_can_be_written_and_is_read_again():
    offices = list(RegionalOffice.objects.all())
    before = records.read_many(RegionalOffice.objects.all())

    with transaction.atomic():
        for office in offices:
            records.write(office, records.normal(before[office.pk]))

    assert len(before) >= 52
    assert records.read_many(RegionalOffice.objects.all()) == before


def test_the_regions_too():
    before = records.read_regions(EducationRegion.objects.all())

    with transaction.atomic():
        for region in EducationRegion.objects.all():
            records.write(region, before[region.pk])

    assert len(before) >= 50
    assert records.read_regions(EducationRegion.objects.all()) == before


def test_all_of_it_is_in_normal_form():
    for record in records.read_many(RegionalOffice.objects.all()).values():
        assert records.normal(record) == record
