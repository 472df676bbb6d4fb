"""The things that the directory knows, a module per subject."""

from regions.models.directory import (
    EducationRegion,
    FormerSlug,
    PhoneHours,
    PublicationState,
    RegionalOffice,
)
from regions.models.geography import (
    Municipality,
    Place,
    PlaceName,
    Postcode,
    PostcodeShare,
    Province,
)
from regions.models.links import LinkCheck
from regions.models.loading import LoadedFact
from regions.models.reach import DirectoryVersion, Gap, Reach
from regions.models.revision import Revision
from regions.models.support import Sector, Support, SupportLink, SupportType

__all__ = [
    "DirectoryVersion",
    "EducationRegion",
    "FormerSlug",
    "Gap",
    "LinkCheck",
    "LoadedFact",
    "Municipality",
    "PhoneHours",
    "Place",
    "PlaceName",
    "Postcode",
    "PostcodeShare",
    "Province",
    "PublicationState",
    "Reach",
    "RegionalOffice",
    "Revision",
    "Sector",
    "Support",
    "SupportLink",
    "SupportType",
]
