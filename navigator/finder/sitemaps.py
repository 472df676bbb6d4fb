"""What search engines may know."""

from datetime import date

from django.contrib.sitemaps import Sitemap
from django.urls import reverse

from regions import versions
from regions.models import EducationRegion
from regions.profiles import Profile


class PageSitemap(Sitemap):  # type: ignore[type-arg]  # not generic at run time
    """The pages that are always there."""

    i18n = True
    alternates = True
    x_default = True

    def items(self) -> list[str]:
        names = ["home", "office_list", "region_list", "about", "accessibility", "privacy"]
        return [
            *(f"finder:{name}" for name in names),
            "statistics:public",
            "statistics:definitions",
        ]

    def location(self, item: str) -> str:
        return reverse(item)


class OfficeSitemap(Sitemap):  # type: ignore[type-arg]  # not generic at run time
    """The profiles of the published offices."""

    i18n = True
    alternates = True
    x_default = True

    def items(self) -> list[Profile]:
        return list(versions.current().profiles.values())

    def location(self, item: Profile) -> str:
        return reverse("finder:office", args=[item.slug])

    def lastmod(self, item: Profile) -> date | None:
        return item.confirmed_on or item.facts_of


class RegionSitemap(Sitemap):  # type: ignore[type-arg]  # not generic at run time
    """The education regions."""

    i18n = True
    alternates = True
    x_default = True

    def items(self) -> list[EducationRegion]:
        return list(EducationRegion.objects.published().order_by("slug"))

    def location(self, item: EducationRegion) -> str:
        return reverse("finder:region", args=[item.slug])


SITEMAPS = {"pages": PageSitemap, "offices": OfficeSitemap, "regions": RegionSitemap}
