"""What happens around a change: who gets which mail, what is written down, what never breaks."""

from datetime import timedelta
from smtplib import SMTPServerDisconnected

import pytest
from django.core.mail.backends.locmem import EmailBackend
from django.db import transaction
from django.utils import translation

from navigator.accounts.models import AuditEntry
from navigator.editing import mails, publication
from regions import revisions
from regions.models import EducationRegion, Revision
from regions.revisions import ChangedSince, Conflict, WrongState
from tests.navigator.editing.changes import (
    NOW,
    State,
    boss,
    description,
    me,
    office,
    planned,
    propose,
    publish_now,
    waiting,
)
from tests.people import administrator, editor

__all__ = ["boss", "me", "office"]

SITE = "https://navigator.example"
MINE = f"{SITE}/mijn-regio/loketten/rotterdam/voorstel/"


@pytest.fixture(autouse=True)
def _commits(django_capture_on_commit_callbacks):
    """Mails go out at the end of the test's own transaction: do as if that came at once."""
    real = transaction.on_commit
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(transaction, "on_commit", _at_once(real))
        yield


def _at_once(real):
    def on_commit(func, using=None, robust=False):
        if robust:
            func()
        else:
            real(func, using, robust)

    return on_commit


def to(mailoutbox):
    return [address for mail in mailoutbox for address in mail.to]


def told():
    return list(AuditEntry.objects.order_by("pk").values_list("what", "who__email", "about"))


# Mails


def test_administrators_are_told_once_that_something_waits(office, me, boss, mailoutbox):
    administrator(email="other@navigator.example")
    administrator(email="gone@navigator.example", is_active=False)
    draft = propose(office, me)

    sent = publication.submit(draft, by=me, at=NOW, note="Kijk je mee?", publish_at=NOW)

    assert to(mailoutbox) == [boss.email, "other@navigator.example"]
    body = mailoutbox[0].body
    assert "Loket Rotterdam" in mailoutbox[0].subject
    assert "editor@rotterdam.example" in body
    assert "Kijk je mee?" in body
    assert f"{SITE}/beheer/beoordelen/{sent.pk}/\n" in body


def test_the_editor_gets_the_comment_and_where_to_go_on(office, me, boss, mailoutbox):
    sent = waiting(office, me)

    publication.send_back(
        sent, by=boss, at=NOW, seen=sent.edition, comment="Korter & <b>helderder</b>"
    )

    [mail] = mailoutbox
    assert mail.to == [me.email]
    assert "Korter & <b>helderder</b>" in mail.body
    assert f"{MINE}\n" in mail.body


def test_the_editor_is_told_that_it_was_approved(office, me, boss, mailoutbox):
    sent = waiting(office, me)

    publication.approve(sent, by=boss, at=NOW, seen=sent.edition, comment="Mooi")

    [mail] = mailoutbox
    assert mail.to == [me.email]
    assert "Mooi" in mail.body
    assert f"{SITE}/regioloketten/rotterdam/\n" in mail.body


def test_the_editor_is_told_when_it_will_be_public(office, me, boss, mailoutbox):
    sent = revisions.submit(
        propose(office, me), by=me, at=NOW, publish_at=NOW.replace(hour=22, minute=30)
    )

    publication.approve(sent, by=boss, at=NOW, seen=sent.edition)

    assert "24 november 2026 23:30" in mailoutbox[0].body


def test_who_approves_the_own_change_gets_no_mail(office, boss, mailoutbox):
    sent = waiting(office, boss)

    publication.approve(sent, by=boss, at=NOW, seen=sent.edition)

    assert mailoutbox == []


def test_everybody_who_worked_on_it_is_told(office, me, boss, mailoutbox):
    colleague = editor(EducationRegion.objects.get(), email="colleague@rotterdam.example")
    editor(EducationRegion.objects.get(), email="uninvolved@rotterdam.example")
    propose(office, me)
    sent = waiting(office, colleague, name="Nieuwe naam")

    publication.approve(sent, by=boss, at=NOW, seen=sent.edition)

    assert to(mailoutbox) == [me.email, colleague.email]


def test_who_may_not_see_it_any_more_gets_no_mail(office, me, boss, mailoutbox):
    colleague = editor(EducationRegion.objects.get(), email="colleague@rotterdam.example")
    sent = waiting(office, me)
    me.memberships.all().delete()

    publication.send_back(sent, by=boss, at=NOW, seen=sent.edition, comment="Geheim")

    assert to(mailoutbox) == [colleague.email]


def test_a_planned_change_tells_when_it_is_public(office, me, mailoutbox):
    planned(office, me, publish_at=NOW)

    [due] = publication.publish_due(NOW)

    assert due.error is None
    [mail] = mailoutbox
    assert mail.to == [me.email]
    assert f"{SITE}/regioloketten/rotterdam/\n" in mail.body


def test_a_planned_change_tells_why_it_is_not_public(office, me, boss, mailoutbox):
    planned(office, me, publish_at=NOW)
    publish_now(office, boss, description="Van een ander")

    publication.publish_due(NOW)

    [mail] = mailoutbox
    assert mail.to == [me.email]
    assert "\n- " in mail.body
    assert MINE in mail.body
    assert description() == "Van een ander"


def test_neighbours_are_told_that_an_area_changed(world, boss, mailoutbox):
    world.postcode("3012", municipality="Schiedam")
    world.office("rotterdam", name="Loket Rotterdam", regions=["Rotterdam"], serves=["3011"])
    world.office("schiedam", name="Loket Schiedam", regions=["Schiedam"], serves=["3012"])
    here, there = (EducationRegion.objects.get(name=name) for name in ("Rotterdam", "Schiedam"))
    editor(here, there, email="both@rotterdam.example")
    neighbour = editor(there, email="editor@schiedam.example")
    rotterdam = here.offices.get()

    publication.publish_now(
        subject=rotterdam, values={"municipalities": ["GM3011", "GM3012"]}, by=boss, at=NOW
    )

    [mail] = mailoutbox
    assert mail.to == [neighbour.email]
    assert "Loket Rotterdam" in mail.subject
    assert "Loket Schiedam" in mail.body
    assert f"{SITE}/" in mail.body


def test_neighbours_are_not_told_of_anything_else(world, boss, mailoutbox):
    office = world.office("rotterdam", regions=["Rotterdam"], serves=["3011"])
    world.office("schiedam", regions=["Schiedam"], serves=["3011"])
    editor(EducationRegion.objects.get(name="Schiedam"))

    publication.publish_now(subject=office, values={"description": "Nieuw"}, by=boss, at=NOW)

    assert mailoutbox == []


@pytest.mark.parametrize("broken", ["open", "send_messages"])
def test_a_mail_server_that_is_away_breaks_nothing(
    office, me, boss, monkeypatch, mailoutbox, caplog, broken
):
    def away(*args, **kwargs):
        raise SMTPServerDisconnected("away")

    monkeypatch.setattr(EmailBackend, broken, away)

    sent = publication.submit(propose(office, me), by=me, at=NOW)

    sent.refresh_from_db()
    assert sent.state == State.WAITING
    assert "mail_not_sent" in caplog.text
    assert boss.email not in caplog.text


def test_one_that_can_not_be_reached_keeps_no_other_from_the_mail(
    office, me, boss, monkeypatch, mailoutbox
):
    other = administrator(email="other@navigator.example")
    real = EmailBackend.send_messages

    def picky(backend, messages):
        if messages[0].to == [boss.email]:
            raise SMTPServerDisconnected("not that one")
        return real(backend, messages)

    monkeypatch.setattr(EmailBackend, "send_messages", picky)

    publication.submit(propose(office, me), by=me, at=NOW)

    assert to(mailoutbox) == [other.email]


def test_a_name_with_a_line_break_forges_no_header(office, me, boss, mailoutbox):
    draft = propose(office, me)
    type(office).objects.update(name="Loket\nBcc: all@navigator.example")

    publication.submit(draft, by=me, at=NOW)

    assert mailoutbox[0].subject.endswith("Loket Bcc: all@navigator.example")
    assert mailoutbox[0].bcc == []


def test_mails_are_dutch_whatever_the_page_is(office, me, boss, mailoutbox):
    with translation.override("en"):
        publication.submit(propose(office, me), by=me, at=NOW)

    assert f"{SITE}/beheer/" in mailoutbox[0].body
    assert "/en/" not in mailoutbox[0].body


# The audit log


def test_every_step_is_written_down(office, me, boss):
    draft = publication.submit(propose(office, me), by=me, at=NOW)
    publication.send_back(draft, by=boss, at=NOW, seen=draft.edition, comment="Korter")
    publication.share(draft, by=me)
    publication.unshare(draft, by=me)
    publication.withdraw(draft, by=me, at=NOW)
    publication.resume(draft, by=me, at=NOW)
    publication.plan(draft, by=boss, at=NOW, publish_at=NOW)
    publication.publish_due(NOW)

    about = "regionaloffice rotterdam"
    assert told() == [
        ("revision_submitted", me.email, about),
        ("revision_sent_back", boss.email, about),
        ("preview_shared", me.email, about),
        ("preview_unshared", me.email, about),
        ("revision_withdrawn", me.email, about),
        ("revision_resumed", me.email, about),
        ("revision_planned", boss.email, about),
        ("revision_published", None, about),
    ]


def test_what_fails_is_not_written_down_and_mails_nobody(office, me, boss, mailoutbox):
    sent = waiting(office, me)

    with pytest.raises(ChangedSince):
        publication.approve(sent, by=boss, at=NOW, seen=99)
    with pytest.raises(WrongState):
        publication.submit(sent, by=me, at=NOW)

    assert told() == []
    assert mailoutbox == []


# Bringing back


def test_a_state_is_brought_back_as_a_change_of_its_own(office, me, boss):
    first = publish_now(office, me, description="Een")
    publish_now(office, me, description="Twee", at=NOW + timedelta(days=1))
    mark = revisions.fingerprint(revisions.working_record(office))

    restored = publication.restore(
        office, to=first, only=["description"], by=boss, at=NOW, seen=mark, public=True
    )

    assert description() == "Een"
    assert (restored.origin, restored.restores, restored.author) == ("restore", first, boss)


def test_a_state_is_brought_back_as_a_draft_for_who_may_not_publish(office, me):
    publish_now(office, me, description="Een")
    mark = revisions.fingerprint(revisions.working_record(office))

    draft = publication.restore(
        office, to=None, only=["description"], by=me, at=NOW, seen=mark, public=False
    )

    assert (draft.state, draft.origin) == (State.DRAFT, "restore")
    assert draft.changes == {"description": ["Een", "Oud"]}
    assert description() == "Een"


def test_nothing_is_brought_back_over_what_was_not_seen(office, me):
    mark = revisions.fingerprint(revisions.working_record(office))
    publish_now(office, me, description="Een")

    with pytest.raises(ChangedSince):
        publication.restore(
            office, to=None, only=["description"], by=me, at=NOW, seen=mark, public=True
        )


def test_bringing_back_does_not_overwrite_a_draft(office, me):
    publish_now(office, me, description="Een")
    mark = revisions.fingerprint(revisions.working_record(office))
    propose(office, me, description="Bezig")

    with pytest.raises(Conflict):
        publication.restore(
            office, to=None, only=["description"], by=me, at=NOW, seen=mark, public=False
        )


# Planned changes that break


def test_one_that_breaks_is_logged_and_holds_up_no_other(world, office, me, monkeypatch, caplog):
    other = world.office("ander", description="Oud")
    broken = planned(office, me, publish_at=NOW - timedelta(hours=1))
    planned(other, me, publish_at=NOW)
    real = revisions.publish_if_due

    def breaks(revision, at):
        if revision.pk == broken.pk:
            raise KeyError("out of the blue")
        return real(revision, at)

    monkeypatch.setattr(revisions, "publish_if_due", breaks)

    done = publication.publish_due(NOW)

    assert [due.revision.subject.slug for due in done] == ["ander"]
    assert "revision_failed" in caplog.text
    assert Revision.objects.get(pk=broken.pk).state == State.PLANNED


def test_who_worked_on_it_falls_back_to_who_edits_it(office, me):
    revision = propose(office, None)

    assert mails.authors_of(revision) == [me]
