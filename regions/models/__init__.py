"""The things that the directory knows, a module per subject."""

from regions.models.directory import EducationRegion, PhoneHours, RegionalOffice
from regions.models.geography import (
    Municipality,
    Place,
    PlaceName,
    Postcode,
    PostcodeShare,
    Province,
)
from regions.models.loading import LoadedFact
from regions.models.reach import DirectoryVersion, Gap, Reach
from regions.models.support import Sector, Support, SupportLink, SupportType

__all__ = [
    "DirectoryVersion",
    "EducationRegion",
    "Gap",
    "LoadedFact",
    "Municipality",
    "PhoneHours",
    "Place",
    "PlaceName",
    "Postcode",
    "PostcodeShare",
    "Province",
    "Reach",
    "RegionalOffice",
    "Sector",
    "Support",
    "SupportLink",
    "SupportType",
]
