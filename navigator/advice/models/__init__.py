"""What advisors register, send and hear back. Nothing of it tells who the candidate was."""

from navigator.advice.models.conversations import (
    AdviceConversation,
    Channel,
    ConversationChange,
    ConversationInterest,
    Destination,
    Interest,
    Referral,
    ReferralOffice,
)
from navigator.advice.models.lists import PickList, PickListItem
from navigator.advice.models.slips import QuestionCategory, Slip, SlipOffice, SlipOutcome

__all__ = [
    "AdviceConversation",
    "Channel",
    "ConversationChange",
    "ConversationInterest",
    "Destination",
    "Interest",
    "PickList",
    "PickListItem",
    "QuestionCategory",
    "Referral",
    "ReferralOffice",
    "Slip",
    "SlipOffice",
    "SlipOutcome",
]
