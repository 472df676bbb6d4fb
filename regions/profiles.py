"""Published offices as the public sees them: values, and the document that holds them.

`build_document` turns the stored facts into one JSON document; `Directory.from_document` turns it
into values that ask nothing of the database. Pages, API, desk and widget read only those.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time
from types import MappingProxyType
from typing import Any, Self

from django.db.models import Prefetch
from django.utils.translation import get_language

from regions.models import (
    EducationRegion,
    Municipality,
    PhoneHours,
    Postcode,
    RegionalOffice,
    Sector,
    Support,
    SupportLink,
    SupportType,
)
from regions.opening import Hours


@dataclass(frozen=True, slots=True)
class Term:
    """A sector or a type of support, with its name in both languages."""

    code: str
    name_nl: str
    name_en: str
    kind: str = ""  # of a type of support: advice, orientation, placement or information

    @property
    def name(self) -> str:
        """The name in the language of the moment."""
        return self.name_en if (get_language() or "").startswith("en") else self.name_nl


@dataclass(frozen=True, slots=True)
class Named:
    """A region or an office, by the name and slug that a link needs."""

    slug: str
    name: str


@dataclass(frozen=True, slots=True)
class OfferedSupport:
    """A type of support that an office offers: its code, note, and web addresses."""

    code: str
    note: str
    links: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ServedMunicipality:
    """A municipality of a service area; `postcodes` is empty when it is served as a whole."""

    code: str
    name: str
    province: str
    postcodes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Profile:
    """All that the public knows of an office. Texts are empty when unknown."""

    id: int
    slug: str
    name: str
    description: str
    nationwide: bool
    regions: tuple[Named, ...]
    sectors: tuple[str, ...]
    support: tuple[OfferedSupport, ...]
    website: str
    privacy_url: str
    email: str
    email_response: str
    phone: str
    phone_hours: tuple[Hours, ...]
    has_visiting_location: bool
    visiting_address: str
    appointment_needed: bool
    advice_url: str
    facts_of: date | None
    confirmed_on: date | None
    served_postcodes: int
    municipalities: tuple[ServedMunicipality, ...]
    neighbours: tuple[Named, ...]

    @property
    def support_codes(self) -> frozenset[str]:
        return frozenset(offered.code for offered in self.support)

    @property
    def gives_advice(self) -> bool:
        return "personal-conversation" in self.support_codes

    @property
    def can_be_contacted(self) -> bool:
        """Whether there is any way at all to reach the office itself."""
        return bool(self.website or self.email or self.phone or self.advice_url)

    @property
    def is_empty(self) -> bool:
        """Nothing to go on: no website and no support."""
        return not self.website and not self.support

    @property
    def provinces(self) -> tuple[str, ...]:
        """The codes of the provinces that the area touches, in the order of the area's list."""
        return tuple(dict.fromkeys(served.province for served in self.municipalities))

    @classmethod
    def from_json(cls, facts: Mapping[str, Any]) -> Self:
        """The reverse of `_profile_json`."""
        return cls(
            **{
                **facts,
                "regions": tuple(Named(**region) for region in facts["regions"]),
                "sectors": tuple(facts["sectors"]),
                "support": tuple(
                    OfferedSupport(code=item["code"], note=item["note"], links=tuple(item["links"]))
                    for item in facts["support"]
                ),
                "phone_hours": tuple(
                    Hours(
                        weekday=item["weekday"],
                        opens=time.fromisoformat(item["opens"]),
                        closes=time.fromisoformat(item["closes"]),
                    )
                    for item in facts["phone_hours"]
                ),
                "facts_of": _date(facts["facts_of"]),
                "confirmed_on": _date(facts["confirmed_on"]),
                "municipalities": tuple(
                    ServedMunicipality(**{**item, "postcodes": tuple(item["postcodes"])})
                    for item in facts["municipalities"]
                ),
                "neighbours": tuple(Named(**office) for office in facts["neighbours"]),
            }
        )


@dataclass(frozen=True, slots=True)
class Directory:
    """The published directory in one state. Nothing in it asks the database."""

    number: int
    sectors: Mapping[str, Term]
    support_types: Mapping[str, Term]
    profiles: Mapping[str, Profile]  # by slug, in the order of names
    region_count: int
    postcode_count: int

    @classmethod
    def from_document(cls, number: int, document: Mapping[str, Any]) -> Self:
        """The values of a stored document; an empty one gives an empty directory."""
        profiles = [Profile.from_json(facts) for facts in document.get("profiles", [])]
        return cls(
            number=number,
            sectors=_terms(document.get("sectors", [])),
            support_types=_terms(document.get("support_types", [])),
            profiles=MappingProxyType({profile.slug: profile for profile in profiles}),
            region_count=document.get("region_count", 0),
            postcode_count=document.get("postcode_count", 0),
        )


def build_document(
    *, served: Mapping[int, frozenset[str]], neighbours: Mapping[int, Iterable[int]]
) -> dict[str, Any]:
    """The document for the stored facts, as plain JSON values. Twelve queries.

    `served` has the postcodes that each office (by id) serves, `neighbours` the ids of the offices
    beside it; both as `regions.reach` found them.
    """
    offices = {office.pk: office for office in _published_offices()}
    names = {pk: {"slug": office.slug, "name": office.name} for pk, office in offices.items()}
    return {
        "sectors": [
            {"code": term.code, "name_nl": term.name_nl, "name_en": term.name_en}
            for term in Sector.objects.all()
        ],
        "support_types": [
            {
                "code": term.code,
                "name_nl": term.name_nl,
                "name_en": term.name_en,
                "kind": term.kind,
            }
            for term in SupportType.objects.all()
        ],
        "profiles": [
            {
                **_profile_json(office),
                "served_postcodes": len(served.get(pk, ())),
                "municipalities": _area_json(office),
                "neighbours": sorted(
                    (names[other] for other in neighbours.get(pk, ()) if other in names),
                    key=lambda named: named["name"],
                ),
            }
            for pk, office in offices.items()
        ],
        "region_count": EducationRegion.objects.count(),
        "postcode_count": Postcode.objects.with_area().count(),
    }


def _published_offices() -> Iterable[RegionalOffice]:
    return (
        RegionalOffice.objects.published()
        .order_by("name", "pk")
        .prefetch_related(
            "sectors",
            Prefetch("regions", EducationRegion.objects.only("slug", "name")),
            Prefetch("phone_hours", PhoneHours.objects.order_by("weekday", "opens")),
            Prefetch("support", Support.objects.order_by("type__position")),
            Prefetch("support__links", SupportLink.objects.order_by("position", "pk")),
            Prefetch("municipalities", Municipality.objects.defer("boundary")),
            Prefetch(
                "partial_postcodes",
                Postcode.objects.order_by("code")
                .select_related("municipality")
                .defer("municipality__boundary"),
            ),
        )
    )


def _profile_json(office: RegionalOffice) -> dict[str, Any]:
    return {
        "id": office.pk,
        "slug": office.slug,
        "name": office.name,
        "description": office.description,
        "nationwide": office.nationwide,
        "regions": [{"slug": region.slug, "name": region.name} for region in office.regions.all()],
        "sectors": [sector.code for sector in office.sectors.all()],
        "support": [
            {
                "code": support.type_id,
                "note": support.note,
                "links": [link.url for link in support.links.all()],
            }
            for support in office.support.all()
        ],
        "website": office.website,
        "privacy_url": office.privacy_url,
        "email": office.email,
        "email_response": office.email_response,
        "phone": office.phone,
        "phone_hours": [
            {
                "weekday": hours.weekday,
                "opens": hours.opens.isoformat("minutes"),
                "closes": hours.closes.isoformat("minutes"),
            }
            for hours in office.phone_hours.all()
        ],
        "has_visiting_location": office.has_visiting_location,
        "visiting_address": office.visiting_address,
        "appointment_needed": office.appointment_needed,
        "advice_url": office.advice_url,
        "facts_of": office.facts_of.isoformat() if office.facts_of else None,
        "confirmed_on": office.confirmed_on.isoformat() if office.confirmed_on else None,
    }


def _area_json(office: RegionalOffice) -> list[dict[str, Any]]:
    """Municipalities by province and name; those served in part with the postcodes served."""
    whole = {municipality.code: municipality for municipality in office.municipalities.all()}
    parts: dict[str, list[str]] = defaultdict(list)
    partly: dict[str, Municipality] = {}
    for postcode in office.partial_postcodes.all():
        home = postcode.municipality
        if home.code not in whole:
            parts[home.code].append(postcode.code)
            partly[home.code] = home
    area = [
        {
            "code": municipality.code,
            "name": municipality.name,
            "province": municipality.province,
            "postcodes": parts.get(municipality.code, []),
        }
        for municipality in (whole | partly).values()
    ]
    return sorted(area, key=lambda item: (item["province"], item["name"], item["code"]))


def _terms(items: Iterable[Mapping[str, str]]) -> Mapping[str, Term]:
    return MappingProxyType({item["code"]: Term(**item) for item in items})


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
