"""What people do in the story: come with a browser of their own, log in, read their mail."""

import re

from allauth.mfa.totp.internal import auth as totp
from django.core import mail
from playwright.sync_api import expect

from tests.browser.watching import asked_elsewhere, complaints_of

ADMINISTRATOR = "administrator@navigator.example"
PERIOD_S = 30


class Clock:
    """The clock of the second factor, for the server and for phones. It moves on for each code, so
    that none comes twice and none is late.
    """

    def __init__(self, now):
        self.now = now

    def time(self):
        return self.now

    def code(self, secret):
        """What an app with this secret shows in the next half minute."""
        self.now += PERIOD_S
        value = totp.hotp_value(secret, int(self.now) // PERIOD_S)
        return totp.format_hotp_value(value)


class Somebody:
    """A person with a browser of their own, who is told when something goes wrong in it."""

    def __init__(self, context, site):
        self.site = site
        self.elsewhere = asked_elsewhere(context, site)
        self.page = context.new_page()
        self.complaints = complaints_of(self.page)

    def open(self, address):
        """Go to an address of the site."""
        self.page.goto(address if address.startswith(self.site) else f"{self.site}{address}")
        return self.page

    def is_at(self, path):
        """Wait until the browser shows this page."""
        expect(self.page).to_have_url(f"{self.site}{path}")
        return self.page

    def follow(self, path):
        """Click the first link to this page."""
        self.page.locator(f"main a[href='{path}'], nav a[href='{path}']").first.click()
        return self.is_at(path)

    def send(self, field, **typed):
        """Type into the form that has this field, and press its first button."""
        form = self.page.locator("form", has=self.page.locator(f"[name={field}]"))
        for name, text in typed.items():
            form.locator(f"[name={name}]").fill(text)
        form.locator("button[type=submit]").first.click()

    def press(self, do):
        """Press the button of the page that does this; wait until the page tells it was done."""
        self.page.locator(f"main button[name=do][value={do}]").first.click()
        return self.is_told()

    def is_told(self):
        """Wait for the page that says what was done."""
        expect(self.page.locator(".messages .success")).to_be_visible()
        return self.page

    def log_in(self, email, password, code=""):
        """With the password, and with a code where one is asked for."""
        self.open("/inloggen/")
        self.send("login", login=email, password=password)
        if code:
            self.is_at("/inloggen/tweede-stap/")
            self.send("code", code=code)

    def log_out(self):
        """By the button on every inner page."""
        self.page.locator(".inner-nav form button").click()
        expect(self.page.locator(".inner-nav")).to_have_count(0)


def letter(to, saying=""):
    """The last mail to an address, which has this in its subject or text."""
    return next(
        each
        for each in reversed(mail.outbox)
        if to in each.to and saying in each.subject + each.body
    )


def link_in(message, site):
    """The first link of a mail that leads further than the front page."""
    return re.search(rf"{re.escape(site)}/\S+", message.body).group()
