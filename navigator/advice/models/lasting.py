"""Rows that are written once, and stay."""

from collections.abc import Iterable
from typing import Any, NoReturn

from django.db import models


class LastingQuerySet(models.QuerySet[Any]):
    """Can be read and added to."""

    def update(self, **_values: Any) -> NoReturn:
        """Raises TypeError."""
        raise TypeError(f"{self.model._meta.verbose_name}: what is written stays.")

    def delete(self) -> NoReturn:
        """Raises TypeError."""
        raise TypeError(f"{self.model._meta.verbose_name}: what is written stays.")

    def bulk_create(self, objs: Iterable[Any], *args: Any, **options: Any) -> list[Any]:
        """As ever; raises TypeError when rows that are there would be written over."""
        if options.get("update_conflicts"):
            raise TypeError(f"{self.model._meta.verbose_name}: what is written stays.")
        return super().bulk_create(objs, *args, **options)


class Lasting(models.Model):
    """A row that never changes and never goes."""

    objects = LastingQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Stores a new row. Raises TypeError for one that is there already."""
        if not self._state.adding:
            raise TypeError(f"{self._meta.verbose_name}: what is written stays.")
        # Otherwise a new object with the id of an old one would take its place.
        super().save(*args, **{**kwargs, "force_insert": True})

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Raises TypeError."""
        raise TypeError(f"{self._meta.verbose_name}: what is written stays.")
