"""Single rows of usage, as tests of totals and reports need them."""

from datetime import UTC, date, datetime, timedelta

from navigator.statistics.models import Click, ProfileView, Search, SupportAsked

TODAY = date(2026, 11, 24)
NOON = datetime(2026, 11, 24, 11, tzinfo=UTC)


def at(day, minute=0):
    """11:00 and some minutes."""
    return datetime(day.year, day.month, day.day, 10, tzinfo=UTC) + timedelta(minutes=minute)


def view(office, visitor, *, day=TODAY, minute=0, source="direct", province="", **fields):
    """A view; a visitor of None is a machine."""
    return ProfileView.objects.create(
        at=at(day, minute),
        day=day,
        visitor=visitor,
        ordinal=ProfileView.objects.filter(day=day, office=office, visitor=visitor).count(),
        office=office,
        source=source,
        province=province,
        **fields,
    )


def search(
    visitor,
    postcode="1315",
    *,
    day=TODAY,
    minute=0,
    source="direct",
    serving=1,
    municipality="GM0034",
    province="flevoland",
    sector="",
):
    """A search that so many offices serve."""
    same = {"postcode": postcode, "municipality": municipality, "sector": sector}
    return Search.objects.create(
        at=at(day, minute),
        day=day,
        visitor=visitor,
        ordinal=Search.objects.filter(day=day, visitor=visitor, **same).count(),
        source=source,
        province=province,
        serving=serving,
        **same,
    )


def click(office, visitor, target="website", *, day=TODAY):
    """A click on a way to contact."""
    return Click.objects.create(
        at=at(day),
        day=day,
        visitor=visitor,
        ordinal=Click.objects.filter(
            day=day, office=office, target=target, visitor=visitor
        ).count(),
        source="direct",
        office=office,
        target=target,
    )


def support(visitor, code, postcode="1315", *, day=TODAY):
    """Support that was asked for."""
    return SupportAsked.objects.create(
        at=at(day),
        day=day,
        visitor=visitor,
        ordinal=0,
        source="direct",
        postcode=postcode,
        municipality="GM0034",
        support=code,
    )
