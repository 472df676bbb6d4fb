"""How often one person may change something in a short time."""

from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.throttling import UserRateThrottle
from rest_framework.views import APIView


class ChangesThrottle(UserRateThrottle):
    """Two changes a second, a minute long: more than people do, and enough for a program."""

    scope = "changes"
    rate = "120/min"

    def allow_request(self, request: Request, view: APIView) -> bool:
        """Reading is free."""
        return request.method in SAFE_METHODS or super().allow_request(request, view)
