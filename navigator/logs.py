"""How the service speaks of itself: events with fields, never a full postcode or a secret link."""

import logging
import re
from typing import Any

import structlog

# Four digits, then two letters of a postcode, also in an encoded address (3011%20AB, 3011+ab), and
# with the number of a house right behind it (3011AB12).
_FULL_POSTCODE = re.compile(r"(?<![0-9])([1-9][0-9]{3})((?:%20|[\s+\-_])*)[A-Za-z]{2}(?![A-Za-z])")


# The addresses whose last part lets somebody in: invitations, previews, links of mails, and the
# pages of candidates.
_SECRET_LINK = re.compile(
    r"(/(?:uitnodiging|voorbeeld|wachtwoord-vergeten|account/e-mail|lijstje|briefje|terugmelden)/)"
    r"[\w:%.~-]{12,}"
)


def without_secrets(text: str) -> str:
    """`text` without the keys of links: `/uitnodiging/…/`, and without letters of postcodes."""
    return without_letters(_SECRET_LINK.sub(r"\1···", text))


def without_letters(text: str) -> str:
    """`text` with the letters of every full postcode taken out: `3011AB` becomes `3011··`."""
    return _FULL_POSTCODE.sub(r"\1··", text)


class WithoutPostcodes(logging.Filter):
    """Takes the letters of full postcodes, and the keys of links, out of everything that is logged.

    Letters should never get that far. But a path that doesn't exist, or an error deep down, may
    repeat what a visitor typed.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.msg, str):
            record.msg = without_secrets(record.getMessage())
            record.args = None
        return True


def _scrubbed(_logger: Any, _method: str, event: Any) -> str:
    """The last step of a line: by now the event is the whole text."""
    return without_secrets(str(event))


class LineFormatter(structlog.stdlib.ProcessorFormatter):
    """A line an event: moment, level, logger, event, fields, and the traceback if there is one."""

    def __init__(self, *_args: Any, **_kwargs: Any) -> None:
        super().__init__(
            foreign_pre_chain=SHARED,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                structlog.processors.LogfmtRenderer(
                    key_order=["timestamp", "level", "logger", "event"]
                ),
                _scrubbed,
            ],
        )


SHARED: list[Any] = [
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]

structlog.configure(
    processors=[*SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
    wrapper_class=structlog.stdlib.BoundLogger,
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)
