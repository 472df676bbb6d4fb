"""Views, as many as a test needs."""

from datetime import UTC, datetime, timedelta

from django.utils import timezone

from navigator.statistics.models import ProfileView, Search

NOON = datetime(2026, 11, 20, 11, tzinfo=UTC)  # in Amsterdam


def views(office, count, *, at=NOON, source="direct", host="", by="visitor", every_s=60):
    """Views of as many visitors, one every so many seconds."""
    moments = [at + timedelta(seconds=every_s * number) for number in range(count)]
    return ProfileView.objects.bulk_create(
        ProfileView(
            at=moment,
            day=timezone.localdate(moment),
            visitor=f"{by}-{number}",
            ordinal=0,
            office=office,
            source=source,
            source_host=host,
        )
        for number, moment in enumerate(moments)
    )


def search(visitor, *, at=NOON):
    """A search of this visitor."""
    return Search.objects.create(
        at=at,
        day=timezone.localdate(at),
        visitor=visitor,
        ordinal=0,
        postcode="1315",
        municipality="GM0034",
        source="direct",
        serving=1,
    )
