import re
import threading
from datetime import timedelta
from hashlib import sha256
from smtplib import SMTPServerDisconnected

import pytest
from django.core.mail import EmailMessage
from django.db import connection
from django.utils import timezone

from navigator.accounts import invitations
from navigator.accounts.invitations import InvitationError, State
from navigator.accounts.models import Invitation, Membership, User
from regions.models import EducationRegion
from tests.factories import EducationRegionFactory
from tests.people import PASSWORD, UserFactory, administrator, editor, log_in

NOW = timezone.now()
DAY = timedelta(days=1)
NOON = NOW.replace(hour=11, minute=0)  # far from the end of a day
ADDRESS = "new@rotterdam.example"


def invite(by, *regions, email=ADDRESS, at=NOW, **roles):
    return invitations.invite(email=email, regions=regions, by=by, at=at, **roles)


def code_of(function, *args, **kwargs):
    with pytest.raises(InvitationError) as raised:
        function(*args, **kwargs)
    return raised.value.code


def accept_as_new(key, at=NOW):
    return invitations.accept_as_new(key, password=PASSWORD, at=at)


@pytest.fixture
def region(db):
    return EducationRegionFactory()


@pytest.fixture
def inviter(region):
    return editor(region, email="editor@rotterdam.example")


def test_the_key_is_long_and_only_its_hash_is_stored(inviter, region):
    made, key = invite(inviter, region)

    assert len(key) == 43  # 256 bits
    assert made.key_hash == sha256(key.encode()).hexdigest()
    assert all(
        key not in str(getattr(made, field.attname)) for field in Invitation._meta.concrete_fields
    )


def test_every_key_is_another_one(inviter, region):
    keys = {invite(inviter, region, email=f"{number}@a.example")[1] for number in range(20)}

    assert len(keys) == 20


def test_the_mail_goes_to_the_address_with_the_link_and_what_it_is_for(
    inviter, region, mailoutbox, settings
):
    settings.SITE_URL = "https://loketten.example"

    made, key = invite(inviter, region, email="  New@Rotterdam.example ", as_advisor=False)

    (mail,) = mailoutbox
    assert mail.to == ["new@rotterdam.example"]
    assert f"\nhttps://loketten.example/uitnodiging/{key}/\n" in mail.body
    assert region.name in mail.body
    assert inviter.email in mail.body
    assert "&" not in mail.body
    assert made.email == "new@rotterdam.example"


def test_a_mail_names_every_role_and_no_archived_region(region, mailoutbox):
    archived = EducationRegionFactory(name="Onderwijsregio Voorbij")
    made, _key = invite(administrator(), region, archived, as_advisor=True, as_administrator=True)
    archived.state = EducationRegion.State.ARCHIVED
    archived.save()

    invitations.resend(made, by=administrator(), at=NOW + DAY)

    assert "Onderwijsregio Voorbij" in mailoutbox[0].body
    assert "Onderwijsregio Voorbij" not in mailoutbox[1].body
    assert mailoutbox[1].body.count("\n- ") == 3


def test_when_the_mail_cannot_go_out_nothing_is_stored(inviter, region, monkeypatch):
    def fail(self):
        raise SMTPServerDisconnected

    monkeypatch.setattr(EmailMessage, "send", fail)

    assert code_of(invite, inviter, region) == "not_sent"
    assert not Invitation.objects.exists()


def test_an_editor_invites_for_own_regions_alone(inviter, region):
    other = EducationRegionFactory()

    assert code_of(invite, inviter, other) == "not_allowed"
    assert code_of(invite, inviter, region, other) == "not_allowed"
    assert code_of(invite, inviter, region, as_advisor=True) == "not_allowed"
    assert code_of(invite, inviter, region, as_administrator=True) == "not_allowed"
    assert code_of(invite, inviter) == "not_allowed"
    assert not Invitation.objects.exists()


def test_nobody_is_invited_for_an_archived_region(region):
    region.state = EducationRegion.State.ARCHIVED
    region.save()

    assert code_of(invite, administrator(), region) == "not_allowed"
    assert code_of(invite, editor(region), region) == "not_allowed"


def test_a_new_person_gets_an_account_with_the_regions_and_roles(region):
    _made, key = invite(administrator(), region, as_advisor=True)

    user = invitations.accept_as_new(key, password=PASSWORD, name="A name", at=NOW + 13 * DAY)

    assert (user.email, user.first_name) == (ADDRESS, "A name")
    assert user.check_password(PASSWORD)
    assert list(user.regions.all()) == [region]
    assert (user.is_advisor, user.is_superuser, user.is_staff) == (True, False, False)
    assert Invitation.objects.get().accepted_by == user


def test_an_administrator_is_staff_too(db):
    _made, key = invite(administrator(), as_administrator=True)

    user = accept_as_new(key)

    assert user.is_administrator
    assert user.is_staff


def test_a_link_works_once(inviter, region):
    _made, key = invite(inviter, region)
    accept_as_new(key)

    assert code_of(accept_as_new, key) == "used"
    assert code_of(invitations.find, key, NOW) == "used"


def test_a_link_works_for_fourteen_days(inviter, region):
    _made, key = invite(inviter, region)

    assert invitations.find(key, NOW + 14 * DAY - timedelta(seconds=1))
    assert code_of(invitations.find, key, NOW + 14 * DAY) == "expired"
    assert code_of(accept_as_new, key, NOW + 14 * DAY) == "expired"
    assert not User.objects.filter(email=ADDRESS).exists()


def test_looking_at_an_invitation_changes_nothing(inviter, region):
    _made, key = invite(inviter, region)

    for _time in range(3):
        invitations.granted(invitations.find(key, NOW))

    assert accept_as_new(key)


def test_a_key_that_was_never_given_is_unknown(inviter, region):
    made, key = invite(inviter, region)

    for wrong in ("", key[:-1], key.lower(), made.key_hash):
        assert code_of(invitations.find, wrong, NOW) == "unknown"
        assert code_of(accept_as_new, wrong) == "unknown"


def test_resending_gives_a_new_link_and_a_new_term_and_the_old_link_is_dead(
    inviter, region, mailoutbox
):
    made, old = invite(inviter, region)

    new = invitations.resend(made, by=inviter, at=NOW + 20 * DAY)

    assert code_of(invitations.find, old, NOW) == "unknown"
    assert invitations.find(new, NOW + 33 * DAY) == made
    assert new in mailoutbox[1].body
    assert old not in mailoutbox[1].body


def test_a_second_click_on_resend_does_not_kill_the_link_that_was_just_sent(inviter, region):
    made, key = invite(inviter, region)

    code = code_of(invitations.resend, made, by=inviter, at=NOW + timedelta(seconds=59))

    assert code == "just_sent"
    assert invitations.find(key, NOW) == made


def test_an_editor_sends_thirty_mails_a_day_and_goes_on_the_next(inviter, region):
    for number in range(30):
        invite(inviter, region, email=f"new-{number}@rotterdam.example", at=NOON)
    more = {"email": "one-more@rotterdam.example", "at": NOON}
    first = Invitation.objects.get(email="new-0@rotterdam.example")
    soon = NOON + timedelta(minutes=2)

    assert code_of(invite, inviter, region, **more) == "many_by_you"
    assert code_of(invitations.resend, first, by=inviter, at=soon) == "many_by_you"
    assert invite(administrator(), region, **more)
    assert invitations.resend(first, by=inviter, at=NOON + DAY)


def test_an_address_gets_three_mails_a_day_also_by_withdrawing_and_inviting_again(
    inviter, region, mailoutbox
):
    for _number in range(3):
        made, _key = invite(inviter, region, at=NOON)
        invitations.withdraw(made, by=inviter, at=NOON)

    assert code_of(invite, inviter, region, at=NOON) == "many_to_address"
    assert code_of(invite, administrator(), region, at=NOON) == "many_to_address"
    assert len(mailoutbox) == 3


def test_the_form_says_that_there_were_enough_mails_today(client, inviter, region):
    for _number in range(3):
        made, _key = invite(inviter, region, at=timezone.now())
        invitations.withdraw(made, by=inviter, at=timezone.now())
    log_in(client, inviter)

    page = client.post("/mijn-regio/collegas/", {"email": made.email, "regions": [region.pk]})

    assert "drie keer" in page.content.decode()
    assert Invitation.objects.count() == 3


def test_what_is_accepted_or_withdrawn_is_not_sent_again(inviter, region):
    used, key = invite(inviter, region)
    withdrawn, _key = invite(inviter, region, email="b@a.example")
    accept_as_new(key)
    invitations.withdraw(withdrawn, by=inviter, at=NOW)

    assert code_of(invitations.resend, used, by=inviter, at=NOW + DAY) == "used"
    assert code_of(invitations.resend, withdrawn, by=inviter, at=NOW + DAY) == "withdrawn"


def test_who_resends_invites_from_then_on(inviter, region):
    made, _key = invite(inviter, region)
    inviter.memberships.all().delete()
    colleague = editor(region)

    key = invitations.resend(made, by=colleague, at=NOW + DAY)

    assert accept_as_new(key, NOW + DAY).memberships.exists()


def test_a_withdrawn_link_is_dead(inviter, region):
    made, key = invite(inviter, region)

    invitations.withdraw(made, by=inviter, at=NOW)

    assert code_of(invitations.find, key, NOW) == "withdrawn"
    assert code_of(accept_as_new, key) == "withdrawn"
    assert code_of(invitations.withdraw, made, by=inviter, at=NOW) == "withdrawn"


def test_an_accepted_invitation_cannot_be_withdrawn(inviter, region):
    made, key = invite(inviter, region)
    accept_as_new(key)

    assert code_of(invitations.withdraw, made, by=inviter, at=NOW) == "used"


def test_editors_of_other_regions_can_neither_resend_nor_withdraw(inviter, region):
    made, key = invite(inviter, region)
    stranger = editor(EducationRegionFactory())

    assert code_of(invitations.resend, made, by=stranger, at=NOW + DAY) == "not_allowed"
    assert code_of(invitations.withdraw, made, by=stranger, at=NOW) == "not_allowed"
    assert invitations.find(key, NOW) == made


def test_an_account_that_exists_gets_the_regions_added(region, inviter):
    own = EducationRegionFactory()
    known = editor(own, email=ADDRESS)
    _made, key = invite(inviter, region)

    invitations.accept(key, user=known, at=NOW)

    assert set(known.regions.all()) == {own, region}
    assert Invitation.objects.get().accepted_by == known


def test_accepting_takes_no_role_away(region):
    known = administrator(email=ADDRESS, is_advisor=True)
    _made, key = invite(administrator(), region)

    invitations.accept(key, user=known, at=NOW)

    known.refresh_from_db()
    assert (known.is_advisor, known.is_superuser, known.is_staff) == (True, True, True)


def test_accepting_for_a_region_that_one_has_already_changes_nothing(region):
    known = editor(region, email=ADDRESS)
    _made, key = invite(administrator(), region, as_advisor=True)

    invitations.accept(key, user=known, at=NOW)

    assert Membership.objects.filter(user=known).count() == 1


def test_only_the_invited_address_accepts(inviter, region):
    _made, key = invite(inviter, region)
    other = UserFactory()

    assert code_of(invitations.accept, key, user=other, at=NOW) == "other_account"
    assert not other.memberships.exists()
    assert invitations.find(key, NOW)


def test_a_closed_account_is_not_opened_by_an_invitation(inviter, region):
    closed = UserFactory(email=ADDRESS, is_active=False)
    _made, key = invite(inviter, region)

    assert code_of(invitations.accept, key, user=closed, at=NOW) == "account_closed"
    assert code_of(accept_as_new, key) == "account_exists"


def test_no_second_account_and_no_other_password_for_an_address_that_has_one(inviter, region):
    known = UserFactory(email=ADDRESS)
    before = known.password
    _made, key = invite(inviter, region)

    code = code_of(invitations.accept_as_new, key, password="something else", at=NOW)

    known.refresh_from_db()
    assert code == "account_exists"
    assert known.password == before
    assert invitations.find(key, NOW)


def leaves(inviter):
    inviter.memberships.all().delete()


def is_closed(inviter):
    User.objects.filter(pk=inviter.pk).update(is_active=False)


def is_gone(inviter):
    inviter.delete()


@pytest.mark.parametrize("happens", [leaves, is_closed, is_gone])
def test_nothing_is_granted_when_who_invited_may_no_longer(inviter, region, happens):
    known = UserFactory(email="known@rotterdam.example")
    _made, key = invite(inviter, region)
    _made, key_of_known = invite(inviter, region, email=known.email)

    happens(inviter)

    assert code_of(accept_as_new, key) == "not_allowed"
    assert code_of(invitations.accept, key_of_known, user=known, at=NOW) == "not_allowed"
    assert not User.objects.filter(email=ADDRESS).exists()
    assert not known.memberships.exists()
    assert not Invitation.objects.exclude(accepted_at=None).exists()


def test_an_administrator_who_is_one_no_longer_grants_no_roles(db):
    former = administrator()
    _made, key = invite(former, as_administrator=True)

    User.objects.filter(pk=former.pk).update(is_superuser=False, is_staff=False)

    assert code_of(accept_as_new, key) == "not_allowed"


def test_archived_regions_are_left_out(region):
    archived = EducationRegionFactory()
    _made, key = invite(administrator(), region, archived)
    EducationRegion.objects.filter(pk=archived.pk).update(state="archived")

    assert list(accept_as_new(key).regions.all()) == [region]


def test_when_all_its_regions_are_archived_nothing_is_left_to_accept(inviter, region):
    made, key = invite(inviter, region)
    EducationRegion.objects.filter(pk=region.pk).update(state="archived")

    assert code_of(accept_as_new, key) == "not_allowed"
    assert code_of(invitations.resend, made, by=inviter, at=NOW + DAY) == "not_allowed"
    invitations.withdraw(made, by=inviter, at=NOW)


def test_the_same_invitation_is_not_made_twice(inviter, region):
    other = EducationRegionFactory()
    invite(inviter, region)

    assert code_of(invite, inviter, region, email=ADDRESS.upper()) == "invited_already"
    assert invite(administrator(), region, other)
    assert invite(administrator(), region, as_advisor=True)
    assert invite(inviter, region, at=NOW + 15 * DAY)


def test_who_works_here_already_is_not_invited_for_the_same(region):
    editor(region, email=ADDRESS)

    assert code_of(invite, editor(region), region) == "works_already"
    assert invite(administrator(), region, as_advisor=True)


def test_inviting_tells_nothing_of_accounts_elsewhere(inviter, region, mailoutbox):
    editor(EducationRegionFactory(), email="known@elsewhere.example")
    administrator(email="boss@elsewhere.example")

    for email in ("known@elsewhere.example", "boss@elsewhere.example", "nobody@elsewhere.example"):
        invite(inviter, region, email=email)

    bodies = {re.sub(r"/uitnodiging/\S+", "", mail.body) for mail in mailoutbox}
    assert len(mailoutbox) == 3
    assert len(bodies) == 1


def test_how_an_invitation_stands(inviter, region):
    made, key = invite(inviter, region)
    withdrawn, _key = invite(inviter, region, email="b@a.example")

    assert invitations.state_of(made, NOW) is State.OPEN
    assert invitations.state_of(made, NOW + 14 * DAY) is State.EXPIRED
    accept_as_new(key)
    invitations.withdraw(withdrawn, by=inviter, at=NOW)
    made.refresh_from_db()
    assert invitations.state_of(made, NOW + 15 * DAY) is State.ACCEPTED
    assert invitations.state_of(withdrawn, NOW) is State.WITHDRAWN


def test_of_two_requests_at_once_one_gets_the_account(transactional_db):
    _made, key = invite(administrator(), EducationRegionFactory())
    answers, start = [], threading.Barrier(4)

    def take():
        start.wait()
        try:
            accept_as_new(key)
            answers.append("account")
        except InvitationError as error:
            answers.append(error.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=take) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answers) == ["account", "used", "used", "used"]
    assert User.objects.filter(email=ADDRESS).count() == 1
