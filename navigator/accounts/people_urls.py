"""The addresses of pages about people: invitations, accounts, keys, the audit log."""

from django.urls import URLPattern, URLResolver, path

from navigator.accounts.views import invitation, inviting, log, people, tokens

app_name = "people"
urlpatterns: list[URLPattern | URLResolver] = [
    path("uitnodiging/<slug:key>/", invitation.invitation, name="invitation"),
    path("uitnodiging/<slug:key>/aannemen/", invitation.accept, name="accept"),
    path("uitnodigingen/<int:pk>/opnieuw/", inviting.resend, name="resend"),
    path("uitnodigingen/<int:pk>/intrekken/", inviting.withdraw, name="withdraw"),
    path("mijn-regio/collegas/", inviting.colleagues, name="colleagues"),
    path("beheer/uitnodigingen/", inviting.all_invitations, name="invitations"),
    path("beheer/mensen/", people.everybody, name="people"),
    path("beheer/mensen/<int:pk>/", people.person, name="person"),
    path("beheer/mensen/<int:pk>/sluiten/", people.deactivate, name="deactivate"),
    path("beheer/mensen/<int:pk>/openen/", people.activate, name="activate"),
    path(
        "beheer/mensen/<int:pk>/tweede-stap/",
        people.forget_second_factor,
        name="forget_second_factor",
    ),
    path("beheer/logboek/", log.audit_log, name="log"),
    path("account/sleutels/", tokens.own_tokens, name="tokens"),
    path("account/sleutels/<int:pk>/intrekken/", tokens.withdraw, name="withdraw_token"),
]
