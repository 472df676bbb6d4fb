"""What was typed in a form that could not be taken: kept in the session, and shown again.

Somebody types, the session ends, they save: the text waits in the session of their browser until
they are logged in again. It is only kept, never saved; only for forms that this site handed out,
by their signed `base`; and only shown to the person whom the form was handed to, by its signed
`typed_by`: the browser may be shared.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

from django.core import signing
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone

from navigator.methods import SeeOther

MOST_FORMS: Final = 5
MOST_CHARACTERS: Final = 120_000
_KEY: Final = "typed"
_SALT: Final = "editing.base"
_WHO_SALT: Final = "navigator.kept.who"

View = TypeVar("View", bound=Callable[..., HttpResponse])


def sign(base: Mapping[str, str]) -> str:
    """What a form is based on, as it carries it: nobody else can make it."""
    return signing.dumps(dict(base), salt=_SALT, compress=True)


def unsigned(text: str) -> dict[str, str] | None:
    """The base that a form carried; None when it isn't ours."""
    try:
        found: dict[str, str] = signing.loads(text, salt=_SALT)
    except signing.BadSignature:
        return None
    return found


def typed_by(request: HttpRequest) -> str:
    """Whom a form is handed to, as it carries it. Nothing for somebody who isn't logged in."""
    user = request.user
    return signing.dumps(user.pk, salt=_WHO_SALT) if user.is_authenticated else ""


def keeps_typed(names: Callable[..., Iterable[str]]) -> Callable[[View], View]:
    """Mark a view whose form is kept. `names` answers what is posted, from the address's parts."""

    def decorate(view: View) -> View:
        view.keeps_typed = names  # type: ignore[attr-defined]
        return view

    return decorate


class KeepTyped:
    """Keeps what somebody posts who is logged out by now; who stands next sends them to log in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> None:
        """Keep it, and go on."""
        if request.method == "POST" and not request.user.is_authenticated:
            keep(request, view, kwargs)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without its secret, as after logging in again in another tab.

    If it certainly came from a page of this site, what was typed is kept and shown again, with a
    new secret; nothing is saved. All others are refused.
    """
    match = request.resolver_match
    if match and _is_own(request) and keep(request, match.func, match.kwargs):
        return SeeOther(request.get_full_path())
    return render(request, "403_csrf.html", status=403)


def keep(request: HttpRequest, view: Callable[..., HttpResponse], parts: dict[str, Any]) -> bool:
    """Keep what was posted to a view that is marked; answers whether it was kept."""
    names = getattr(view, "keeps_typed", None)
    if names is None or unsigned(request.POST.get("base", "")) is None:
        return False
    who = _signed_for(request)
    if who is None:
        return False
    own = set(names(**parts))
    typed = {name: request.POST.getlist(name) for name in request.POST if name in own}
    if sum(len(text) for texts in typed.values() for text in texts) > MOST_CHARACTERS:
        return False
    known = request.session.get(_KEY, {})
    known.pop(request.path, None)
    kept = list(known.items())[-(MOST_FORMS - 1) :]
    now = timezone.now().isoformat()
    request.session[_KEY] = {
        **dict(kept),
        request.path: {"typed": typed, "at": now, "by": who},
    }
    return True


def kept(request: HttpRequest) -> tuple[QueryDict, datetime] | None:
    """What this person typed at this address and did not save yet, and when."""
    found = request.session.get(_KEY, {}).get(request.path)
    if found is None or found.get("by") != request.user.pk:
        return None
    data = QueryDict(mutable=True)
    for name, texts in found["typed"].items():
        data.setlist(name, texts)
    return data, datetime.fromisoformat(found["at"])


def forget(request: HttpRequest) -> None:
    """Keep no longer what was typed at this address: it is saved, or not wanted."""
    known = request.session.get(_KEY, {})
    if known.pop(request.path, None) is not None:
        request.session[_KEY] = known


def _signed_for(request: HttpRequest) -> int | None:
    """The person whom the posted form was handed to; None when it doesn't say."""
    try:
        who: int = signing.loads(request.POST.get("typed_by", ""), salt=_WHO_SALT)
    except signing.BadSignature:
        return None
    return who


def _is_own(request: HttpRequest) -> bool:
    """Whether the browser says that a page of this site posted it."""
    origin = request.headers.get("Origin", "")
    return bool(origin) and urlsplit(origin)[:2] == (request.scheme, request.get_host())
