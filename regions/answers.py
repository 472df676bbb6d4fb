"""What a question can come to: values that ask nothing of the database, and errors."""

from dataclasses import dataclass
from enum import StrEnum

from regions.models import Province
from regions.profiles import Named, Profile


class Outcome(StrEnum):
    """What came of a question."""

    FOUND = "found"
    CHOICE_NEEDED = "choiceNeeded"  # a name that stands for several places
    NO_OFFICE = "noOffice"  # no regional office serves it, for the asked sector
    UNKNOWN_POSTCODE = "unknownPostcode"
    PO_BOX_ONLY = "poBoxOnly"


class How(StrEnum):
    """How it is known that an office serves a postcode."""

    CERTAIN = "certain"  # by its list
    MAP_ONLY = "mapOnly"  # by its drawn area alone
    SHARED = "shared"  # one municipality of a split postcode, and not the other
    NATIONWIDE = "nationwide"


class SearchError(ValueError):
    """A question that can't be answered. `code` says why; the text never repeats what was typed."""

    code = "invalid"


class UnknownSector(SearchError):
    code = "unknown_sector"


class UnknownSupport(SearchError):
    code = "unknown_support"


class UnknownPlace(SearchError):
    """No place has this name. `similar` holds names that come close."""

    code = "unknown_place"

    def __init__(self, similar: tuple[str, ...] = ()) -> None:
        super().__init__("no place has this name")
        self.similar = similar


class UnknownMunicipality(SearchError):
    """The chosen municipality has no part of the postcode."""

    code = "unknown_municipality"


@dataclass(frozen=True, slots=True)
class Area:
    """A municipality, by what a link and a sentence need."""

    code: str
    name: str
    province: str  # code

    @property
    def province_name(self) -> str:
        return str(Province(self.province).label)


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to choose: a place of this name, or a municipality of this split postcode."""

    municipality: Area
    place: str = ""
    postcode: str = ""
    chosen: bool = False

    @property
    def query(self) -> dict[str, str]:
        """The question that this choice asks, as query parameters."""
        what = {"postcode": self.postcode} if self.postcode else {"place": self.place}
        return {**what, "municipality": self.municipality.code}


@dataclass(frozen=True, slots=True)
class Match:
    """An office in an answer."""

    office: Profile
    how: How | None  # None: it doesn't serve the postcode
    distance_km: float  # geodesic; 0 when served
    matches: bool  # has the asked sector and all the asked support
    municipalities: tuple[str, ...] = ()  # of a split postcode: the names of those it serves
    part: tuple[int, int] | None = None  # of a place: how many of how many postcodes it serves


@dataclass(frozen=True, slots=True)
class Answer:
    """All that a page or a client shows; nothing in it asks the database again."""

    outcome: Outcome
    postcode: str = ""  # as asked; empty when a place was asked
    place: str = ""
    municipality: Area | None = None
    sector: str = ""
    support: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    serving: tuple[Match, ...] = ()  # regional offices, best known first
    # With the asked sector and support, nearest first; in a gap at least the nearest with the
    # sector, however far.
    nearby: tuple[Match, ...] = ()
    nationwide: tuple[Match, ...] = ()
    gaps: tuple[str, ...] = ()  # codes of the sectors that no regional office serves here
    nearest_postcode: str = ""  # of an unknown postcode: the existing one closest in number

    @property
    def fitting(self) -> tuple[Match, ...]:
        """The serving offices with the asked sector and support."""
        return tuple(match for match in self.serving if match.matches)

    @property
    def other(self) -> tuple[Match, ...]:
        """The serving offices without the asked sector or support."""
        return tuple(match for match in self.serving if not match.matches)

    @property
    def nearby_regions(self) -> tuple[Named, ...]:
        """The education regions of the offices nearby, nearest first."""
        return tuple(
            dict.fromkeys(region for match in self.nearby for region in match.office.regions)
        )
