"""How the system's Chromium is started."""

import os
import shutil
from typing import Any


def launch_arguments() -> dict[str, Any]:
    """For Playwright's `launch`; `CHROMIUM` names another browser than the one on the path."""
    return {
        "executable_path": os.environ.get("CHROMIUM") or shutil.which("chromium"),
        "args": [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
        ],
    }
