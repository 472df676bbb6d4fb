from datetime import UTC, datetime

import pytest
from django.urls import reverse

from navigator.statistics.models import ProfileView
from regions import addresses, records, reorganisation, revisions, versions
from regions.models import EducationRegion, FormerSlug, RegionalOffice, Revision
from regions.records import Refused
from regions.reorganisation import ArrangementError
from tests import people

AT = datetime(2026, 11, 24, 12, tzinfo=UTC)
LATER = datetime(2026, 11, 25, 12, tzinfo=UTC)


@pytest.fixture
def by(db):
    return people.administrator()


@pytest.fixture
def regions(world):
    """North with two offices, one of them of the south as well; and the south."""
    world.office("alleen-noord", regions=["Noord"])
    world.office("beide", regions=["Noord", "Zuid"])
    return {region.slug: region for region in EducationRegion.objects.all()}


def of(slug):
    return records.read(RegionalOffice.objects.get(slug=slug))["regions"]


def state(slug):
    return EducationRegion.objects.get(slug=slug).state


def test_an_added_office_is_a_draft_of_its_regions(regions, by):
    made = reorganisation.add_office(
        name="Het 53e loket", slug="het-53e", regions=[regions["noord"]], by=by, at=AT
    )

    assert made.state == "draft"
    assert of("het-53e") == ["noord"]
    assert "het-53e" not in versions.current().profiles


def test_a_name_that_is_taken_is_refused(regions, by):
    with pytest.raises(Refused) as refused:
        reorganisation.add_region(name="Noord", slug="ander", by=by, at=AT)

    assert list(refused.value.errors) == ["name"]
    assert not EducationRegion.objects.filter(slug="ander").exists()


def test_the_old_address_of_an_office_leads_to_the_new_one(regions, by):
    office = RegionalOffice.objects.get(slug="alleen-noord")

    reorganisation.move(office, slug="nieuw", by=by, at=AT)

    assert addresses.present_slug(RegionalOffice, "alleen-noord") == "nieuw"
    assert addresses.present_slug(EducationRegion, "alleen-noord") is None


def test_nobody_else_gets_an_address_that_led_somewhere(regions, by):
    reorganisation.move(regions["noord"], slug="nieuw", by=by, at=AT)

    with pytest.raises(Refused):
        reorganisation.move(regions["zuid"], slug="noord", by=by, at=AT)


def test_an_address_can_be_taken_back(regions, by):
    reorganisation.move(regions["noord"], slug="nieuw", by=by, at=AT)

    reorganisation.move(regions["noord"], slug="noord", by=by, at=LATER)

    assert addresses.present_slug(EducationRegion, "nieuw") == "noord"
    assert list(FormerSlug.objects.values_list("slug", flat=True)) == ["nieuw"]


def test_a_merger_takes_the_offices_along_and_archives_the_region(regions, by):
    reorganisation.merge(regions["noord"], regions["zuid"], by=by, at=AT)

    assert (of("alleen-noord"), of("beide")) == (["zuid"], ["zuid"])
    assert (state("noord"), state("zuid")) == ("archived", "published")
    assert addresses.present_slug(EducationRegion, "noord") == "zuid"
    assert Revision.objects.of(regions["noord"]).published().count() == 1


def test_a_merger_is_undone_as_if_it_had_not_been(regions, by):
    reorganisation.merge(regions["noord"], regions["zuid"], by=by, at=AT)

    reorganisation.undo_merge(regions["noord"], by=by, at=LATER)

    assert (of("alleen-noord"), of("beide")) == (["noord"], ["noord", "zuid"])
    assert state("noord") == "published"
    assert addresses.merged_into(regions["noord"]) is None


def test_undoing_a_merger_keeps_what_was_changed_since(world, regions, by):
    reorganisation.merge(regions["noord"], regions["zuid"], by=by, at=AT)
    office = RegionalOffice.objects.get(slug="alleen-noord")
    west = EducationRegion.objects.create(slug="west", name="West")
    revisions.publish_now(
        subject=office, values={"regions": ["west", "zuid"]}, by=by, at=AT, origin="admin"
    )

    reorganisation.undo_merge(regions["noord"], by=by, at=LATER)

    assert of("alleen-noord") == ["noord", west.slug]


def test_addresses_lead_on_over_several_mergers(world, regions, by):
    west = EducationRegion.objects.create(slug="west", name="West")
    reorganisation.move(regions["noord"], slug="noorden", by=by, at=AT)
    reorganisation.merge(regions["noord"], regions["zuid"], by=by, at=AT)

    reorganisation.merge(regions["zuid"], west, by=by, at=LATER)

    assert addresses.present_slug(EducationRegion, "noord") == "west"
    assert addresses.present_slug(EducationRegion, "noorden") == "west"
    assert addresses.present_slug(EducationRegion, "zuid") == "west"


def test_what_is_archived_leads_nowhere(regions, by):
    office = RegionalOffice.objects.get(slug="beide")
    reorganisation.move(office, slug="nieuw", by=by, at=AT)

    reorganisation.archive(office, by=by, at=LATER)

    assert addresses.present_slug(RegionalOffice, "beide") is None
    assert "nieuw" not in versions.current().profiles


def test_what_is_archived_comes_back_as_it_was(regions, by):
    draft = reorganisation.add_office(
        name="Ontwerp", slug="ontwerp", regions=[regions["noord"]], by=by, at=AT
    )
    public = RegionalOffice.objects.get(slug="beide")
    for office in (draft, public):
        reorganisation.archive(office, by=by, at=AT)
        reorganisation.bring_back(office, by=by, at=LATER)

    states = RegionalOffice.objects.in_bulk(field_name="slug")
    assert (states["ontwerp"].state, states["beide"].state) == ("draft", "published")


def test_a_split_takes_the_chosen_offices(regions, by):
    office = RegionalOffice.objects.get(slug="beide")

    made = reorganisation.split(
        regions["noord"], name="Noordoost", slug="noordoost", offices=[office], by=by, at=AT
    )

    assert made.state == "published"
    assert of("beide") == ["noordoost", "zuid"]
    assert of("alleen-noord") == ["noord"]


@pytest.mark.parametrize(
    ("step", "code"),
    [
        (lambda n, z, by: reorganisation.merge(n, n, by=by, at=AT), "same"),
        (lambda n, z, by: reorganisation.archive(n, by=by, at=AT), "has_offices"),
        (lambda n, z, by: reorganisation.bring_back(n, by=by, at=AT), "not_archived"),
        (lambda n, z, by: reorganisation.undo_merge(n, by=by, at=AT), "not_merged"),
        (
            lambda n, z, by: reorganisation.split(n, name="X", slug="x", offices=[], by=by, at=AT),
            "no_offices",
        ),
        (
            lambda n, z, by: reorganisation.split(
                z,
                name="X",
                slug="x",
                offices=[RegionalOffice.objects.get(slug="alleen-noord")],
                by=by,
                at=AT,
            ),
            "not_of_the_region",
        ),
    ],
    ids=["same", "has_offices", "not_archived", "not_merged", "no_offices", "not_of_the_region"],
)
def test_a_step_that_cannot_be_taken_changes_nothing(regions, by, step, code):
    with pytest.raises(ArrangementError) as refused:
        step(regions["noord"], regions["zuid"], by)

    assert refused.value.code == code
    assert not Revision.objects.exists()
    assert not FormerSlug.objects.exists()
    assert EducationRegion.objects.count() == 2


def test_a_merged_region_comes_back_with_its_merger_undone_alone(regions, by):
    reorganisation.merge(regions["noord"], regions["zuid"], by=by, at=AT)

    with pytest.raises(ArrangementError) as refused:
        reorganisation.bring_back(regions["noord"], by=by, at=LATER)
    with pytest.raises(ArrangementError) as archived:
        reorganisation.merge(regions["zuid"], regions["noord"], by=by, at=LATER)

    assert (refused.value.code, archived.value.code) == ("merged", "archived")


def test_view_counts_stay_with_an_office_that_moves(client, regions, by):
    office = RegionalOffice.objects.get(slug="beide")
    browser = {
        "user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
    }
    client.get(reverse("finder:office", args=["beide"]), headers=browser)
    reorganisation.move(office, slug="nieuw", by=by, at=AT)
    versions.forget()

    client.get(reverse("finder:office", args=["beide"]), headers=browser, follow=True)

    assert set(ProfileView.objects.values_list("office__slug", flat=True)) == {"nieuw"}
    assert ProfileView.objects.count() == 1  # one person on one day, also at the new address


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_an_old_page_leads_to_the_new_one_with_its_question(client, regions, by, prefix):
    reorganisation.move(RegionalOffice.objects.get(slug="beide"), slug="nieuw", by=by, at=AT)
    reorganisation.merge(regions["noord"], regions["zuid"], by=by, at=AT)
    versions.forget()

    office = client.get(f"{prefix}/regioloketten/beide/?postcode=3011")
    region = client.get(f"{prefix}/onderwijsregios/noord/")

    assert (office.status_code, region.status_code) == (301, 301)
    assert office["Location"] == f"{prefix}/regioloketten/nieuw/?postcode=3011"
    assert region["Location"] == f"{prefix}/onderwijsregios/zuid/"


def test_the_api_leads_on_too(client, regions, by):
    reorganisation.move(RegionalOffice.objects.get(slug="beide"), slug="nieuw", by=by, at=AT)
    reorganisation.merge(regions["noord"], regions["zuid"], by=by, at=AT)
    versions.forget()

    office = client.get("/api/v1/offices/beide")
    region = client.get("/api/v1/regions/noord")

    assert (office.status_code, office["Location"]) == (301, "/api/v1/offices/nieuw")
    assert (region.status_code, region["Location"]) == (301, "/api/v1/regions/zuid")


def test_a_draft_that_had_another_address_is_not_told(client, regions, by):
    made = reorganisation.add_region(name="Nieuw", slug="nieuw", by=by, at=AT)
    reorganisation.move(made, slug="anders", by=by, at=AT)

    pages = [client.get(f"/onderwijsregios/{slug}/") for slug in ("nieuw", "anders")]
    api = [client.get(f"/api/v1/regions/{slug}") for slug in ("nieuw", "anders")]

    assert [response.status_code for response in (*pages, *api)] == [404] * 4


def test_only_published_regions_are_in_lists_and_the_sitemap(client, regions, by):
    reorganisation.add_region(name="Nieuw", slug="nieuw", by=by, at=AT)
    reorganisation.merge(regions["noord"], regions["zuid"], by=by, at=AT)
    versions.forget()

    told = [
        client.get(address).content.decode()
        for address in ("/onderwijsregios/", "/api/v1/regions", "/sitemap.xml")
    ]

    for text in told:
        assert "zuid" in text
        assert "nieuw" not in text
        assert "/noord" not in text.replace("alleen-noord", "")
