"""What is counted, what it adds up to, and what people chose about it."""

from navigator.statistics.models.chosen import (
    Campaign,
    Exclusion,
    KnownSource,
    MonthlyMail,
    PublishedFigures,
)
from navigator.statistics.models.counted import (
    Click,
    Counted,
    ProfileView,
    Salt,
    Search,
    Source,
    SupportAsked,
)
from navigator.statistics.models.totals import (
    ClickTotal,
    LeftOutTotal,
    MonthTotal,
    SearchTotal,
    SupportTotal,
    Total,
    TotalledDay,
    TotalsVersion,
    ViewTotal,
    VisitorTotal,
)

__all__ = [
    "Campaign",
    "Click",
    "ClickTotal",
    "Counted",
    "Exclusion",
    "KnownSource",
    "LeftOutTotal",
    "MonthTotal",
    "MonthlyMail",
    "ProfileView",
    "PublishedFigures",
    "Salt",
    "Search",
    "SearchTotal",
    "Source",
    "SupportAsked",
    "SupportTotal",
    "Total",
    "TotalledDay",
    "TotalsVersion",
    "ViewTotal",
    "VisitorTotal",
]
