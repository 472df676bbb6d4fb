"""A profile on paper."""

import pytest
from playwright.sync_api import expect


@pytest.fixture(params=["light", "dark"])
def browser_context_args(browser_context_args, request):
    return {**browser_context_args, "color_scheme": request.param}


@pytest.fixture
def printed(page, site):
    page.goto(f"{site}/regioloketten/flevowijs/")
    page.emulate_media(media="print")
    return page


def test_paper_shows_where_links_lead_and_leaves_out_what_can_only_be_clicked(printed):
    link = printed.get_by_role("link", name="Plan een gesprek")

    leads_to = link.evaluate("link => getComputedStyle(link, '::after').content")

    assert link.get_attribute("href") in leads_to
    expect(printed.get_by_role("navigation", name="Hoofdmenu")).to_be_hidden()
    expect(printed.get_by_role("link", name="036 540 6339")).to_be_visible()


def test_paper_is_white_and_ink_is_black(printed):
    colours = printed.evaluate(
        """() => [...document.querySelectorAll("body, h1, .site-header, .site-name, .site-footer")]
            .map((it) => [getComputedStyle(it).backgroundColor, getComputedStyle(it).color])"""
    )

    assert {colour for _, colour in colours} <= {"rgb(0, 0, 0)", "rgb(51, 51, 51)"}
    assert {paper for paper, _ in colours} <= {"rgb(255, 255, 255)", "rgba(0, 0, 0, 0)"}
