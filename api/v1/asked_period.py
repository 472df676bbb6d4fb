"""The period that an address of figures asks for: its parameters, described and read."""

from datetime import date
from typing import Final

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from api.problems import InvalidRequest, Mistake
from navigator.statistics import campaigns, periods
from navigator.statistics.periods import Period, PeriodError

NAMES: Final = periods.NAMES
DESCRIBED: Final = [
    OpenApiParameter("from", date, description="The first day of the period."),
    OpenApiParameter("to", date, description="The last day of the period, which belongs to it."),
    OpenApiParameter(
        "period",
        str,
        description=(
            f"Instead of `from` and `to`: {', '.join(f'`{code}`' for code in periods.PRESETS)}, "
            "or the code of a campaign (see `/statistics/usage`). Without any of them: "
            f"`{periods.NORMAL}`."
        ),
    ),
]


def period_from(request: Request) -> Period:
    """What a request asks for. A query when it names what is no preset. Raises InvalidRequest."""
    given = {name: request.query_params.get(name, "") for name in NAMES}
    may_be_campaign = given["period"] and given["period"] not in periods.PRESETS
    named = campaigns.named_periods() if may_be_campaign else ()
    try:
        return periods.read(given, today=timezone.localdate(), campaigns=named)
    except PeriodError as error:
        codes = (*periods.PRESETS, *(each.code for each in named))
        known = codes if error.code == "unknown_period" else ()
        mistakes = [
            Mistake(wrong.name, wrong.code, wrong.message, known) for wrong in (error, *error.also)
        ]
    raise InvalidRequest(mistakes)
