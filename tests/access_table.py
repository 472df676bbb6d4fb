"""The access table: every address of the site and the API, and what each role is answered there.

A line is an address as the resolver knows it, an example of it, and the answers to GET and to POST
for each role, in this order:

    nobody · advisor · editor of another region · editor of this region · administrator

An answer is a status, or `login`: sent to log in (302). `post=None` means that the address takes no
POST: who may read it is told so (405), who may not gets the answer to GET. HEAD is answered as GET;
PUT, PATCH and DELETE as a POST that isn't taken, unless the line says otherwise.
"""

from dataclasses import dataclass

ROLES = ("nobody", "advisor", "stranger", "editor", "administrator")
REFUSED = {"login", "401", "403", "404"}


@dataclass(frozen=True)
class Line:
    """What an address answers; `example` may hold {names} of what the world of the test has."""

    example: str
    get: str
    post: str | None = None
    others: str | None = None  # PUT and DELETE where they are taken, "PUT DELETE" per method
    data: tuple[tuple[str, str], ...] = ()

    def answer(self, method: str, role: str) -> str:
        """The expected answer: a status as text, or `login`."""
        place = ROLES.index(role)
        read = self.get.split()[place]
        if method in ("GET", "HEAD"):
            return read
        if method == "POST" and self.post is not None:
            return self.post.split()[place]
        if read in REFUSED:
            return read
        return "405"


def everybody(example: str, get: str = "200", post: str | None = None, **more: str) -> Line:
    """The same for all."""
    return Line(example, " ".join([get] * 5), post and " ".join([post] * 5), **more)


def editors(example: str, get: str = "200", post: str | None = None) -> Line:
    """For editors of this office or region, and administrators; nobody else finds it."""
    refused = "login 404 404"
    return Line(example, f"{refused} {get} {get}", post and f"{refused} {post} {post}")


def administrators(example: str, get: str = "200", post: str | None = None) -> Line:
    """For administrators; the others are told that it isn't for them."""
    refused = "login 403 403 403"
    return Line(example, f"{refused} {get}", post and f"{refused} {post}")
