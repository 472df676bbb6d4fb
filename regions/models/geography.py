"""Municipalities, places and postcodes: where people live."""

from typing import Self

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

MUNICIPALITY_CODE = r"^GM[0-9]{4}$"
POSTCODE = r"^[1-9][0-9]{3}$"


class Province(models.TextChoices):
    """The twelve provinces, by the code that addresses and rows carry."""

    DRENTHE = "drenthe", "Drenthe"
    FLEVOLAND = "flevoland", "Flevoland"
    FRYSLAN = "fryslan", "Fryslân"
    GELDERLAND = "gelderland", "Gelderland"
    GRONINGEN = "groningen", "Groningen"
    LIMBURG = "limburg", "Limburg"
    NOORD_BRABANT = "noord-brabant", "Noord-Brabant"
    NOORD_HOLLAND = "noord-holland", "Noord-Holland"
    OVERIJSSEL = "overijssel", "Overijssel"
    UTRECHT = "utrecht", "Utrecht"
    ZEELAND = "zeeland", "Zeeland"
    ZUID_HOLLAND = "zuid-holland", "Zuid-Holland"


class Municipality(models.Model):
    """A municipality as it is today, with its CBS code (`GM0599`)."""

    code = models.CharField(
        _("CBS code"),
        max_length=6,
        primary_key=True,
        validators=[RegexValidator(MUNICIPALITY_CODE)],
    )
    name = models.CharField(_("name"), max_length=100)
    province = models.CharField(_("province"), max_length=20, choices=Province)
    boundary = models.JSONField(
        _("boundary"),
        help_text=_("GeoJSON geometry in WGS 84, longitude first, simplified; for maps."),
    )

    class Meta:
        verbose_name = _("municipality")
        verbose_name_plural = _("municipalities")
        ordering = ["name", "code"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(code__regex=MUNICIPALITY_CODE), name="municipality_code_is_cbs"
            ),
            models.CheckConstraint(
                condition=models.Q(province__in=Province.values),
                name="municipality_province_exists",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PostcodeQuerySet(models.QuerySet["Postcode"]):
    """Questions about postcodes."""

    def with_area(self) -> Self:
        """Postcodes where people live: not those with PO boxes only."""
        return self.filter(po_box_only=False)


class Postcode(models.Model):
    """Four digits (PC4), with a point where people live.

    A postcode with PO boxes only has no point: nobody lives there.
    """

    code = models.CharField(
        _("postcode"), max_length=4, primary_key=True, validators=[RegexValidator(POSTCODE)]
    )
    place = models.CharField(_("main place"), max_length=100)
    municipality = models.ForeignKey(
        Municipality,
        on_delete=models.PROTECT,
        related_name="postcodes",
        verbose_name=_("municipality"),
        help_text=_("The municipality with most of the addresses."),
    )
    latitude = models.FloatField(_("latitude"), null=True, blank=True)
    longitude = models.FloatField(_("longitude"), null=True, blank=True)
    po_box_only = models.BooleanField(_("PO boxes only"), default=False)

    objects = PostcodeQuerySet.as_manager()

    class Meta:
        verbose_name = _("postcode")
        verbose_name_plural = _("postcodes")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(code__regex=POSTCODE), name="postcode_is_four_digits"
            ),
            models.CheckConstraint(
                condition=models.Q(po_box_only=True, latitude=None, longitude=None)
                | models.Q(
                    po_box_only=False,
                    latitude__isnull=False,  # a comparison with NULL would pass the check
                    longitude__isnull=False,
                    latitude__range=(50.5, 53.7),
                    longitude__range=(3.2, 7.3),
                ),
                name="postcode_with_area_has_a_point_in_the_netherlands",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class PostcodeShareManager(models.Manager["PostcodeShare"]):
    def get_by_natural_key(self, postcode: str, municipality: str) -> "PostcodeShare":
        return self.get(postcode=postcode, municipality=municipality)


class PostcodeShare(models.Model):
    """How much of a split postcode's area lies in one of its municipalities.

    Only postcodes whose area lies in two or more municipalities have shares. The shares are of
    area, not of addresses, so the largest need not be the postcode's own municipality.
    """

    postcode = models.ForeignKey(
        Postcode, on_delete=models.CASCADE, related_name="shares", verbose_name=_("postcode")
    )
    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, related_name="+", verbose_name=_("municipality")
    )
    area_share = models.FloatField(
        _("share of the area"), help_text=_("Between 0 and 1, of the postcode's land.")
    )

    objects = PostcodeShareManager()

    class Meta:
        verbose_name = _("share of a split postcode")
        verbose_name_plural = _("shares of split postcodes")
        ordering = ["postcode", "-area_share", "municipality"]
        constraints = [
            models.UniqueConstraint(
                fields=["postcode", "municipality"], name="one_share_per_postcode_and_municipality"
            ),
            models.CheckConstraint(
                condition=models.Q(area_share__gt=0, area_share__lte=1), name="share_is_a_fraction"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.postcode_id} {self.municipality_id}"

    def natural_key(self) -> tuple[str, str]:
        return (self.postcode_id, self.municipality_id)


class PlaceManager(models.Manager["Place"]):
    def get_by_natural_key(self, name: str, municipality: str) -> "Place":
        return self.get(name=name, municipality=municipality)


class Place(models.Model):
    """A town or village, or a municipality where no place has its name, with its postcodes.

    One name can stand for several places: name and municipality together are unique.
    """

    name = models.CharField(_("name"), max_length=100)
    municipality = models.ForeignKey(
        Municipality,
        on_delete=models.PROTECT,
        related_name="places",
        verbose_name=_("municipality"),
    )
    is_municipality = models.BooleanField(
        _("stands for the whole municipality"),
        default=False,
        help_text=_("For municipalities without a place of their own name, such as Altena."),
    )
    postcodes = models.ManyToManyField(Postcode, related_name="places", verbose_name=_("postcodes"))

    objects = PlaceManager()

    class Meta:
        verbose_name = _("place")
        verbose_name_plural = _("places")
        ordering = ["name", "municipality"]
        constraints = [
            models.UniqueConstraint(
                fields=["name", "municipality"], name="place_name_in_municipality"
            )
        ]

    def __str__(self) -> str:
        return self.name

    def natural_key(self) -> tuple[str, str]:
        return (self.name, self.municipality_id)


class PlaceNameManager(models.Manager["PlaceName"]):
    def get_by_natural_key(self, key: str, place: str, municipality: str) -> "PlaceName":
        return self.get(key=key, place__name=place, place__municipality=municipality)


class PlaceName(models.Model):
    """A way of writing a place's name, as `regions.places.name_key` compares it.

    The official name without the addition that tells namesakes apart, the name with it, and what
    people type instead: *Den Haag*, *Den Bosch*, Dutch names of Frisian places.
    """

    place = models.ForeignKey(
        Place, on_delete=models.CASCADE, related_name="names", verbose_name=_("place")
    )
    key = models.CharField(_("key"), max_length=100, db_index=True)

    objects = PlaceNameManager()

    class Meta:
        verbose_name = _("name of a place")
        verbose_name_plural = _("names of places")
        ordering = ["key", "place"]
        constraints = [
            models.UniqueConstraint(fields=["place", "key"], name="place_key_once"),
            models.CheckConstraint(
                condition=models.Q(key__regex=r"^[a-z0-9]+$"), name="place_key_is_normalised"
            ),
        ]

    def __str__(self) -> str:
        return self.key

    def natural_key(self) -> tuple[str, str, str]:
        return (self.key, *self.place.natural_key())
