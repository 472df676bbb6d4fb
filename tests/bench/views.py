"""What the real views are compared with."""

import itertools
import os

from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

_numbers = itertools.count()
_BODY = b"x" * 2048


@login_not_required
def nothing(request: HttpRequest) -> HttpResponse:
    """Two kilobytes, behind the same middleware as everything else."""
    return HttpResponse(_BODY)


@login_not_required
def insert(request: HttpRequest) -> HttpResponse:
    """The same two kilobytes, and the least that counting can cost: one row, one statement."""
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO statistics_profileview (at, day, visitor, ordinal, source, source_host, "
            "utm_source, utm_medium, utm_campaign, utm_content, utm_term, province, office_id) "
            "VALUES (%s, %s, %s, 0, 'direct', '', '', '', '', '', '', '', 1)",
            [
                connection.ops.adapt_datetimefield_value(now),
                connection.ops.adapt_datefield_value(now.date()),
                f"{os.getpid()}-{next(_numbers)}",
            ],
        )
    return HttpResponse(_BODY)
