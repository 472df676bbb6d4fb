"""Who helps where no regional office does."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NationalDesk:
    """The national desk for questions about working in education."""

    name: str
    website: str
    email: str
    phone: str  # E.164


# The address and number that offices without their own give for it; see fixtures/README.md.
NATIONAL_DESK = NationalDesk(
    name="Onderwijsloket",
    website="https://www.onderwijsloket.com/",
    email="vraag@onderwijsloket.com",
    phone="+31302270374",
)
