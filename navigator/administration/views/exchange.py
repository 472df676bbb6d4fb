"""The whole directory as tables for a spreadsheet: out, and in again after a look at what changes.

What was uploaded waits in the cache of the session that uploaded it. It is looked at again when it
is confirmed, and done only if it still does what was shown.
"""

import secrets
from collections.abc import Iterator
from typing import Any, Final, cast

from django.contrib import messages
from django.core.cache import cache
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from tablib import Dataset

from navigator.accounts import audit
from navigator.accounts.models import User
from navigator.administration import progress
from navigator.administration.administrators import administrators_only
from navigator.administration.columns import described
from navigator.administration.forms import TABLE_NAMES, UploadForm
from navigator.administration.progress import Outcome, Tell
from navigator.editing import publication
from navigator.editing.differences import Labels
from navigator.methods import SeeOther, takes
from navigator.spreadsheets import explain
from regions import sheets, tables
from regions.models import Revision
from regions.tables import Changed, Plan

_KEPT_S: Final = 3600
_IN_SESSION: Final = "import"
_MOST_SHOWN: Final = 200
_CUT: Final = "<!-- progress -->"


@takes("GET", "HEAD", "POST")
@administrators_only
def exchange(request: HttpRequest) -> HttpResponse:
    """Download, and upload."""
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        form = UploadForm(request.POST, request.FILES)
        if form.is_valid():
            _keep(request, form.cleaned_data["table"], form.cleaned_data["file"])
            return SeeOther(reverse("administration:exchange_check"))
    context = {
        "form": form,
        "tables": [(table, TABLE_NAMES[table], described(table)) for table in tables.TABLES],
        "formats": list(sheets.FORMATS),
    }
    return render(
        request, "administration/exchange.html", context, status=400 if form.errors else 200
    )


@takes("GET", "HEAD")
@administrators_only
def download(request: HttpRequest, table: str, kind: str) -> HttpResponse:
    """A table as a file. That it was taken out is written down."""
    if table not in tables.TABLES or kind not in sheets.FORMATS:
        raise Http404("no such table")
    try:
        file = sheets.write(tables.export(table), kind)
    except sheets.SheetError as error:
        messages.error(request, explain(error))
        return SeeOther(reverse("administration:exchange"))
    if request.method == "GET":
        audit.record("directory_exported", request=request, about=f"{table}.{kind}")
    name = f"{table}-{timezone.localdate().isoformat()}.{kind}"
    return HttpResponse(
        file,
        content_type=sheets.FORMATS[kind].CONTENT_TYPE,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@takes("GET", "HEAD", "POST")
@administrators_only
def check(request: HttpRequest) -> Any:  # a page, or one that is written while something happens
    """What the uploaded table would do; and do it, when that is confirmed."""
    kept = _kept(request)
    if kept is None:
        messages.error(
            request, _("There is no file any more that waits to be imported. Upload it again.")
        )
        return SeeOther(reverse("administration:exchange"))
    table, cells = kept
    if request.method == "POST":
        return _do(request, table, cells, shown=request.POST.get("shown", ""))
    plan = tables.plan(table, cells)
    return render(request, "administration/exchange_check.html", _told(plan))


def _told(plan: Plan) -> dict[str, Any]:
    """A plan in words."""
    words = Labels(tables.TABLES[plan.table])
    return {
        "plan": plan,
        "table_name": TABLE_NAMES[plan.table],
        "lines": [
            (change, words.differences(change.differences)) for change in plan.changes[:_MOST_SHOWN]
        ],
        "problems": plan.problems[:_MOST_SHOWN],
        "more_changes": max(0, len(plan.changes) - _MOST_SHOWN),
        "more_problems": max(0, len(plan.problems) - _MOST_SHOWN),
        "new_count": sum(change.is_new for change in plan.changes),
    }


def _do(request: HttpRequest, table: str, cells: Dataset, *, shown: str) -> HttpResponseBase:
    """Import it, on a page that is written while it happens."""

    def work(tell: Tell) -> int:
        with transaction.atomic():
            published = tables.apply(
                table,
                cells,
                shown=shown,
                by=cast(User, request.user),
                at=timezone.now(),
                progress=tell,
            )
            _write_down(request, table, published)
            publication.tell_neighbours(published)
        _forget(request)
        return len(published)

    context = {"cut": _CUT, "table_name": TABLE_NAMES[table]}
    page = render_to_string("administration/importing.html", context, request=request)
    before, _cut, after = page.partition(_CUT)
    response = StreamingHttpResponse(_pieces(before, work, after))
    response.headers["Content-Encoding"] = "identity"  # what is compressed comes too late
    response.headers["X-Accel-Buffering"] = "no"
    return response


def _pieces(before: str, work: Any, after: str) -> Iterator[str]:
    yield before
    for news in progress.run(work):
        if isinstance(news, Outcome):
            told = {"outcome": news, "changed": isinstance(news.error, Changed)}
            yield render_to_string("components/admin_imported.html", told)
        else:
            yield render_to_string("components/admin_progress.html", {"step": news})
    yield after


def _write_down(request: HttpRequest, table: str, published: list[Revision]) -> None:
    audit.record("directory_imported", request=request, about=f"{table}: {len(published)}")
    for revision in published:
        if "review_required" in revision.changes:
            audit.record("review_setting_changed", request=request, about=revision.subject)


def _keep(request: HttpRequest, table: str, cells: Dataset) -> None:
    key = secrets.token_urlsafe(16)
    cache.set(f"import:{key}", (table, cells.headers, list(cells)), _KEPT_S)
    request.session[_IN_SESSION] = key


def _kept(request: HttpRequest) -> tuple[str, Dataset] | None:
    key = request.session.get(_IN_SESSION, "")
    found = cache.get(f"import:{key}") if key else None
    if found is None:
        return None
    table, headers, rows = found
    return table, Dataset(*rows, headers=headers)


def _forget(request: HttpRequest) -> None:
    cache.delete(f"import:{request.session.get(_IN_SESSION, '')}")
