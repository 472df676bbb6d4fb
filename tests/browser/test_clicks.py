"""Links of an office are counted while they lead where they lead."""

import pytest

from navigator.statistics.models import Click

BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
WEBSITE = '[data-click="website"]'


@pytest.fixture
def browser_context_args(browser_context_args):
    """Headless Chromium calls itself what it is, and would be left out as a bot."""
    return {**browser_context_args, "user_agent": BROWSER}


def until(page, holds):
    """Wait for it, while the browser goes on; fails after half a minute."""
    for _ in range(600):
        if holds():
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"it doesn't become true; counted are {clicked()}")


def clicked():
    return sorted(Click.objects.values_list("target", flat=True))


def test_links_count_by_mouse_middle_button_and_keyboard(context, site, elsewhere):
    ways = {
        "phone": lambda link: link.press("Enter"),
        "email": lambda link: link.click(),
        "booking": lambda link: link.click(button="middle"),
    }
    for target, follow in ways.items():
        # A page for each: the browser gives the mouse to what a link opens.
        page = context.new_page()
        page.goto(f"{site}/regioloketten/flevowijs/?via=google.nl")
        follow(page.locator(f'[data-click="{target}"]'))
        until(page, lambda target=target: target in clicked())

    assert clicked() == ["booking", "email", "phone"]
    assert set(Click.objects.values_list("source", "source_host", "office__slug")) == {
        ("search-engine", "google.nl", "flevowijs")
    }
    assert context.cookies() == []


def test_a_number_in_an_answer_counts_for_its_office(page, site):
    page.goto(f"{site}/zoeken/?postcode=1315")
    # Whether a number is shown depends on the hour.
    page.locator(".office-card").first.evaluate(
        """card => card.insertAdjacentHTML("beforeend", "<a href='#' data-click='phone'>1</a>")"""
    )

    page.locator(".office-card [data-click]").last.click()

    until(page, lambda: clicked() == ["phone"])
    assert Click.objects.get().office.slug == page.locator(".office-card").first.get_attribute(
        "data-office"
    )


@pytest.mark.parametrize(
    ("broken", "counted"),
    [
        ("", ["website"]),  # also while the page is being left
        ("navigator.sendBeacon = () => false;", ["website"]),  # then it is sent in another way
        (
            "navigator.sendBeacon = () => { throw new Error('no'); };"
            "window.fetch = () => Promise.reject(new Error('away'));",
            [],
        ),
    ],
    ids=["as it is", "refused", "nothing works"],
)
def test_a_link_leads_on_whatever_becomes_of_the_count(page, site, elsewhere, broken, counted):
    failed = []
    page.on("pageerror", lambda error: failed.append(str(error)))
    page.add_init_script(broken)
    page.goto(f"{site}/regioloketten/flevowijs/")

    page.locator(WEBSITE).click()

    until(page, lambda: len(elsewhere) == 1)
    until(page, lambda: clicked() == counted)
    assert failed == []
