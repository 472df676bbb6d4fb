"""Does what is derived agree with what is stored, and what is wrong with the facts?"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.db.models import F
from django.utils.translation import gettext as _, ngettext

from regions import derived, places
from regions.models import (
    EducationRegion,
    Gap,
    Municipality,
    PlaceName,
    Postcode,
    Reach,
    RegionalOffice,
)
from regions.profiles import Directory, Profile


@dataclass(frozen=True, slots=True)
class Defect:
    """Something in the facts that a visitor will stumble over: what, and where."""

    what: str
    where: tuple[str, ...]  # slugs, codes or postcodes


def disagreements(*, progress: derived.Progress | None = None) -> list[str]:
    """Where stored reach, gaps and document differ from what the facts say; empty when they agree.

    Everything is measured anew; nothing is changed.
    """
    wanted = derived.derive(full=True, progress=progress)
    slugs = dict(RegionalOffice.objects.values_list("pk", "slug"))
    found = []
    for office in sorted(wanted.reach.keys() | wanted.stored_reach.keys()):
        should, stored = wanted.reach.get(office, {}), wanted.stored_reach.get(office, {})
        differing = sum(
            should.get(spot) != stored.get(spot) for spot in should.keys() | stored.keys()
        )
        if differing:
            found.append(
                ngettext(
                    "The reach of %(office)s differs for %(number)d postcode.",
                    "The reach of %(office)s differs for %(number)d postcodes.",
                    differing,
                )
                % {"office": slugs.get(office, office), "number": differing}
            )
    gaps = sum(
        wanted.gaps.get(key) != wanted.stored_gaps.get(key)
        for key in wanted.gaps.keys() | wanted.stored_gaps.keys()
    )
    if gaps:
        found.append(
            ngettext("%(number)d gap differs.", "%(number)d gaps differ.", gaps) % {"number": gaps}
        )
    if wanted.document != wanted.stored_document:
        found.append(_("The published document differs from the stored facts."))
    return found


def defects(directory: Directory) -> list[Defect]:
    """What is wrong with the published facts, worst first. A handful of queries."""
    profiles = directory.profiles.values()
    found = [
        Defect(_("Postcodes whose regional offices can't be contacted"), _dead_ends(profiles)),
        Defect(_("Postcodes without any regional office"), _without_office()),
        *_gaps_per_sector(directory),
        _offices(_("Offices without any contact"), profiles, lambda it: not it.can_be_contacted),
        _offices(_("Offices without a website"), profiles, lambda it: not it.website),
        _offices(_("Offices without any support"), profiles, lambda it: not it.support),
        _offices(_("Offices without a sector"), profiles, lambda it: not it.sectors),
        _offices(_("Offices without an education region"), profiles, lambda it: not it.regions),
        _offices(_("Offices that serve no postcode"), profiles, lambda it: not it.served_postcodes),
        _offices(
            _("Offices that can be visited, without an address"),
            profiles,
            lambda it: it.has_visiting_location and not it.visiting_address,
        ),
        _offices(
            _("Offices with a phone number but no phone hours"),
            profiles,
            lambda it: bool(it.phone) and not it.phone_hours,
        ),
        _offices(
            _("Offices that give advice, without a booking link"),
            profiles,
            lambda it: it.gives_advice and not it.advice_url,
        ),
        _offices(
            _("Offices with a booking link that give no advice"),
            profiles,
            lambda it: bool(it.advice_url) and not it.gives_advice,
        ),
        _offices(_("Offices without a privacy page"), profiles, lambda it: not it.privacy_url),
        _offices(
            _("Offices that never confirmed their profile"),
            profiles,
            lambda it: not it.confirmed_on,
        ),
        Defect(_("Offices with the same drawn area as another"), _copied_areas()),
        Defect(_("Education regions without an office"), _empty_regions()),
        Defect(
            _("Municipalities without a postcode of their own"),
            tuple(
                Municipality.objects.filter(postcodes=None)
                .order_by("code")
                .values_list("code", flat=True)
            ),
        ),
        Defect(_("Names of places that can't be found"), _unreachable_names()),
    ]
    return [defect for defect in found if defect.where]


def _offices(what: str, profiles: Iterable[Profile], is_so: Callable[[Profile], bool]) -> Defect:
    return Defect(what, tuple(profile.slug for profile in profiles if is_so(profile)))


def _dead_ends(profiles: Iterable[Profile]) -> tuple[str, ...]:
    """Postcodes that some regional office serves, but none that gives any way to reach it."""
    reachable = {profile.id for profile in profiles if profile.can_be_contacted}
    offices: dict[str, set[int]] = defaultdict(set)
    for postcode, office in Reach.objects.filter(serves=True, office__nationwide=False).values_list(
        "postcode", "office"
    ):
        offices[postcode].add(office)
    return tuple(sorted(code for code, serving in offices.items() if not serving & reachable))


def _without_office() -> tuple[str, ...]:
    """Postcodes that no regional office serves in their own municipality."""
    served = Reach.objects.filter(
        serves=True, office__nationwide=False, municipality=F("postcode__municipality")
    )
    return tuple(
        Postcode.objects.with_area()
        .exclude(code__in=served.values("postcode"))
        .order_by("code")
        .values_list("code", flat=True)
    )


def _gaps_per_sector(directory: Directory) -> Iterator[Defect]:
    postcodes: dict[str, list[str]] = {sector: [] for sector in directory.sectors}
    for postcode, sector in Gap.objects.order_by("postcode").values_list("postcode", "sector"):
        postcodes.setdefault(sector, []).append(postcode)
    for sector, codes in postcodes.items():
        if len(codes) == directory.postcode_count:
            yield Defect(_("Sectors that no regional office has"), (sector,))
        else:
            yield Defect(
                _("Postcodes without a regional office for %(sector)s") % {"sector": sector},
                tuple(codes),
            )


def _copied_areas() -> tuple[str, ...]:
    owners: dict[str, list[str]] = defaultdict(list)
    for slug, area in (
        RegionalOffice.objects.published()
        .filter(drawn_area__isnull=False)
        .order_by("slug")
        .values_list("slug", "drawn_area")
    ):
        owners[repr(area)].append(slug)
    return tuple(" = ".join(slugs) for slugs in owners.values() if len(slugs) > 1)


def _empty_regions() -> tuple[str, ...]:
    published = RegionalOffice.objects.published()
    return tuple(
        EducationRegion.objects.exclude(offices__in=published)
        .order_by("slug")
        .values_list("slug", flat=True)
    )


def _unreachable_names() -> tuple[str, ...]:
    """Keys that no typed name can ever become."""
    keys = PlaceName.objects.order_by("key").values_list("key", flat=True)
    return tuple(key for key in keys if places.name_key(key) != key)
