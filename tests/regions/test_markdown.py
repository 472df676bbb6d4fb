"""Texts of editors become HTML that can do no harm, and plain text."""

from html.parser import HTMLParser

import pytest
from hypothesis import given, strategies as st

from regions.markdown import links_in, to_html, to_text

ALLOWED = {"p", "br", "em", "strong", "ul", "ol", "li", "h3", "h4", "a"}


class Seen(HTMLParser):
    """The elements and attributes that a browser would find."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.attributes = set(), []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        self.attributes += [(tag, *pair) for pair in attributes]


def assert_harmless(html):
    seen = Seen(html)
    assert seen.tags <= ALLOWED
    for tag, name, value in seen.attributes:
        assert (tag, name) in {("a", "href"), ("a", "rel"), ("ol", "start")}
        if name == "href":
            assert value.startswith(("http://", "https://", "mailto:", "tel:"))
    assert "<!--" not in html


ATTACKS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<a href='javascript:alert(1)'>x</a>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<style>@import 'https://evil.example';</style>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<!--><img src=x onerror=alert(1)>-->",
    "</p><script>alert(1)</script><p>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\nscript:alert(1))",
    "[x](java&#10;script:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](javascript&colon;alert(1))",
    "[x](javascript%3Aalert(1))",
    "[x](ｊavascript:alert(1))",
    "[x](vbscript:x)",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](file:///etc/passwd)",
    "[x](//evil.example)",
    "[x](/uitloggen/)",
    "[x](https://school.nl@evil.example)",
    "[x](https://school.nl\\@evil.example)",
    "<javascript:alert(1)>",
    '[x](https://school.nl "onmouseover=alert(1)")',
    '[x](https://school.nl/"onmouseover="alert(1))',
    "[x][1]\n\n[1]: javascript:alert(1)",
    "![x](javascript:alert(1))",
    "![x](https://school.nl/x.png)",
    "![x](x\"onerror='alert(1)')",
    "[<img src=x onerror=alert(1)>](https://school.nl)",
    "**<b onmouseover=alert(1)>x</b>**",
    "# <script>alert(1)</script>",
    "- <input autofocus onfocus=alert(1)>",
    "`<script>alert(1)</script>`",
    "    <script>alert(1)</script>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "\x00<scr\x00ipt>alert(1)</script>",
]


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_is_shown_as_text(attack):
    assert_harmless(to_html(attack))


@given(
    st.lists(
        st.one_of(
            st.sampled_from([*ATTACKS, "[", "](", ")", "<", ">", "*", "\n", "# "]), st.text()
        ),
        max_size=6,
    ).map("".join)
)
def test_no_text_at_all_becomes_harmful(text):
    assert_harmless(to_html(text))


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("", ""),
        ("Een zin.\nNog een.\n\nNieuw.", "<p>Een zin.<br>\nNog een.</p>\n<p>Nieuw.</p>"),
        ("5 * 3 < 20 & a_b_c", "<p>5 * 3 &lt; 20 &amp; a_b_c</p>"),
        ("    ingesprongen", "<p>ingesprongen</p>"),
        ("• een\n• twee", "<p>• een<br>\n• twee</p>"),
        ("**vet** en *schuin*", "<p><strong>vet</strong> en <em>schuin</em></p>"),
        ("- een\n- twee", "<ul>\n<li>een</li>\n<li>twee</li>\n</ul>"),
        ("3. drie", '<ol start="3">\n<li>drie</li>\n</ol>'),
        ("# Een\n## Twee\n### Drie", "<h3>Een</h3>\n<h4>Twee</h4>\n<h4>Drie</h4>"),
        (
            '[site](https://school.nl "titel")',
            '<p><a href="https://school.nl" rel="noopener">site</a></p>',
        ),
        (
            "[bel](tel:+31302270374) of [mail](mailto:info@school.nl)",
            '<p><a href="tel:+31302270374" rel="noopener">bel</a> of '
            '<a href="mailto:info@school.nl" rel="noopener">mail</a></p>',
        ),
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>"),
    ],
)
def test_markdown_and_plain_old_texts_look_right(text, html):
    assert to_html(text) == html


def test_the_html_is_not_escaped_again():
    assert hasattr(to_html("tekst"), "__html__")


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("", ""),
        ("# Kop\n\n**Vet** & [site](https://school.nl).", "Kop\nVet & site."),
        ("- een\n- twee\n  - *drie*", "een\ntwee\ndrie"),
        ("Een\nTwee\n\nDrie", "Een\nTwee\nDrie"),
        ("<b>x</b>", "<b>x</b>"),
    ],
)
def test_the_plain_text_has_the_words_alone(text, plain):
    assert to_text(text) == plain


def test_the_links_in_a_text_are_each_named_once():
    text = "[a](https://a.nl) <https://b.nl/x> [mail](mailto:a@b.nl) [nog eens](https://a.nl)"

    assert links_in(text) == ["https://a.nl", "https://b.nl/x"]
