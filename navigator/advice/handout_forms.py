"""What advisors fill in to make a slip or a pick list."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Final

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from navigator.advice.models import QuestionCategory
from navigator.advice.pick_lists import Link, Mistake
from regions import versions

_MOST_READ: Final = 100  # of offices and links each; more than fit on a list is refused anyway
LANGUAGES: Final = [("nl", _("Dutch")), ("en", _("English"))]


class SlipForm(forms.Form):
    """Of which referral, what the question is about, and the language of the page."""

    referral = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    category = forms.ChoiceField(
        label=_("What is the question about?"),
        help_text=_("The office gets to see this, with the code. Nothing about the candidate."),
        choices=[("", _("Choose")), *QuestionCategory.choices],
        error_messages={
            "required": _("Choose what the question is about."),
            "invalid_choice": _("Choose what the question is about."),
        },
    )
    language = forms.ChoiceField(label=_("Language of the page"), choices=LANGUAGES)


@dataclass(frozen=True, slots=True)
class TypedLink:
    """A link as it was typed, and what is wrong with it."""

    title: str
    url: str
    wrong_title: tuple[str, ...] = ()
    wrong_url: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TypedList:
    """A pick list as it was posted: to be made, or to be shown again with its mistakes."""

    slugs: tuple[str, ...]
    links: tuple[Link, ...]
    language: str

    @classmethod
    def from_post(cls, posted: QueryDict) -> "TypedList":
        """The fields `offices`, `link-title`, `link-url` (repeatable) and `language`."""
        titles = posted.getlist("link-title")[:_MOST_READ]
        urls = posted.getlist("link-url")[:_MOST_READ]
        pairs = zip_longest(titles, urls, fillvalue="")
        return cls(
            slugs=tuple(dict.fromkeys(posted.getlist("offices")[:_MOST_READ])),
            links=tuple(Link(title, url) for title, url in pairs if title.strip() or url.strip()),
            language=posted.get("language", ""),
        )

    def offices(self) -> list[tuple[str, str]]:
        """Slug and name of the offices that were marked; what is unknown keeps its slug."""
        profiles = versions.current().profiles
        return [(slug, profiles[slug].name if slug in profiles else slug) for slug in self.slugs]

    def with_mistakes(self, mistakes: Sequence[Mistake]) -> list[TypedLink]:
        """The links with what is wrong with them, and one that is empty."""

        def wrong(field: str, place: int) -> tuple[str, ...]:
            return tuple(
                each.message for each in mistakes if (each.field, each.place) == (field, place)
            )

        typed = [
            TypedLink(link.title, link.url, wrong("title", place), wrong("url", place))
            for place, link in enumerate(self.links)
        ]
        return [*typed, TypedLink("", "")]
