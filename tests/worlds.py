"""Small worlds: a directory of a few lines, published with every line."""

import json
from contextlib import contextmanager

import pytest
import shapely
from django.conf import settings
from shapely.geometry import mapping, shape

from regions import derived, versions
from regions.models import (
    EducationRegion,
    Municipality,
    Place,
    Postcode,
    RegionalOffice,
    Sector,
    SupportType,
)
from regions.places import name_key
from tests import factories


class World:
    """A directory with the real sectors and types of support, and beyond that what a test says.

    What a line names and the world doesn't have yet is made: postcodes, municipalities, regions.
    """

    _waits = False

    def office(
        self,
        slug,
        *,
        sectors=("po",),
        serves=(),
        part=(),
        draws=(),
        support=(),
        regions=(),
        **fields,
    ):
        """An office. All but `fields` are lists.

        `serves` lists the municipalities of these postcodes, `part` lists the postcodes
        themselves, `draws` has a small polygon around each; `support` has codes or (code, links),
        `regions` names.
        """
        for code in (*serves, *part, *draws):
            self._postcode(code)
        if draws:
            fields["drawn_area"] = self.around(*draws)
        office = factories.RegionalOfficeFactory(slug=slug, **fields)
        office.sectors.set(sectors)
        office.municipalities.set(Municipality.objects.filter(postcodes__in=serves).distinct())
        office.partial_postcodes.set(part)
        office.regions.set([self._region(name) for name in regions])
        for each in support:
            code, links = (each, ()) if isinstance(each, str) else each
            offered = factories.SupportFactory(office=office, type_id=code)
            for position, url in enumerate(links):
                factories.SupportLinkFactory(support=offered, url=url, position=position)
        self.publish()
        return office

    def postcode(self, code, *, place="", municipality="", shares=None, **fields):
        """A postcode, with its place.

        `municipality` is a name; without it the postcode gets one of its own, called after
        `place`. `shares` has names of municipalities with their part of a split postcode.
        """
        stored = self._postcode(code, place=place, municipality=municipality, **fields)
        for name, share in (shares or {}).items():
            within = self._municipality(name, near=code)
            factories.PostcodeShareFactory(postcode=stored, municipality=within, area_share=share)
        self.publish()
        return stored

    def place(self, name, *, municipality, postcodes=(), also=()):
        """A place, with what else people call it; `municipality` is a name."""
        for code in postcodes:
            self._postcode(code, place=name, municipality=municipality)
        near = postcodes[0] if postcodes else None
        place = self._place(name, self._municipality(municipality, near=near))
        place.postcodes.add(*postcodes)
        for other in also:
            place.names.get_or_create(key=name_key(other))
        self.publish()
        return place

    def municipality(self, name, **fields):
        """A municipality with a `province` or `boundary` that matters."""
        made = self._municipality(name)
        Municipality.objects.filter(pk=made.pk).update(**fields)
        made.refresh_from_db()
        self.publish()
        return made

    def edit(self, slug, **fields):
        """Change the fields of an office, as an editor would."""
        RegionalOffice.objects.filter(slug=slug).update(**fields)
        self.publish()

    @contextmanager
    def at_once(self):
        """Publish everything within together, at the end: quicker for a world of many lines."""
        self._waits = True
        try:
            yield self
        finally:
            self._waits = False
        self.publish()

    def publish(self):
        """Make public what is stored; answers what changed."""
        if self._waits:
            return None
        changes = derived.rebuild()
        versions.forget()  # the test's own transaction never commits
        return changes

    def around(self, *codes):
        """GeoJSON of a small square around the point of each of these postcodes."""
        points = Postcode.objects.filter(code__in=codes).values_list("latitude", "longitude")
        squares = [shape(factories.square(*point)) for point in points]
        return json.loads(json.dumps(mapping(shapely.unary_union(squares))))

    def _postcode(self, code, *, place="", municipality="", **fields):
        known = Postcode.objects.filter(code=code).first()
        if known is not None:
            return known
        place = place or f"Plaats {code}"
        within = self._municipality(municipality or place, near=code)
        made = factories.PostcodeFactory(code=code, place=place, municipality=within, **fields)
        self._place(place, within).postcodes.add(made)
        return made

    def _municipality(self, name, *, near=None):
        known = Municipality.objects.filter(name=name).first()
        if known is not None:
            return known
        code = f"GM{near}" if near else f"GM{Municipality.objects.count():04}"
        if Municipality.objects.filter(code=code).exists():  # another one of a split postcode
            code = f"GM{Municipality.objects.count():04}"
        boundary = {"boundary": factories.square(*factories.point_of(near))} if near else {}
        return factories.MunicipalityFactory(name=name, code=code, **boundary)

    def _place(self, name, municipality):
        place, _ = Place.objects.get_or_create(name=name, municipality=municipality)
        place.names.get_or_create(key=name_key(name))
        return place

    def _region(self, name):
        known = EducationRegion.objects.filter(name=name).first()
        return known or factories.EducationRegionFactory(name=name)


def add_vocabulary():
    """The sectors and types of support of the real directory."""
    for model, name in ((Sector, "01_sectors.json"), (SupportType, "02_support_types.json")):
        items = json.loads((settings.FIXTURES_DIR / name).read_text(encoding="utf-8"))
        model.objects.bulk_create([model(pk=item["pk"], **item["fields"]) for item in items])


@pytest.fixture
def world(db):
    """An empty world; every call on it publishes."""
    add_vocabulary()
    return World()


@pytest.fixture
def shared_world(transactional_db):
    """A world that is committed, so that other threads see it too."""
    add_vocabulary()
    return World()
