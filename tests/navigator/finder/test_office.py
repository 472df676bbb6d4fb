import pytest
from django.db import DatabaseError

from navigator.statistics import counting
from navigator.statistics.models import ProfileView
from regions.models import EducationRegion, RegionalOffice
from tests import factories, people

pytestmark = pytest.mark.django_db

BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture
def client(client):
    client.defaults["HTTP_USER_AGENT"] = BROWSER
    return client


@pytest.fixture
def here(world):
    world.office(
        "here",
        name="Loket Hier",
        serves=["3011"],
        sectors=["po", "vo"],
        support=[("vacancies", ["https://werk.example/banen"]), "webinar"],
        regions=["Regio Hier"],
        website="https://www.hier.example/",
        email="info@hier.example",
        phone="+31302270374",
    )
    return world


def test_a_profile_tells_what_is_known(client, here):
    response = client.get("/regioloketten/here/")

    assert response.status_code == 200
    for known in ("Loket Hier", "info@hier.example", "030 227 0374", "Regio Hier", "hier.example"):
        assert known in response.text
    assert 'href="tel:+31302270374"' in response.text


def test_links_to_other_sites_are_safe(client, here):
    response = client.get("/regioloketten/here/")

    start = response.text.index('href="https://werk.example/banen"')
    link = response.text[response.text.rindex("<a", 0, start) : response.text.index(">", start)]
    assert "noopener" in link
    assert "external" in link


def test_an_empty_profile_names_what_is_missing_and_who_to_ask(client, world):
    world.office("empty", name="Leeg Loket", serves=["3011"], website="", email="", phone="")
    world.office("beside", name="Loket Ernaast", serves=["3011"])

    response = client.get("/regioloketten/empty/")

    assert set(response.context["view"].missing) >= {"website", "email", "phone", "support"}
    assert "onderwijsloket.com" in response.text
    assert "Loket Ernaast" in response.text


def test_a_view_is_counted_with_the_province_of_the_search(client, here):
    client.get("/regioloketten/here/?postcode=3011")

    row = ProfileView.objects.get()
    assert (row.office.slug, row.province, row.source) == ("here", "zuid-holland", "direct")


def test_a_view_without_a_search_has_no_province(client, here):
    client.get("/regioloketten/here/")

    assert ProfileView.objects.get().province == ""


def test_a_view_after_a_search_by_place_has_its_province_too(client, here):
    here.place("Groningen", municipality="Groningen", postcodes=["9711"])
    groningen = here.municipality("Groningen", province="groningen")

    client.get(f"/regioloketten/here/?place=Groningen&municipality={groningen.code}")

    assert ProfileView.objects.get().province == "groningen"


def test_a_link_in_the_answer_leads_to_a_view_with_its_province(client, here):
    here.place("Rotterdam", municipality="Rotterdam", postcodes=["3011", "3012"])
    here.office("there", serves=["3012"])
    answer = client.get("/zoeken/?place=Rotterdam").text
    link = answer.partition('href="/regioloketten/there/')[2].partition('"')[0]

    client.get("/regioloketten/there/" + link.replace("&amp;", "&"))

    assert ProfileView.objects.get().province == "zuid-holland"


def test_a_reload_is_one_view_and_another_visitor_another(client, here):
    client.get("/regioloketten/here/", REMOTE_ADDR="192.0.2.1")
    client.get("/regioloketten/here/", REMOTE_ADDR="192.0.2.1")
    client.get("/regioloketten/here/", REMOTE_ADDR="192.0.2.2")

    assert ProfileView.objects.count() == 2


@pytest.mark.parametrize(
    "headers",
    [{"user-agent": "Googlebot/2.1"}, {"sec-purpose": "prefetch;prerender"}, {"user-agent": ""}],
)
def test_what_is_no_person_looking_is_not_counted(client, here, headers):
    client.get("/regioloketten/here/", headers=headers)

    assert ProfileView.objects.count() == 0


def test_a_head_request_is_not_counted(client, here):
    response = client.head("/regioloketten/here/")

    assert response.status_code == 200
    assert ProfileView.objects.count() == 0


@pytest.mark.parametrize(
    ("somebody", "views"),
    [
        (lambda office: people.editor(*office.regions.all()), 0),
        (lambda office: people.advisor(), 0),
        (lambda office: people.administrator(), 0),
        (lambda office: people.editor(factories.EducationRegionFactory()), 1),
    ],
    ids=["its editor", "an advisor", "an administrator", "an editor of another office"],
)
def test_own_people_are_not_counted_and_others_who_log_in_are(client, here, somebody, views):
    people.log_in(client, somebody(RegionalOffice.objects.get(slug="here")))

    client.get("/regioloketten/here/")

    assert ProfileView.objects.count() == views


def test_an_unknown_office_is_not_found_and_not_counted(client, here):
    response = client.get("/regioloketten/nobody/")

    assert response.status_code == 404
    assert "<h1" in response.text
    assert ProfileView.objects.count() == 0


@pytest.mark.parametrize("state", ["draft", "archived"])
def test_an_office_that_is_not_published_is_not_found(client, here, state):
    here.edit("here", state=state)

    assert client.get("/regioloketten/here/").status_code == 404


def test_there_is_a_way_back_to_the_results(client, here):
    response = client.get("/regioloketten/here/?postcode=3011&sector=po")

    assert "/zoeken/?postcode=3011&amp;sector=po" in response.text


def test_the_page_keeps_nothing_of_the_address_of_whoever_came_first(client, here):
    client.get("/regioloketten/here/?gclid=somebody")

    assert "somebody" not in client.get("/regioloketten/here/").text


def test_the_source_is_handed_on_and_counted(client, here):
    response = client.get("/regioloketten/here/?via=duo.nl&utm_campaign=spring")

    assert "/onderwijsregios/regio-hier/?via=duo.nl&amp;utm_campaign=spring" in response.text
    row = ProfileView.objects.get()
    assert (row.source_host, row.utm_campaign) == ("duo.nl", "spring")


def test_a_nonsense_question_in_the_address_of_a_profile_is_ignored(client, here):
    response = client.get("/regioloketten/here/?postcode=<b>&sector=nonsense&place=" + "x" * 5000)

    assert response.status_code == 200
    assert response.context["answer_link"] == ""
    assert "&lt;b&gt;" not in response.text


def test_a_count_that_fails_does_not_break_the_page(client, here, monkeypatch):
    class Broken:
        ops = counting.connection.ops

        def cursor(self):
            raise DatabaseError("disk full")

    monkeypatch.setattr(counting, "connection", Broken())

    response = client.get("/regioloketten/here/")

    assert response.status_code == 200


# field: what the office says, and the heading under which a candidate finds it
STORY = {
    "description": ("We help **everybody** in town.", "What this office does"),
    "target_groups": ("For students and returners.", "Who this office is there for"),
    "matching": ("We bring you into contact.", "Help with finding a school"),
    "schools": ("85 primary schools.", "Schools in this region"),
    "training_institutes": ("The college in town.", "Where you can train to be a teacher"),
    "regulations": ("There is a subsidy.", "Rules and subsidies"),
    "what_to_expect": ("We call you back.", "What happens when you get in touch"),
    "contact_team": ("Team Working in education", "Who you talk to"),
    "calendar_url": ("https://hier.example/kalender", "When you can join"),
}


@pytest.mark.parametrize(("field", "said", "heading"), [(f, *told) for f, told in STORY.items()])
def test_what_an_office_tells_stands_under_a_heading_and_no_heading_stands_alone(
    client, here, field, said, heading
):
    before = client.get("/en/regioloketten/here/").text

    here.edit("here", **{field: said})

    after = client.get("/en/regioloketten/here/").text
    assert heading not in before
    assert (
        said.replace("**everybody**", "<strong>everybody</strong>") in after.partition(heading)[2]
    )


@pytest.mark.parametrize("field", ["description", "target_groups", "matching", "what_to_expect"])
def test_markdown_of_an_office_can_do_no_harm(client, here, field):
    here.edit("here", **{field: "<script>alert(1)</script> [press](javascript:alert(1)) **bold**"})

    page = client.get("/regioloketten/here/").text

    assert "<script>alert" not in page
    assert 'href="javascript' not in page
    assert "<strong>bold</strong>" in page


@pytest.mark.parametrize("field", ["contact_team", "phone_note", "advice_note"])
def test_other_texts_of_an_office_are_shown_as_they_were_typed(client, here, field):
    here.edit("here", **{field: "<b>Team</b> [a](https://elders.example)"})

    page = client.get("/regioloketten/here/").text

    assert "&lt;b&gt;Team&lt;/b&gt; [a](https://elders.example)" in page


@pytest.mark.parametrize(
    ("way", "known", "is_told"),
    [("phone", {}, True), ("email", {"email": ""}, False), ("advice", {}, False), ("", {}, False)],
)
def test_the_best_way_to_make_contact_is_told_when_it_leads_somewhere(
    client, here, way, known, is_told
):
    here.edit("here", preferred_contact=way, **known)

    page = client.get("/en/regioloketten/here/").text

    assert ("This works best" in page) is is_told


def test_the_note_with_the_phone_hours_stands_beside_them(client, here):
    here.edit("here", phone_note="Closed in August")
    without_hours = client.get("/en/regioloketten/here/").text
    factories.PhoneHoursFactory(office=RegionalOffice.objects.get(slug="here"))
    here.publish()

    with_hours = client.get("/en/regioloketten/here/").text

    assert without_hours.count("Closed in August") == with_hours.count("Closed in August") == 1
    assert "Closed in August" in with_hours.partition("</table>")[2]


def test_the_introduction_of_a_region_may_be_markdown(client, here):
    region = EducationRegion.objects.get(name="Regio Hier")
    region.description = "All schools *together*. <script>alert(1)</script>"
    region.save()
    here.publish()

    page = client.get(f"/onderwijsregios/{region.slug}/").text

    assert "All schools <em>together</em>." in page
    assert "<script>alert" not in page
