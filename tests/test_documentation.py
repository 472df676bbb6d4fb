"""What can be set, run and read is described where people look for it."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("fixtures/*.md")])


def test_every_variable_that_is_read_is_described_and_nothing_else():
    settings = (ROOT / "navigator/settings.py").read_text(encoding="utf-8")
    read = set(re.findall(r'\benv\.?\w*\(\s*"(\w+)"', settings))

    described = re.findall(r"^#?([A-Z_]+)=", _example(), flags=re.MULTILINE)

    assert sorted(described) == sorted(read)


def test_every_variable_is_introduced_by_a_sentence():
    paragraphs = _example().strip().split("\n\n")[1:]

    bare = [text for text in paragraphs if not text.startswith("# ")]

    assert bare == []


def test_every_command_of_the_service_is_described():
    commands = {
        path.stem
        for package in ("navigator", "regions", "api")
        for path in (ROOT / package).rglob("management/commands/*.py")
        if path.stem != "__init__"
    }
    words = "\n".join(path.read_text(encoding="utf-8") for path in DOCUMENTS)

    assert sorted(name for name in commands if f"manage.py {name}" not in words) == []


def test_every_make_target_that_is_described_exists():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, flags=re.MULTILINE))

    named = {
        target
        for path in DOCUMENTS
        for target in re.findall(
            r"(?:^|`)make ([a-z-]+)", path.read_text(encoding="utf-8"), flags=re.MULTILINE
        )
    }

    assert sorted(named - targets) == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_to_a_file_leads_somewhere(document):
    links = re.findall(r"\]\(([^)\s]+)\)", document.read_text(encoding="utf-8"))

    broken = [
        link
        for link in links
        if not link.startswith(("https://", "http://", "#", "mailto:"))
        and not (document.parent / link.partition("#")[0]).exists()
    ]

    assert broken == []


def _example():
    return (ROOT / ".env.example").read_text(encoding="utf-8")
