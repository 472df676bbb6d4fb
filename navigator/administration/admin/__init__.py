"""What administrators see and change of the data that has no page of its own.

Whatever follows from a change follows at once: offices and regions are changed through
`regions.revisions`, facts end in a rebuild, accounts go through `navigator.accounts.people`.
Nothing of the directory can be deleted here.
"""

from navigator.administration.admin import facts, figures, people, subjects
from navigator.administration.site import data_site

__all__ = ["data_site", "facts", "figures", "people", "subjects"]  # with all that they register
