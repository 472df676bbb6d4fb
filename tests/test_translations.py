"""Every sentence of the site has its Dutch translation."""

from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
DUTCH = ROOT / "navigator/locale/nl/LC_MESSAGES/django.po"

_CALLS = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop")),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}


@pytest.fixture(scope="module")
def catalogue():
    with DUTCH.open("rb") as file:
        return read_po(file, locale="nl", abort_invalid=True)


def test_no_sentence_lacks_its_translation_or_waits_for_a_check(catalogue):
    unfinished = [
        message.id
        for message in catalogue
        if message.id and (message.fuzzy or not all(_texts(message.string)))
    ]

    assert unfinished == []


def test_no_translation_loses_or_invents_a_value(catalogue):
    wrong = [(message.id, error) for message, errors in catalogue.check() for error in errors]

    assert [(sentence, str(error)) for sentence, error in wrong] == []


def test_every_sentence_in_the_code_stands_in_the_catalogue(catalogue):
    missing = [
        f"{path.relative_to(ROOT)}: {sentence}"
        for path in _sources()
        for sentence, context in _sentences(path)
        if catalogue.get(sentence, context) is None
    ]

    assert missing == []


def test_no_translation_stands_for_a_sentence_that_is_gone(catalogue):
    sentences = {found for path in _sources() for found in _sentences(path)}

    left_over = [
        message.id
        for message in catalogue
        if message.id and (_texts(message.id)[0], message.context) not in sentences
    ]

    assert left_over == []
    assert list(catalogue.obsolete) == []


def _texts(value):
    """A message's texts: one, or one for each plural."""
    return tuple(value) if isinstance(value, tuple | list) else (value,)


def _sources():
    for package in ("navigator", "regions", "api"):
        for path in sorted((ROOT / package).rglob("*")):
            if path.suffix in {".py", ".html", ".txt"} and "migrations" not in path.parts:
                yield path


def _sentences(path):
    """What is marked for translation in a file, as pairs of a sentence and its context."""
    code = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        code = templatize(code, origin=str(path))
        # What was markup keeps its indentation, which means nothing to Python.
        code = "\n".join(line.lstrip() for line in code.splitlines())
    for _line, found, _comments, context in extract("python", BytesIO(code.encode()), _CALLS):
        sentence = _texts(found)[0]
        yield sentence, context
