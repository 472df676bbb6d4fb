"""Lists, a page at a time: `{count, next, previous, results}`."""

import re
from typing import Any

from django.core.paginator import Paginator
from rest_framework import exceptions, pagination
from rest_framework.request import Request

from api.problems import InvalidRequest, Mistake

_NUMBER = re.compile(r"[0-9]{1,18}")  # int() would take digits of other scripts as well


class PageNumberPagination(pagination.PageNumberPagination):
    """Pages by number. A number that can't be is an error, not a guess."""

    page_size = 20
    max_page_size = 100
    page_size_query_param = "pageSize"
    page_query_description = "Which page, from 1 on."
    page_size_query_description = "How many results a page has: 1 to 100, normally 20."

    def get_page_size(self, request: Request) -> int:
        most = self.max_page_size
        size = _number(request, self.page_size_query_param, default=self.page_size)
        if size > most:
            raise InvalidRequest(
                [Mistake("pageSize", "too_many", f"A page has at most {most} results.")]
            )
        return size

    def get_page_number(self, request: Request, paginator: "Paginator[Any]") -> int:
        number = _number(request, self.page_query_param, default=1)
        if number > paginator.num_pages:
            raise exceptions.NotFound(f"There is no such page: the last is {paginator.num_pages}.")
        return number


def _number(request: Request, name: str, *, default: int) -> int:
    text = request.query_params.get(name)
    if text is None:
        return default
    if not _NUMBER.fullmatch(text) or int(text) == 0:
        raise InvalidRequest([Mistake(name, "not_a_number", "Give a whole number from 1 on.")])
    return int(text)
