"""My region: the referrals to the own offices, and what became of them."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from navigator.accounts.models import AuditEntry
from navigator.advice import codes, outcome_brakes, outcomes
from navigator.advice.models import Slip, SlipOffice, SlipOutcome
from tests import people
from tests.navigator.advice.referred import refer_to

PAGE = "/en/mijn-regio/doorverwijzingen/"
DAY = timedelta(days=1)


@pytest.fixture
def now(db):
    cache.clear()
    return timezone.now()


@pytest.fixture
def office(world):
    return world.office(
        "rotterdam", name="Loket Rotterdam", email="loket@rotterdam.example", regions=["Rijnmond"]
    )


@pytest.fixture
def other(world):
    return world.office("delft", name="Loket Delft", regions=["Haaglanden"])


@pytest.fixture
def editor(client, office):
    user = people.editor(office.regions.get(), email="editor@rotterdam.example")
    people.log_in(client, user)
    return user


@pytest.fixture
def referred(office, now):
    return refer_to(office, at=now - 2 * DAY)


def page(client, address=PAGE):
    response = client.get(address)
    assert response.status_code == 200
    return response


def post(client, referred, **posted):
    return client.post(f"{PAGE}{referred.pk}/", posted)


def shown(referred):
    return codes.shown(referred.slip.code)


def test_an_editor_sees_the_open_referrals_of_the_own_offices(
    client, editor, referred, office, other, now
):
    older, of_others = refer_to(office, at=now - 9 * DAY), refer_to(other, at=now)

    text = page(client).text

    assert text.index(shown(older)) < text.index(shown(referred))
    assert shown(of_others) not in text
    assert referred.slip.key not in text


def test_what_was_done_stands_there_for_thirty_days(client, editor, referred, office, now):
    long_done = refer_to(office, at=now - 40 * DAY)
    # An hour may have come twice since: 31 times 24 hours can be 30 days ago.
    outcomes.tell(long_done, outcome="helped", teller="link", at=now - 32 * DAY)
    outcomes.tell(referred, outcome="helped", teller="link", at=now - DAY)

    context = page(client).context

    assert [each.slip_office for each in context["waiting"]] == []
    assert [each.slip_office for each in context["done"]] == [referred]


def test_telling_stores_who_told_it(client, editor, referred):
    answer = post(client, referred, outcome="contacted")

    assert answer.status_code == 303
    told = SlipOutcome.objects.get()
    assert (told.outcome, told.teller, told.who) == ("contacted", "account", editor)
    assert shown(referred) in page(client).text


@pytest.mark.parametrize("posted", [{}, {"outcome": "nobody-called"}, {"outcome": "x"}])
def test_a_wrong_form_is_shown_again_with_what_is_wrong(client, editor, referred, posted):
    answer = post(client, referred, **posted)

    assert answer.status_code == 400
    assert 'role="alert"' in answer.text
    assert shown(referred) in answer.text
    assert not SlipOutcome.objects.exists()


def test_a_double_is_refused_and_keeps_what_was_chosen(client, editor, referred):
    post(client, referred, outcome="contacted")

    again = post(client, referred, outcome="contacted")

    assert again.status_code == 409
    assert 'value="contacted" selected' in again.text
    assert SlipOutcome.objects.count() == 1


@pytest.mark.parametrize("gone", [{"withdrawn_at": timezone.now()}, {"key": None, "code": None}])
def test_of_what_is_gone_nothing_is_told(client, editor, referred, gone):
    Slip.objects.update(**gone)

    assert post(client, referred, outcome="helped").status_code == 409
    assert not SlipOutcome.objects.exists()


def test_that_nobody_called_stands_out(client, editor, referred, now):
    outcomes.tell_by_candidate(referred, at=now)

    [waiting] = page(client).context["waiting"]

    assert waiting.state.nobody_called
    assert 'class="notice wrong"' in page(client).text


# Searching


def test_a_code_finds_a_referral_however_it_is_typed_and_however_long_it_is_done(
    client, editor, office, now
):
    done = refer_to(office, at=now - 90 * DAY)
    outcomes.tell(done, outcome="helped", teller="link", at=now - 80 * DAY)

    for typed in (done.slip.code, shown(done).lower(), " ".join(done.slip.code)):
        found = page(client, f"{PAGE}?code={typed}").context["found"]

        assert [each.slip_office for each in found] == [done]


def test_a_code_of_others_is_not_found(client, editor, other, now):
    of_others = refer_to(other, at=now)

    assert page(client, f"{PAGE}?code={of_others.slip.code}").context["found"] == []


def test_what_is_no_code_is_said_at_the_field(client, editor):
    answer = client.get(f"{PAGE}?code=HELLO")

    assert answer.status_code == 400
    assert 'aria-invalid="true"' in answer.text
    assert 'value="HELLO"' in answer.text


# The link


def test_a_new_link_is_mailed_and_the_old_one_stops(client, editor, referred, now):
    old = outcomes.link_of(referred)

    answer = post(client, referred, do="new-link")

    assert answer.status_code == 303
    assert [letter.to for letter in mail.outbox] == [["loket@rotterdam.example"]]
    with pytest.raises(outcomes.LinkWithdrawn):
        outcomes.read_link(old, at=now)
    assert AuditEntry.objects.get().what == "outcome_link_renewed"


def test_a_link_is_withdrawn_without_a_new_one(client, editor, referred, now):
    old = outcomes.link_of(referred)

    post(client, referred, do="withdraw-link")

    assert mail.outbox == []
    with pytest.raises(outcomes.LinkWithdrawn):
        outcomes.read_link(old, at=now)
    assert AuditEntry.objects.get().what == "outcome_link_withdrawn"


def test_of_what_is_done_no_link_is_mailed(client, editor, referred, now):
    outcomes.tell(referred, outcome="helped", teller="link", at=now)

    assert post(client, referred, do="new-link").status_code == 409
    assert mail.outbox == []


def test_new_links_are_mailed_a_few_times_a_day(client, editor, referred):
    most = outcome_brakes.MOST_NEW_LINKS

    answers = [post(client, referred, do="new-link").status_code for _time in range(most + 1)]

    assert answers == [303] * most + [429]
    assert len(mail.outbox) == most


# Who may


def test_others_do_not_find_a_referral(client, editor, other, now):
    of_others = refer_to(other, at=now)

    for posted in ({"outcome": "helped"}, {"do": "new-link"}, {"do": "withdraw-link"}, {}):
        assert post(client, of_others, **posted).status_code == 404
    assert not SlipOutcome.objects.exists()
    assert SlipOffice.objects.get(pk=of_others.pk).link_number == 1


def test_an_advisor_without_a_region_is_told_that_it_is_not_for_them(client, referred):
    people.log_in(client, people.advisor())

    assert client.get(PAGE).status_code == 403
    assert post(client, referred, outcome="helped").status_code == 404


def test_an_administrator_sees_and_tells_all(client, referred, other, now):
    of_other = refer_to(other, at=now)
    people.log_in(client, people.administrator())

    text = page(client).text

    assert shown(referred) in text
    assert shown(of_other) in text
    assert post(client, of_other, outcome="helped").status_code == 303


# The page as a whole


def test_many_referrals_stand_on_pages(client, editor, office, now):
    for number in range(51):
        refer_to(office, at=now - number * DAY)

    first, second = page(client), page(client, f"{PAGE}?pagina=2")

    assert [len(each.context["waiting"]) for each in (first, second)] == [50, 1]
    assert "?pagina=2" in first.text


def test_the_number_of_queries_is_fixed(client, editor, office, now):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            page(client)
        return len(queries)

    for number in range(2):
        outcomes.tell(
            refer_to(office, at=now - number * DAY), outcome="contacted", teller="link", at=now
        )
    outcomes.tell(refer_to(office, at=now), outcome="helped", teller="link", at=now)
    page(client)
    few = asked()
    for number in range(5):
        outcomes.tell(
            refer_to(office, at=now - number * DAY), outcome="contacted", teller="link", at=now
        )
        outcomes.tell(refer_to(office, at=now), outcome="helped", teller="link", at=now)

    assert asked() == few == 16


def test_the_overview_leads_to_the_open_referrals(client, editor, referred, office, now):
    refer_to(office, at=now)

    overview = client.get("/en/mijn-regio/")

    assert overview.context["open_referrals"] == 2
    assert f'href="{PAGE}"' in overview.text


def test_the_menu_leads_there_and_marks_where_one_is(client, editor):
    assert f'<a href="{PAGE}" aria-current="true">' in page(client).text
    assert f'<a href="{PAGE}">' in client.get("/en/mijn-regio/").text
