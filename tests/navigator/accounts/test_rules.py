import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from navigator.accounts import rules
from navigator.accounts.models import Invitation, Membership, User
from regions.models import EducationRegion, RegionalOffice, Revision
from tests.factories import EducationRegionFactory, RegionalOfficeFactory
from tests.people import UserFactory, administrator, advisor, editor

pytestmark = pytest.mark.django_db

ROLES = [
    "nobody",
    "without_role",
    "advisor",
    "editor",
    "editor_of_another_region",
    "administrator",
    "closed_editor",
    "closed_advisor",
    "closed_administrator",
]


class Place:
    """A region with an office, another region, and somebody of each role."""

    def __init__(self):
        self.region = EducationRegionFactory(review_required=True)
        self.other = EducationRegionFactory(review_required=False)
        self.office = RegionalOfficeFactory()
        self.office.regions.add(self.region)
        self.people = {
            "nobody": AnonymousUser(),
            "without_role": UserFactory(),
            "advisor": advisor(),
            "editor": editor(self.region),
            "editor_of_another_region": editor(self.other),
            "administrator": administrator(),
            "closed_editor": editor(self.region, is_active=False),
            "closed_advisor": advisor(is_active=False),
            "closed_administrator": administrator(is_active=False),
        }

    def who(self, rule):
        """The roles that a rule says yes to."""
        return {role for role in ROLES if rule(self.people[role])}

    def who_has(self, questions, thing):
        """The roles for which a queryset holds a thing."""
        return self.who(lambda user: thing in list(questions(user)))


@pytest.fixture
def place():
    return Place()


def set_state(thing, state):
    type(thing).objects.filter(pk=thing.pk).update(state=state)
    thing.refresh_from_db()
    return thing


def test_who_is_what(place):
    assert place.who(rules.is_administrator) == {"administrator"}
    assert place.who(rules.is_advisor) == {"advisor", "administrator"}
    assert place.who(rules.is_editor) == {"editor", "editor_of_another_region", "administrator"}
    assert place.who(rules.may_manage_people) == {"administrator"}


def test_who_needs_a_second_factor(place, settings):
    settings.REQUIRE_MFA = True
    assert place.who(rules.needs_second_factor) == {"advisor", "administrator"}

    settings.REQUIRE_MFA = False
    assert place.who(rules.needs_second_factor) == set()


@pytest.mark.parametrize("state", ["draft", "published"])
@pytest.mark.parametrize("name", ["office", "region"])
def test_editors_of_the_region_and_administrators_edit(place, name, state):
    subject = set_state(getattr(place, name), state)
    of = rules.editable_offices if name == "office" else rules.editable_regions

    assert place.who(lambda user: rules.may_edit(user, subject)) == {"editor", "administrator"}
    assert place.who_has(of, subject) == {"editor", "administrator"}


@pytest.mark.parametrize("name", ["office", "region"])
def test_what_is_archived_is_for_administrators_alone(place, name):
    subject = set_state(getattr(place, name), "archived")
    of = rules.editable_offices if name == "office" else rules.editable_regions

    assert place.who(lambda user: rules.may_edit(user, subject)) == {"administrator"}
    assert place.who(lambda user: rules.may_publish(user, subject)) == {"administrator"}
    assert place.who_has(of, subject) == {"administrator"}


def test_an_office_belongs_to_the_editors_of_each_of_its_regions(place):
    place.office.regions.add(place.other)

    both = {"editor", "editor_of_another_region", "administrator"}
    assert place.who(lambda user: rules.may_edit(user, place.office)) == both
    assert place.who_has(rules.editable_offices, place.office) == both
    assert place.who(lambda user: rules.may_edit(user, place.region)) == {"editor", "administrator"}


def test_an_office_without_region_is_for_administrators_alone(place):
    alone = RegionalOfficeFactory()

    assert place.who(lambda user: rules.may_edit(user, alone)) == {"administrator"}
    assert place.who_has(rules.editable_offices, alone) == {"administrator"}


@pytest.mark.parametrize("name", ["office", "region"])
def test_the_region_says_whether_its_editors_publish_directly(place, name):
    def may(user):
        return rules.may_publish(user, getattr(place, name))

    assert place.who(may) == {"administrator"}
    EducationRegion.objects.filter(pk=place.region.pk).update(review_required=False)
    assert place.who(may) == {"editor", "administrator"}


def test_of_an_office_of_two_regions_only_editors_of_the_direct_one_publish_directly(place):
    place.office.regions.add(place.other)

    def may(user):
        return rules.may_publish(user, place.office)

    assert place.who(may) == {"editor_of_another_region", "administrator"}
    assert may(editor(place.region, place.other))
    assert not rules.may_publish(editor(place.region, place.other), place.region)


def test_a_region_of_mine_elsewhere_that_publishes_directly_does_not_help(place):
    both = editor(place.region, place.other)

    assert rules.may_edit(both, place.office)
    assert not rules.may_publish(both, place.office)


def test_what_editors_cannot_change_is_published_by_administrators(place):
    EducationRegion.objects.update(review_required=False)

    def may_with(changes):
        revision = Revision(office=place.office, changes=changes)
        return place.who(lambda user: rules.may_publish_revision(user, revision))

    assert may_with({"name": ["a", "b"]}) == {"editor", "administrator"}
    assert may_with({"name": ["a", "b"], "slug": ["a", "b"]}) == {"administrator"}


def test_only_administrators_review_and_administer(place):
    revision = Revision(office=place.office, changes={})

    assert place.who(lambda user: rules.may_review(user, revision)) == {"administrator"}
    for subject in (place.office, place.region):
        assert place.who(lambda user, it=subject: rules.may_administer(user, it)) == {
            "administrator"
        }


def test_who_invites_for_what(place):
    def who(*regions, advisor=False, admin=False):
        return place.who(
            lambda user: rules.may_invite(user, regions=regions, advisor=advisor, admin=admin)
        )

    assert who(place.region) == {"editor", "administrator"}
    assert who(place.region, place.other) == {"administrator"}
    assert who(advisor=True) == who(admin=True) == {"administrator"}
    assert who(place.region, advisor=True) == {"administrator"}
    assert who(place.region, admin=True) == {"administrator"}
    assert who() == set()
    assert who(set_state(place.region, "archived")) == set()


def test_the_regions_to_invite_for(place):
    assert place.who_has(rules.invitable_regions, place.region) == {"editor", "administrator"}

    set_state(place.region, "archived")

    assert place.who_has(rules.invitable_regions, place.region) == set()


def invitation(*regions, **roles):
    now = timezone.now()
    made = Invitation.objects.create(
        email="new@rotterdam.example",
        created_at=now,
        sent_at=now,
        expires_at=now,
        key_hash=f"{Invitation.objects.count():064}",
        **roles,
    )
    made.regions.set(regions)
    return made


def test_an_invitation_is_managed_by_who_could_have_made_it(place):
    own = {"editor", "administrator"}
    cases = [
        (invitation(place.region), own),
        (invitation(place.other), {"editor_of_another_region", "administrator"}),
        (invitation(place.region, place.other), {"administrator"}),
        (invitation(place.region, as_advisor=True), {"administrator"}),
        (invitation(place.region, as_administrator=True), {"administrator"}),
        (invitation(as_administrator=True), {"administrator"}),
        (invitation(set_state(EducationRegionFactory(), "archived")), {"administrator"}),
    ]

    for made, who in cases:
        assert place.who(lambda user, it=made: rules.may_manage_invitation(user, it)) == who
        assert place.who_has(rules.manageable_invitations, made) == who


def test_an_invitation_for_a_region_that_is_archived_by_now_can_still_be_withdrawn(place):
    made = invitation(place.region)
    set_state(place.region, "archived")

    who = {"editor", "administrator"}
    assert place.who(lambda user: rules.may_manage_invitation(user, made)) == who
    assert place.who_has(rules.manageable_invitations, made) == who


def test_editors_see_the_invitations_of_their_regions_also_with_others(place):
    both = invitation(place.region, place.other)
    roles_only = invitation(as_advisor=True)

    assert place.who_has(rules.visible_invitations, both) == {
        "editor",
        "editor_of_another_region",
        "administrator",
    }
    assert place.who_has(rules.visible_invitations, roles_only) == {"administrator"}
    seen = rules.visible_invitations(editor(place.region, place.other))
    assert list(seen) == [both]


def test_colleagues_are_those_who_edit_a_region_of_mine(place):
    colleague = editor(place.region, place.other)

    assert place.who_has(rules.colleagues, colleague) == {
        "editor",
        "editor_of_another_region",
        "administrator",
    }
    assert list(rules.colleagues(colleague)).count(colleague) == 1
    assert place.people["closed_editor"] not in rules.colleagues(colleague)
    assert place.people["editor_of_another_region"] not in rules.colleagues(place.people["editor"])


def test_mails_about_something_go_to_who_edits_it(place):
    place.office.regions.add(place.other)
    Membership.objects.create(user=place.people["editor"], region=place.other)

    assert set(rules.editors_of(place.region)) == {place.people["editor"]}
    assert list(rules.editors_of(place.office)) == [
        place.people["editor"],
        place.people["editor_of_another_region"],
    ]


def test_the_administrators_are_those_who_can_come_in(place):
    assert list(rules.administrators()) == [place.people["administrator"]]


@pytest.mark.parametrize("role", ROLES)
def test_the_lists_say_the_same_as_the_rules(place, role):
    user = place.people[role]
    place.office.regions.add(place.other)
    for state in ("draft", "archived"):
        RegionalOfficeFactory(state=state).regions.add(place.region, place.other)
        set_state(EducationRegionFactory(), state)

    for model, of in (
        (RegionalOffice, rules.editable_offices),
        (EducationRegion, rules.editable_regions),
    ):
        listed = list(of(user))
        assert len(listed) == len(set(listed))
        assert set(listed) == {each for each in model.objects.all() if rules.may_edit(user, each)}


def test_rules_ask_the_database_at_most_twice(place, django_assert_max_num_queries):
    questions = [
        lambda user: rules.may_edit(user, place.office),
        lambda user: rules.may_publish(user, place.office),
        lambda user: rules.may_publish(user, place.region),
        lambda user: rules.may_invite(user, regions=[place.region], advisor=False, admin=False),
        rules.is_editor,
        rules.needs_second_factor,
    ]

    for user in (place.people[role] for role in ROLES):
        for question in questions:
            with django_assert_max_num_queries(2):
                question(user)


def test_the_user_of_a_request_counts_as_a_user(place):
    lazy = SimpleLazyObject(lambda: User.objects.get(pk=place.people["editor"].pk))

    assert rules.may_edit(lazy, place.office)
    assert rules.may_invite(lazy, regions=[place.region], advisor=False, admin=False)
