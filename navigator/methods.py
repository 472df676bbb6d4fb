"""Which methods an address takes, and where its answer stands."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeAlias

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt

P = ParamSpec("P")
View: TypeAlias = Callable[Concatenate[HttpRequest, P], HttpResponse]


class SeeOther(HttpResponseRedirect):
    """The answer to what was posted stands elsewhere (303)."""

    status_code = 303


def takes(*methods: str) -> Callable[[View[P]], View[P]]:
    """Refuse every other method with a page that has words, unlike Django's own.

    A view that takes no POST has nothing that another site could forge; without the exemption that
    check would come first, and speak of cookies that nobody has here.
    """

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def checked(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if request.method in methods:
                return view(request, *args, **kwargs)
            response = render(request, "405.html", status=405)
            response.headers["Allow"] = ", ".join(methods)
            return response

        return checked if "POST" in methods else csrf_exempt(checked)

    return decorate
