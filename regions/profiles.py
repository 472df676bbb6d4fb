"""Published offices as the public sees them: values, and the document that holds them.

`build_document` turns the stored facts into one JSON document; `Directory.from_document` turns it
into values that ask nothing of the database. Pages, API, desk and widget read only those.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time
from types import MappingProxyType
from typing import Any, Self

from django.utils.translation import get_language

from regions import records
from regions.models import (
    EducationRegion,
    Municipality,
    Postcode,
    RegionalOffice,
    Sector,
    SupportType,
)
from regions.opening import Hours
from regions.records import SUPPORT, Record


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
    # What came later has a default, so that a document of before still reads.
    target_groups: str = ""
    schools: str = ""
    training_institutes: str = ""
    regulations: str = ""
    matching: str = ""
    calendar_url: str = ""
    phone_note: str = ""
    preferred_contact: str = ""
    contact_team: str = ""
    what_to_expect: str = ""
    advice_note: str = ""

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


@dataclass(frozen=True, slots=True)
class _Words:
    """What codes and slugs in records stand for, and in which order they come."""

    sectors: tuple[str, ...]
    support_types: tuple[str, ...]
    regions: Mapping[str, str]  # names by slug, in the order of names; published ones
    municipalities: Mapping[str, Municipality]
    postcode_homes: Mapping[str, str]  # the municipality of each postcode that is asked for


def build_document(
    *, served: Mapping[int, frozenset[str]], neighbours: Mapping[int, Iterable[int]]
) -> dict[str, Any]:
    """The document for the stored facts, as plain JSON values. Nineteen queries.

    `served` has the postcodes that each office (by id) serves, `neighbours` the ids of the offices
    beside it; both as `regions.reach` found them.
    """
    published = RegionalOffice.objects.published().order_by("name", "pk")
    known = records.read_many(published)
    facts_of = dict(published.values_list("pk", "facts_of"))
    words = _words(known.values())
    names = {pk: {"slug": record["slug"], "name": record["name"]} for pk, record in known.items()}
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
                **_profile_json(pk, record, facts_of[pk], words),
                "served_postcodes": len(served.get(pk, ())),
                "neighbours": sorted(
                    (names[other] for other in neighbours.get(pk, ()) if other in names),
                    key=lambda named: named["name"],
                ),
            }
            for pk, record in known.items()
        ],
        "region_count": EducationRegion.objects.published().count(),
        "postcode_count": Postcode.objects.with_area().count(),
    }


def profile_of(
    office: RegionalOffice, record: Record, *, served_postcodes: int, neighbours: Iterable[Named]
) -> Profile:
    """The profile as it would be with this record, for a preview. Five queries.

    What follows from the service area is given, since it takes the whole directory to find it.
    """
    facts = _profile_json(office.pk, record, office.facts_of, _words([record]))
    beside = [{"slug": named.slug, "name": named.name} for named in neighbours]
    return Profile.from_json({**facts, "served_postcodes": served_postcodes, "neighbours": beside})


def _words(known: Iterable[Record]) -> _Words:
    partial = {code for record in known for code in record["partial_postcodes"]}
    return _Words(
        sectors=tuple(Sector.objects.values_list("code", flat=True)),
        support_types=tuple(SupportType.objects.values_list("code", flat=True)),
        regions=dict(
            EducationRegion.objects.published().order_by("name").values_list("slug", "name")
        ),
        municipalities=Municipality.objects.defer("boundary").in_bulk(),
        postcode_homes=dict(
            Postcode.objects.filter(code__in=partial).values_list("code", "municipality")
        ),
    )


# Fields of a record that a profile shows as they are. Named one by one, so that a field that is
# added for editors or administrators does not become public by itself.
_AS_THEY_ARE = (
    "slug",
    "name",
    "description",
    "target_groups",
    "schools",
    "training_institutes",
    "regulations",
    "matching",
    "calendar_url",
    "nationwide",
    "website",
    "privacy_url",
    "email",
    "email_response",
    "phone",
    "phone_note",
    "preferred_contact",
    "contact_team",
    "what_to_expect",
    "has_visiting_location",
    "visiting_address",
    "appointment_needed",
    "advice_url",
    "advice_note",
    "confirmed_on",
)


def _profile_json(
    office_id: int, record: Record, facts_of: date | None, words: _Words
) -> dict[str, Any]:
    regions = set(record["regions"])
    return {
        "id": office_id,
        **{field: record[field] for field in _AS_THEY_ARE},
        "regions": [
            {"slug": slug, "name": name} for slug, name in words.regions.items() if slug in regions
        ],
        "sectors": [code for code in words.sectors if code in record["sectors"]],
        "support": [
            {"code": code, **offered}
            for code in words.support_types
            if (offered := record.get(f"{SUPPORT}{code}"))
        ],
        "phone_hours": [
            {"weekday": weekday, "opens": opens, "closes": closes}
            for weekday, opens, closes in record["phone_hours"]
        ],
        "facts_of": facts_of.isoformat() if facts_of else None,
        "municipalities": _area_json(record, words),
    }


def _area_json(record: Record, words: _Words) -> list[dict[str, Any]]:
    """Municipalities by province and name; those served in part with the postcodes served."""
    parts: dict[str, list[str]] = {code: [] for code in record["municipalities"]}
    for postcode in record["partial_postcodes"]:
        home = words.postcode_homes[postcode]
        if home not in record["municipalities"]:
            parts.setdefault(home, []).append(postcode)
    area = [
        {
            "code": code,
            "name": words.municipalities[code].name,
            "province": words.municipalities[code].province,
            "postcodes": postcodes,
        }
        for code, postcodes in parts.items()
    ]
    return sorted(area, key=lambda item: (item["province"], item["name"], item["code"]))


def _terms(items: Iterable[Mapping[str, str]]) -> Mapping[str, Term]:
    return MappingProxyType({item["code"]: Term(**item) for item in items})


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
