"""The access table: every address of the site and the API, and what each role is answered there.

A line is an address as the resolver knows it, an example of it, and the answer to a method for
each role, in the order of `ROLES`. An answer is a status, or `login`: sent to log in (302).

What a line doesn't say follows: HEAD is answered as GET. Who asks by any other method that isn't
named is told that it isn't taken (405), whatever the address; who isn't logged in is asked for that
first. The world of the examples stands in `test_access.py`.
"""

from dataclasses import dataclass, field

ROLES = ("nobody", "advisor", "stranger", "editor", "administrator")
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
WHO_ARE_YOU = {"login", "401"}


@dataclass(frozen=True)
class Line:
    """What an address answers; `example` can hold {names} of things in the world of the test."""

    example: str
    answers: dict[str, str] = field(default_factory=dict)  # method -> a status per role
    body: str = ""  # what is posted; JSON for the API

    def answer(self, method: str, role: str) -> str:
        """The expected answer."""
        place = ROLES.index(role)
        if method == "HEAD":
            method = "GET"
        if method in self.answers:
            return self.answers[method].split()[place]
        read = self.answers.get("GET", "405 405 405 405 405").split()[place]
        return read if read in WHO_ARE_YOU else "405"


def everybody(example: str, get: str = "200", body: str = "", **more: str) -> Line:
    """The same for all."""
    answers = {"GET": get, **more}
    return Line(example, {method: " ".join([told] * 5) for method, told in answers.items()}, body)


def members(example: str, get: str = "200", **more: str) -> Line:
    """The same for all who are logged in."""
    answers = {"GET": get, **more}
    return Line(
        example, {method: " ".join(["login", *[told] * 4]) for method, told in answers.items()}
    )


def editors(example: str, **answers: str) -> Line:
    """For editors of this office or region, and administrators; nobody else finds it."""
    told = {method: f"login 404 404 {answer} {answer}" for method, answer in answers.items()}
    return Line(example, {"GET": _NOT_TAKEN, **told})


def administrators(example: str, refused: str = "403", **answers: str) -> Line:
    """For administrators; the others are told that it isn't for them."""
    others = " ".join([refused] * 3)
    told = {method: f"login {others} {answer}" for method, answer in answers.items()}
    return Line(example, {"GET": _NOT_TAKEN, **told})


_NOT_TAKEN = "login 405 405 405 405"


def read(example: str, get: str = "200", **more: str) -> Line:
    """An address of the public API: read by all, without logging in."""
    return everybody(example, get, OPTIONS="204", **more)


def own(example: str, get: str = "200", **more: str) -> Line:
    """An address of the API for editors of this office or region, and administrators."""
    answers = {"GET": get, **more}
    told = {method: f"401 404 404 {answer} {answer}" for method, answer in answers.items()}
    if get == "405":
        told["GET"] = "401 405 405 405 405"
    return Line(example, {**told, "OPTIONS": "401 204 204 204 204"}, body="{}")


def _nowhere(example: str) -> Line:
    return everybody(example, "404", **dict.fromkeys(METHODS[2:], "404"))


def _my(kind: str, slug: str) -> dict[str, Line]:
    route, example = f"api/v1/my/{kind}/<slug:slug>", f"/api/v1/my/{kind}/{slug}"
    return {
        f"api/v1/my/{kind}": Line(
            f"/api/v1/my/{kind}",
            {
                "GET": "401 403 200 200 200",
                **dict.fromkeys(METHODS[2:], "401 403 405 405 405"),
                "OPTIONS": "401 403 204 204 204",
            },
        ),
        route: own(example, PATCH="400"),
        f"{route}/revision": own(f"{example}/revision", DELETE="204"),
        f"{route}/revision/submit": own(f"{example}/revision/submit", "405", POST="409"),
        f"{route}/revision/publish": Line(
            f"{example}/revision/publish",
            {
                "GET": "401 405 405 405 405",
                "POST": "401 404 404 403 200",
                "OPTIONS": "401 204 204 204 204",
            },
            body="{}",
        ),
        f"{route}/history": own(f"{example}/history"),
    }


def _conversations(example: str) -> Line:
    return Line(
        example,
        {
            "GET": "401 200 403 403 200",
            **dict.fromkeys(METHODS[2:], "401 405 403 403 405"),
            "POST": "401 400 403 403 400",
            "OPTIONS": "401 204 403 403 204",
        },
        body="{}",
    )


API: dict[str, Line] = {
    "api/v1/offices": read("/api/v1/offices"),
    "api/v1/offices/<slug:slug>": read("/api/v1/offices/flevowijs"),
    "api/v1/regions": read("/api/v1/regions"),
    "api/v1/regions/<slug:slug>": read("/api/v1/regions/almere-lelystad"),
    "api/v1/sectors": read("/api/v1/sectors"),
    "api/v1/support-types": read("/api/v1/support-types"),
    "api/v1/postcodes/<str:pc4>": read("/api/v1/postcodes/3011"),
    "api/v1/searches": read("/api/v1/searches", "405", POST="200", body='{"postcode": "3011"}'),
    "api/v1/conversations": _conversations("/api/v1/conversations"),
    "api/v1/conversations/": _conversations("/api/v1/conversations/"),
    # Of another advisor: not found for this one.
    "api/v1/conversations/<uuid:key>": Line(
        "/api/v1/conversations/{conversation_key}",
        {
            "GET": "401 404 403 403 200",
            **dict.fromkeys(METHODS[2:], "401 405 403 403 405"),
            "DELETE": "401 404 403 403 204",
            "OPTIONS": "401 204 403 403 204",
        },
    ),
    **{
        f"api/v1/statistics/{table}": read(f"/api/v1/statistics/{table}")
        for table in (
            "usage",
            "days",
            "sources",
            "provinces",
            "municipalities",
            "searches",
            "without-office",
            "offices",
            "left-out",
            "archive",
        )
    },
    "api/v1/statistics/advice": read("/api/v1/statistics/advice"),
    # Not published: for who works with the figures alone.
    "api/v1/statistics/advice/<slug:table>": Line(
        "/api/v1/statistics/advice/destinations",
        {"GET": "404 200 404 404 200", "OPTIONS": "204 204 204 204 204"},
    ),
    "api/v1/problems/<slug:code>": read("/api/v1/problems/not-found"),
    "api/v1/openapi.json": read("/api/v1/openapi.json"),
    "api/v1/docs": everybody("/api/v1/docs"),
    "api/": _nowhere("/api/"),
    "api/<path:anything>": _nowhere("/api/v1/nowhere"),
    **_my("offices", "flevowijs"),
    **_my("regions", "almere-lelystad"),
    "api/v1/my/offices/<slug:slug>/confirm": own(
        "/api/v1/my/offices/flevowijs/confirm", "405", POST="200"
    ),
}

PUBLIC: dict[str, Line] = {
    "healthz": everybody("/healthz"),
    "readyz": everybody("/readyz"),
    "metrics": everybody("/metrics"),
    "robots.txt": everybody("/robots.txt"),
    "sitemap.xml": everybody("/sitemap.xml"),
    "": everybody("/", POST="400"),
    "zoeken/": everybody("/zoeken/?postcode=3011"),
    "regioloketten/": everybody("/regioloketten/"),
    "regioloketten/<slug:slug>/": everybody("/regioloketten/flevowijs/"),
    "onderwijsregios/": everybody("/onderwijsregios/"),
    "onderwijsregios/<slug:slug>/": everybody("/onderwijsregios/almere-lelystad/"),
    "over/": everybody("/over/"),
    "over/toegankelijkheid/": everybody("/over/toegankelijkheid/"),
    "over/privacy/": everybody("/over/privacy/"),
    # An address that nobody guesses is the key.
    "voorbeeld/<slug:key>/": everybody("/voorbeeld/{preview_key}/"),
}

# Who is logged in already is sent on from what is for those who are not.
_GUESTS = "200 302 302 302 302"
_WITH_APP = "login 200 302 302 200"  # advisors and administrators have a second factor
ACCOUNT: dict[str, Line] = {
    "inloggen/": Line("/inloggen/", {"GET": _GUESTS, "POST": _GUESTS}),
    "inloggen/tweede-stap/": Line(
        "/inloggen/tweede-stap/",
        {"GET": "302 302 302 302 302", "POST": "302 302 302 302 302"},
    ),
    "inloggen/gesloten/": everybody("/inloggen/gesloten/"),
    "uitloggen/": Line(
        "/uitloggen/", {"GET": "302 200 200 200 200", "POST": "302 302 302 302 302"}
    ),
    "wachtwoord-vergeten/": everybody("/wachtwoord-vergeten/", POST="200"),
    "wachtwoord-vergeten/verzonden/": everybody("/wachtwoord-vergeten/verzonden/"),
    "wachtwoord-vergeten/klaar/": everybody("/wachtwoord-vergeten/klaar/"),
    "wachtwoord-vergeten/<account_number:uidb36>-<str:key>/": everybody(
        "/wachtwoord-vergeten/1-no-such-key/", POST="200"
    ),
    "account/": members("/account/"),
    "account/bevestigen/": members("/account/bevestigen/", POST="200"),
    "account/bevestigen/tweede-stap/": Line(
        "/account/bevestigen/tweede-stap/", {"GET": _WITH_APP, "POST": _WITH_APP}
    ),
    "account/e-mail/": members("/account/e-mail/", POST="302"),
    "account/e-mail/verzonden/": everybody("/account/e-mail/verzonden/"),
    "account/e-mail/<str:key>/": everybody("/account/e-mail/no-such-key/", POST="404"),
    "account/wachtwoord/": members("/account/wachtwoord/", POST="200"),
    "account/wachtwoord/kiezen/": members("/account/wachtwoord/kiezen/", "302", POST="302"),
    "account/tweede-stap/": members("/account/tweede-stap/"),
    "account/tweede-stap/instellen/": members("/account/tweede-stap/instellen/", "302", POST="302"),
    "account/tweede-stap/uitzetten/": Line(
        "/account/tweede-stap/uitzetten/",
        {"GET": "login 200 404 404 200", "POST": "login 302 404 404 302"},
    ),
    "account/tweede-stap/herstelcodes/": members("/account/tweede-stap/herstelcodes/", "404"),
    "account/tweede-stap/herstelcodes/bestand/": members(
        "/account/tweede-stap/herstelcodes/bestand/", "404"
    ),
    "account/tweede-stap/herstelcodes/maken/": Line(
        "/account/tweede-stap/herstelcodes/maken/",
        {"GET": _WITH_APP, "POST": "login 302 302 302 302"},
    ),
    "account/sessies/": members("/account/sessies/", POST="302"),
    # Who logged in long ago, as these editors, is asked for the password again.
    "account/sleutels/": Line(
        "/account/sleutels/", {"GET": "login 200 200 200 200", "POST": _WITH_APP}
    ),
    "account/sleutels/<int:pk>/intrekken/": Line(
        "/account/sleutels/{token}/intrekken/",
        {"GET": "login 404 404 200 404", "POST": "login 404 404 303 404"},
    ),
    "uitnodiging/<slug:key>/": everybody("/uitnodiging/{invitation_key}/", POST="200"),
    "uitnodiging/<slug:key>/aannemen/": members(
        "/uitnodiging/{invitation_key}/aannemen/", POST="200"
    ),
    "uitnodigingen/<int:pk>/opnieuw/": editors(
        "/uitnodigingen/{invitation}/opnieuw/", GET="200", POST="303"
    ),
    "uitnodigingen/<int:pk>/intrekken/": editors(
        "/uitnodigingen/{invitation}/intrekken/", GET="200", POST="303"
    ),
}

_OFFICE, _REGION = "/mijn-regio/loketten/flevowijs/", "/mijn-regio/regios/almere-lelystad/"
_SUBJECT = "mijn-regio/<kind:kind>/<slug:slug>/"
EDITING: dict[str, Line] = {
    "mijn-regio/": members("/mijn-regio/"),
    "mijn-regio/opmaak/": members("/mijn-regio/opmaak/", "405", POST="200"),
    "mijn-regio/collegas/": Line(
        "/mijn-regio/collegas/",
        {"GET": "login 403 200 200 302", "POST": "login 403 200 200 302"},
    ),
    _SUBJECT: editors(_OFFICE, GET="200"),
    f"{_SUBJECT}bevestigen/": editors(f"{_OFFICE}bevestigen/", POST="303"),
    "mijn-regio/loketten/<slug:slug>/werkgebied/": editors(
        f"{_OFFICE}werkgebied/", GET="200", POST="200"
    ),
    "mijn-regio/loketten/<slug:slug>/bezoek/": editors(f"{_OFFICE}bezoek/", GET="200", POST="409"),
    "mijn-regio/cijfers/": Line(
        "/mijn-regio/cijfers/",
        {"GET": "login 403 200 200 200", "POST": "login 403 303 303 303"},
    ),
    "mijn-regio/loketten/<slug:slug>/cijfers/": editors(f"{_OFFICE}cijfers/", GET="200"),
    "mijn-regio/loketten/<slug:slug>/cijfers/<slug:table>/<slug:kind>/": editors(
        f"{_OFFICE}cijfers/days/csv/", GET="200"
    ),
    f"{_SUBJECT}<section:section>/": editors(f"{_OFFICE}inleiding/", GET="200", POST="400"),
    f"{_SUBJECT}voorstel/": editors(f"{_OFFICE}voorstel/", GET="200", POST="400"),
    f"{_SUBJECT}geschiedenis/": editors(f"{_OFFICE}geschiedenis/", GET="200"),
    f"{_SUBJECT}geschiedenis/begin/": editors(
        f"{_OFFICE}geschiedenis/begin/", GET="200", POST="303"
    ),
    f"{_SUBJECT}geschiedenis/<int:pk>/": editors(
        _OFFICE + "geschiedenis/{published}/", GET="200", POST="303"
    ),
    f"{_SUBJECT}voorbeeld/": editors(f"{_OFFICE}voorbeeld/", GET="200"),
}
# The same addresses of another kind or section, where who may what could differ.
MORE: tuple[tuple[str, Line], ...] = (
    (_SUBJECT, editors(_REGION, GET="200")),
    (f"{_SUBJECT}<section:section>/", editors(f"{_REGION}gegevens/", GET="200", POST="400")),
    (
        f"{_SUBJECT}<section:section>/",
        Line(
            f"{_OFFICE}instellingen/",
            {"GET": "login 404 404 404 200", "POST": "login 404 404 404 400"},
        ),
    ),
    (f"{_SUBJECT}voorstel/", editors(f"{_REGION}voorstel/", GET="200", POST="400")),
    (f"{_SUBJECT}geschiedenis/", editors(f"{_REGION}geschiedenis/", GET="200")),
    (f"{_SUBJECT}voorbeeld/", editors(f"{_REGION}voorbeeld/", GET="200")),
    (
        f"{_SUBJECT}geschiedenis/<int:pk>/",
        editors(_OFFICE + "geschiedenis/{waiting}/", GET="200", POST="404"),
    ),
)

ADMINISTRATION: dict[str, Line] = {
    "beheer/": administrators("/beheer/", GET="200"),
    "beheer/gaten/": administrators("/beheer/gaten/", GET="200"),
    "beheer/niet-bevestigd/": administrators("/beheer/niet-bevestigd/", GET="200"),
    "beheer/onvolledig/": administrators("/beheer/onvolledig/", GET="200"),
    "beheer/dode-links/": administrators("/beheer/dode-links/", GET="200"),
    "beheer/uitnodigingen/": administrators("/beheer/uitnodigingen/", GET="200", POST="200"),
    "beheer/mensen/": administrators("/beheer/mensen/", GET="200"),
    "beheer/mensen/<int:pk>/": administrators("/beheer/mensen/{person}/", GET="200", POST="303"),
    "beheer/mensen/<int:pk>/sluiten/": administrators(
        "/beheer/mensen/{person}/sluiten/", GET="200", POST="303"
    ),
    "beheer/mensen/<int:pk>/openen/": administrators(
        "/beheer/mensen/{closed}/openen/", GET="200", POST="303"
    ),
    "beheer/mensen/<int:pk>/tweede-stap/": administrators(
        "/beheer/mensen/{person}/tweede-stap/", GET="200", POST="303"
    ),
    "beheer/logboek/": administrators("/beheer/logboek/", GET="200"),
    "beheer/beoordelen/": administrators("/beheer/beoordelen/", GET="200"),
    "beheer/beoordelen/<int:pk>/": administrators(
        "/beheer/beoordelen/{waiting}/", refused="404", GET="200", POST="400"
    ),
    "beheer/in-en-uitvoer/": administrators("/beheer/in-en-uitvoer/", GET="200", POST="400"),
    "beheer/in-en-uitvoer/controle/": administrators(
        "/beheer/in-en-uitvoer/controle/", GET="303", POST="303"
    ),
    "beheer/in-en-uitvoer/<slug:table>/<slug:kind>/": administrators(
        "/beheer/in-en-uitvoer/offices/csv/", GET="200"
    ),
    "beheer/indeling/": administrators("/beheer/indeling/", GET="200"),
    "beheer/indeling/loket-toevoegen/": administrators(
        "/beheer/indeling/loket-toevoegen/", GET="200", POST="200"
    ),
    "beheer/indeling/regio-toevoegen/": administrators(
        "/beheer/indeling/regio-toevoegen/", GET="200", POST="200"
    ),
    "beheer/indeling/regios/<slug:slug>/samenvoegen/": administrators(
        "/beheer/indeling/regios/limburg/samenvoegen/", GET="200", POST="200"
    ),
    "beheer/indeling/regios/<slug:slug>/splitsen/": administrators(
        "/beheer/indeling/regios/limburg/splitsen/", GET="200", POST="200"
    ),
    "beheer/indeling/<kind:kind>/<slug:slug>/adres/": administrators(
        "/beheer/indeling/loketten/flevowijs/adres/", GET="200", POST="200"
    ),
    "beheer/indeling/<kind:kind>/<slug:slug>/archiveren/": administrators(
        "/beheer/indeling/loketten/flevowijs/archiveren/", POST="303"
    ),
    "beheer/indeling/<kind:kind>/<slug:slug>/terughalen/": administrators(
        "/beheer/indeling/loketten/flevowijs/terughalen/", POST="303"
    ),
}


def advisors(example: str, **answers: str) -> Line:
    """For advisors and administrators; the others are told that it isn't for them."""
    told = {method: f"login {answer} 403 403 {answer}" for method, answer in answers.items()}
    return Line(example, {"GET": _NOT_TAKEN, **told})


# What a line here says is what its page has to do. The desk:
DESK: dict[str, Line] = {
    "advies/": advisors("/advies/", GET="200"),
}
# Conversations:
CONVERSATIONS: dict[str, Line] = {
    "advies/gesprekken/": advisors("/advies/gesprekken/", GET="200", POST="400"),
    "advies/gesprekken/namen/": advisors("/advies/gesprekken/namen/?soort=school&q=a", GET="200"),
    # Of another advisor: not found for this one. What doesn't say what it was based on clashes.
    "advies/gesprekken/<int:pk>/": Line(
        "/advies/gesprekken/{conversation}/",
        {"GET": "login 404 403 403 200", "POST": "login 404 403 403 409"},
    ),
    "advies/gesprekken/<int:pk>/intrekken/": Line(
        "/advies/gesprekken/{conversation}/intrekken/",
        {"GET": _NOT_TAKEN, "POST": "login 404 403 403 303"},
    ),
    "advies/gesprekken/<int:pk>/terughalen/": Line(
        "/advies/gesprekken/{conversation}/terughalen/",
        {"GET": _NOT_TAKEN, "POST": "login 404 403 403 303"},
    ),
}
# Registrations of before, and the API for them:
REGISTRATIONS: dict[str, Line] = {
    "advies/invoer/": administrators("/advies/invoer/", GET="200", POST="400"),
    "advies/invoer/controle/": administrators("/advies/invoer/controle/", GET="303", POST="303"),
    "advies/invoer/voorbeeld/<slug:kind>/": administrators(
        "/advies/invoer/voorbeeld/csv/", GET="200"
    ),
}
# Pick lists and slips:
SLIPS: dict[str, Line] = {
    "advies/lijstjes/": advisors("/advies/lijstjes/", GET="200", POST="400"),
    "advies/lijstjes/<int:pk>/": Line(
        "/advies/lijstjes/{pick_list}/",
        {"GET": "login 404 403 403 200", "POST": "login 404 403 403 303"},
    ),
    "advies/briefjes/": advisors("/advies/briefjes/", GET="200", POST="400"),
    "advies/briefjes/<int:pk>/": Line(
        "/advies/briefjes/{slip}/",
        {"GET": "login 404 403 403 200", "POST": "login 404 403 403 303"},
    ),
    # An address that nobody guesses is the key.
    "lijstje/<slug:key>/": everybody("/lijstje/{pick_list_key}/"),
    "briefje/<slug:key>/": everybody("/briefje/{slip_key}/"),
    "briefje/<slug:key>/niet-gebeld/": everybody(
        "/briefje/{slip_key}/niet-gebeld/", "405", POST="400"
    ),
    "terugmelden/<str:link>/": everybody("/terugmelden/{outcome_link}/", POST="400"),
    "mijn-regio/doorverwijzingen/": Line(
        "/mijn-regio/doorverwijzingen/", {"GET": "login 403 200 200 200"}
    ),
    "mijn-regio/doorverwijzingen/<int:pk>/": editors(
        "/mijn-regio/doorverwijzingen/{slip_office}/", POST="400"
    ),
}
# Corrections from the call:
CORRECTIONS: dict[str, Line] = {
    "advies/verbeteringen/": advisors("/advies/verbeteringen/", GET="200"),
    "advies/verbeteringen/<slug:slug>/": advisors(
        "/advies/verbeteringen/flevowijs/", GET="200", POST="400"
    ),
    # The region of this editor is reviewed: an administrator decides.
    "mijn-regio/verbeteringen/<int:pk>/": Line(
        "/mijn-regio/verbeteringen/{suggestion}/",
        {"GET": "login 404 404 200 200", "POST": "login 404 404 403 400"},
    ),
}
# Figures:
FIGURES: dict[str, Line] = {
    "advies/cijfers/": advisors("/advies/cijfers/", GET="200"),
    "advies/cijfers/<slug:table>/<slug:kind>/": advisors(
        "/advies/cijfers/destinations/csv/", GET="200"
    ),
    "statistiek/": everybody("/statistiek/"),
    "statistiek/uitleg/": everybody("/statistiek/uitleg/"),
    "statistiek/<slug:table>/<slug:kind>/": everybody("/statistiek/offices/csv/"),
    "statistiek/archief/": everybody("/statistiek/archief/"),
    "klik/": everybody("/klik/", "405", POST="400"),
    "statistiek/advies/<slug:table>/<slug:kind>/": everybody(
        "/statistiek/advies/destinations/csv/", "404"
    ),
    "beheer/cijfers/": administrators("/beheer/cijfers/", GET="200", POST="303"),
    "beheer/weergaven/": administrators("/beheer/weergaven/", GET="200", POST="400"),
    "beheer/weergaven/<int:pk>/terughalen/": administrators(
        "/beheer/weergaven/{exclusion}/terughalen/", POST="303"
    ),
}

_DATA = "beheer/gegevens/"


def _data(model: str, key: str, *, add: str = "403", change: str = "403", delete: str = "403"):
    """The pages of Django's admin for a model: what administrators are answered to GET and POST.

    `change` is the answer to a POST alone: all may be read.
    """
    route, example = f"{_DATA}{model}/", f"/{_DATA}{model}/"
    one, thing = f"{route}<path:object_id>/", f"{example}{key}/"
    return {
        route: administrators(example, GET="200", POST="200"),
        f"{route}add/": administrators(f"{example}add/", GET=add, POST=add),
        one: administrators(thing, GET="302", POST="302"),
        f"{one}change/": administrators(f"{thing}change/", GET="200", POST=change),
        f"{one}delete/": administrators(f"{thing}delete/", GET=delete, POST=delete),
        f"{one}history/": administrators(f"{thing}history/", GET="200", POST="200"),
    }


DATA: dict[str, Line] = {
    _DATA: administrators(f"/{_DATA}", GET="200", POST="200"),
    f"{_DATA}jsi18n/": administrators(f"/{_DATA}jsi18n/", GET="200", POST="405"),
    f"{_DATA}^(?P<app_label>regions|statistics|accounts)/$": administrators(
        f"/{_DATA}regions/", GET="200", POST="200"
    ),
    **_data("regions/municipality", "GM0034", change="200"),
    **_data("regions/postcode", "1315", change="200"),
    **_data("regions/place", "{place}"),
    **_data("regions/sector", "po", change="200"),
    **_data("regions/supporttype", "vacancies", change="200"),
    **_data("regions/regionaloffice", "{office}", add="302", change="200"),
    **_data("regions/educationregion", "{region}", add="302", change="200"),
    **_data("regions/formerslug", "{former_slug}"),
    **_data("regions/linkcheck", "{link_check}"),
    **_data("regions/revision", "{published}"),
    **_data("statistics/campaign", "{campaign}", add="200", change="200", delete="200"),
    **_data("statistics/knownsource", "{known_source}", add="200", change="200", delete="200"),
    **_data("accounts/user", "{person}", change="302"),
    **_data("accounts/membership", "{membership}", add="200", delete="200"),
    **_data("accounts/invitation", "{invitation}"),
    **_data("accounts/token", "{token}"),
    **_data("accounts/auditentry", "{entry}"),
}

TABLE: dict[str, Line] = {
    **PUBLIC,
    **API,
    **ACCOUNT,
    **EDITING,
    **DESK,
    **CONVERSATIONS,
    **REGISTRATIONS,
    **SLIPS,
    **CORRECTIONS,
    **FIGURES,
    **ADMINISTRATION,
    **DATA,
}
