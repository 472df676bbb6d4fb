"""What a password has to be, in words that the site speaks too."""

from django.contrib.auth.password_validation import MinimumLengthValidator
from django.utils.translation import gettext as _


class LongEnough(MinimumLengthValidator):
    """Django's rule; its sentence has no Dutch in this version."""

    def get_error_message(self) -> str:
        """How long it has to be."""
        return _("This password is too short. Use at least %(number)d characters.") % {
            "number": self.min_length
        }
