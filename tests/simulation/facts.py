"""What is asked in the play, and what is known of it without asking the service.

Who serves a postcode comes from the table that was made by hand (`tests/data/golden.json`), the
rest from the fixtures as they stand in their files.
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

_ROOT = Path(__file__).resolve().parent.parent.parent
# Postcodes that no regional office serves for any sector.
_UNSERVED = ("1911", "1968")


@dataclass(frozen=True)
class Question:
    """A question as it stands in an address, and what it comes to."""

    query: tuple[tuple[str, str], ...]
    postcode: str = ""
    municipality: str = ""
    province: str = ""
    sector: str = ""
    support: tuple[str, ...] = ()
    is_served: bool = False
    offices: tuple[str, ...] = ()  # some that stand in the answer


@dataclass(frozen=True)
class Office:
    """A published office."""

    slug: str
    regions: frozenset[str]
    host: str  # of its website, without www; empty when it has none


def _fixture(name):
    return json.loads((_ROOT / "fixtures" / f"{name}.json").read_text())


@cache
def _golden():
    return json.loads((_ROOT / "tests" / "data" / "golden.json").read_text())


@cache
def provinces():
    """The province of each municipality."""
    return {row["pk"]: row["fields"]["province"] for row in _fixture("03_municipalities")}


@cache
def _postcodes():
    return {row["pk"]: row["fields"] for row in _fixture("04_postcodes")}


@cache
def _offices():
    return {
        row["fields"]["slug"]: row["fields"]
        for row in _fixture("09_regional_offices")
        if row["fields"]["state"] == "published"
    }


@cache
def offices():
    """All published offices."""
    return [
        Office(
            slug,
            frozenset(region for (region,) in fields["regions"]),
            (urlsplit(fields["website"]).hostname or "").removeprefix("www."),
        )
        for slug, fields in sorted(_offices().items())
    ]


def _of_postcode(postcode, offices, sector="", **more):
    municipality = more.pop("municipality", _postcodes()[postcode]["municipality"])
    has_sector = [each for each in offices if not sector or sector in _offices()[each]["sectors"]]
    given = {"postcode": postcode, **more.pop("query", {}), "sector": sector}
    return Question(
        query=tuple((name, value) for name, value in given.items() if value),
        postcode=postcode,
        municipality=municipality,
        province=provinces()[municipality],
        sector=sector,
        is_served=bool(has_sector),
        offices=tuple(offices),
        **more,
    )


def _of_place(name, offices):
    (place,) = (row["fields"] for row in _fixture("06_places") if row["fields"]["name"] == name)
    codes = place["postcodes"]
    return Question(
        query=(("place", name),),
        postcode=codes[0] if len(codes) == 1 else "",
        municipality=place["municipality"],
        province=provinces()[place["municipality"]],
        is_served=True,
        offices=tuple(offices),
    )


@cache
def searches():
    """Questions that are searches: postcodes with every sector, and places."""
    known = {row["postcode"]: row["expected_regional"] for row in _golden() if row["exists"]}
    known |= {postcode: [] for postcode in _UNSERVED}
    by_postcode = [
        _of_postcode(postcode, offices, sector)
        for postcode, offices in sorted(known.items())
        for sector in ("", "po", "vo", "mbo", "pro", "vavo")
    ]
    with_support = [
        _of_postcode(
            postcode,
            offices,
            query={"support": support},
            support=(support,),
        )
        for postcode, offices in sorted(known.items())
        for support in ("webinar", "matching")
    ]
    # A postcode of two municipalities: who chooses its own one asks the same, the other one not.
    other = [slug for slug, fields in _offices().items() if "GM0995" in fields["municipalities"]]
    split = [
        _of_postcode("1336", known["1336"], query={"municipality": "GM0034"}),
        _of_postcode("1336", other, query={"municipality": "GM0995"}, municipality="GM0995"),
    ]
    by_place = [
        _of_place(place, known[postcode])
        for place, postcode in (("Rotterdam", "3011"), ("Uden", "5401"), ("Axel", "4571"))
    ]
    return [*by_postcode, *with_support, *split, *by_place]


@cache
def no_searches():
    """Questions that are none: PO boxes, what doesn't exist, names that need a choice."""
    missing = next(
        code for number in range(1900, 9999) if (code := str(number)) not in _postcodes()
    )
    return [
        (("postcode", "1000"),),
        (("postcode", missing), ("sector", "po")),
        (("place", "Beek"),),
        (("place", "Bergen"),),
    ]


def home_of(postcode):
    """The municipality of most addresses of a postcode."""
    return _postcodes()[postcode]["municipality"]
