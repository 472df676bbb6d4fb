"""What people type about other people, about invitations, and about their own keys."""

from datetime import date
from typing import Any, Final, cast

from django import forms
from django.contrib.auth import password_validation
from django.core import validators
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from navigator.accounts import log, rules, tokens
from navigator.accounts.forms import EMAIL, LONG, PASSWORD
from navigator.accounts.models import Token, User
from regions import cleaning
from regions.models import EducationRegion

_NEEDED: Final = {"required": _("Fill this in.")}

# The code of an InvitationError -> what to do next.
INVITE_ERRORS: Final = {
    "invited_already": _("This address has this invitation already. Send that one again instead."),
    "works_already": _("Somebody with this address works here already, with all of this."),
    "many_by_you": _(
        "You have sent 30 invitations today. Go on tomorrow, or ask an administrator."
    ),
    "many_to_address": _("We have mailed this address three times today. Try it again tomorrow."),
    "not_sent": _("The mail could not be sent, so nothing was stored. Try again in a few minutes."),
}
_TOKEN_ERRORS: Final = {
    "name_taken": _("You have a key with this name that works. Choose another name."),
    "too_many": _("You have 20 keys that work. Withdraw one first."),
}


class InviteForm(forms.Form):
    """An address, and regions out of those that who invites may choose."""

    email = forms.CharField(
        label=EMAIL,
        max_length=254,
        error_messages=_NEEDED,
        help_text=_("We mail a link to this address. It works once, for 14 days."),
        widget=forms.TextInput(attrs={"inputmode": "email", "autocomplete": "off"}),
    )
    regions = forms.ModelMultipleChoiceField(
        label=_("Education regions"),
        queryset=EducationRegion.objects.none(),
        error_messages={"required": _("Choose at least one.")},
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = rules.invitable_regions(by)
        field = cast("forms.ModelMultipleChoiceField[EducationRegion]", self.fields["regions"])
        field.queryset = own
        if not rules.is_administrator(by) and len(own) == 1:
            field.initial = [own[0].pk]

    def clean_email(self) -> str:
        """In lower case, without what comes along when an address is pasted."""
        try:
            email: str = cleaning.email(self.cleaned_data["email"]).lower()
        except cleaning.Unclean as error:
            raise ValidationError(cleaning.message(error)) from error
        return email

    def refuse(self, code: str) -> None:
        """Say in words why it can't be done."""
        about_address = code not in ("not_sent", "many_by_you")
        self.add_error("email" if about_address else None, str(INVITE_ERRORS[code]))


class AdministratorInviteForm(InviteForm):
    """The same, for every region and every role."""

    as_advisor = forms.BooleanField(label=_("as an advisor"), required=False)
    as_administrator = forms.BooleanField(label=_("as an administrator"), required=False)

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, by=by, **kwargs)
        self.fields["regions"].required = False

    def clean(self) -> dict[str, Any]:
        """Something has to be granted."""
        cleaned = super().clean() or self.cleaned_data
        chosen = [cleaned.get(name) for name in ("regions", "as_advisor", "as_administrator")]
        if "regions" not in self.errors and not any(chosen):
            self.add_error("regions", _("Choose a region or a role."))
        return cleaned


class NewAccountForm(forms.Form):
    """What a new person chooses: a name and a password. `user` is the account to be."""

    name = forms.CharField(
        label=_("Your name"),
        required=False,
        max_length=150,
        help_text=_("Colleagues see it beside your changes. Without it they see your address."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    password1 = forms.CharField(
        label=PASSWORD,
        strip=False,
        max_length=4096,
        help_text=LONG,
        error_messages=_NEEDED,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    password2 = forms.CharField(
        label=_("The password once more"),
        strip=False,
        max_length=4096,
        error_messages=_NEEDED,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def clean_name(self) -> str:
        """On one line, without what nobody sees: it stands in mails and beside changes."""
        try:
            return cleaning.line(self.cleaned_data["name"], 150)
        except cleaning.Unclean as error:
            raise ValidationError(cleaning.message(error)) from error

    def clean(self) -> dict[str, Any]:
        """Both passwords are the same, and good enough."""
        cleaned = super().clean() or self.cleaned_data
        first, second = cleaned.get("password1"), cleaned.get("password2")
        if first and second and first != second:
            self.add_error("password2", _("This is not the same password. Type it again."))
        if first:
            user = User(email=self.email, first_name=cleaned.get("name", ""))
            try:
                password_validation.validate_password(first, user)
            except ValidationError as error:
                self.add_error("password1", error)
        return cleaned


class RolesForm(forms.Form):
    """What somebody may do: regions that are not archived, and those they have already."""

    regions = forms.ModelMultipleChoiceField(
        label=_("Education regions"),
        queryset=EducationRegion.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    is_advisor = forms.BooleanField(label=_("Advisor"), required=False)
    is_administrator = forms.BooleanField(label=_("Administrator"), required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        own = user.regions.all()
        kwargs.setdefault(
            "initial",
            {
                "regions": list(own),
                "is_advisor": user.is_advisor,
                "is_administrator": user.is_superuser,
            },
        )
        super().__init__(*args, **kwargs)
        field = cast("forms.ModelMultipleChoiceField[EducationRegion]", self.fields["regions"])
        living = EducationRegion.objects.exclude(state=EducationRegion.State.ARCHIVED)
        field.queryset = (living | EducationRegion.objects.filter(editors=user)).distinct()


class PeopleFilterForm(forms.Form):
    """Which accounts to list."""

    ROLES: Final = (
        ("", _("Everybody")),
        ("editor", _("Editors")),
        ("advisor", _("Advisors")),
        ("administrator", _("Administrators")),
        ("closed", _("Closed accounts")),
    )

    q = forms.CharField(label=_("Name, address or region"), required=False, max_length=100)
    role = forms.ChoiceField(label=_("Who"), choices=ROLES, required=False)


class TokenForm(forms.Form):
    """A new key for a program."""

    name = forms.CharField(
        label=_("What is it for?"),
        max_length=Token._meta.get_field("name").max_length,
        error_messages=_NEEDED,
        help_text=_("A name by which you know it again, such as “our website”."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    days = forms.TypedChoiceField(
        label=_("How long does it work?"),
        coerce=int,
        choices=[(30, _("30 days")), (90, _("90 days")), (365, _("A year"))],
        initial=tokens.TERMS_DAYS[1],
    )

    def refuse(self, code: str) -> None:
        """Say in words why it can't be made."""
        self.add_error("name", str(_TOKEN_ERRORS[code]))


_DATE = _("Write a date like 2026-11-24.")
_A_REAL_DAY: Final = [
    validators.MinValueValidator(date(2000, 1, 1), message=_DATE),
    validators.MaxValueValidator(date(2199, 12, 31), message=_DATE),
]


class LogFilterForm(forms.Form):
    """Which entries of the audit log to show."""

    what = forms.ChoiceField(label=_("What"), required=False)
    who = forms.CharField(label=_("Whose address"), required=False, max_length=254)
    since = forms.DateField(label=_("From this day"), required=False, validators=_A_REAL_DAY)
    until = forms.DateField(label=_("Up to and including"), required=False, validators=_A_REAL_DAY)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        what = cast(forms.ChoiceField, self.fields["what"])
        what.choices = [("", _("Everything")), *log.choices()]
        for name in ("since", "until"):
            self.fields[name].widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
            self.fields[name].error_messages["invalid"] = _DATE

    def clean(self) -> dict[str, Any]:
        """A period goes forward."""
        cleaned = super().clean() or self.cleaned_data
        since: date | None = cleaned.get("since")
        until: date | None = cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", _("This day lies before the first one."))
        return cleaned
