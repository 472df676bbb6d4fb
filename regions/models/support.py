"""What an office can offer, and what it does offer."""

from django.db import models
from django.utils.translation import get_language, gettext_lazy as _

WEB_ADDRESS = r"^https?://[^\s<>\"]+$"


class Named(models.Model):
    """A term of the field with its Dutch and its English name."""

    code = models.SlugField(_("code"), max_length=40, primary_key=True)
    name_nl = models.CharField(_("Dutch name"), max_length=80, unique=True)
    name_en = models.CharField(_("English name"), max_length=80, unique=True)
    position = models.PositiveSmallIntegerField(_("position in lists"), unique=True)

    class Meta:
        abstract = True
        ordering = ["position"]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the language of the moment; Dutch for every language but English."""
        return self.name_en if (get_language() or "").startswith("en") else self.name_nl


class Sector(Named):
    """A kind of education: po, vo, mbo, ho, so, pro or vavo."""

    class Meta(Named.Meta):
        verbose_name = _("sector")
        verbose_name_plural = _("sectors")


class SupportType(Named):
    """Something an office may offer; it belongs to one of four kinds."""

    class Kind(models.TextChoices):
        ADVICE = "advice", _("Personal advice")
        ORIENTATION = "orientation", _("Getting to know the profession")
        PLACEMENT = "placement", _("Finding a school or a job")
        INFORMATION = "information", _("Reading, watching and listening")

    kind = models.CharField(_("kind"), max_length=12, choices=Kind)

    class Meta(Named.Meta):
        verbose_name = _("type of support")
        verbose_name_plural = _("types of support")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=["advice", "orientation", "placement", "information"]),
                name="support_type_kind_exists",
            )
        ]


class SupportManager(models.Manager["Support"]):
    def get_by_natural_key(self, office: str, type_code: str) -> "Support":
        return self.get(office__slug=office, type=type_code)


class Support(models.Model):
    """An office offers a type of support, with an optional note and any number of links."""

    office = models.ForeignKey(
        "regions.RegionalOffice",
        on_delete=models.CASCADE,
        related_name="support",
        verbose_name=_("regional office"),
    )
    type = models.ForeignKey(
        SupportType, on_delete=models.PROTECT, related_name="support", verbose_name=_("type")
    )
    note = models.CharField(_("note"), max_length=300, blank=True)

    objects = SupportManager()

    class Meta:
        verbose_name = _("support")
        verbose_name_plural = _("support")
        ordering = ["office", "type__position"]
        constraints = [
            models.UniqueConstraint(fields=["office", "type"], name="support_type_once_per_office")
        ]

    def __str__(self) -> str:
        return f"{self.office_id}: {self.type_id}"

    def natural_key(self) -> tuple[str, str]:
        return (self.office.slug, self.type_id)


class SupportLinkManager(models.Manager["SupportLink"]):
    def get_by_natural_key(self, office: str, type_code: str, url: str) -> "SupportLink":
        return self.get(support__office__slug=office, support__type=type_code, url=url)


class SupportLink(models.Model):
    """A web page about the support that an office offers."""

    support = models.ForeignKey(
        Support, on_delete=models.CASCADE, related_name="links", verbose_name=_("support")
    )
    url = models.URLField(_("web address"), max_length=500)
    position = models.PositiveSmallIntegerField(_("position in the list"), default=0)

    objects = SupportLinkManager()

    class Meta:
        verbose_name = _("link of a support")
        verbose_name_plural = _("links of support")
        ordering = ["support", "position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["support", "url"], name="link_once_per_support"),
            models.CheckConstraint(
                condition=models.Q(url__regex=WEB_ADDRESS), name="link_is_a_web_address"
            ),
        ]

    def __str__(self) -> str:
        return self.url

    def natural_key(self) -> tuple[str, str, str]:
        return (*self.support.natural_key(), self.url)
