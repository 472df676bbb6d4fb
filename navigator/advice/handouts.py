"""What an advisor sends a candidate: an address, and the words around it.

It is sent by the advisor's own programs, so no address of a candidate is stored here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext

from navigator import post
from navigator.advice import codes, slips
from navigator.advice.models import PickList, Slip


@dataclass(frozen=True, slots=True)
class Handout:
    """An address, with the mail and the text message that are ready to be sent."""

    address: str
    subject: str
    mail: str
    message: str

    @property
    def mailto(self) -> str:
        """Opens the mail in the advisor's own program; without a recipient."""
        lines = self.mail.replace("\n", "\r\n")
        return f"mailto:?subject={quote(self.subject)}&body={quote(lines)}"

    @property
    def sms(self) -> str:
        """Opens the text message in the advisor's own program; without a recipient."""
        return f"sms:?&body={quote(self.message)}"


def of_pick_list(pick_list: PickList) -> Handout:
    """In the language of the list. No query when its items were fetched along."""
    with translation.override(pick_list.language):
        return _handout(
            "pick_list",
            reverse("candidate:pick_list", args=[pick_list.key]),
            gettext("The offices and links of our conversation"),
            {"items": pick_list.items.all(), "until": timezone.localdate(pick_list.expires_at)},
        )


def of_slip(slip: Slip) -> Handout | None:
    """In the language of the slip; None once its code was forgotten."""
    if slip.key is None or slip.code is None:
        return None
    code = codes.shown(slip.code)
    with translation.override(slip.language):
        return _handout(
            "slip",
            reverse("candidate:slip", args=[slip.key]),
            gettext("Your referral to the regional office: %(code)s") % {"code": code},
            {
                "code": code,
                "names": [each.office.name for each in slip.offices.all()],
                "until": slips.last_day(slip),
            },
        )


def _handout(name: str, path: str, subject: str, context: Mapping[str, Any]) -> Handout:
    address = post.full_address(path)
    known = {**context, "address": address}
    mail, message = (
        render_to_string(f"advice/texts/{name}_{kind}.txt", known).strip()
        for kind in ("mail", "message")
    )
    return Handout(address, subject, mail, message)
