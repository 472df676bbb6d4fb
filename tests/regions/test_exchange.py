"""Fixtures -> the directory: loaded as a whole, refreshed without losing what was edited here."""

import threading
from datetime import time
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connections

from regions import exchange
from regions.fixtures import KEY_FIELDS, FixtureError
from regions.models import (
    DirectoryVersion,
    EducationRegion,
    Gap,
    Municipality,
    PhoneHours,
    Postcode,
    PostcodeShare,
    Reach,
    RegionalOffice,
    Revision,
    Sector,
    Support,
    SupportLink,
    SupportType,
)
from tests.factories import RegionalOfficeFactory
from tests.regions.small_fixtures import OFFICES, SmallFixtures

FLEVOWIJS = {"slug": "flevowijs"}
HAARLEM = "blijf-zitten-in-haarlem"


@pytest.fixture
def small(tmp_path):
    """Fixtures of three offices, not loaded yet."""
    return SmallFixtures(tmp_path)


@pytest.fixture
def loaded(small, db):
    """Fixtures of three offices, loaded."""
    exchange.load(small.folder)
    return small


def everything():
    """All that the directory's tables hold, by primary key."""
    return {
        model.__name__: {row["pk"]: row for row in model.objects.values("pk", *_columns(model))}
        | {
            many.name: sorted(many.remote_field.through.objects.values_list(*_ends(many)))
            for many in model._meta.many_to_many
        }
        for model in apps.get_app_config("regions").get_models()
    }


def _columns(model):
    return [field.attname for field in model._meta.concrete_fields]


def _ends(many):
    return many.m2m_field_name(), many.m2m_reverse_field_name()


def flevowijs():
    return RegionalOffice.objects.get(slug="flevowijs")


def haarlem():
    return RegionalOffice.objects.get(slug=HAARLEM)


def run(*arguments, **options):
    """What the command tells."""
    out = StringIO()
    call_command("load_directory", *arguments, stdout=out, stderr=StringIO(), **options)
    return out.getvalue()


def tallied(summary, model):
    """Created, changed, kept and removed objects of a model."""
    tally = summary.tallies[model]
    return tally.created, tally.changed, tally.kept, tally.removed


# Loading


def test_the_first_load_stores_everything_and_derives_the_rest(small, db):
    summary = exchange.load(small.folder)

    for model in KEY_FIELDS:
        number = len(small.objects(model._meta.model_name))
        assert model.objects.count() == summary.tallies[model].created == number > 0
    office = flevowijs()
    assert set(office.sectors.values_list("code", flat=True)) == {"po", "vo", "mbo", "so", "ho"}
    assert set(office.municipalities.values_list("code", flat=True)) == {"GM0034", "GM0995"}
    assert office.phone_hours.first().opens == time(9)
    assert office.support.get(type="vacancies").links.get().url.startswith("https://flevowijs.nl/")
    assert [postcode.code for postcode in haarlem().partial_postcodes.all()] == ["2116"]
    assert Reach.objects.filter(office=office, postcode="1336", serves=True).exists()
    assert Gap.objects.filter(sector="pro").exists()
    assert DirectoryVersion.objects.get().number == 1
    assert summary.kept == []


def test_a_second_load_changes_nothing_and_is_no_version(loaded):
    before = everything()

    summary = exchange.load(loaded.folder)

    assert not summary.anything_changed
    assert everything() == before
    for model in KEY_FIELDS:
        assert summary.tallies[model].unchanged == model.objects.count()
        assert tallied(summary, model) == (0, 0, 0, 0)


def test_a_second_load_that_overwrites_changes_nothing_either(loaded):
    before = everything()

    exchange.load(loaded.folder, overwrite=True)

    assert everything() == before


def test_what_changed_in_the_fixtures_changes_on_the_site(loaded):
    loaded.edit("regionaloffice", FLEVOWIJS, email="nieuw@flevowijs.nl", municipalities=["GM0034"])
    loaded.edit("postcode", {"pk": "1336"}, place="Almere-Poort", latitude=52.4)

    summary = exchange.load(loaded.folder)

    office = flevowijs()
    assert office.email == "nieuw@flevowijs.nl"
    assert [town.code for town in office.municipalities.all()] == ["GM0034"]
    assert Postcode.objects.get(code="1336").latitude == 52.4
    assert tallied(summary, RegionalOffice) == (0, 1, 0, 0)
    assert tallied(summary, Postcode) == (0, 1, 0, 0)
    assert DirectoryVersion.objects.get().number == 2
    assert not Reach.objects.filter(office=office, municipality="GM0995", by_list=True).exists()


def test_what_a_refresh_changes_stands_in_the_history(loaded):
    office = RegionalOffice.objects.get(slug="flevowijs")
    before = office.website
    loaded.edit("regionaloffice", FLEVOWIJS, website="https://nieuw.example.nl/")

    exchange.load(loaded.folder)

    noted = Revision.objects.get()
    assert (noted.office, noted.origin, noted.state) == (office, "load", "published")
    assert noted.changes == {"website": [before, "https://nieuw.example.nl/"]}


def test_what_editors_alone_write_is_never_asked_of_the_fixtures(loaded):
    RegionalOffice.objects.filter(slug="flevowijs").update(matching="Wij zoeken mee.")
    EducationRegion.objects.update(review_required=False)

    summary = exchange.load(loaded.folder, overwrite=True)

    assert summary.kept == []
    assert RegionalOffice.objects.get(slug="flevowijs").matching == "Wij zoeken mee."
    assert not EducationRegion.objects.filter(review_required=True).exists()


def test_what_is_new_in_the_fixtures_is_created(loaded):
    loaded.add("educationregion", {"slug": "almere-lelystad"}, slug="nieuw", name="Nieuw")
    loaded.add(
        "regionaloffice", FLEVOWIJS, slug="nieuw", name="Nieuw", regions=[["nieuw"]], sectors=["po"]
    )

    summary = exchange.load(loaded.folder)

    office = RegionalOffice.objects.get(slug="nieuw")
    assert [region.slug for region in office.regions.all()] == ["nieuw"]
    assert tallied(summary, RegionalOffice) == (1, 0, 0, 0)
    assert Reach.objects.filter(office=office, serves=True).exists()


def test_names_and_positions_may_be_exchanged(loaded):
    loaded.edit("sector", {"pk": "po"}, position=2, name_nl="Voortgezet onderwijs")
    loaded.edit("sector", {"pk": "vo"}, position=1, name_nl="Primair onderwijs")

    summary = exchange.load(loaded.folder)

    assert Sector.objects.get(code="po").position == 2
    assert Sector.objects.get(code="vo").name_nl == "Primair onderwijs"
    assert tallied(summary, Sector) == (0, 2, 0, 0)


# What was edited on the site


def test_an_edited_field_is_kept_and_listed(loaded):
    RegionalOffice.objects.filter(slug="flevowijs").update(email="site@flevowijs.nl")

    summary = exchange.load(loaded.folder)

    assert flevowijs().email == "site@flevowijs.nl"
    (kept,) = summary.kept
    assert "flevowijs" in kept
    assert "email" in kept
    assert not summary.anything_changed


def test_an_edited_field_is_kept_when_the_fixtures_change_it_too(loaded):
    RegionalOffice.objects.filter(slug="flevowijs").update(email="site@flevowijs.nl")
    loaded.edit("regionaloffice", FLEVOWIJS, email="fixture@flevowijs.nl")

    for _ in range(2):
        summary = exchange.load(loaded.folder)

    assert flevowijs().email == "site@flevowijs.nl"
    assert len(summary.kept) == 1


def test_the_other_fields_of_an_edited_object_still_follow_the_fixtures(loaded):
    RegionalOffice.objects.filter(slug="flevowijs").update(email="site@flevowijs.nl")
    loaded.edit("regionaloffice", FLEVOWIJS, description="Uit de fixture.")

    summary = exchange.load(loaded.folder)

    office = flevowijs()
    assert (office.email, office.description) == ("site@flevowijs.nl", "Uit de fixture.")
    assert summary.tallies[RegionalOffice].changed == 1
    assert len(summary.kept) == 1


def test_an_edit_that_the_fixtures_take_over_is_no_difference_any_more(loaded):
    RegionalOffice.objects.filter(slug="flevowijs").update(email="site@flevowijs.nl")
    loaded.edit("regionaloffice", FLEVOWIJS, email="site@flevowijs.nl")
    first = exchange.load(loaded.folder)
    loaded.edit("regionaloffice", FLEVOWIJS, email="later@flevowijs.nl")

    exchange.load(loaded.folder)

    assert first.kept == []
    assert flevowijs().email == "later@flevowijs.nl"


@pytest.mark.parametrize(
    ("field", "codes"),
    [
        ("sectors", {"po"}),
        ("municipalities", {"GM0034", "GM0392"}),
        ("partial_postcodes", {"2116"}),
    ],
)
def test_an_edited_set_is_kept_and_listed(loaded, field, codes):
    getattr(flevowijs(), field).set(codes)

    summary = exchange.load(loaded.folder)

    assert {each.pk for each in getattr(flevowijs(), field).all()} == codes
    assert len(summary.kept) == 1
    assert field in summary.kept[0]


@pytest.mark.parametrize(
    ("model", "where", "field", "value"),
    [
        (EducationRegion, {"slug": "almere-lelystad"}, "website", "https://regio.example/"),
        (Postcode, {"code": "1336"}, "latitude", 52.39),
        (PostcodeShare, {"municipality": "GM0034"}, "area_share", 0.2),
        (PhoneHours, {"weekday": 1}, "closes", time(16)),
        (Support, {"type": "vacancies", "office__slug": "flevowijs"}, "note", "Elke week."),
        (SupportLink, {"url": "https://flevowijs.nl/vacatures/"}, "position", 7),
        (Sector, {"code": "po"}, "name_en", "Primary schools"),
        (Municipality, {"code": "GM0034"}, "name", "Almere (Flevoland)"),
    ],
)
def test_every_kind_of_object_keeps_what_was_edited(loaded, model, where, field, value):
    edited = model.objects.get(**where)
    setattr(edited, field, value)
    edited.save()

    summary = exchange.load(loaded.folder)

    edited.refresh_from_db()
    assert getattr(edited, field) == value
    assert len(summary.kept) == 1
    assert field in summary.kept[0]


def test_what_was_deleted_on_the_site_stays_away_and_is_listed(loaded):
    PhoneHours.objects.get(weekday=1).delete()

    summary = exchange.load(loaded.folder)

    assert not PhoneHours.objects.filter(weekday=1).exists()
    assert len(summary.kept) == 1
    assert "flevowijs, 1, 09:00:00" in summary.kept[0]


def test_what_belongs_to_a_deleted_office_stays_away_and_is_listed(loaded):
    flevowijs().delete()
    loaded.add(
        "supportlink",
        {"support": ["flevowijs", "vacancies"]},
        url="https://flevowijs.nl/nieuw/",
    )

    summary = exchange.load(loaded.folder)

    assert not RegionalOffice.objects.filter(slug="flevowijs").exists()
    assert not SupportLink.objects.filter(url="https://flevowijs.nl/nieuw/").exists()
    assert any("https://flevowijs.nl/nieuw/" in line for line in summary.kept)
    assert sum("regionaloffice" in line for line in summary.kept) == 1


def test_overwrite_takes_the_fixtures_values_everywhere(loaded):
    before = everything()
    RegionalOffice.objects.filter(slug="flevowijs").update(email="site@flevowijs.nl")
    flevowijs().sectors.set({"po"})
    PhoneHours.objects.filter(weekday=1).update(closes=time(16))

    summary = exchange.load(loaded.folder, overwrite=True)

    after = everything()
    for model in ("RegionalOffice", "PhoneHours", "Reach", "Gap"):
        assert after[model].keys() == before[model].keys() or model in ("Reach", "Gap")
    assert after["RegionalOffice"] == before["RegionalOffice"]
    assert after["PhoneHours"] == before["PhoneHours"]
    assert summary.kept == []
    assert tallied(summary, RegionalOffice) == (0, 1, 0, 0)


def test_overwrite_makes_again_what_was_deleted_on_the_site(loaded):
    flevowijs().delete()

    summary = exchange.load(loaded.folder, overwrite=True)

    assert flevowijs().support.exists()
    assert flevowijs().phone_hours.count() == 5
    assert tallied(summary, RegionalOffice) == (1, 0, 0, 0)
    assert summary.kept == []


# What was made on the site


def test_what_was_made_on_the_site_is_left_alone(loaded):
    made = RegionalOfficeFactory(slug="van-de-site", description="Van hier.")
    made.sectors.set(["po"])
    made.municipalities.set(["GM0034"])
    EducationRegion.objects.create(slug="van-de-site", name="Van de site")

    for overwrite in (False, True):
        summary = exchange.load(loaded.folder, overwrite=overwrite)

        made.refresh_from_db()
        assert (made.description, made.state) == ("Van hier.", "published")
        assert made.municipalities.count() == 1
        assert EducationRegion.objects.filter(slug="van-de-site").exists()
        assert summary.kept == []
        assert not summary.anything_changed


def test_what_was_made_on_the_site_and_is_in_the_fixtures_now_is_kept_as_it_is(loaded):
    EducationRegion.objects.create(slug="nieuw", name="Van de site")
    loaded.add("educationregion", {"slug": "almere-lelystad"}, slug="nieuw", name="Uit de fixture")

    summary = exchange.load(loaded.folder)

    assert EducationRegion.objects.get(slug="nieuw").name == "Van de site"
    assert len(summary.kept) == 1
    assert "nieuw" in summary.kept[0]


def test_a_name_that_was_given_on_the_site_to_another_is_told(loaded):
    RegionalOfficeFactory(slug="van-de-site", name="Nieuw")
    loaded.add("regionaloffice", FLEVOWIJS, slug="nieuw", name="Nieuw")
    before = everything()

    with pytest.raises(FixtureError) as refused:
        exchange.load(loaded.folder)

    assert "09_regional_offices.json, object 4" in str(refused.value)
    assert "“name”" in str(refused.value)
    assert everything() == before


# What is gone from the fixtures


def test_an_office_that_is_gone_is_archived_and_never_deleted(loaded):
    loaded.drop_office(HAARLEM)

    summary = exchange.load(loaded.folder)

    office = haarlem()
    assert office.state == "archived"
    assert not Reach.objects.filter(office=office).exists()
    assert tallied(summary, RegionalOffice) == (0, 0, 0, 1)


def test_an_office_that_is_gone_stays_archived_and_is_not_told_again(loaded):
    loaded.drop_office(HAARLEM)
    exchange.load(loaded.folder)
    before = everything()

    summary = exchange.load(loaded.folder)

    assert everything() == before
    assert summary.kept == []
    assert not summary.anything_changed


def test_an_office_that_comes_back_is_published_again(loaded):
    original = SmallFixtures(loaded.folder)
    original.drop_office(HAARLEM)
    exchange.load(original.folder)

    exchange.load(SmallFixtures(loaded.folder).folder)

    office = haarlem()
    assert office.state == "published"
    assert office.support.exists()
    assert Reach.objects.filter(office=office, serves=True).exists()


def test_an_office_that_was_edited_here_outlives_the_fixtures(loaded):
    RegionalOffice.objects.filter(slug=HAARLEM).update(email="site@haarlem.example")
    loaded.drop_office(HAARLEM)

    summary = exchange.load(loaded.folder)

    assert haarlem().state == "published"
    assert any(HAARLEM in line for line in summary.kept)


def test_other_things_that_are_gone_are_deleted(loaded):
    loaded.drop("phonehours", {"weekday": 1})
    loaded.drop("supportlink", {"url": "https://flevowijs.nl/vacatures/"})

    summary = exchange.load(loaded.folder)

    assert not PhoneHours.objects.filter(weekday=1).exists()
    assert not SupportLink.objects.filter(url="https://flevowijs.nl/vacatures/").exists()
    assert tallied(summary, PhoneHours) == tallied(summary, SupportLink) == (0, 0, 0, 1)


def test_what_is_gone_but_still_in_use_here_is_kept_and_listed(loaded):
    loaded.drop("supporttype", {"pk": "podcasts"})
    Support.objects.create(office=flevowijs(), type_id="podcasts")

    summary = exchange.load(loaded.folder)

    assert SupportType.objects.filter(code="podcasts").exists()
    assert Support.objects.filter(type="podcasts").exists()
    assert any("podcasts" in line for line in summary.kept)


def test_a_region_that_is_gone_is_kept_while_an_office_of_the_site_is_in_it(loaded):
    office = flevowijs()
    other = EducationRegion.objects.exclude(slug="almere-lelystad").first()
    office.regions.add(other)
    where = {"slug": other.slug}
    owner = next(
        item["fields"]["slug"]
        for item in loaded.objects("regionaloffice")
        if [other.slug] in item["fields"]["regions"]
    )
    loaded.edit("regionaloffice", {"slug": owner}, regions=[["almere-lelystad"]])
    loaded.drop("educationregion", where)

    summary = exchange.load(loaded.folder)

    assert other in office.regions.all()
    assert any(other.slug in line for line in summary.kept)


# Damage


@pytest.mark.parametrize(
    ("model", "where", "fields", "parts"),
    [
        ("regionaloffice", FLEVOWIJS, {"state": "gone"}, ["flevowijs", "“state”"]),
        ("postcode", {"pk": "1336"}, {"latitude": 60.0}, ["1336", "latitude"]),
        ("postcode", {"pk": "1336"}, {"latitude": None}, ["1336", "latitude"]),
        ("postcode", {"pk": "1336"}, {"po_box_only": True}, ["1336", "po_box_only"]),
        ("postcode", {"pk": "1336"}, {"municipality": "GM9999"}, ["1336", "“municipality”"]),
        ("phonehours", {"weekday": 3}, {"closes": "08:00:00"}, ["flevowijs, 3", "closes"]),
        ("postcodeshare", {"municipality": "GM0034"}, {"area_share": 1.5}, ["1336", "area_share"]),
        ("placename", {"key": "lelystad"}, {"key": "Lelystad!"}, ["Lelystad", "key"]),
        (
            "regionaloffice",
            FLEVOWIJS,
            {"visiting_latitude": 52.3},
            ["flevowijs", "visiting_latitude"],
        ),
    ],
)
@pytest.mark.parametrize("again", [False, True], ids=["first", "again"])
def test_a_damaged_fixture_changes_nothing_and_names_file_object_and_field(
    small, db, model, where, fields, parts, again
):
    if again:
        exchange.load(small.folder)
    before = everything()
    # What comes before it in the files is right, and must not stay.
    small.edit("sector", {"pk": "po"}, name_en="Changed")
    small.edit(model, where, **fields)

    with pytest.raises(FixtureError) as refused:
        exchange.load(small.folder)

    assert everything() == before
    assert small.path(model).name in str(refused.value)
    for part in parts:
        assert part in str(refused.value)


def test_the_command_tells_of_damage_in_one_line_and_that_nothing_changed(loaded):
    before = everything()
    loaded.write("regionaloffice", "[{")

    with pytest.raises(CommandError) as refused:
        run(fixtures=str(loaded.folder))

    assert "09_regional_offices.json" in str(refused.value)
    assert "\n" not in str(refused.value)
    assert everything() == before


@pytest.mark.parametrize(
    "folder",
    ["", " ", "nowhere", "x" * 5000, "😀", "a\0b", "'; DROP TABLE regions_sector; --", "/dev/null"],
)
def test_a_folder_without_fixtures_is_told_and_changes_nothing(loaded, folder, monkeypatch):
    monkeypatch.chdir(loaded.folder.parent)
    before = everything()

    with pytest.raises(CommandError):
        run(fixtures=folder)

    assert everything() == before


def test_a_failure_while_deriving_changes_nothing(small, db, monkeypatch):
    before = everything()

    def fail(**options):
        raise RuntimeError("no")

    monkeypatch.setattr(exchange.derived, "rebuild", fail)
    with pytest.raises(RuntimeError):
        exchange.load(small.folder)

    assert everything() == before


# --if-changed, the words of the command, progress


def test_if_changed_does_nothing_when_the_files_are_those_of_last_time(
    loaded, django_assert_num_queries
):
    RegionalOffice.objects.filter(slug="flevowijs").update(email="site@flevowijs.nl")

    with django_assert_num_queries(1):
        summary = exchange.load(loaded.folder, if_changed=True)

    assert summary.skipped
    assert (summary.tallies, summary.kept) == ({}, [])


def test_if_changed_loads_when_a_file_differs(loaded):
    loaded.edit("regionaloffice", FLEVOWIJS, email="nieuw@flevowijs.nl")

    summary = exchange.load(loaded.folder, if_changed=True)

    assert not summary.skipped
    assert flevowijs().email == "nieuw@flevowijs.nl"


def test_if_changed_loads_into_an_empty_database(small, db):
    summary = exchange.load(small.folder, if_changed=True)

    assert not summary.skipped
    assert RegionalOffice.objects.count() == len(OFFICES)


def test_a_failed_load_is_not_remembered_as_loaded(loaded):
    loaded.edit("regionaloffice", FLEVOWIJS, state="gone")
    with pytest.raises(FixtureError):
        exchange.load(loaded.folder)

    with pytest.raises(FixtureError):
        exchange.load(loaded.folder, if_changed=True)


def test_the_command_tells_what_it_did_for_every_kind_of_object(small, db):
    told = run(fixtures=str(small.folder)).splitlines()

    assert [line.split()[0] for line in told] == [model._meta.model_name for model in KEY_FIELDS]
    assert told[0].split()[1] == "7"


def test_the_command_lists_what_was_kept(loaded):
    RegionalOffice.objects.filter(slug="flevowijs").update(email="site@flevowijs.nl")

    told = run(fixtures=str(loaded.folder))

    assert "flevowijs" in told
    assert "email" in told
    assert "--overwrite" in told


def test_the_command_lists_no_more_than_can_be_read(loaded, monkeypatch):
    monkeypatch.setattr("regions.management.commands.load_directory.LISTED", 2)
    PhoneHours.objects.update(closes=time(16))

    told = run(fixtures=str(loaded.folder))
    all_told = run(fixtures=str(loaded.folder), verbosity=2)

    assert told.count("phonehours flevowijs") == 2
    assert all_told.count("phonehours flevowijs") == 5


def test_the_command_is_silent_when_asked(small, db):
    assert run(fixtures=str(small.folder), verbosity=0) == ""


def test_the_command_says_when_there_was_nothing_to_do(loaded):
    told = run("--if-changed", fixtures=str(loaded.folder))

    assert len(told.splitlines()) == 1


def test_the_command_overwrites_when_asked(loaded):
    RegionalOffice.objects.filter(slug="flevowijs").update(email="site@flevowijs.nl")

    run("--overwrite", fixtures=str(loaded.folder))

    assert flevowijs().email != "site@flevowijs.nl"


def test_progress_is_told_to_the_end(small, db):
    told = []

    exchange.load(small.folder, progress=lambda *step: told.append(step))

    ends = {step: (done, of) for step, done, of in told}
    assert len(ends) == 2
    assert all(done == of for done, of in ends.values())


def test_two_loads_at_once_load_once(small, transactional_db):
    failures = []

    def load():
        try:
            exchange.load(small.folder)
        except Exception as error:
            failures.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=load) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    assert RegionalOffice.objects.count() == len(OFFICES)
    assert DirectoryVersion.objects.get().number == 1
    assert not exchange.load(small.folder).anything_changed


# Django's own loaddata


def test_loaddata_takes_the_same_files(small, db):
    call_command("loaddata", *sorted(map(str, small.folder.glob("*.json"))), verbosity=0)

    for model in KEY_FIELDS:
        assert model.objects.count() == len(small.objects(model._meta.model_name))


def test_what_loaddata_stored_is_taken_over_and_derived(small, db):
    call_command("loaddata", *sorted(map(str, small.folder.glob("*.json"))), verbosity=0)

    summary = exchange.load(small.folder)

    assert not summary.anything_changed
    assert summary.kept == []
    assert Reach.objects.filter(office__slug="flevowijs", serves=True).exists()
    small.edit("regionaloffice", FLEVOWIJS, email="nieuw@flevowijs.nl")
    exchange.load(small.folder)
    assert flevowijs().email == "nieuw@flevowijs.nl"
