"""What tests of the administrators' pages start with."""

import pytest

from tests import people


@pytest.fixture
def administrator(db):
    return people.administrator(email="administrator@navigator.example")


@pytest.fixture
def admin_client(client, administrator):
    """Logged in as an administrator, with the second factor."""
    return people.log_in(client, administrator)
