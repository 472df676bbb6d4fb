"""Everything with a name that an advisor can look up, and how close a typed text comes to it.

Kept in the process for each version of the directory, so that a letter typed costs no query.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Final

from django.db.models import Count
from rapidfuzz import process
from rapidfuzz.distance import OSA

from regions import versions
from regions.answers import Area
from regions.models import PlaceName
from regions.places import name_key

# Of shorter names half of all others are one letter away.
SHORTEST_WITH_ERROR: Final = 4
_SHORTEST_START_WITH_ERROR = 5
_SHORTEST_PART = 4  # of a word; shorter ones are in everything
_BETWEEN_WORDS = re.compile(r"[\s,;()/&-]+")


class Kind(StrEnum):
    """What has the name."""

    PLACE = "place"
    REGION = "region"
    OFFICE = "office"


class Close(IntEnum):
    """How close a typed text comes to a name; the closest first."""

    EXACT = 0
    START = 1
    PART = 2
    ERROR = 3  # the name with one typing error
    ERROR_IN_PART = 4  # some words of it, or its beginning, with one typing error


@dataclass(frozen=True, slots=True)
class Name:
    """A name, and what has it."""

    kind: Kind
    text: str
    slug: str = ""  # of a region or an office
    municipality: Area | None = None  # of a place
    size: int = 0  # of a place: its number of postcodes


@dataclass(frozen=True, slots=True)
class Names:
    """The names of one version of the directory, by the keys that they are compared with."""

    exact: Mapping[str, tuple[Name, ...]]
    whole: tuple[tuple[str, Name], ...]  # a name can have several keys
    parts: tuple[tuple[str, Name], ...]  # every run of words, the whole included

    def is_place(self, key: str) -> bool:
        """Whether a place has this key."""
        return any(name.kind is Kind.PLACE for name in self.exact.get(key, ()))

    def close_to(self, key: str) -> dict[Name, Close]:
        """The names that a typed key can stand for.

        Exact ones and, of regions and offices, those with the text in them. When nothing is exact
        also those with one typing error, since a beginning can be one: `Arnem` is the beginning of
        Arnemuiden. Errors in a part of a name count when there is nothing better.
        """
        found = dict.fromkeys(self.exact.get(key, ()), Close.EXACT)
        is_exact = bool(found)
        for name, close in self._with(key):
            if not (is_exact and name.kind is Kind.PLACE):
                found.setdefault(name, close)
        if not is_exact and len(key) >= SHORTEST_WITH_ERROR:
            for name in _one_error(key, self.whole):
                found[name] = min(found.get(name, Close.ERROR), Close.ERROR)
            if not any(close < Close.ERROR for close in found.values()):
                for name in self._nearly_with(key):
                    found.setdefault(name, Close.ERROR_IN_PART)
        return found

    def _with(self, key: str) -> Iterator[tuple[Name, Close]]:
        for known, name in self.whole:
            if known.startswith(key):
                yield name, Close.START
        is_long = len(key) >= _SHORTEST_PART
        for known, name in self.parts:
            if known.startswith(key) and (is_long or name.kind is not Kind.PLACE):
                yield name, Close.PART
        for known, name in self.whole if is_long else ():
            if key in known and name.kind is not Kind.PLACE:
                yield name, Close.PART

    def _nearly_with(self, key: str) -> Iterator[Name]:
        yield from _one_error(key, self.parts)
        if len(key) < _SHORTEST_START_WITH_ERROR:
            return
        for length in range(len(key) - 1, len(key) + 2):
            yield from _one_error(key, [(known[:length], name) for known, name in self.parts])


def current() -> Names:
    """The names of the published directory. One query, when this process doesn't know them yet."""
    return versions.prepared("advice names", _read)


def _read() -> Names:
    whole = [*_places(), *_regions_and_offices()]
    exact: dict[str, dict[Name, None]] = {}
    for key, name in whole:
        exact.setdefault(key, {})[name] = None
    parts = dict.fromkeys([*whole, *((run, name) for _key, name in whole for run in _runs(name))])
    return Names(
        exact={key: tuple(names) for key, names in exact.items()},
        whole=tuple(whole),
        parts=tuple(parts),
    )


def _places() -> Iterator[tuple[str, Name]]:
    rows = PlaceName.objects.order_by("place__name", "place", "key").annotate(
        size=Count("place__postcodes")
    )
    for key, text, size, *area in rows.values_list(
        "key",
        "place__name",
        "size",
        "place__municipality",
        "place__municipality__name",
        "place__municipality__province",
    ):
        yield key, Name(Kind.PLACE, text, municipality=Area(*area), size=size)


def _regions_and_offices() -> Iterator[tuple[str, Name]]:
    profiles = versions.current().profiles.values()
    regions = {region.slug: region for profile in profiles for region in profile.regions}
    for region in sorted(regions.values(), key=lambda region: region.name):
        yield name_key(region.name), Name(Kind.REGION, region.name, region.slug)
    for profile in profiles:
        yield name_key(profile.name), Name(Kind.OFFICE, profile.name, profile.slug)


def _runs(name: Name) -> Iterator[str]:
    """The keys of all words of a name that follow each other."""
    words = [key for word in _BETWEEN_WORDS.split(name.text) if (key := name_key(word))]
    for start in range(len(words)):
        for end in range(start + 1, len(words) + 1):
            yield "".join(words[start:end])


def _one_error(key: str, known: Iterable[tuple[str, Name]]) -> Iterator[Name]:
    """The names with a key that is one letter more, less or other, or two swapped."""
    known = tuple(known)
    keys = [each for each, _name in known]
    near = process.extract(key, keys, scorer=OSA.distance, score_cutoff=1, limit=None)
    for each, _distance, at in near:
        if len(each) >= SHORTEST_WITH_ERROR - 1:
            yield known[at][1]
