"""What every page may show, whatever its view."""

from functools import partial

from django.http import HttpRequest

from navigator import kept
from regions import versions
from regions.national import NATIONAL_DESK


def site(request: HttpRequest) -> dict[str, object]:
    """The published directory, the national desk, and for forms whom they are handed to.

    A query at most once a second.
    """
    return {
        "directory": versions.current(),
        "national_desk": NATIONAL_DESK,
        "typed_by": partial(kept.typed_by, request),
    }
