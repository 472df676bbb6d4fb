"""People with an account, by role, and what makes them logged in."""

import time

import factory
from allauth.account.internal.userkit import user_id_to_str
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from factory.django import DjangoModelFactory

from navigator.accounts import rules
from navigator.accounts.models import Membership, User

PASSWORD = "a long password for tests"


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda number: f"person-{number}@navigator.example")
    password = factory.django.Password(PASSWORD)


def administrator(**fields):
    """Someone who runs the directory."""
    return UserFactory(**{"is_staff": True, "is_superuser": True, **fields})


def advisor(**fields):
    """Someone of the advisors' desk."""
    return UserFactory(**{"is_advisor": True, **fields})


def editor(*regions, **fields):
    """Someone who edits these education regions and their offices."""
    user = UserFactory(**fields)
    for region in regions:
        Membership.objects.create(user=user, region=region)
    return user


def log_in(client, user):
    """Let `client` be `user`: logged in, with the second factor where it is required."""
    client.force_login(user)
    if rules.needs_second_factor(user):
        second_factor(user)
        session = client.session
        session["account_authentication_methods"] = [
            {"method": "password", "at": time.time()},
            {"method": "mfa", "at": time.time(), "type": "totp"},
        ]
        session["account_authentication_methods_user"] = user_id_to_str(user)
        session.save()
    return client


def second_factor(user):
    """The authenticator app of `user`, made if there is none; answers its secret."""
    known = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()
    if known is not None:
        return TOTP(known).instance.data["secret"]
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    return secret
