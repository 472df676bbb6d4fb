"""Addresses that were given up -> what they lead on to."""

from django.db.models import Q

from regions.models import EducationRegion, FormerSlug, PublicationState, RegionalOffice
from regions.records import SubjectModel

_MOST_STEPS = 10  # a region that was merged into one that was merged, and so on


def present_slug(model: SubjectModel, slug: str) -> str | None:
    """The slug of the published office or region that `slug` used to lead to.

    None when there is none: what is a draft or archived isn't told. Call it for a slug under which
    nothing is published. A query, and two for each step when something was merged more than once.
    """
    kind = "office" if model is RegionalOffice else "region"
    seen = {slug}
    for _step in range(_MOST_STEPS):
        found = (
            FormerSlug.objects.filter(Q(slug=slug), **{f"{kind}__isnull": False})
            .values_list(f"{kind}__slug", f"{kind}__state")
            .first()
        )
        if found is None or found[0] in seen:
            return None
        slug, state = found
        if state == PublicationState.PUBLISHED:
            return slug
        seen.add(slug)
    return None


def merged_into(region: EducationRegion) -> EducationRegion | None:
    """The region that this one was merged into. A query."""
    led = FormerSlug.objects.filter(slug=region.slug, region__isnull=False)
    found = led.exclude(region=region).select_related("region").first()
    return found.region if found else None
