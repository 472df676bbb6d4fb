"""Tables that people upload: the field of a form, and why a file can't be read or made."""

from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext, gettext_lazy as _

from regions import sheets

# The code of a SheetError -> what is wrong and what to do.
_SHEET_ERRORS: Final[dict[str, Any]] = {
    "not_a_table": _(
        "This is not a CSV or XLSX file. Save it as one of these in your spreadsheet."
    ),
    "empty": _("This file is empty. The first row has the names of the columns."),
    "too_large": _("This file is too large: the most is %(most)s MB."),
    "too_many_rows": _("This table is too long: the most is %(most)s rows."),
    "too_many_columns": _("This table is too wide: the most is %(most)s columns."),
    "column_without_name": _("Column %(column)s has content but no name in the first row."),
    "column_twice": _("The column “%(column)s” is there twice."),
    "cells_without_column": _(
        "A row has more cells than there are columns. Perhaps a text holds the separator and is "
        "not between quotes."
    ),
    "too_long_for_a_cell": _("“%(column)s” of %(row)s is too long for XLSX. Take CSV instead."),
}


def explain(error: sheets.SheetError) -> str:
    """Why a file can't be read or made, and what to do."""
    return str(_SHEET_ERRORS[error.code]) % error.params


class TableField(forms.FileField):
    """A CSV or XLSX file; its clean value is the table in it, as texts."""

    widget = forms.ClearableFileInput(
        attrs={
            "accept": ".csv,.xlsx,text/csv,"
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        }
    )
    default_error_messages = {
        "required": _("Choose a file."),
        "empty": _SHEET_ERRORS["empty"],
        "missing": _("Choose a file."),
        "invalid": _("Choose a file."),
    }

    def clean(self, data: Any, initial: Any = None) -> Any:
        """The table. Raises ValidationError, with the code of the SheetError."""
        file: UploadedFile[bytes] = super().clean(data, initial)
        if (file.size or 0) > sheets.MOST_BYTES:
            raise ValidationError(
                gettext("This file is %(size)s; the most is %(most)s.")
                % {
                    "size": filesizeformat(file.size or 0),
                    "most": filesizeformat(sheets.MOST_BYTES),
                }
            )
        try:
            return sheets.read(file.read())
        except sheets.SheetError as error:
            raise ValidationError(explain(error), code=error.code) from None
