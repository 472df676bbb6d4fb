import pytest

from navigator.statistics.models import Search

pytestmark = pytest.mark.django_db

BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture
def client(client):
    client.defaults["HTTP_USER_AGENT"] = BROWSER
    return client


@pytest.fixture
def rotterdam(world):
    world.postcode("3011", place="Rotterdam", municipality="Rotterdam")
    world.office("here", name="Loket Hier", sectors=["po", "vo"], serves=["3011"])
    world.office("mapped", name="Loket Kaart", sectors=["mbo"], draws=["3011"])
    world.office("all", name="Loket Overal", sectors=["mbo"], nationwide=True)
    world.office("near", name="Loket Buren", sectors=["po"], serves=["3012"], regions=["Buurregio"])
    return world


def test_an_answer_names_the_offices_and_why_they_are_there(client, rotterdam):
    response = client.get("/zoeken/?postcode=3011")

    assert response.status_code == 200
    answer = response.context["answer"]
    assert [match.office.slug for match in answer.serving] == ["here", "mapped"]
    for name in ("Loket Hier", "Loket Kaart", "Loket Overal", "Loket Buren"):
        assert name in response.text
    assert "/regioloketten/here/?postcode=3011" in response.text


def test_an_answer_is_not_for_search_engines_and_not_for_shared_caches(client, rotterdam):
    response = client.get("/zoeken/?postcode=3011")

    assert "noindex" in response.text
    assert response.headers["Cache-Control"] == "private, no-cache"
    assert not response.cookies


def test_a_filter_keeps_the_postcode_and_puts_what_fits_first(client, rotterdam):
    response = client.get("/zoeken/?postcode=3011&sector=mbo")

    answer = response.context["answer"]
    assert [match.office.slug for match in answer.fitting] == ["mapped"]
    assert [match.office.slug for match in answer.other] == ["here"]
    assert 'value="3011"' in response.text


def test_support_that_nobody_here_offers_says_so(client, rotterdam):
    response = client.get("/zoeken/?postcode=3011&support=podcasts")

    assert response.status_code == 200
    assert response.context["answer"].fitting == ()
    assert "Loket Hier" in response.text


def test_htmx_gets_the_results_alone(client, rotterdam):
    response = client.get("/zoeken/?postcode=3011", headers={"hx-request": "true"})

    assert "Loket Hier" in response.text
    assert "<html" not in response.text
    assert "HX-Request" in response.headers["Vary"]


def test_a_search_is_counted_once(client, rotterdam):
    client.get("/zoeken/?postcode=3011&sector=po")
    client.get("/zoeken/?postcode=3011&sector=po")

    row = Search.objects.get()
    assert (row.postcode, row.sector, row.serving, row.province) == (
        "3011",
        "po",
        1,
        "zuid-holland",
    )


def test_a_search_that_was_prepared_is_counted_too(client, rotterdam):
    client.get("/zoeken/?postcode=3011", REMOTE_ADDR="192.0.2.1")
    client.get("/zoeken/?postcode=3011", REMOTE_ADDR="192.0.2.2")

    assert Search.objects.count() == 2


@pytest.mark.parametrize("method", ["head", "bot"])
def test_what_is_no_person_is_not_counted(client, rotterdam, method):
    if method == "head":
        client.head("/zoeken/?postcode=3011")
    else:
        client.get("/zoeken/?postcode=3011", headers={"user-agent": "Googlebot/2.1"})

    assert Search.objects.count() == 0


def test_a_po_box_postcode_says_so(client, rotterdam):
    rotterdam.postcode("3000", place="Rotterdam", municipality="Rotterdam", po_box_only=True)

    response = client.get("/zoeken/?postcode=3000")

    assert response.context["answer"].outcome == "poBoxOnly"
    assert "<h1" in response.text
    assert Search.objects.count() == 0


def test_a_postcode_that_does_not_exist_offers_the_nearest(client, rotterdam):
    response = client.get("/zoeken/?postcode=3010")

    assert response.context["answer"].outcome == "unknownPostcode"
    assert "/zoeken/?postcode=3011" in response.text
    assert Search.objects.count() == 0


def test_a_name_of_several_places_offers_the_choice(client, world):
    world.place("Hengelo", municipality="Hengelo", postcodes=["7551"])
    world.place("Hengelo (Gld)", municipality="Bronckhorst", postcodes=["7255"], also=["Hengelo"])

    response = client.get("/zoeken/?place=Hengelo&sector=po")

    assert response.context["answer"].outcome == "choiceNeeded"
    assert "place=Hengelo+%28Gld%29&amp;municipality=GM7255&amp;sector=po" in response.text
    assert Search.objects.count() == 0


@pytest.mark.parametrize(
    ("typed", "names", "heading"),
    [
        ("bergen", ["Bergen (NH)", "Bergen L"], "Bergen"),
        ("Hengelo", ["Hengelo", "Hengelo (Gld)"], "Hengelo"),
        ("oosterend", ["Easterein", "Oosterend"], "Oosterend"),
        ("Ansen Zuid-Holland", ["Ansen", "Ansen-Oost"], "Ansen"),
    ],
)
def test_the_choice_is_headed_by_the_name_that_was_meant(client, world, typed, names, heading):
    called = typed.removesuffix(" Zuid-Holland")
    for number, name in enumerate(names):
        world.place(name, municipality=f"M{number}", postcodes=[f"301{number}"], also=[called])

    response = client.get("/zoeken/", {"place": typed})

    assert response.context["answer"].outcome == "choiceNeeded"
    assert f"Welk {heading} bedoel je?" in response.text


def test_a_split_postcode_lets_the_visitor_choose_the_municipality(client, world):
    world.postcode("1223", place="Hilversum", municipality="Hilversum", shares={"Laren": 0.3})
    world.office("first", name="Loket Hilversum", serves=["1223"])

    response = client.get("/zoeken/?postcode=1223")

    (match,) = response.context["answer"].serving
    assert (match.how, match.municipalities) == ("shared", ("Hilversum",))
    laren = response.context["answer"].choices[1].municipality
    assert laren.name == "Laren"
    assert f"postcode=1223&amp;municipality={laren.code}" in response.text


def test_an_office_for_the_other_municipality_of_a_split_postcode_says_for_whom_it_is(
    client, world
):
    world.postcode("1223", place="Hilversum", municipality="Hilversum", shares={"Laren": 0.3})
    world.postcode("1225", place="Laren", municipality="Laren")
    world.office("other", name="Loket Laren", serves=["1225"])

    response = client.get("/zoeken/?postcode=1223")

    (match,) = response.context["answer"].nearby
    assert (match.office.slug, match.municipalities) == ("other", ("Laren",))
    assert "Alleen als je in de gemeente Laren woont." in response.text


def test_where_no_office_serves_a_sector_the_answer_is_not_blank(client, rotterdam):
    response = client.get("/zoeken/?postcode=3012&sector=vo")

    answer = response.context["answer"]
    assert answer.outcome == "noOffice"
    assert [match.office.slug for match in answer.nearby] == ["here"]
    assert "Loket Hier" in response.text
    assert "onderwijsloket.com" in response.text


def test_the_neighbouring_regions_are_offered_where_nobody_serves(client, rotterdam):
    rotterdam.postcode("3013", place="Nergens", municipality="Nergens")

    response = client.get("/zoeken/?postcode=3013&sector=po")

    assert response.context["answer"].outcome == "noOffice"
    assert "Buurregio" in response.text


def test_when_the_geocoder_was_away_the_answer_says_so(client, rotterdam):
    with_note = client.get("/zoeken/?postcode=3011&note=geocoder_away")
    without = client.get("/zoeken/?postcode=3011")

    assert with_note.context["note"] == "geocoder_away"
    assert with_note.text != without.text


@pytest.mark.parametrize(
    "query",
    [
        "",
        "postcode=",
        "postcode=0123",
        "postcode=1234SS",
        "postcode=" + "9" * 5000,
        "postcode=%F0%9F%98%80",
        "postcode=%EF%BC%93%EF%BC%90%EF%BC%91%EF%BC%91",
        "postcode=3011%00",
        "postcode=%27+OR+1%3D1",
        "postcode[]=3011",
        "postcode=3011&sector=nonsense",
        "postcode=3011&sector=" + "x" * 5000,
        "postcode=3011&support=nonsense",
        "postcode=3011&municipality=Rotterdam",
        "postcode=3011&municipality=GM9999",
        "place=Nergenshuizen",
        "place=" + "x" * 5000,
        "place=%3Cscript%3E",
    ],
)
def test_a_bad_address_is_explained_and_stores_nothing(client, rotterdam, query):
    response = client.get(f"/zoeken/?{query}")

    assert response.status_code == 400
    assert response.context["wrong"]
    assert str(response.context["wrong"][0]).replace("'", "&#x27;") in response.text
    assert 'name="postcode"' in response.text
    assert Search.objects.count() == 0


def test_what_is_wrong_in_an_address_stays_in_the_field(client, rotterdam):
    response = client.get("/zoeken/?place=Roterdam&sector=vo")

    assert 'value="Roterdam"' in response.text
    assert '<option value="vo" selected>' in response.text
    assert response.context["similar"] == ("Rotterdam",)


def test_each_kind_of_bad_address_has_its_own_words(client, rotterdam):
    wrong = [
        "",
        "postcode=0123",
        "postcode=1234SS",
        "postcode=Coolsingel",
        "place=Nergenshuizen",
        "postcode=3011&municipality=GM9999",
        "postcode=3011&municipality=Rotterdam",
        "postcode=3011&sector=nonsense",
        "postcode=3011&support=nonsense",
    ]

    told = [client.get(f"/zoeken/?{query}").context["wrong"] for query in wrong]

    assert len({message for (message,) in told}) == len(wrong)


def test_parameters_that_we_do_not_know_are_ignored_and_not_repeated(client, rotterdam):
    client.get("/zoeken/?postcode=3011&gclid=somebody&page=0")

    response = client.get("/zoeken/?postcode=3011")

    assert response.status_code == 200
    assert "somebody" not in response.text


def test_a_repeated_postcode_is_one_postcode(client, rotterdam):
    response = client.get("/zoeken/?postcode=9999&postcode=3011")

    assert response.context["answer"].postcode == "3011"


def test_another_choice_by_htmx_is_another_search(client, rotterdam):
    client.get("/zoeken/?postcode=3011")
    client.get("/zoeken/?postcode=3011&sector=po", headers={"hx-request": "true"})
    client.get("/zoeken/?postcode=3011&sector=po", headers={"hx-request": "true"})

    assert sorted(Search.objects.values_list("sector", flat=True)) == ["", "po"]


def test_htmx_and_a_browser_do_not_get_each_others_answer(client, rotterdam):
    part = client.get("/zoeken/?postcode=3011", headers={"hx-request": "true"})
    whole = client.get("/zoeken/?postcode=3011")

    assert "<html" not in part.text
    assert "<html" in whole.text


def test_an_answer_by_place_says_for_how_many_postcodes_an_office_works(client, rotterdam):
    rotterdam.place("Rotterdam", municipality="Rotterdam", postcodes=["3011", "3021"])
    rotterdam.office("half", name="Loket Half", part=["3021"])

    response = client.get("/zoeken/?place=rotterdam")

    half = next(it for it in response.context["answer"].serving if it.office.slug == "half")
    assert half.part == (1, 2)
    assert "Loket Half" in response.text


def test_the_choice_of_a_municipality_is_kept_on_the_way_to_a_profile(client, world):
    world.postcode("1223", place="Hilversum", municipality="Hilversum", shares={"Laren": 0.3})
    world.office("first", serves=["1223"])
    hilversum = client.get("/zoeken/?postcode=1223").context["answer"].choices[0].municipality.code

    response = client.get(f"/zoeken/?postcode=1223&municipality={hilversum}")

    assert f"/regioloketten/first/?postcode=1223&amp;municipality={hilversum}" in response.text


def test_the_source_is_handed_on_in_every_link_to_a_profile(client, rotterdam):
    response = client.get("/zoeken/?postcode=3011", headers={"referer": "https://www.google.nl/"})

    assert "/regioloketten/here/?postcode=3011&amp;via=google.nl" in response.text
    assert Search.objects.get().source == "search-engine"


def test_a_prepared_page_does_not_name_the_scheme_of_who_asked_first(client, rotterdam):
    client.get("/zoeken/?postcode=3011")

    response = client.get("/zoeken/?postcode=3011", secure=True)

    assert "https://testserver/zoeken/" in response.text
    assert "http://testserver/zoeken/" not in response.text
