"""A name -> a place, or the places to choose from."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import Final

from django.db.models import QuerySet

from regions.models import Municipality, Place, PlaceName, Province

MOST_CHARACTERS: Final = 200

# Letters that Unicode does not take apart into a plain letter and an accent.
_PLAIN_LETTERS = str.maketrans(
    {"ø": "o", "œ": "oe", "æ": "ae", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"}
)
_KEY_LENGTH = 100
_BETWEEN_WORDS = re.compile(r"[\s,;()/]+")
# More than any name or addition has (“Nuenen, Gerwen en Nederwetten, Noord-Brabant” has five).
_MOST_WORDS = 6
_SIMILAR_ENOUGH = 0.7
_MOST_CHARACTERS_COMPARED = 40

_PROVINCE_WRITINGS: Final[dict[Province, tuple[str, ...]]] = {
    Province.DRENTHE: ("drenthe", "dr"),
    Province.FLEVOLAND: ("flevoland", "fl"),
    Province.FRYSLAN: ("fryslan", "friesland", "fr", "frl"),
    Province.GELDERLAND: ("gelderland", "gld"),
    Province.GRONINGEN: ("groningen", "gn", "gr"),
    Province.LIMBURG: ("limburg", "l", "lb"),
    Province.NOORD_BRABANT: ("noordbrabant", "nb", "brabant"),
    Province.NOORD_HOLLAND: ("noordholland", "nh"),
    Province.OVERIJSSEL: ("overijssel", "ov", "o"),
    Province.UTRECHT: ("utrecht", "ut", "u"),
    Province.ZEELAND: ("zeeland", "zld", "z"),
    Province.ZUID_HOLLAND: ("zuidholland", "zh"),
}
_COUNTRY_WRITINGS = frozenset({"nederland", "nl", "netherlands"})
_MUNICIPALITY_WRITINGS: Final[dict[str, str]] = {
    "sgravenhage": "denhaag",
    "shertogenbosch": "denbosch",
    "defryskemarren": "defriesemeren",
    "noardeastfryslan": "noordoostfriesland",
    "sudwestfryslan": "zuidwestfriesland",
}


def name_key(text: str) -> str:
    """A name as it is compared: only a-z and 0-9, so without accents, hyphens and apostrophes.

    `'s-Hertogenbosch` -> "shertogenbosch", `Fryslân` -> "fryslan". Empty when nothing is left.
    """
    folded = unicodedata.normalize("NFKD", text).casefold().translate(_PLAIN_LETTERS)
    # Once more: what was folded can have an accent again.
    apart = unicodedata.normalize("NFKD", folded)
    return "".join(letter for letter in apart if letter in "abcdefghijklmnopqrstuvwxyz0123456789")


def find_places(*, name: str, municipality: str | None = None) -> tuple[Place, ...]:
    """The places that a typed name stands for, each with its municipality; empty when unknown.

    `name` may end in the province, in full or as `Gld`, or in the municipality: `Hengelo (Gld)`,
    `Bergen NH`, `Rijswijk, Zuid-Holland`, `Beek Montferland`. The name as a whole comes first;
    only when it is unknown are words taken for such an addition, as few as possible.
    `municipality` is a CBS code; with it only the places of that municipality are given.
    In the order of name, then name of the municipality. One query; none for a text without
    letters or of over 200 characters.
    """
    readings = _readings(name)
    if not readings:
        return ()
    named = _named({head for head, _ in readings})
    if municipality is not None:
        named = named.filter(place__municipality=municipality)
    return _first_known(readings, tuple(named))


def place_name_in(address: str) -> str | None:
    """The words at the end of an address that name a place, or None.

    `Stationsweg 3, Hengelo (Gld)` -> "Hengelo Gld". The longest name counts, and only after a
    number: words without one are a name that `find_places` does not know, and the last of them
    may tell just where that place is (`Elstt Utrecht`). One query; none where there is no number
    or nothing behind it, and for a text of over 200 characters.
    """
    if len(address) > MOST_CHARACTERS:
        return None
    words = [word for word in _BETWEEN_WORDS.split(address) if name_key(word)]
    if words and name_key(words[-1]) in _COUNTRY_WRITINGS:
        words.pop()
    numbers = (at for at, word in enumerate(words) if any(map(str.isdecimal, word)))
    first = max(next(numbers, len(words)) + 1, len(words) - _MOST_WORDS)
    endings = [" ".join(words[start:]) for start in range(first, len(words))]
    read = {ending: _readings(ending) for ending in endings}
    heads = {head for readings in read.values() for head, _ in readings}
    if not heads:
        return None
    rows = tuple(_named(heads))
    return next((ending for ending in endings if _first_known(read[ending], rows)), None)


def similar_names(name: str, most: int = 5) -> tuple[str, ...]:
    """At most `most` official names of places that look like an unknown name, the closest first.

    The province may follow the name, as for `find_places`. One query; none for a text without
    letters or of over 200 characters.
    """
    readings = _readings(name)
    if not readings or most < 1:
        return ()
    provinces = {writing for writings in _PROVINCE_WRITINGS.values() for writing in writings}
    typed = next((head for head, addition in readings if addition in provinces), readings[0][0])
    typed = typed[:_MOST_CHARACTERS_COMPARED]
    names: dict[str, list[str]] = {}
    for key, official in PlaceName.objects.order_by("key", "place__name").values_list(
        "key", "place__name"
    ):
        # Names of a very different length are never alike; this keeps the comparison short.
        if 2 * len(key) >= len(typed) and len(key) <= 2 * len(typed):
            names.setdefault(key, []).append(official)
    # One name can have several keys, so ask for more than are needed.
    close = get_close_matches(typed, names, n=3 * most, cutoff=_SIMILAR_ENOUGH)
    return tuple(dict.fromkeys(official for key in close for official in names[key]))[:most]


def _named(keys: set[str]) -> QuerySet[PlaceName]:
    return (
        PlaceName.objects.filter(key__in=keys)
        .select_related("place__municipality")
        .order_by("place__name", "place__municipality__name", "place")
    )


def _first_known(
    readings: Iterable[tuple[str, str]], rows: Sequence[PlaceName]
) -> tuple[Place, ...]:
    """The places of the first reading that stands for any."""
    for head, addition in readings:
        places = tuple(
            row.place
            for row in rows
            if row.key == head and (not addition or addition in _additions(row.place.municipality))
        )
        if places:
            return places
    return ()


def _readings(name: str) -> list[tuple[str, str]]:
    """Every way to read a text as a name and an addition, as keys; the longest name first."""
    if len(name) > MOST_CHARACTERS:
        return []
    words = [key for word in _BETWEEN_WORDS.split(name) if (key := name_key(word))]
    fewest = max(1, len(words) - _MOST_WORDS)
    readings = [
        ("".join(words[:count]), "".join(words[count:]))
        for count in range(len(words), fewest - 1, -1)
    ]
    return [(head, addition) for head, addition in readings if len(head) <= _KEY_LENGTH]


def _additions(municipality: Municipality) -> set[str]:
    """All keys that can follow the name of a place to tell where it is."""
    official = name_key(municipality.name)
    # CBS tells namesakes apart too: "Bergen (NH.)".
    names = {official, name_key(municipality.name.partition(" (")[0])}
    if official in _MUNICIPALITY_WRITINGS:
        names.add(_MUNICIPALITY_WRITINGS[official])
    provinces = _PROVINCE_WRITINGS[Province(municipality.province)]
    said = {f"{word}{name}" for name in names for word in ("", "gemeente", "gem")}
    return said.union(provinces, (f"{name}{province}" for name in said for province in provinces))
