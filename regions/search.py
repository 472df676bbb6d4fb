"""A question -> an Answer; the one function behind page, API, desk and widget."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import FilteredRelation, Max, Min, Q

from regions import places, versions
from regions.answers import (
    Answer,
    Area,
    Choice,
    How,
    Match,
    Outcome,
    UnknownMunicipality,
    UnknownPlace,
    UnknownSector,
    UnknownSupport,
)
from regions.models import Gap, Place, Postcode, Reach
from regions.profiles import Directory, Profile
from regions.reach import NEARBY_KM


@dataclass(frozen=True, slots=True)
class _Question:
    directory: Directory
    municipality: str
    sector: str
    support: tuple[str, ...]

    def is_matched_by(self, office: Profile) -> bool:
        return (not self.sector or self.sector in office.sectors) and office.support_codes >= set(
            self.support
        )


@dataclass(slots=True)
class _Found:
    """What reach says of one office and the asked postcodes, gathered row by row."""

    distance_km: float
    asked: int = 0
    served: int = 0
    by_list: bool = False
    by_polygon: bool = False


def find_offices(
    *,
    postcode: str = "",
    place: str = "",
    municipality: str = "",
    sector: str = "",
    support: Iterable[str] = (),
) -> Answer:
    """The offices that serve a postcode or a place, in the order of the product's rules.

    Give `postcode` (four digits) or `place` (a name); `municipality` (a CBS code) says which one
    is meant when there are several; `sector` and `support` are codes, empty for any. Distances are
    in kilometres, geodesic. One query for a postcode, two for a place, one more for a
    postcode in a gap; none when the process has answered the question before.

    Raises UnknownSector, UnknownSupport, UnknownPlace or UnknownMunicipality.
    """
    directory = versions.current()
    wanted = tuple(dict.fromkeys(support))
    if sector and sector not in directory.sectors:
        raise UnknownSector("no such sector")
    if not directory.support_types.keys() >= set(wanted):
        raise UnknownSupport("no such type of support")
    question = _Question(directory, municipality, sector, wanted)
    if postcode:
        build = partial(_answer_postcode, question, postcode)
    else:
        build = partial(_answer_place, question, place)
    key = ("answer", postcode, "" if postcode else places.name_key(place), municipality, sector)
    return versions.prepared((*key, wanted), build)


def _answer_postcode(question: _Question, postcode: str) -> Answer:
    by_municipality: dict[str, dict[int, _Found]] = defaultdict(dict)
    areas: dict[str, Area] = {}
    home = place = ""
    for row in versions.prepared(("reach", postcode), partial(_rows_of_postcode, postcode)):
        office, *facts, code, name, province, home, place = row
        areas[code] = Area(code, name, province)
        _gather(by_municipality[code], office, *facts)
    if not areas:
        return _without_reach(question, postcode)
    chosen = question.municipality or home
    if chosen not in areas:
        raise UnknownMunicipality("the postcode has no part in this municipality")
    choices: tuple[Choice, ...] = ()
    if len(areas) > 1:
        choices = tuple(
            Choice(area, postcode=postcode, chosen=area.code == question.municipality)
            for area in sorted(areas.values(), key=lambda area: (area.code != home, area.name))
        )
    served_in = {
        office: tuple(
            sorted(
                area.name for area in areas.values() if _serves(by_municipality[area.code], office)
            )
        )
        for office in {office for found in by_municipality.values() for office in found}
    }
    undecided = len(areas) > 1 and not question.municipality
    return _assemble(
        question,
        Answer(
            Outcome.FOUND,
            postcode=postcode,
            place=place,
            municipality=areas[chosen],
            choices=choices,
        ),
        by_municipality[chosen],
        shared={
            office: names
            for office, names in served_in.items()
            if undecided and 0 < len(names) < len(areas)
        },
        beyond=partial(_nearest_in_gap, (postcode,), question.sector),
    )


def _rows_of_postcode(postcode: str) -> list[tuple[Any, ...]]:
    """Reach of a postcode in each of its municipalities, with their names. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_reach_statement(), [postcode])
        return list(cursor.fetchall())


@lru_cache(maxsize=1)
def _reach_statement() -> str:
    """The statement for `_rows_of_postcode`, with one place for the postcode.

    Django builds it once: building it for each question took longer than answering it.
    """
    rows = Reach.objects.filter(postcode="0000").order_by()
    statement, _parameters = rows.values_list(
        "office",
        "serves",
        "by_list",
        "by_polygon",
        "distance_km",
        "municipality",
        "municipality__name",
        "municipality__province",
        "postcode__municipality",
        "postcode__place",
    ).query.sql_with_params()
    return statement


def _answer_place(question: _Question, name: str) -> Answer:
    found = places.find_places(name=name, municipality=question.municipality or None)
    if not found:
        raise UnknownPlace(places.similar_names(name))
    if len(found) > 1:
        return Answer(
            Outcome.CHOICE_NEEDED,
            place=_common_name(found, name),
            sector=question.sector,
            support=question.support,
            choices=tuple(Choice(_area(place), place=place.name) for place in found),
        )
    place = found[0]
    rows = _rows_of_place(place, question.sector)
    postcodes = {row.postcode for row in rows}
    offices: dict[int, _Found] = {}
    for row in rows:
        _gather(offices, row.office, row.serves, row.by_list, row.by_polygon, row.distance_km)
    for gathered in offices.values():
        gathered.asked = len(postcodes)
    only = next(iter(postcodes)) if len(postcodes) == 1 else ""
    return _assemble(
        question,
        Answer(Outcome.FOUND, postcode=only, place=place.name, municipality=_area(place)),
        offices,
        shared={},
        beyond=partial(_nearest_of_rows, rows)
        if rows and question.sector
        else partial(_nearest_in_gap, place.postcodes.all(), question.sector),
    )


def _common_name(found: tuple[Place, ...], typed: str) -> str:
    """What all these places are called: "Bergen" for "Bergen L" and "Bergen (NH)"."""
    words = [place.name.split() for place in found]
    heads = [" ".join(name[:count]) for name in words for count in range(1, len(name) + 1)]
    shared = (head for head in heads if places.name_key(head) == places.name_key(typed))
    return next(shared, min((place.name for place in found), key=len))


class _PlaceRow(NamedTuple):
    """Reach of one of a place's postcodes, and who is nearest for the asked sector in a gap."""

    postcode: str
    office: int
    serves: bool
    by_list: bool
    by_polygon: bool
    distance_km: float
    municipality: str
    own_municipality: str
    gap_office: int | None
    gap_km: float


def _rows_of_place(place: Place, sector: str) -> list[_PlaceRow]:
    """Reach of the place's postcodes, each in the place's own municipality where it has a part.

    One query.
    """
    gap = FilteredRelation("postcode__gaps", condition=Q(postcode__gaps__sector=sector))
    rows = [
        _PlaceRow(*row)
        for row in Reach.objects.filter(postcode__places=place)
        .order_by()
        .annotate(gap=gap)
        .values_list(
            "postcode",
            "office",
            "serves",
            "by_list",
            "by_polygon",
            "distance_km",
            "municipality",
            "postcode__municipality",
            "gap__nearest_office",
            "gap__distance_km",
        )
    ]
    home = place.municipality_id
    split = {row.postcode for row in rows if row.municipality == home != row.own_municipality}
    return [
        row
        for row in rows
        if row.municipality == (home if row.postcode in split else row.own_municipality)
    ]


def _without_reach(question: _Question, postcode: str) -> Answer:
    known = (
        Postcode.objects.filter(code=postcode)
        .values_list(
            "po_box_only", "place", "municipality", "municipality__name", "municipality__province"
        )
        .first()
    )
    if known is None:
        nearest = _nearest_postcode(postcode)
        return Answer(Outcome.UNKNOWN_POSTCODE, postcode=postcode, nearest_postcode=nearest)
    po_box_only, place, *municipality = known
    answer = Answer(
        Outcome.PO_BOX_ONLY if po_box_only else Outcome.FOUND,
        postcode=postcode,
        place=place,
        municipality=Area(*municipality),
    )
    if po_box_only:
        return answer
    beyond = partial(_nearest_in_gap, (postcode,), question.sector)
    return _assemble(question, answer, {}, shared={}, beyond=beyond)


def _nearest_postcode(postcode: str) -> str:
    around = Postcode.objects.with_area().aggregate(
        above=Min("code", filter=Q(code__gt=postcode)),
        below=Max("code", filter=Q(code__lt=postcode)),
    )
    return min(
        (code for code in around.values() if code),
        key=lambda code: (abs(int(code) - int(postcode)), code),
        default="",
    )


def _assemble(
    question: _Question,
    known: Answer,
    offices: dict[int, _Found],
    shared: dict[int, tuple[str, ...]],
    beyond: Callable[[], tuple[float, int] | None],
) -> Answer:
    """`known` with its offices, in order.

    `shared` names the municipalities of a split postcode that an office serves, if not all;
    `beyond` finds the nearest office with the asked sector, for when there is none within 30 km.
    """
    profiles = {profile.id: profile for profile in question.directory.profiles.values()}
    serving: list[Match] = []
    nearby: list[Match] = []
    nationwide: list[Match] = []
    rank: dict[str, tuple[bool, bool, bool, int, str]] = {}
    for office, found in offices.items():
        profile = profiles.get(office)
        if profile is None:  # published a moment ago; the next version has it
            continue
        match = _match(question, profile, found, shared.get(office, ()))
        if profile.nationwide:
            nationwide.append(match)
        elif found.served:
            serving.append(match)
            rank[profile.slug] = (
                not match.matches,
                not (found.by_list and found.by_polygon),
                not found.by_list,
                profile.served_postcodes,
                profile.name,
            )
        elif match.matches and found.distance_km <= NEARBY_KM:
            nearby.append(match)
    sectors = {sector for match in serving for sector in match.office.sectors}
    is_gap = question.sector not in sectors if question.sector else not serving
    if is_gap and not nearby and (nearest := beyond()):
        distance_km, office = nearest
        if office in profiles:
            profile = profiles[office]
            nearby = [Match(profile, None, distance_km, question.is_matched_by(profile))]
    return Answer(
        outcome=Outcome.NO_OFFICE if is_gap else Outcome.FOUND,
        postcode=known.postcode,
        place=known.place,
        municipality=known.municipality,
        sector=question.sector,
        support=question.support,
        choices=known.choices,
        serving=tuple(sorted(serving, key=lambda match: rank[match.office.slug])),
        nearby=tuple(sorted(nearby, key=lambda match: (match.distance_km, match.office.name))),
        nationwide=tuple(
            sorted(nationwide, key=lambda match: (not match.matches, match.office.name))
        ),
        gaps=tuple(code for code in question.directory.sectors if code not in sectors),
    )


def _match(
    question: _Question, profile: Profile, found: _Found, municipalities: tuple[str, ...]
) -> Match:
    how: How | None = None
    if profile.nationwide:
        how = How.NATIONWIDE
    elif municipalities:
        how = How.SHARED
    elif found.served:
        how = How.CERTAIN if found.by_list else How.MAP_ONLY
    return Match(
        office=profile,
        how=how,
        distance_km=found.distance_km,
        matches=question.is_matched_by(profile),
        municipalities=municipalities,
        part=(found.served, found.asked) if 0 < found.served < found.asked else None,
    )


def _nearest_of_rows(rows: Iterable[_PlaceRow]) -> tuple[float, int] | None:
    """How far the nearest office with the asked sector is, and its id."""
    known = [(row.gap_km, row.gap_office) for row in rows if row.gap_office is not None]
    return min(known, default=None)


def _nearest_in_gap(postcodes: Iterable[str | Postcode], sector: str) -> tuple[float, int] | None:
    """How far the nearest office with the sector (any, if it is empty) is, and its id. A query."""
    gaps = Gap.objects.filter(postcode__in=postcodes, nearest_office__isnull=False)
    if sector:
        gaps = gaps.filter(sector=sector)
    nearest = gaps.order_by("distance_km", "nearest_office").values_list(
        "distance_km", "nearest_office"
    )
    distance_km, office = nearest.first() or (None, None)
    return None if distance_km is None or office is None else (distance_km, office)


def _gather(
    offices: dict[int, _Found],
    office: int,
    serves: bool,
    by_list: bool,
    by_polygon: bool,
    distance_km: float,
) -> None:
    found = offices.setdefault(office, _Found(distance_km))
    found.distance_km = min(found.distance_km, distance_km)
    found.asked += 1
    found.served += serves
    if serves:
        found.by_list |= by_list
        found.by_polygon |= by_polygon


def _serves(offices: dict[int, _Found], office: int) -> bool:
    return office in offices and offices[office].served > 0


def _area(place: Place) -> Area:
    home = place.municipality
    return Area(home.code, home.name, home.province)
