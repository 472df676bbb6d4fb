"""What an address may hold of a postcode: its four digits.

Six characters stand for about twenty addresses, and an address ends up in histories and in what
people share. The form posts what is typed; this is for whoever makes an address by hand.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.encoding import escape_uri_path
from django.utils.http import escape_leading_slashes

from regions.postcodes import PostcodeError, cut_to_digits, parse_postcode


class DigitsOnly:
    """Sends on whoever asks a page for `3011AB`, to the same page for `3011`.

    Stands before what adds a missing slash, since that would repeat the letters, and behind what
    knows the language. The API has a rule of its own, since it refuses what it doesn't know.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if (
            request.META.get("QUERY_STRING")
            and request.method in ("GET", "HEAD")
            and not request.path_info.startswith("/api/")
        ):
            better = _better_address(request.path, request.GET)
            if better:
                # Not for ever and not on disk: the browser would keep the letters with it.
                return HttpResponseRedirect(better, headers={"Cache-Control": "no-store"})
        return self.get_response(request)


def _better_address(path: str, query: QueryDict) -> str:
    """Where a question belongs; empty when it is there already.

    A postcode where a place or the name of an office was expected is a search by postcode; the
    advisors' desk takes all of these in one field, and keeps it.
    """
    if path == reverse("advice:desk"):
        return _better_desk(path, query)
    search, office_list = reverse("finder:search"), reverse("finder:office_list")
    names = ("postcode", "place", "q") if path == office_list else ("postcode", "place")
    digits = {name: found for name in names if (found := _digits_of(query.get(name, "")))}
    if all(name == "postcode" and query[name] == found for name, found in digits.items()):
        return ""
    kept = query.copy()
    kept["postcode"] = next(iter(digits.values()))  # that of the postcode first
    for name in digits.keys() - {"postcode"}:
        del kept[name]
    # A path that starts with two slashes would lead to another site.
    own_path = search if "q" in digits else escape_leading_slashes(escape_uri_path(path))
    return f"{own_path}?{kept.urlencode()}"


def _better_desk(path: str, query: QueryDict) -> str:
    typed = query.getlist("q")
    digits = [cut_to_digits(text) for text in typed]
    if digits == typed:
        return ""
    kept = query.copy()
    kept.setlist("q", digits)
    return f"{path}?{kept.urlencode()}"


def _digits_of(typed: str) -> str:
    """The four digits of a postcode; empty when it is none."""
    try:
        return parse_postcode(typed)
    except PostcodeError:
        return ""
