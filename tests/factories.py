"""Objects of the directory with every field filled in: name what matters to a test, no more.

They store what they make and publish nothing; `tests.worlds` does.
"""

from datetime import time

import factory
from factory.django import DjangoModelFactory

from regions.models import (
    EducationRegion,
    Municipality,
    PhoneHours,
    Place,
    PlaceName,
    Postcode,
    PostcodeShare,
    RegionalOffice,
    Support,
    SupportLink,
)
from regions.places import name_key

# As far apart as neighbouring postcodes are: about 2 km to the east, 3.3 km to the north.
_SOUTH, _WEST, _STEP = 50.6, 4.0, 0.03


def point_of(code):
    """Where a postcode lies unless told otherwise: latitude, longitude.

    Each number is 2 km east of the one before, each hundred 3.3 km north: 3011 and 3012 are
    neighbours, 3011 and 9011 lie 200 km apart.
    """
    row, column = divmod(int(code), 100)
    return (round(_SOUTH + (row - 10) * _STEP, 5), round(_WEST + column * _STEP, 5))


def square(latitude, longitude, half=0.005):
    """A GeoJSON polygon around a point; `half` a side, in degrees."""
    west, east = longitude - half, longitude + half
    south, north = latitude - half, latitude + half
    corners = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [corners]}


class MunicipalityFactory(DjangoModelFactory):
    class Meta:
        model = Municipality

    code = factory.Sequence(lambda number: f"GM{number:04}")
    name = factory.LazyAttribute(lambda made: f"Gemeente {made.code[2:]}")
    province = "zuid-holland"
    boundary = factory.LazyFunction(lambda: square(52.0, 4.5))


class PostcodeFactory(DjangoModelFactory):
    class Meta:
        model = Postcode

    code = factory.Sequence(lambda number: str(3000 + number % 1000))
    place = factory.LazyAttribute(lambda made: f"Plaats {made.code}")
    municipality = factory.SubFactory(MunicipalityFactory)
    po_box_only = False
    latitude = factory.LazyAttribute(
        lambda made: None if made.po_box_only else point_of(made.code)[0]
    )
    longitude = factory.LazyAttribute(
        lambda made: None if made.po_box_only else point_of(made.code)[1]
    )


class PostcodeShareFactory(DjangoModelFactory):
    class Meta:
        model = PostcodeShare

    postcode = factory.SubFactory(PostcodeFactory)
    municipality = factory.SubFactory(MunicipalityFactory)
    area_share = 0.5


class PlaceFactory(DjangoModelFactory):
    class Meta:
        model = Place

    name = factory.Sequence(lambda number: f"Plaats {number}")
    municipality = factory.SubFactory(MunicipalityFactory)


class PlaceNameFactory(DjangoModelFactory):
    class Meta:
        model = PlaceName

    place = factory.SubFactory(PlaceFactory)
    key = factory.LazyAttribute(lambda made: name_key(made.place.name))


class EducationRegionFactory(DjangoModelFactory):
    class Meta:
        model = EducationRegion

    name = factory.Sequence(lambda number: f"Onderwijsregio {number}")
    slug = factory.LazyAttribute(lambda made: made.name.lower().replace(" ", "-"))


class RegionalOfficeFactory(DjangoModelFactory):
    class Meta:
        model = RegionalOffice

    slug = factory.Sequence(lambda number: f"loket-{number}")
    name = factory.LazyAttribute(lambda made: made.slug.replace("-", " ").capitalize())
    website = factory.LazyAttribute(lambda made: f"https://{made.slug}.example.nl/")


class PhoneHoursFactory(DjangoModelFactory):
    class Meta:
        model = PhoneHours

    office = factory.SubFactory(RegionalOfficeFactory)
    weekday = 1
    opens = time(9)
    closes = time(17)


class SupportFactory(DjangoModelFactory):
    class Meta:
        model = Support

    office = factory.SubFactory(RegionalOfficeFactory)
    type_id = "vacancies"


class SupportLinkFactory(DjangoModelFactory):
    class Meta:
        model = SupportLink

    support = factory.SubFactory(SupportFactory)
    url = factory.Sequence(lambda number: f"https://example.nl/{number}/")
