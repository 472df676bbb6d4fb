"""What stands in the addresses of accounts."""

from django.urls import register_converter


class AccountNumber:
    """The number of an account as a link to a new password has it: in base 36."""

    regex = "[0-9A-Za-z]+"

    def to_python(self, value: str) -> str:
        """As it stands there."""
        return value

    def to_url(self, value: str) -> str:
        """As it stands there."""
        return value


register_converter(AccountNumber, "account_number")
