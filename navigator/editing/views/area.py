"""The service area of an office: pick it, see what that does, and only then save it."""

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.debug import sensitive_post_parameters

from navigator import kept
from navigator.editing import subjects
from navigator.editing.forms.area_form import MUNICIPALITIES, AreaForm
from navigator.editing.views import section
from navigator.kept import keeps_typed
from navigator.methods import SeeOther, takes
from regions import revisions
from regions.models import Municipality, Province, RegionalOffice


def _names(slug: str) -> frozenset[str]:
    """What the form posts; the same for every office."""
    return AreaForm(RegionalOffice(), {}).names()


@keeps_typed(_names)
@takes("GET", "HEAD", "POST")
@sensitive_post_parameters()
def area(request: HttpRequest, slug: str) -> HttpResponse:
    """The form of the service area. What is posted is shown with its effect for `effect`, and
    saved as `do` says once that was seen; for htmx the effect alone.
    """
    edited = subjects.subject_or_404(request, RegionalOffice, slug)
    record = revisions.working_record(edited)
    do = request.POST.get("do", "draft")
    if request.method != "POST":
        typed, at = kept.kept(request) or (None, None)
        return section.page(request, edited, AreaForm(edited, record, typed), kept_at=at)
    if do == "forget":
        kept.forget(request)
        return SeeOther(request.get_full_path())
    form = AreaForm(edited, record, _with_province(request.POST))
    form.asks = do != "effect" and form.is_valid() and not form.was_told
    if getattr(request, "htmx", False):
        return render(request, "editing/area_effect.html", {"form": form, "subject": edited})
    if do == "effect" or form.asks:
        return section.page(request, edited, form, status=400 if form.errors else 200)
    return section.saved(request, edited, form, do)


def _with_province(posted: QueryDict) -> QueryDict:
    """What was posted, after ticking or unticking a whole province if a button says so."""
    do, _colon, province = posted.get("do", "").partition(":")
    if province not in Province.values:
        return posted
    there = set(Municipality.objects.filter(province=province).values_list("code", flat=True))
    ticked = set(posted.getlist(MUNICIPALITIES))
    data = posted.copy()
    data.setlist(MUNICIPALITIES, sorted(ticked | there if do == "all" else ticked - there))
    return data
