"""What people did on the pages of offices, stored as the service stores it."""

from datetime import UTC, date, datetime, time

from navigator.statistics.models import Click, ProfileView, Search, SupportAsked


def look(office, visitor, day, *, source="direct", province="", **more):
    """A view of an office's page; `day` as 2026-10-01."""
    return _store(
        ProfileView,
        {"office": office},
        visitor,
        day,
        {"source": source, "province": province, **more},
    )


def click(office, visitor, day, target):
    """A click on the page of an office."""
    return _store(Click, {"office": office, "target": target}, visitor, day, {"source": "direct"})


def search(visitor, postcode, day, *, serving=1, sector=""):
    """A search for a postcode."""
    return _store(
        Search,
        {"postcode": postcode, "sector": sector},
        visitor,
        day,
        {"source": "direct", "serving": serving},
    )


def ask_support(visitor, postcode, day, support):
    """A search that was narrowed down to a type of support."""
    asked = {"postcode": postcode, "support": support}
    return _store(SupportAsked, asked, visitor, day, {"source": "direct"})


def _store(model, what, visitor, day, more):
    moment = datetime.combine(date.fromisoformat(day), time(11), UTC)
    same = {"day": day, "visitor": visitor, **what}
    before = model.objects.filter(**same).count()
    return model.objects.create(at=moment, ordinal=before, **same, **more)
