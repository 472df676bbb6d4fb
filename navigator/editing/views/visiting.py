"""The visiting address of an office: typed, looked up, confirmed on the map, and then saved."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.debug import sensitive_post_parameters

from navigator import kept
from navigator.editing import subjects
from navigator.editing.forms.visiting_form import VisitingForm
from navigator.editing.views import section
from navigator.kept import keeps_typed
from navigator.methods import SeeOther, takes
from regions import revisions
from regions.models import RegionalOffice


def _names(slug: str) -> frozenset[str]:
    """What the form posts; the same for every office."""
    return VisitingForm(RegionalOffice(), {}).names()


@keeps_typed(_names)
@takes("GET", "HEAD", "POST")
@sensitive_post_parameters()
def visiting(request: HttpRequest, slug: str) -> HttpResponse:
    """The form of the visiting address. A new address is shown on the map before it is stored;
    what is posted then is saved as `do` says.
    """
    edited = subjects.subject_or_404(request, RegionalOffice, slug)
    record = revisions.working_record(edited)
    do = request.POST.get("do", "draft")
    if request.method != "POST":
        typed, at = kept.kept(request) or (None, None)
        return section.page(request, edited, VisitingForm(edited, record, typed), kept_at=at)
    if do == "forget":
        kept.forget(request)
        return SeeOther(request.get_full_path())
    form = VisitingForm(edited, record, request.POST)
    form.asks = form.is_valid() and not form.is_confirmed
    if form.asks:
        return section.page(request, edited, form)
    return section.saved(request, edited, form, do)
