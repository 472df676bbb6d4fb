"""The province that a question was about."""

from regions import versions
from regions.models import Municipality, Postcode


def province_of(*, postcode: str = "", municipality: str = "") -> str:
    """The code of the province of a postcode, or else of a municipality; empty when unknown.

    One query, none when the process has answered it before.
    """
    if not postcode and not municipality:
        return ""
    return versions.prepared(("province", postcode, municipality), lambda: _look_up(postcode, municipality))


def _look_up(postcode: str, municipality: str) -> str:
    if postcode:
        found = Postcode.objects.filter(code=postcode).values_list("municipality__province", flat=True)
    else:
        found = Municipality.objects.filter(code=municipality).values_list("province", flat=True)
    return found.first() or ""
