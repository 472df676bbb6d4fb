"""Campaigns: periods with a name that administrators keep, to be chosen beside the presets."""

from navigator.statistics.models import Campaign
from navigator.statistics.periods import NamedPeriod, Period

__all__ = ["NamedPeriod", "named_periods"]


def named_periods() -> tuple[NamedPeriod, ...]:
    """All campaigns, the newest first, with their names in the language of the moment. One query.

    A campaign is as it was written down: it can lie ahead, wholly or in part. What is added up
    over days to come is zero.
    """
    return tuple(
        NamedPeriod(campaign.code, campaign.name, Period(campaign.first, campaign.last))
        for campaign in Campaign.objects.order_by("-first", "code")
    )
