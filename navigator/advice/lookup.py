"""What an advisor types -> what the desk shows; values alone, and no request."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from navigator.advice import names
from navigator.advice.found import Found, Reading, State
from navigator.advice.names import Close, Kind, Name
from regions import places, versions
from regions.answers import Answer, Choice, Match, Outcome, UnknownSector, UnknownSupport
from regions.places import name_key
from regions.postcodes import (
    PostcodeError,
    cut_to_digits,
    looks_like_postcode,
    parse_postcode,
    postcode_in,
)
from regions.profiles import Directory, Profile
from regions.search import find_offices

MOST_CHARACTERS: Final = 100
MOST_CHOICES: Final = 12
MOST_OFFICES: Final = 25
_BETWEEN_WORDS = re.compile(r"[\s,;()/]+")
_UNFINISHED = re.compile(r"\W*(?:\d{1,3}|\w)?\W*")
_WORDS_FOR_REGION = ("onderwijsregio", "regio", "region")


@dataclass(frozen=True, slots=True)
class _Question:
    directory: Directory
    typed: str
    sector: str
    support: tuple[str, ...]

    def fits(self, office: Profile) -> bool:
        return (not self.sector or self.sector in office.sectors) and office.support_codes >= set(
            self.support
        )


def look_up(*, typed: str, sector: str = "", support: Iterable[str] = ()) -> Found:
    """What the desk shows for a typed text; of a postcode only the digits are kept.

    One query for the names, when this process doesn't have them yet; then none for a name, those
    of `find_offices` for a postcode or place, and one for a place with an addition (`Hengelo Gld`).
    Raises UnknownSector or UnknownSupport.
    """
    directory = versions.current()
    wanted = tuple(dict.fromkeys(support))
    if sector and sector not in directory.sectors:
        raise UnknownSector("no such sector")
    if not directory.support_types.keys() >= set(wanted):
        raise UnknownSupport("no such type of support")
    text = " ".join(cut_to_digits(typed).split())[:MOST_CHARACTERS]
    question = _Question(directory, text, sector, wanted)
    found = _beginning(question) or _postcode(question) or _named(question) or _nothing(question)
    return replace(found, typed=text, sector=sector, support=wanted)


def _beginning(question: _Question) -> Found | None:
    if not question.typed:
        if question.sector or question.support:
            fitting = filter(question.fits, question.directory.profiles.values())
            return _with_offices(question, State.NAMES, fitting)
        return Found(State.BEGINNING)
    if _UNFINISHED.fullmatch(question.typed):
        return Found(State.UNFINISHED)
    return None


def _postcode(question: _Question) -> Found | None:
    digits = _digits_of(question.typed)
    if not digits:
        return None
    answer = _ask(question, postcode=digits)
    if answer.choices:
        # "3403 Montfoort": the postcode lies in two municipalities, and this is the one.
        said = name_key(question.typed.replace(digits, "", 1))
        for choice in answer.choices:
            if said and said == name_key(choice.municipality.name):
                answer = _ask(question, postcode=digits, municipality=choice.municipality.code)
    readings = tuple(
        Reading(
            Kind.PLACE, choice.municipality.name, f"{digits} {choice.municipality.name}", choice
        )
        for choice in answer.choices
    )
    return Found(State.ANSWER, answer=answer, choices=readings)


def _digits_of(typed: str) -> str:
    try:
        return parse_postcode(typed)
    except PostcodeError:
        return postcode_in(typed) or ""


def _named(question: _Question) -> Found | None:
    key = name_key(question.typed)
    known = names.current()
    if not key:
        return None
    if key not in known.exact and (located := _with_addition(question, known)):
        return located
    found = known.close_to(key)
    by_kind: dict[Kind, dict[Name, Close]] = {kind: {} for kind in Kind}
    for name, close in found.items():
        by_kind[name.kind][name] = close
    exact = [name for name, close in by_kind[Kind.PLACE].items() if close is Close.EXACT]
    likely = exact or _one_place(found)
    if likely and (exact or not any(close is Close.EXACT for close in found.values())):
        return _place(question, likely, by_kind)
    return _region_or_names(question, by_kind) if found else _region_by_word(question, known)


def _one_place(found: Mapping[Name, Close]) -> list[Name]:
    """The place whose beginning was typed, or its name with an error, if it can be nothing else."""
    likely = [name for name, close in found.items() if close in (Close.START, Close.ERROR)]
    likely = likely or [name for name, close in found.items() if close is Close.ERROR_IN_PART]
    return likely if [name.kind for name in likely] == [Kind.PLACE] else []


def _place(
    question: _Question, of_name: list[Name], by_kind: Mapping[Kind, Mapping[Name, Close]]
) -> Found:
    """The answer for a place, or the places of this name to choose from."""
    name, *others = of_name
    answer = _ask(question, place=question.typed) if others else _ask_place(question, name)
    also = _also(question, by_kind, answer)
    if answer.outcome is Outcome.CHOICE_NEEDED:
        choices = tuple(_choice_reading(choice) for choice in answer.choices)
        offices = (each.slug for each in by_kind[Kind.OFFICE])
        found = _with_offices(question, State.NAMES, map(question.directory.profiles.get, offices))
        regions = tuple(each for each in also if each.kind is Kind.REGION)
        return replace(found, choices=choices, also=regions)
    understood = name.text if by_kind[Kind.PLACE][name] >= Close.ERROR else ""
    return Found(State.ANSWER, answer=answer, understood=understood, also=also)


def _with_addition(question: _Question, known: names.Names) -> Found | None:
    """`Hengelo (Gld)`, `Beek, Montferland`: words after the name of a place tell which one."""
    words = [key for word in _BETWEEN_WORDS.split(question.typed) if (key := name_key(word))]
    heads = ("".join(words[:count]) for count in range(1, len(words)))
    if not any(map(known.is_place, heads)):
        return None
    found = places.find_places(name=question.typed)
    if len(found) != 1:
        return None
    answer = _ask(question, place=found[0].name, municipality=found[0].municipality_id)
    return Found(State.ANSWER, answer=answer)


def _region_by_word(question: _Question, known: names.Names) -> Found | None:
    """`regio Utrecht`, where Utrecht alone would be the place."""
    word, _, rest = question.typed.partition(" ")
    if word.casefold() not in _WORDS_FOR_REGION:
        return None
    found = [name for name in known.exact.get(name_key(rest), ()) if name.kind is Kind.REGION]
    return _region(question, found[0]) if found else None


def _region_or_names(
    question: _Question, by_kind: Mapping[Kind, Mapping[Name, Close]]
) -> Found | None:
    regions, offices = by_kind[Kind.REGION], by_kind[Kind.OFFICE]
    profiles = question.directory.profiles
    exact = [name for name, close in regions.items() if close is Close.EXACT]
    only = exact or (list(regions) if len(regions) == 1 and not by_kind[Kind.PLACE] else [])
    if only:
        found = _region(question, only[0], understood=regions[only[0]] >= Close.ERROR)
        here = {match.office.slug for match in found.offices}
        if exact or here >= {name.slug for name in offices}:
            also = (name for name in (*regions, *offices) if name.slug not in here)
            others = (name for name in also if name != only[0])
            return replace(found, also=_readings(others))
    found = _with_offices(
        question, State.NAMES, (profiles[name.slug] for name in offices if name.slug in profiles)
    )
    by_size = sorted(
        by_kind[Kind.PLACE].items(), key=lambda each: (-each[0].size, each[1], each[0].text)
    )
    choices = _readings(name for name, _close in by_size)[:MOST_CHOICES]
    return replace(found, choices=choices, also=_readings(regions)[:MOST_CHOICES])


def _region(question: _Question, name: Name, *, understood: bool = False) -> Found:
    offices = (
        profile
        for profile in question.directory.profiles.values()
        if name.slug in {region.slug for region in profile.regions}
    )
    found = _with_offices(question, State.REGION, offices)
    return replace(found, name=name.text, understood=name.text if understood else "")


def _nothing(question: _Question) -> Found:
    if looks_like_postcode(question.typed):
        try:
            parse_postcode(question.typed)
        except PostcodeError as error:
            return Found(State.NOTHING, problem=str(error))
    return Found(State.NOTHING)


def _with_offices(question: _Question, state: State, offices: Iterable[Profile | None]) -> Found:
    """Offices that were found by name: those that fit the filters first, then by name."""
    matches = sorted(
        (Match(office, None, 0, question.fits(office)) for office in offices if office),
        key=lambda match: (not match.matches, match.office.name),
    )
    left_out = max(0, len(matches) - MOST_OFFICES)
    return Found(state, offices=tuple(matches[:MOST_OFFICES]), left_out=left_out)


def _also(
    question: _Question, by_kind: Mapping[Kind, Mapping[Name, Close]], answer: Answer
) -> tuple[Reading, ...]:
    """Regions with this name, and offices that the answer doesn't have."""
    shown = {match.office.slug for match in (*answer.serving, *answer.nearby, *answer.nationwide)}
    offices = (name for name in by_kind[Kind.OFFICE] if name.slug not in shown)
    return _readings((*by_kind[Kind.REGION], *offices))[:MOST_CHOICES]


def _readings(found: Iterable[Name]) -> tuple[Reading, ...]:
    return tuple(map(_reading, found))


def _reading(name: Name) -> Reading:
    known = names.current()
    if name.municipality is not None:
        return _choice_reading(Choice(name.municipality, place=name.text))
    key = name_key(name.text)
    is_clear = name.kind is Kind.OFFICE or not known.is_place(key)
    return Reading(name.kind, name.text, name.text if is_clear else f"regio {name.text}")


def _choice_reading(choice: Choice) -> Reading:
    of_name = names.current().exact.get(name_key(choice.place), ())
    is_clear = len([name for name in of_name if name.kind is Kind.PLACE]) == 1
    typed = choice.place if is_clear else f"{choice.place}, {choice.municipality.name}"
    return Reading(Kind.PLACE, choice.place, typed, choice)


def _ask_place(question: _Question, name: Name) -> Answer:
    area = name.municipality
    return _ask(question, place=name.text, municipality=area.code if area else "")


def _ask(question: _Question, **where: str) -> Answer:
    return find_offices(**where, sector=question.sector, support=question.support)
