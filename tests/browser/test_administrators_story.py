"""What administrators do in the handbook, done: offices and regions come, merge, split and go,
tables go out and come back, people get other roles.
"""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from navigator.statistics.models import ProfileView
from regions.models import EducationRegion, RegionalOffice
from tests import people
from tests.browser.people_steps import letter

NEW_OFFICE = "/mijn-regio/loketten/onderwijsloket-waterland/"


# What a browser without a window says of itself is not counted.
BROWSER = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36"


@pytest.fixture
def visitor(somebody):
    return somebody(user_agent=BROWSER)


def test_the_53rd_office_is_added_filled_in_and_published(administrator, visitor, album):
    region = EducationRegion.objects.get(slug="zaanstreek-waterland")
    public = "/regioloketten/onderwijsloket-waterland/"
    album.picture("beheer", administrator.page, most=1000)
    administrator.follow("/beheer/indeling/")
    page = administrator.follow("/beheer/indeling/loket-toevoegen/")
    page.locator("[name=name]").fill("Onderwijsloket Waterland")
    page.locator(f"[name=regions][value='{region.pk}']").check()
    album.picture("loket-toevoegen", page, ".page-head", "main form", most=700)

    administrator.send("name")

    administrator.is_at(NEW_OFFICE)
    assert _status(visitor, public) == 404
    administrator.follow(f"{NEW_OFFICE}sectoren/")
    page.locator("[name=sectors][value=po]").check()
    administrator.press("publish")
    administrator.follow(f"{NEW_OFFICE}werkgebied/")
    page.locator("#area-filter").fill("Edam")
    page.locator("[name=municipalities][value=GM0385]").check()
    expect(page.locator("[data-outcome] details").first).to_be_visible()
    administrator.press("publish")
    administrator.follow(f"{NEW_OFFICE}instellingen/")
    page.locator("[name=state]").select_option("published")
    album.picture("openbaar-maken", page, "main form.edit-form")
    administrator.press("publish")
    expect(visitor.open("/zoeken/?postcode=1131").locator("main")).to_contain_text(
        "Onderwijsloket Waterland"
    )
    assert _status(visitor, public) == 200


def test_a_region_is_merged_and_brought_back(administrator, visitor, album):
    source = "/onderwijsregios/loa-lingewaard-overbetuwe-arnhem/"
    into = EducationRegion.objects.get(slug="arnhem-en-omstreken-vo")
    editor = people.editor(EducationRegion.objects.get(slug="loa-lingewaard-overbetuwe-arnhem"))
    visitor.open("/regioloketten/onderwijsloket-arnhem/")
    page = administrator.follow("/beheer/indeling/")
    album.picture("indeling", page, ".page-head", "main table", most=620)
    page = administrator.follow(
        "/beheer/indeling/regios/loa-lingewaard-overbetuwe-arnhem/samenvoegen/"
    )
    page.locator("[name=into]").select_option(str(into.pk))
    album.picture("samenvoegen", page, ".page-head", "main form")

    administrator.send("into")

    administrator.is_told()
    visitor.open(source)
    visitor.is_at("/onderwijsregios/arnhem-en-omstreken-vo/")
    expect(visitor.page.locator("main")).to_contain_text("Onderwijsloket Arnhem")
    assert _status(visitor, "/regioloketten/onderwijsloket-arnhem/") == 200
    assert ProfileView.objects.get().office.slug == "onderwijsloket-arnhem"
    assert into in editor.regions.all()
    page.locator("form[action$='/loa-lingewaard-overbetuwe-arnhem/terughalen/'] button").click()
    administrator.is_told()
    visitor.open(source)
    visitor.is_at(source)
    expect(visitor.page.locator("main")).to_contain_text("Onderwijsloket Arnhem")


def test_a_region_is_split_an_office_moves_and_rests(administrator, visitor, album):
    office = RegionalOffice.objects.get(slug="de-rode-loper")
    old, new = "/regioloketten/de-rode-loper/", "/regioloketten/rode-loper/"
    page = administrator.open("/beheer/indeling/regios/haaglanden/splitsen/")
    page.locator("[name=name]").fill("Haaglanden VO en MBO")
    page.locator(f"[name=offices][value='{office.pk}']").check()
    album.picture("splitsen", page, ".page-head", "main form")

    administrator.send("name")

    administrator.is_told()
    found = visitor.open("/onderwijsregios/haaglanden-vo-en-mbo/")
    expect(found.locator("main")).to_contain_text("De Rode Loper")
    administrator.follow("/beheer/indeling/loketten/de-rode-loper/adres/")
    administrator.send("slug", slug="rode-loper")
    administrator.is_told()
    visitor.open(old)
    visitor.is_at(new)
    page.locator("form[action$='/loketten/rode-loper/archiveren/'] button").click()
    administrator.is_told()
    assert _status(visitor, new) == 404
    page.locator("form[action$='/loketten/rode-loper/terughalen/'] button").click()
    administrator.is_told()
    assert _status(visitor, new) == 200


def test_the_directory_goes_out_and_comes_back(administrator, visitor, album, tmp_path):
    page = administrator.follow("/beheer/in-en-uitvoer/")
    with page.expect_download() as download:
        page.locator("a[href$='/offices/csv/']").click()
    table = tmp_path / "offices.csv"
    download.value.save_as(table)
    page.locator("[name=file]").set_input_files(table)
    album.picture("in-en-uitvoer", page, most=800)
    administrator.send("file")
    page = administrator.is_at("/beheer/in-en-uitvoer/controle/")
    expect(page.locator("main form")).to_have_count(0)

    known = RegionalOffice.objects.get(slug="flevowijs").email.encode()
    table.write_bytes(table.read_bytes().replace(known, b"loket@flevowijs.example"))
    administrator.open("/beheer/in-en-uitvoer/")
    page.locator("[name=file]").set_input_files(table)
    administrator.send("file")

    expect(page.locator("main tbody tr")).to_have_count(1)
    album.picture("controle", page)
    administrator.send("shown")
    expect(page.locator("main .notice.success")).to_be_visible()
    expect(visitor.open("/regioloketten/flevowijs/").locator("main")).to_contain_text(
        "loket@flevowijs.example"
    )


def test_people_gaps_and_the_log(administrator, album):
    region = EducationRegion.objects.get(slug="haaglanden")
    editor = people.editor(region, email="editor@haaglanden.example", last_login=timezone.now())
    page = administrator.follow("/beheer/uitnodigingen/")
    page.locator("main input[name=email]").fill("nieuw@haaglanden.example")
    page.locator("main fieldset summary").click()
    page.locator(f"[name=regions][value='{region.pk}']").check()
    album.picture("uitnodigen", page, "main form.panel", most=640)
    page.locator("main form.panel button[type=submit]").click()
    administrator.is_told()
    assert "/uitnodiging/" in letter("nieuw@haaglanden.example").body

    administrator.follow("/beheer/mensen/")
    administrator.follow(f"/beheer/mensen/{editor.pk}/")
    page.locator("[name=is_advisor]").check()
    album.picture("rollen", page, ".page-head", "main form.panel", most=700)
    administrator.send("is_advisor")
    administrator.is_told()
    editor.refresh_from_db()
    assert editor.is_advisor

    administrator.open("/mijn-regio/regios/haaglanden/instellingen/")
    page.locator("[name=review_required]").uncheck()
    album.picture("beoordeling-per-regio", page, "main form.edit-form")
    administrator.press("publish")
    region.refresh_from_db()
    assert not region.review_required

    administrator.open("/beheer/gaten/")
    album.picture("witte-vlekken", page, ".page-head", "main .admin-split", most=640)
    administrator.open("/beheer/logboek/")
    expect(page.locator("main tbody tr").first).to_contain_text("Haaglanden")
    album.picture("logboek", page, most=700)


def _status(visitor, address):
    return visitor.page.request.get(f"{visitor.site}{address}").status
