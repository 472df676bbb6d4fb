"""What advisors heard is wrong, proposed on the spot, and what became of it."""

from datetime import datetime
from typing import Final, cast
from urllib.parse import urlsplit

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters

from navigator import kept
from navigator.accounts import rules
from navigator.accounts.models import User
from navigator.advice.doors import advisors_only
from navigator.brakes import one_more_this_hour
from navigator.editing import corrections as door
from navigator.editing.forms.correction_form import CorrectionForm
from navigator.kept import keeps_typed
from navigator.methods import SeeOther, takes
from regions import records, suggestions
from regions.models import RegionalOffice
from regions.records import Record, Refused
from regions.revisions import Placeholders
from regions.suggestions import Suggested

PAGE_SIZE: Final = 25
FIRST: Final = "phone"  # what is wrong most often
MOST_AN_HOUR: Final = 60  # of one advisor: each mails who decides on it
_SENT: Final = "corrections_sent"
_MOST_SENT: Final = 20
_LONGEST: Final = 2000  # of the way back


def _names(slug: str) -> frozenset[str]:
    """What the form posts; the same for every office."""
    return CorrectionForm(RegionalOffice(), {}).names()


@takes("GET", "HEAD")
@advisors_only
def corrections(request: HttpRequest) -> HttpResponse:
    """My corrections and what became of them, the newest first. Seven queries, however many."""
    own = suggestions.suggestions_by(cast(User, request.user))
    page = Paginator(own, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"page": page, "lines": door.told(page)}
    return render(request, "editing/corrections.html", context)


@keeps_typed(_names)
@takes("GET", "HEAD", "POST")
@sensitive_post_parameters()
def correction(request: HttpRequest, slug: str) -> HttpResponse:
    """What is public of an office, to put right. `veld` is where typing begins, `terug` the desk
    with its question; what is posted is suggested, and only looked at when `do` says `check`.
    """
    if not rules.may_suggest(request.user):
        raise PermissionDenied("advisors alone")
    office = get_object_or_404(RegionalOffice.objects.published(), slug=slug)
    record = records.read(office)
    if request.method != "POST":
        return _opened(request, office, record)
    if request.POST.get("do") == "forget":
        kept.forget(request)
        return SeeOther(request.get_full_path())
    form = CorrectionForm(office, record, request.POST)
    if request.POST.get("do") == "check":
        return JsonResponse(form.checked(request.POST.get("field", "")))
    return _sent(request, office, form)


def _opened(request: HttpRequest, office: RegionalOffice, record: Record) -> HttpResponse:
    """The form as the office is, or as somebody typed it before they were logged out."""
    waiting = kept.kept(request)
    if waiting is not None:
        typed, at = waiting
        return _page(request, office, CorrectionForm(office, record, typed), kept_at=at)
    focus = request.GET.get("veld", FIRST)
    form = CorrectionForm(office, record, focus=focus if focus in suggestions.FIELDS else FIRST)
    return _page(request, office, form)


def _sent(request: HttpRequest, office: RegionalOffice, form: CorrectionForm) -> HttpResponse:
    """Let it wait and go back to the desk; or show again what was typed, and why."""
    if not form.is_valid():
        return _page(request, office, form, status=400)
    by, at = cast(User, request.user), timezone.now()
    if not one_more_this_hour(f"corrections:{by.pk}", at, most=MOST_AN_HOUR):
        form.add_error(
            None, gettext("You sent very many corrections this hour. Try it again in an hour.")
        )
        return _page(request, office, form, status=429)
    try:
        found = door.suggest(
            office,
            form.suggested(),
            by=by,
            at=at,
            note=form.cleaned_data["note"],
            request=request,
        )
    except Refused as refused:
        form.tell(refused.errors)
    except Placeholders as left:
        form.tell_placeholders(left.fields)
    else:
        kept.forget(request)
        sent = request.session.get(_SENT, [])
        request.session[_SENT] = [*sent[-_MOST_SENT:], request.path]
        _tell(request, office, found)
        return SeeOther(_desk(request))
    return _page(request, office, form, status=400)


def _tell(request: HttpRequest, office: RegionalOffice, found: Suggested) -> None:
    if found.revision is None:
        told = gettext("This is public already at %(name)s. There is nothing to suggest.")
    elif found.is_new:
        told = gettext("Thank you. Your correction for %(name)s waits for who keeps it right.")
    else:
        told = gettext("This was suggested for %(name)s before, and waits already.")
    messages.success(request, told % {"name": office})


def _desk(request: HttpRequest) -> str:
    """The way back: the desk alone, with the question that `terug` has, or the page from where
    the form was opened.
    """
    desk = reverse("advice:desk")
    came_from = request.headers.get("Referer", "")
    site = f"{request.scheme}://{request.get_host()}"
    for asked in (request.GET.get("terug", ""), came_from.removeprefix(site)):
        if len(asked) <= _LONGEST and asked.startswith(f"{desk}?"):
            return f"{desk}?{urlsplit(asked).query}"
    return desk


def _sent_before(request: HttpRequest) -> str:
    """This address when a correction was sent from it: the browser forgets what was typed then."""
    sent = request.session.get(_SENT, [])
    if request.method == "POST" or request.path not in sent:
        return ""
    request.session[_SENT] = [path for path in sent if path != request.path]
    return request.path


def _page(
    request: HttpRequest,
    office: RegionalOffice,
    form: CorrectionForm,
    *,
    kept_at: datetime | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "office": office,
        "form": form,
        "kept_at": kept_at,
        "back": _desk(request),
        "saved": _sent_before(request),
        "waiting": door.told(suggestions.suggestions_for([office])),
    }
    return render(request, form.template, context, status=status)
