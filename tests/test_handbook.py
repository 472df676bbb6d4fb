"""The handbook tells of the site as it is: its pictures, and the words that stand on the screen."""

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent
HANDBOOK = ROOT / "docs" / "handbook"
PAGES = sorted(HANDBOOK.glob("*.md"))
STORIES = sorted((ROOT / "tests" / "browser").glob("test_*story.py"))
MOST_BYTES = 150_000


def test_every_picture_is_taken_by_a_story_and_shown_once():
    taken = [name for story in STORIES for name in _all(r'\.picture\(\s*"([a-z-]+)"', story)]
    shown = [name for page in PAGES for name in _all(r"!\[[^\]]+\]\(images/([a-z-]+)\.png\)", page)]

    there = [path.stem for path in (HANDBOOK / "images").iterdir()]

    assert sorted(shown) == sorted(taken)
    assert sorted(there) == sorted(taken)


def test_no_picture_is_heavy():
    heavy = {
        path.name: path.stat().st_size
        for path in (HANDBOOK / "images").iterdir()
        if path.stat().st_size > MOST_BYTES
    }

    assert heavy == {}


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_what_is_bold_stands_on_the_screen_like_that(page):
    words = set(_screen())

    unknown = [bold for bold in _all(r"\*\*(.+?)\*\*", page) if bold not in words]

    assert unknown == []


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_every_heading_stands_in_the_contents(page):
    headings = _all(r"^## (.+)$", page)
    contents = _all(r"^- \[(.+?)\]\(#", page)

    assert contents == headings


def _all(pattern, path):
    return re.findall(pattern, path.read_text(encoding="utf-8"), flags=re.MULTILINE)


def _screen():
    """Every sentence of the site in Dutch; as labels they begin with a capital."""
    with (ROOT / "navigator/locale/nl/LC_MESSAGES/django.po").open("rb") as catalogue:
        for message in read_po(catalogue, locale="nl"):
            for text in [message.string] if isinstance(message.string, str) else message.string:
                yield text
                yield text[:1].upper() + text[1:]
    yield "vet"
