"""The body of a request -> one JSON object, or why not.

Stricter than the parser of REST framework, and a few times as fast: names are there once, numbers
are numbers, the text is UTF-8.
"""

import json
from collections.abc import Collection
from typing import Any, Final, NoReturn

from rest_framework.exceptions import UnsupportedMediaType
from rest_framework.request import Request

from api.problems import MalformedJson, TooLarge

MOST_BYTES: Final = 16_384
JSON: Final = ("application/json",)


def read_object(
    request: Request, *, most_bytes: int = MOST_BYTES, media_types: Collection[str] = JSON
) -> dict[str, Any]:
    """The JSON object in the body. Raises TooLarge, UnsupportedMediaType or MalformedJson."""
    sent = request.META
    if int(sent.get("CONTENT_LENGTH") or 0) > most_bytes:
        raise TooLarge
    media_type = sent.get("CONTENT_TYPE", "").partition(";")[0]
    if media_type.strip().lower() not in media_types:
        raise UnsupportedMediaType(media_type)
    body = request._request.body
    if not body.strip():
        raise MalformedJson('The body is empty. Send an object, such as {"postcode": "3011"}.')
    try:
        read = json.loads(
            body.decode("utf-8"), object_pairs_hook=_once, parse_constant=_not_a_number
        )
    except UnicodeDecodeError:
        raise MalformedJson("The body is not text in UTF-8.") from None
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise MalformedJson(f"The body is not JSON: see {where}.") from None
    except (ValueError, RecursionError):
        raise MalformedJson(
            "The body is not JSON as it is read here: every name once, at most a few levels deep, "
            "no NaN or Infinity."
        ) from None
    if not isinstance(read, dict):
        raise MalformedJson('The body must be an object, such as {"postcode": "3011"}.')
    return read


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    read = dict(pairs)
    if len(read) < len(pairs):
        raise ValueError("a name is there twice")
    return read


def _not_a_number(_constant: str) -> NoReturn:
    raise ValueError("not a number")
