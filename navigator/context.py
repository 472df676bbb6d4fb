"""What every page may show, whatever its view."""

from django.http import HttpRequest

from regions import versions
from regions.national import NATIONAL_DESK


def site(request: HttpRequest) -> dict[str, object]:
    """The published directory and the national desk. A query at most once a second."""
    return {"directory": versions.current(), "national_desk": NATIONAL_DESK}
