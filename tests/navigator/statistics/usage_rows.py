"""Views and searches as they are stored, for tests of what is told of them."""

from datetime import UTC, datetime, timedelta

from navigator.statistics.models import ProfileView, Search


def moment(day, minute=0):
    """Some minutes after ten in the morning (UTC) of a day."""
    return datetime(day.year, day.month, day.day, 10, tzinfo=UTC) + timedelta(minutes=minute)


def view(office, visitor, day, *, minute=0, source="direct", province=""):
    """A view of an office's page; a visitor of None is a machine."""
    return ProfileView.objects.create(
        at=moment(day, minute),
        day=day,
        visitor=visitor,
        ordinal=ProfileView.objects.filter(day=day, office=office, visitor=visitor).count(),
        office=office,
        source=source,
        province=province,
    )


def search(
    visitor,
    postcode,
    day,
    *,
    municipality="",
    sector="",
    province="",
    source="direct",
    serving=1,
    minute=0,
):
    """A search for a postcode."""
    return Search.objects.create(
        at=moment(day, minute),
        day=day,
        visitor=visitor,
        ordinal=Search.objects.filter(
            day=day, visitor=visitor, postcode=postcode, sector=sector
        ).count(),
        postcode=postcode,
        municipality=municipality,
        sector=sector,
        source=source,
        province=province,
        serving=serving,
    )
