"""What a browser tells on the side: scripts that fail, and other sites that a page asked for."""


def complaints_of(page):
    """What the browser complains of on a page, filled while it is used."""
    heard = []
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.on(
        "console",
        lambda message: heard.append(message.text) if message.type == "error" else None,
    )
    return heard


def asked_elsewhere(context, site):
    """The addresses of other sites that pages asked for; none of them is answered."""
    asked = []

    def judge(route):
        address = route.request.url
        if address.startswith((site, "data:")):
            route.continue_()
        else:
            asked.append(address)
            route.abort()

    context.route("**/*", judge)
    return asked
