"""A page as it will be, for who works on it and for whom they show it to. Never counted.

It holds what isn't public: so no cache keeps it, no search engine lists it, and no other site
learns its address.
"""

from functools import wraps

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import cache_control

from navigator.editing import subjects
from navigator.finder import presentation
from navigator.methods import View, takes
from regions import effects, profiles, revisions, versions
from regions.models import EducationRegion, RegionalOffice, Revision
from regions.profiles import Profile
from regions.records import Record, SubjectModel

kept_nowhere = cache_control(private=True, no_store=True)


def unlisted(view: View[...]) -> View[...]:
    """Tell search engines nothing of it, and other sites nothing of its address."""

    @wraps(view)
    def answered(request: HttpRequest, /, *args: object, **kwargs: object) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response.headers["X-Robots-Tag"] = "noindex"
        response.headers["Referrer-Policy"] = "no-referrer"
        return response

    return answered


@unlisted
@kept_nowhere
@takes("GET", "HEAD")
def own(request: HttpRequest, kind: SubjectModel, slug: str) -> HttpResponse:
    """The page with the open change over it; with the planned one when there is no open one.

    `?welke=gepland` asks for the planned one.
    """
    subject = subjects.subject_or_404(request, kind, slug)
    open_one = revisions.open_revision(subject)
    planned = revisions.planned_revision(subject)
    found = (planned or open_one) if request.GET.get("welke") == "gepland" else open_one or planned
    if found is None:
        messages.info(request, gettext("Nothing is being changed: the public page is what it is."))
        return HttpResponseRedirect(subjects.address("draft", subject))
    return _page(request, found, back=subjects.address("draft", subject))


@login_not_required
@unlisted
@kept_nowhere
@takes("GET", "HEAD")
def shared(request: HttpRequest, key: str) -> HttpResponse:
    """The page for whoever has the key, as long as the change is under way and shared."""
    under_way = Revision.objects.filter(state__in=[*Revision.OPEN, Revision.State.PLANNED])
    found = get_object_or_404(under_way.select_related("office", "region"), preview_key=key)
    if found.subject.state == found.subject.State.ARCHIVED:
        raise Http404("it is archived")
    return _page(request, found, back="")


def _page(request: HttpRequest, revision: Revision, *, back: str) -> HttpResponse:
    subject = revision.subject
    record = revisions.record_with(revision)
    context = {"revision": revision, "back": back, "carried": {}, "carried_query": ""}
    if isinstance(subject, RegionalOffice):
        return _office(request, subject, revision, record, context)
    return _region(request, subject, record, context)


def _office(
    request: HttpRequest,
    office: RegionalOffice,
    revision: Revision,
    record: Record,
    context: dict[str, object],
) -> HttpResponse:
    directory = versions.current()
    public = directory.profiles.get(office.slug)
    profile = profiles.profile_of(
        office,
        record,
        served_postcodes=_served(office, revision, record, public),
        neighbours=public.neighbours if public else (),
    )
    now = timezone.now()
    context |= {
        "office": profile,
        "view": presentation.arrange(profile, directory, now),
        "asked": {"postcode": "", "place": "", "sector": ""},
        "answer_link": "",
        "now": now,
    }
    return render(request, "finder/preview_office.html", context)


def _served(
    office: RegionalOffice, revision: Revision, record: Record, public: Profile | None
) -> int:
    """How many postcodes it would serve; measured anew only when the change is about that."""
    if public is not None and effects.FIELDS.isdisjoint(revision.changes):
        return public.served_postcodes
    return len(effects.effect_of(office, record).served_after)


def _region(
    request: HttpRequest, region: EducationRegion, record: Record, context: dict[str, object]
) -> HttpResponse:
    offices = [
        profile
        for profile in versions.current().profiles.values()
        if region.slug in {known.slug for known in profile.regions}
    ]
    shown = EducationRegion(pk=region.pk, **record)
    return render(
        request, "finder/preview_region.html", {**context, "region": shown, "offices": offices}
    )
