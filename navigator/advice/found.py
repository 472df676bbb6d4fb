"""What a lookup at the desk comes to: values that ask nothing of the database."""

from dataclasses import dataclass
from enum import StrEnum

from navigator.advice.names import Kind
from regions.answers import Answer, Choice, Match


class State(StrEnum):
    """What there is to show."""

    BEGINNING = "beginning"  # nothing was typed
    UNFINISHED = "unfinished"  # so little that anything could follow
    ANSWER = "answer"  # for a postcode or a place
    REGION = "region"  # the offices of one region
    NAMES = "names"  # offices, and perhaps places and regions, with such a name
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text can also mean; `typed` is the text that means this alone."""

    kind: Kind
    text: str
    typed: str
    choice: Choice | None = None  # of a place, or of a municipality of a split postcode


@dataclass(frozen=True, slots=True)
class Found:
    """All that the desk shows; nothing in it asks the database again."""

    state: State
    typed: str = ""  # what may stand in the field and in the address
    sector: str = ""
    support: tuple[str, ...] = ()
    answer: Answer | None = None
    name: str = ""  # of the region
    understood: str = ""  # the name that was meant, when it was typed with an error
    offices: tuple[Match, ...] = ()  # found by name; those that fit the filters first
    choices: tuple[Reading, ...] = ()
    also: tuple[Reading, ...] = ()
    left_out: int = 0  # offices, when there are too many to show
    problem: str = ""  # why it is no postcode, in words

    @property
    def matches(self) -> tuple[Match, ...]:
        """All offices that are shown, in order."""
        if self.answer is None:
            return self.offices
        answer = self.answer
        return (*answer.serving, *answer.nearby, *answer.nationwide)
