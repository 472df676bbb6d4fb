"""Places by name, for tests that need no more than their names."""

from regions.models import Municipality, Place, PlaceName
from regions.places import name_key


def add_place(name, municipality, province, *also):
    """A place with the keys of its name and of what else people call it."""
    code = f"GM{Municipality.objects.count():04}"
    within, _ = Municipality.objects.get_or_create(
        name=municipality,
        province=province,
        defaults={"code": code, "boundary": {"type": "MultiPolygon", "coordinates": []}},
    )
    place = Place.objects.create(name=name, municipality=within)
    for key in {name_key(each) for each in (name, *also)}:
        PlaceName.objects.create(place=place, key=key)
    return place
