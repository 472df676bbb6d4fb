"""An hour at the desk: twelve conversations by keyboard alone, one while the server can't be
reached and one after the session ended. The figures afterwards are exactly right.
"""

from collections import Counter

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from playwright.sync_api import expect

from navigator.advice.models import AdviceConversation
from navigator.statistics.periods import Period
from navigator.statistics.reports import advice_report
from tests import people

EMAIL = "advisor@navigator.example"
CHANNELS = ("planned-call", "phone", "email", "chat", "video-call", "meeting")
INTERESTS = (
    "po", "vo", "mbo", "ho", "so", "pro", "vavo", "undecided", "unknown", "not-applicable",
)  # fmt: skip
DESTINATIONS = (
    "training-institute", "regional-office", "own-website", "information-website", "school",
    "vacancy-site", "government-agency", "trade-union", "central-government", "contact-person",
    "not-referred",
)  # fmt: skip
DIGITS = "1234567890-"
MOST_TABS = 60


class Desk:
    """An advisor at the desk, who has no mouse."""

    def __init__(self, person):
        self.person = person
        self.page = person.page
        self.keys = person.page.keyboard

    def look_up(self, text, *, finds):
        """Type into the search field, which has the focus; `finds` is the slug of a row."""
        field = self.page.locator("#desk-q")
        expect(field).to_be_focused()
        self.keys.press("Control+a")
        self.keys.type(text, delay=5)
        expect(self.page.locator(f"[data-row='{finds}']")).to_be_visible()

    def mark(self, *slugs):
        """Go to these rows, in their order on the page, and mark them."""
        self.keys.press("ArrowDown")
        for slug in slugs:
            row = self.page.locator(f"[data-row='{slug}']")
            expect(row).to_be_visible()
            while not row.evaluate("row => row === document.activeElement"):
                self.keys.press("ArrowDown")
            self.keys.press("x")
            expect(row.locator("[data-mark]")).to_have_attribute("aria-pressed", "true")

    def out_of_the_field(self):
        """Leave the search field, so that single keys work."""
        if self.page.locator("#desk-q").evaluate("field => field === document.activeElement"):
            self.keys.press("Escape")

    def fill_in(self, channel, interests=(), destinations=(), *, names=None, note=""):
        """Choose in the groups by their digits; `names` has what to type at a destination."""
        self.out_of_the_field()
        self.keys.press("r")
        expect(self.page.locator("[name=channel]:focus")).to_have_count(1)
        self.keys.press(DIGITS[CHANNELS.index(channel)])
        self.tab_to("[name=interests]:focus")
        for code in interests:
            self.keys.press(DIGITS[INTERESTS.index(code)])
        self.tab_to("[name=destination]:focus")
        for code in destinations:
            self.keys.press(DIGITS[DESTINATIONS.index(code)])
            if text := (names or {}).get(code):
                self.tab_to(f"[name='name-{code}']:focus")
                self.keys.type(text)
                self.tab_to("[name=destination]:focus", "Shift+Tab")
        if note:
            self.tab_to("[name=note]:focus")
            self.keys.type(note)

    def tab_to(self, focused, key="Tab"):
        """Press Tab until this has the focus."""
        tab_to(self.page, focused, key)

    def register(self):
        """Register, and wait until the server has confirmed it."""
        before = AdviceConversation.objects.count()
        self.keys.press("Control+Enter")
        self.is_stored(before + 1)

    def is_stored(self, count):
        """Wait until so many conversations are there, and nothing waits."""
        expect(self.page.locator("[data-outbox]")).to_be_hidden()
        expect(self.page.locator("[data-registered] .notice")).to_be_visible()
        assert AdviceConversation.objects.count() == count


@pytest.fixture
def desk(site, somebody, clock):
    user = people.advisor(email=EMAIL, first_name="Adviesbalie")
    person = somebody()
    person.secret = people.second_factor(user)
    person.log_in(EMAIL, people.PASSWORD, code=clock.code(person.secret))
    person.page.wait_for_url("**/advies/")
    person.open("/advies/")
    return Desk(person)


def tab_to(page, focused, key="Tab"):
    for _time in range(MOST_TABS):
        if page.locator(focused).count():
            return
        page.keyboard.press(key)
    raise AssertionError(f"nothing leads to {focused}")


def log_in_by_keyboard(page, clock, secret):
    tab_to(page, "[name=login]:focus")
    page.keyboard.type(EMAIL)
    tab_to(page, "[name=password]:focus")
    page.keyboard.type(people.PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/tweede-stap/**")
    tab_to(page, "[name=code]:focus")
    page.keyboard.type(clock.code(secret))
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: "inloggen" not in address)


def test_an_hour_at_the_desk(desk, clock, album):
    page, keys = desk.page, desk.keys

    # 1. A postcode, an office, and a training institute by its name.
    desk.look_up("3011", finds="leraar-van-buiten")
    desk.mark("leraar-van-buiten")
    album.picture("adviesbalie", page, most=640)
    desk.fill_in(
        "planned-call",
        ["po"],
        ["training-institute", "regional-office"],
        names={"training-institute": "Pabo Rotterdam"},
    )
    album.picture("registreren", page, ".conversation-form", most=1000)
    desk.register()

    # 2. A place, with a letter wrong; the question could be answered at once.
    desk.look_up("Roterdam", finds="leraar-van-buiten")
    desk.fill_in("phone", ["undecided"], ["not-referred"])
    desk.register()

    # 3. By the name of an office, with a note.
    desk.look_up("flevowijs", finds="flevowijs")
    desk.mark("flevowijs")
    desk.fill_in("email", ["vo", "mbo"], ["regional-office"], note="Wil in deeltijd beginnen.")
    desk.register()

    # 4. Three destinations that need no search.
    desk.fill_in("chat", ["so"], ["own-website", "information-website", "vacancy-site"])
    desk.register()

    # 5 and 6. Two at the same time: one waits while the other is registered.
    desk.fill_in("phone", ["ho"], ["school"], names={"school": "De Ark"})
    desk.tab_to("[data-new]:focus", "Shift+Tab")
    keys.press("Enter")
    desk.fill_in("meeting", ["pro"], ["trade-union", "central-government"])
    desk.register()
    desk.out_of_the_field()
    expect(page.locator("[data-tabs] [aria-current]")).to_have_count(1)
    desk.fill_in("phone")
    desk.register()

    # 7. While the server can't be reached; and 8, sent after it.
    stored = AdviceConversation.objects.count()
    desk.fill_in("video-call", ["vavo"], ["government-agency"])
    page.context.set_offline(True)
    keys.press("Control+Enter")
    expect(page.locator("[data-outbox] li")).to_have_count(1)
    desk.fill_in("planned-call", ["po", "so"], ["contact-person", "regional-office"])
    keys.press("Control+Enter")
    expect(page.locator("[data-outbox] li")).to_have_count(2)
    page.locator("[data-outbox]").scroll_into_view_if_needed()
    album.picture("wacht", page, "[data-outbox]")
    assert AdviceConversation.objects.count() == stored
    page.context.set_offline(False)
    desk.is_stored(stored + 2)
    # The browser complains of what it could not send; that is what was asked for.
    desk.person.complaints.clear()

    # 9. After the session ended: kept, and sent once somebody logged in again in another tab.
    stored = AdviceConversation.objects.count()
    desk.fill_in("phone", ["unknown"], ["training-institute"])
    Session.objects.all().delete()
    keys.press("Control+Enter")
    expect(page.locator("[data-outbox] a")).to_be_visible()
    desk.tab_to("[data-outbox] a:focus")
    with page.context.expect_page() as opened:
        keys.press("Enter")
    log_in_by_keyboard(opened.value, clock, desk.person.secret)
    opened.value.close()
    page.bring_to_front()
    desk.is_stored(stored + 1)
    desk.person.complaints.clear()

    # 10. The advisor forgets where the candidate went, is told so, and mends it.
    desk.fill_in("chat", ["vo"])
    keys.press("Control+Enter")
    expect(page.locator("[data-errors] [role=alert]")).to_be_focused()
    desk.tab_to("[name=destination]:focus")
    keys.press(DIGITS[DESTINATIONS.index("school")])
    desk.register()

    # 11. Registered by mistake as a referral, and corrected.
    desk.fill_in("email", ["not-applicable"], ["own-website"])
    desk.register()
    desk.tab_to("[data-correct]:focus")
    keys.press("Enter")
    page.wait_for_url("**/advies/gesprekken/*/")
    desk.tab_to("[name=destination][value=own-website]:focus")
    keys.press("Space")
    desk.tab_to("[name=destination][value=not-referred]:focus")
    keys.press("Space")
    keys.press("Enter")
    expect(page.locator(".messages .success")).to_be_visible()
    desk.person.open("/advies/")

    # 12. Registered twice by mistake, by hand; the second is withdrawn.
    desk.fill_in("phone", ["mbo"], ["not-referred"])
    desk.register()
    desk.fill_in("phone", ["mbo"], ["not-referred"])
    desk.register()
    desk.tab_to("[data-withdraw]:focus")
    keys.press("Enter")
    page.wait_for_url("**/advies/gesprekken/*/#withdraw")
    desk.tab_to("form[action$='/intrekken/'] button:focus")
    keys.press("Enter")
    expect(page.locator(".messages .success")).to_be_visible()

    _the_figures_are_right()
    page = desk.person.open("/advies/cijfers/?period=last-7")
    expect(page.locator("main")).to_contain_text("100,0")
    album.picture("cijfers", page, most=1000)


EXPECTED_DESTINATIONS = {
    "training-institute": 2,
    "regional-office": 3,
    "own-website": 1,
    "information-website": 1,
    "school": 2,
    "vacancy-site": 1,
    "government-agency": 1,
    "trade-union": 1,
    "central-government": 1,
    "contact-person": 1,
    "not-referred": 3,
}
EXPECTED_CHANNELS = {
    "planned-call": 2,
    "phone": 4,
    "email": 2,
    "chat": 2,
    "video-call": 1,
    "meeting": 1,
}
EXPECTED_SECTORS = Counter(
    {
        "po": 2, "vo": 2, "mbo": 2, "ho": 1, "so": 2, "pro": 1, "vavo": 1, "undecided": 1,
        "unknown": 1, "not-applicable": 1,
    }
)  # fmt: skip


def _the_figures_are_right():
    today = timezone.localdate()

    report = advice_report(Period(today, today))

    assert report.conversations.now == report.with_outcome.now == 12
    assert report.referrals.now == 14
    assert _counts(report, "destinations") == EXPECTED_DESTINATIONS
    assert _counts(report, "channels") == EXPECTED_CHANNELS
    assert _counts(report, "sectors") == EXPECTED_SECTORS
    offices = _counts(report, "offices")
    assert (offices["leraar-van-buiten"], offices["flevowijs"]) == (1, 1)
    assert sum(offices.values()) == 3  # one conversation did not say to which office
    assert report.record_day.count == 12


def _counts(report, table):
    return {line.code: line.count.now for line in report.tables[table].lines if line.count.now}
