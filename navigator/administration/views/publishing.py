"""Which figures of advice are public."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from navigator.accounts import audit
from navigator.accounts.models import User
from navigator.administration.administrators import administrators_only
from navigator.administration.publishing_form import PublishingForm
from navigator.methods import SeeOther, takes
from navigator.statistics import publishing as published_figures


@takes("GET", "HEAD", "POST")
@administrators_only
def publishing(request: HttpRequest) -> HttpResponse:
    """Choose the tables that everybody may see, and whether small numbers are hidden."""
    published = published_figures.published_tables()
    posted = request.POST if request.method == "POST" else None
    form = PublishingForm(posted, published=published)
    if posted is not None and form.is_valid():
        now = published_figures.publish(
            form.cleaned_data["tables"],
            hide_small=form.cleaned_data["hide_small"],
            by=cast(User, request.user),
            at=timezone.now(),
        )
        if now != published:
            small = "" if now.hide_small else ", small numbers shown"
            audit.record(
                "figures_published", request=request, about=f"{', '.join(now.tables)}{small}"
            )
        messages.success(request, _("Saved. This is what everybody sees now."))
        return SeeOther(reverse("administration:publishing"))
    context = {"form": form, "published": published}
    status = 400 if form.errors else 200
    return render(request, "administration/publishing.html", context, status=status)
