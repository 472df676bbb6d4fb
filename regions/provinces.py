"""The province that a question was about."""

from regions import versions
from regions.models import Municipality


def province_of(*, postcode: str = "", municipality: str = "") -> str:
    """The code of the province of a postcode, or else of a municipality; empty when unknown.

    One query, none when the process has answered it before.
    """
    if not postcode and not municipality:
        return ""
    return versions.prepared(
        ("province", postcode, municipality), lambda: _look_up(postcode, municipality)
    )


def _look_up(postcode: str, municipality: str) -> str:
    municipalities = Municipality.objects.all()
    if postcode:
        municipalities = municipalities.filter(postcodes=postcode)
    else:
        municipalities = municipalities.filter(code=municipality)
    return municipalities.order_by("code").values_list("province", flat=True).first() or ""
