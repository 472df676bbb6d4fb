"""Values of the directory, arranged as a page shows them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext

from regions.models import PhoneHours, Province, SupportType
from regions.opening import Hours, public_holiday
from regions.places import name_key
from regions.profiles import Directory, OfferedSupport, Profile, ServedMunicipality


@dataclass(frozen=True, slots=True)
class SupportGroup:
    """The support of one kind; `links` are those that all of it has in common."""

    kind: str
    links: tuple[str, ...]
    items: tuple[OfferedSupport, ...]


@dataclass(frozen=True, slots=True)
class ProvinceArea:
    """The part of a service area in one province."""

    province: str
    municipalities: tuple[ServedMunicipality, ...]


@dataclass(frozen=True, slots=True)
class Day:
    """A day as the phone hours have it: today, or the next such day of the week."""

    name: str
    spans: tuple[Hours, ...]
    is_today: bool
    holiday: str  # the public holiday on that day, empty when there is none


@dataclass(frozen=True, slots=True)
class Part:
    """A part of what an office tells about itself: its heading, and its text in Markdown."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class OfficeView:
    """A profile, arranged. `missing` names the facts that the office has not given."""

    support: tuple[SupportGroup, ...]
    story: tuple[Part, ...]  # what was told; nothing empty
    best_way: str  # the way to contact it that it prefers, if that leads somewhere
    area: tuple[ProvinceArea, ...]
    week: tuple[Day, ...]  # empty when no hours are known
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Offices under one heading."""

    title: str
    slug: str  # of the region that the heading names; empty for others
    offices: tuple[Profile, ...]


def arrange(profile: Profile, directory: Directory, at: datetime) -> OfficeView:
    """The profile as its page shows it at the moment `at`."""
    return OfficeView(
        support=tuple(_support(profile, directory)),
        story=tuple(_story(profile)),
        best_way=_best_way(profile),
        area=tuple(_area(profile)),
        week=tuple(_week(profile, at)) if profile.phone_hours else (),
        missing=tuple(_missing(profile)),
    )


def _support(profile: Profile, directory: Directory) -> Iterable[SupportGroup]:
    for kind in SupportType.Kind.values:
        items = [
            offered
            for offered in profile.support
            if directory.support_types[offered.code].kind == kind
        ]
        if not items:
            continue
        shared = items[0].links if len({item.links for item in items}) == 1 < len(items) else ()
        yield SupportGroup(
            kind,
            shared,
            tuple(
                OfferedSupport(item.code, item.note, () if shared else item.links) for item in items
            ),
        )


def _story(profile: Profile) -> Iterable[Part]:
    parts = (
        Part(gettext("Who this office is there for"), profile.target_groups),
        Part(gettext("Help with finding a school"), profile.matching),
        Part(gettext("Schools in this region"), profile.schools),
        Part(gettext("Where you can train to be a teacher"), profile.training_institutes),
        Part(gettext("Rules and subsidies"), profile.regulations),
    )
    return (part for part in parts if part.text)


def _best_way(profile: Profile) -> str:
    leads_somewhere = {
        "phone": profile.phone,
        "email": profile.email,
        "advice": profile.advice_url,
        "website": profile.website,
        "visit": profile.has_visiting_location or profile.visiting_address,
    }
    return profile.preferred_contact if leads_somewhere.get(profile.preferred_contact) else ""


def _area(profile: Profile) -> Iterable[ProvinceArea]:
    for province in sorted(profile.provinces):
        yield ProvinceArea(
            province,
            tuple(served for served in profile.municipalities if served.province == province),
        )


def _week(profile: Profile, at: datetime) -> Iterable[Day]:
    today = timezone.localdate(at)
    for number, name in PhoneHours.Weekday.choices:
        days_ahead = (number - today.isoweekday()) % 7
        yield Day(
            name=str(name),
            spans=tuple(hours for hours in profile.phone_hours if hours.weekday == number),
            is_today=days_ahead == 0,
            holiday=public_holiday(today + timedelta(days=days_ahead)) or "",
        )


def _missing(profile: Profile) -> Iterable[str]:
    facts = {
        "website": profile.website,
        "email": profile.email,
        "phone": profile.phone,
        "phone_hours": profile.phone_hours or not profile.phone,
        "visiting_address": profile.visiting_address or not profile.has_visiting_location,
        "advice": profile.gives_advice,
        "support": profile.support,
        "privacy": profile.privacy_url,
    }
    return (name for name, known in facts.items() if not known)


def fits(profile: Profile, *, q: str, sector: str, support: Iterable[str]) -> bool:
    """Whether an office belongs in a filtered list.

    `q` is part of its name, or of that of a region or municipality of it.
    """
    wanted = name_key(q)
    names = (
        profile.name,
        *(region.name for region in profile.regions),
        *(served.name for served in profile.municipalities),
    )
    return (
        (not wanted or any(wanted in name_key(name) for name in names))
        and (not sector or sector in profile.sectors)
        and profile.support_codes >= set(support)
    )


def grouped(profiles: Iterable[Profile], *, by: str) -> list[Group]:
    """Under headings: `by` is "name", "region" or "province"."""
    return {"name": by_name, "region": by_region, "province": by_province}[by](profiles)


def by_name(profiles: Iterable[Profile]) -> list[Group]:
    """Under the first letter of their name."""
    groups: dict[str, list[Profile]] = {}
    for profile in profiles:
        groups.setdefault(name_key(profile.name)[:1].upper() or "#", []).append(profile)
    return [Group(letter, "", tuple(offices)) for letter, offices in sorted(groups.items())]


def by_region(profiles: Iterable[Profile]) -> list[Group]:
    """Under each region that they serve."""
    groups: dict[tuple[str, str], list[Profile]] = {}
    for profile in profiles:
        for region in profile.regions:
            groups.setdefault((region.name, region.slug), []).append(profile)
    return [Group(name, slug, tuple(offices)) for (name, slug), offices in sorted(groups.items())]


def by_province(profiles: Iterable[Profile]) -> list[Group]:
    """Under each province that their area touches; those for the whole country last."""
    profiles = tuple(profiles)
    groups = [
        Group(
            str(Province(province).label),
            "",
            tuple(profile for profile in profiles if province in profile.provinces),
        )
        for province in Province.values
    ]
    nationwide = tuple(profile for profile in profiles if profile.nationwide)
    groups.append(Group(gettext("The whole country"), "", nationwide))
    return [group for group in groups if group.offices]
