"""What people may send in as a file."""

from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import MemoryFileUploadHandler


class WithinLimit(MemoryFileUploadHandler):
    """Keeps a file in memory, and refuses one that is too large before it is read (400)."""

    def handle_raw_input(
        self,
        input_data: Any,
        META: dict[str, str],
        content_length: int,
        boundary: str,
        encoding: str | None = None,
    ) -> None:
        if content_length > settings.FILE_UPLOAD_MAX_MEMORY_SIZE:
            raise RequestDataTooBig("the file is too large")
        super().handle_raw_input(input_data, META, content_length, boundary, encoding)
