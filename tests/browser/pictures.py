"""Pictures of the pages that the story walks through, for the handbook.

`make handbook` (HANDBOOK=1) renews them in `docs/handbook/images/`; any other run leaves them
alone, and takes its pictures in a temporary folder.
"""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs" / "handbook" / "images"
VIEWPORT = {"width": 1280, "height": 900}
AROUND_PX = 12


def folder(temporary):
    """Where pictures go in this run."""
    return FOLDER if os.environ.get("HANDBOOK") else temporary


class Album:
    """Takes pictures, each under a name of its own."""

    def __init__(self, where):
        self.where = where
        self.where.mkdir(parents=True, exist_ok=True)

    def picture(self, name, page, *parts, most=900):
        """A picture of what lies from the first to the last of these parts of a page.

        At most `most` pixels high; without parts of all that is the page's own.
        """
        page.mouse.move(0, 0)
        page.evaluate("window.scrollTo(0, 0)")
        boxes = [page.locator(part).first.bounding_box() for part in parts or ("main",)]
        # What spans the page needs no air around it.
        left = min(box["x"] for box in boxes)
        air = AROUND_PX if left else 0
        top = max(0, min(box["y"] for box in boxes) - air)
        right = max(box["x"] + box["width"] for box in boxes)
        bottom = max(box["y"] + box["height"] for box in boxes) + AROUND_PX
        page.screenshot(
            path=self.where / f"{name}.png",
            full_page=True,
            animations="disabled",
            clip={
                "x": max(0, left - air),
                "y": top,
                "width": right + air - max(0, left - air),
                "height": min(bottom - top, most),
            },
        )
