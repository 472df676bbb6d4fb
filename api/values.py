"""Fields and small shapes that several resources have."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from rest_framework import serializers
from rest_framework.request import Request

from regions.models import Province


class TextOrNull(serializers.CharField):
    """A text; null when unknown, which is an empty text in the directory."""

    def __init__(self, **options: Any) -> None:
        super().__init__(allow_null=True, **options)

    def to_representation(self, value: str) -> str | None:  # type: ignore[override]  # null
        return value or None


class NamedSerializer(serializers.Serializer[Any]):
    """A region or an office, by slug and name."""

    slug = serializers.CharField()
    name = serializers.CharField()


class MunicipalitySerializer(serializers.Serializer[Any]):
    """A municipality, by its CBS code."""

    code = serializers.RegexField(r"^GM[0-9]{4}$")
    name = serializers.CharField()


class ProvinceSerializer(serializers.Serializer[Any]):
    """A province."""

    code = serializers.ChoiceField(choices=Province.values)
    name = serializers.CharField()


def province_json(code: str) -> dict[str, str]:
    """A province as `ProvinceSerializer` describes it."""
    return {"code": code, "name": Province(code).label}


def page_address(request: Request, name: str, slug: str) -> str:
    """The absolute address of a public page, in Dutch; a page links to its English version."""
    with translation.override(settings.LANGUAGE_CODE):
        return request.build_absolute_uri(reverse(name, args=[slug]))
