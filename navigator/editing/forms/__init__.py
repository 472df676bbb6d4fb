"""What editors type, one form for each section of a profile."""

from navigator.editing.forms.sections import SectionForm

__all__ = ["SectionForm"]
