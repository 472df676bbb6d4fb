"""Changes to regions and offices: who, when, from what to what, and how far they are."""

from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from regions.models.directory import EducationRegion, RegionalOffice


class RevisionQuerySet(models.QuerySet["Revision"]):
    """Questions about revisions."""

    def of(self, subject: RegionalOffice | EducationRegion) -> Self:
        """Those of one office or region."""
        if isinstance(subject, RegionalOffice):
            return self.filter(office=subject)
        return self.filter(region=subject)

    def open(self) -> Self:
        """What is still being worked on: at most one a subject."""
        return self.filter(state__in=Revision.OPEN)

    def waiting(self) -> Self:
        """What an administrator has to look at, the longest waiting first."""
        return self.filter(state=Revision.State.WAITING).order_by("submitted_at", "pk")

    def suggested(self) -> Self:
        """What advisors suggested and nobody decided on yet, the longest waiting first."""
        return self.filter(state=Revision.State.SUGGESTED).order_by("created_at", "pk")

    def planned(self) -> Self:
        """What is approved and waits for its moment: at most one a subject."""
        return self.filter(state=Revision.State.PLANNED).order_by("publish_at", "pk")

    def published(self) -> Self:
        """What became public, the last first."""
        return self.filter(state=Revision.State.PUBLISHED).order_by("-published_at", "-pk")


class Revision(models.Model):
    """A change to one office or region: `changes` has, by field, `[from, to]` as plain values.

    `regions.revisions` and, for suggestions, `regions.suggestions` alone change it; see
    `regions.records` for the fields and their values.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        WAITING = "waiting", _("Waiting for review")
        RETURNED = "returned", _("Sent back")
        PLANNED = "planned", _("Planned")
        PUBLISHED = "published", _("Published")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        # Of corrections alone, which stand beside what editors work on: any number of them waits.
        SUGGESTED = "suggested", _("Suggested")
        DECLINED = "declined", _("Not taken over")

    class Origin(models.TextChoices):
        """The way by which a change came in."""

        FORM = "form", _("form")
        API = "api", _("API")
        ADMIN = "admin", _("administration")
        IMPORT = "import", _("import")
        LOAD = "load", _("refreshed source data")
        RESTORE = "restore", _("brought back")
        CONFIRMATION = "confirmation", _("confirmation")
        CORRECTION = "correction", _("correction from a call")

    OPEN = (State.DRAFT, State.WAITING, State.RETURNED)

    office = models.ForeignKey(
        RegionalOffice,
        on_delete=models.CASCADE,
        null=True,
        related_name="revisions",
        verbose_name=_("regional office"),
    )
    region = models.ForeignKey(
        EducationRegion,
        on_delete=models.CASCADE,
        null=True,
        related_name="revisions",
        verbose_name=_("education region"),
    )
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.DRAFT)
    origin = models.CharField(_("came by"), max_length=12, choices=Origin, default=Origin.FORM)
    changes = models.JSONField(_("changes"), default=dict)
    authors = models.JSONField(
        _("who changed which field"), default=dict, help_text=_("The id of a user, by field.")
    )
    edition = models.PositiveIntegerField(
        _("edition"), default=1, help_text=_("Rises when the changes do: what was looked at.")
    )
    note = models.CharField(_("note"), max_length=500, blank=True)

    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="revisions",
        verbose_name=_("changed by"),
    )
    created_at = models.DateTimeField(_("begun"))
    changed_at = models.DateTimeField(_("last changed"))
    submitted_at = models.DateTimeField(_("sent for review"), null=True)
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="reviewed_revisions",
        verbose_name=_("reviewed by"),
    )
    reviewed_at = models.DateTimeField(_("reviewed"), null=True)
    comment = models.TextField(_("comment of the reviewer"), max_length=2000, blank=True)
    publish_at = models.DateTimeField(_("to be published"), null=True)
    published_at = models.DateTimeField(_("published"), null=True)
    restores = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("brings back the state after"),
    )
    preview_key = models.CharField(  # noqa: DJ001 - unique, and most have none
        _("key of the preview"),
        max_length=43,
        null=True,
        unique=True,
        editable=False,
    )

    objects = RevisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(office__isnull=True, region__isnull=False)
                | models.Q(office__isnull=False, region__isnull=True),
                name="revision_is_of_one_thing",
            ),
            models.UniqueConstraint(
                fields=["office"],
                condition=models.Q(state__in=["draft", "waiting", "returned"]),
                name="one_open_revision_per_office",
            ),
            models.UniqueConstraint(
                fields=["region"],
                condition=models.Q(state__in=["draft", "waiting", "returned"]),
                name="one_open_revision_per_region",
            ),
            models.UniqueConstraint(
                fields=["office"],
                condition=models.Q(state="planned"),
                name="one_planned_revision_per_office",
            ),
            models.UniqueConstraint(
                fields=["region"],
                condition=models.Q(state="planned"),
                name="one_planned_revision_per_region",
            ),
            models.CheckConstraint(
                condition=models.Q(state="planned", publish_at__isnull=False)
                | ~models.Q(state="planned"),
                name="planned_revision_has_a_moment",
            ),
            models.CheckConstraint(
                condition=models.Q(state="published", published_at__isnull=False)
                | (~models.Q(state="published") & models.Q(published_at__isnull=True)),
                name="published_revision_has_a_moment",
            ),
            models.CheckConstraint(
                condition=models.Q(origin="correction")
                | ~models.Q(state__in=["suggested", "declined"]),
                name="suggestion_is_a_correction",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_state_display()}: {', '.join(self.changes)}"

    @property
    def subject(self) -> RegionalOffice | EducationRegion:
        """The office or the region that changes. A query, unless it was selected along."""
        subject = self.office or self.region
        assert subject is not None  # noqa: S101 - a constraint keeps it so
        return subject

    @property
    def is_open(self) -> bool:
        """Whether it can still be edited."""
        return self.state in self.OPEN
