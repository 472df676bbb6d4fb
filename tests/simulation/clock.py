"""A clock that each request sets for itself: this alone differs from the service in production."""

import os
from contextvars import ContextVar
from datetime import datetime

from django.utils import timezone

MOMENT = "X-Simulated-Moment"
WORKER = "X-Simulated-Worker"

_moment = ContextVar("moment", default=None)
_real_now = timezone.now


def _now():
    return _moment.get() or _real_now()


class SimulatedClock:
    """Makes it the moment that the header tells, with its offset, for as long as a request takes.

    Tells in the answer which process gave it.
    """

    def __init__(self, get_response):
        self.get_response = get_response
        timezone.now = _now

    def __call__(self, request):
        told = request.headers.get(MOMENT)
        token = _moment.set(datetime.fromisoformat(told) if told else None)
        try:
            response = self.get_response(request)
        finally:
            _moment.reset(token)
        response.headers[WORKER] = str(os.getpid())
        return response
