"""A search: the same question and the same answer as the page, for programs."""

import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from django.http import HttpResponse
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request

from api.bodies import read_object
from api.problems import InvalidRequest, Mistake
from api.resources import Resource
from api.schema import problems
from api.v1.offices import OfficeSerializer
from api.v1.question import Question, question_from
from api.values import (
    MunicipalitySerializer,
    ProvinceSerializer,
    TextOrNull,
    province_json,
)
from navigator.statistics import counting
from navigator.statistics.visits import visit_by_machine
from regions import places, versions
from regions.answers import (
    Answer,
    Area,
    Choice,
    How,
    Match,
    Outcome,
    UnknownMunicipality,
    UnknownPlace,
)
from regions.location import OutsideNetherlands, postcode_at
from regions.search import find_offices

OUTCOMES: Final = [outcome.value for outcome in Outcome]


class QuestionSerializer(serializers.Serializer[Question]):
    """What to ask: exactly one of a postcode, a place, and a location.

    Read by `api.v1.question`, which is stricter and faster; this describes it.
    """

    postcode = serializers.CharField(
        required=False, help_text="Four digits; letters may follow, and are dropped at once."
    )
    place = serializers.CharField(required=False, help_text="Name of a place or municipality.")
    latitude = serializers.FloatField(
        required=False, min_value=-180, max_value=180, help_text="WGS 84. Not kept."
    )
    longitude = serializers.FloatField(required=False, min_value=-180, max_value=180)
    municipality = serializers.RegexField(
        r"^GM[0-9]{4}$",
        required=False,
        help_text="CBS code: which one of `choices` is meant. Not with a location.",
    )
    sector = serializers.CharField(required=False, help_text="A code of /sectors.")
    support = serializers.ListField(
        child=serializers.CharField(), required=False, help_text="Codes of /support-types."
    )


class ChoiceSerializer(serializers.Serializer[Choice]):
    """Something to choose; ask again with its place or postcode, and its municipality's code."""

    place = TextOrNull()
    postcode = TextOrNull()
    municipality = MunicipalitySerializer()
    province = ProvinceSerializer()
    chosen = serializers.BooleanField()


class PartSerializer(serializers.Serializer[Any]):
    """How many of the postcodes of the asked place an office serves."""

    served = serializers.IntegerField()
    asked = serializers.IntegerField()


class MatchSerializer(OfficeSerializer):
    """An office in an answer."""

    how = serializers.ChoiceField(
        choices=[how.value for how in How],
        allow_null=True,
        help_text="How it is known that it serves the postcode; null when it does not.",
    )
    distanceKm = serializers.FloatField(help_text="To the area it serves; 0 when it serves here.")
    matches = serializers.BooleanField(help_text="Has the asked sector and all asked support.")
    servedMunicipalities = serializers.ListField(
        child=serializers.CharField(),
        help_text="With `shared`: the names of the municipalities of this postcode that it serves.",
    )
    servedPart = PartSerializer(
        allow_null=True, help_text="Of a place that it serves in part; otherwise null."
    )


class AnswerSerializer(serializers.Serializer[Answer]):
    """The answer to a search. `answer_json` writes it; this describes it."""

    outcome = serializers.ChoiceField(choices=OUTCOMES)
    postcode = TextOrNull(help_text="Four digits; null for a place with several postcodes.")
    place = TextOrNull(help_text="The place that was found.")
    municipality = MunicipalitySerializer(allow_null=True)
    province = ProvinceSerializer(allow_null=True)
    choices = ChoiceSerializer(
        many=True, help_text="Places of one name, or municipalities of a split postcode."
    )
    serving = MatchSerializer(many=True, help_text="Regional offices that serve it, best first.")
    nearby = MatchSerializer(
        many=True, help_text="Regional offices that don't, within 30 km, nearest first."
    )
    nationwide = MatchSerializer(many=True, help_text="Offices that serve the whole country.")
    gaps = serializers.ListField(
        child=serializers.CharField(), help_text="Sectors that no regional office serves here."
    )
    nearestPostcode = TextOrNull(help_text="With `unknownPostcode`: one that exists.")


@dataclass(frozen=True, slots=True)
class Prepared:
    """An answer with its body, which is kept compressed: so thousands fit in a process."""

    answer: Answer
    compressed: bytes

    def response(self, request: Request) -> HttpResponse:
        headers = {"Cache-Control": "no-store", "Vary": "Accept-Encoding"}
        if "gzip" in request.META.get("HTTP_ACCEPT_ENCODING", ""):
            headers["Content-Encoding"] = "gzip"
            body = self.compressed
        else:
            body = gzip.decompress(self.compressed)
        return HttpResponse(body, content_type="application/json", headers=headers)


class SearchView(Resource):
    """Which offices serve a postcode, place or location; at most four queries, and one insert."""

    @extend_schema(
        operation_id="search",
        summary="Which offices serve a postcode, a place or a location",
        description=(
            "The same answer as on the site. Sent as POST, so that no postcode stands in an "
            "address; nothing is created. Every outcome is a 200."
        ),
        tags=["search"],
        request=QuestionSerializer,
        responses={200: AnswerSerializer, **problems(400, 413, 415)},
        examples=[
            OpenApiExample(
                "Vacancies in primary education",
                {"postcode": "3011", "sector": "po", "support": ["vacancies"]},
                request_only=True,
            ),
            OpenApiExample(
                "One of two places",
                {"place": "Hengelo", "municipality": "GM0164"},
                request_only=True,
            ),
            OpenApiExample("A location", {"latitude": 51.92, "longitude": 4.48}, request_only=True),
        ],
    )
    def post(self, request: Request) -> HttpResponse:
        question = question_from(read_object(request))
        found = _prepared(question, request)
        response = found.response(request)
        counting.record_search(visit_by_machine(request), found.answer)
        return response


def _prepared(question: Question, request: Request) -> Prepared:
    """The answer for this state of the directory, made now unless it was asked before."""
    try:
        postcode = question.postcode or _postcode_at(question)
        asked = (postcode, question.municipality, question.sector, question.support)
        key = ("api answer", request.get_host(), request.scheme, places.name_key(question.place))
        return versions.prepared((*key, *asked), partial(_prepare, question, postcode, request))
    except UnknownPlace as error:
        hint = f" Did you mean {' or '.join(error.similar)}?" if error.similar else ""
        where = " in this municipality" if question.municipality else ""
        detail = f"There is no place with this name{where}.{hint}"
        mistake = Mistake("place", error.code, detail, error.similar)
    except UnknownMunicipality as error:
        mistake = Mistake("municipality", error.code, "The postcode has no part in it.")
    except OutsideNetherlands as error:
        mistake = Mistake("latitude", error.code, "This location is not in the Netherlands.")
    raise InvalidRequest([mistake])


def _postcode_at(question: Question) -> str:
    if question.latitude is None or question.longitude is None:
        return ""
    return postcode_at(latitude=question.latitude, longitude=question.longitude)


def _prepare(question: Question, postcode: str, request: Request) -> Prepared:
    answer = find_offices(
        postcode=postcode,
        place=question.place,
        municipality=question.municipality,
        sector=question.sector,
        support=question.support,
    )
    offices = versions.prepared(
        ("api offices", request.get_host(), request.scheme), partial(_offices_json, request)
    )
    body = json.dumps(answer_json(answer, offices), ensure_ascii=False, separators=(",", ":"))
    # Made once for each question that is asked at all, so quickly rather than small.
    return Prepared(answer, gzip.compress(body.encode(), compresslevel=1, mtime=0))


def _offices_json(request: Request) -> dict[str, dict[str, Any]]:
    profiles = versions.current().profiles
    serializer = OfficeSerializer(context={"request": request})
    return {slug: serializer.to_representation(profile) for slug, profile in profiles.items()}


def answer_json(answer: Answer, offices: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """An answer as `AnswerSerializer` describes it; `offices` has each office as it is told."""
    chosen = answer.outcome is not Outcome.CHOICE_NEEDED
    return {
        "outcome": answer.outcome.value,
        "postcode": answer.postcode or None,
        "place": (answer.place if chosen else "") or None,
        "municipality": _municipality_json(answer.municipality) if answer.municipality else None,
        "province": province_json(answer.municipality.province) if answer.municipality else None,
        "choices": [_choice_json(choice) for choice in answer.choices],
        "serving": [_match_json(match, offices) for match in answer.serving],
        "nearby": [_match_json(match, offices) for match in answer.nearby],
        "nationwide": [_match_json(match, offices) for match in answer.nationwide],
        "gaps": answer.gaps,
        "nearestPostcode": answer.nearest_postcode or None,
    }


def _match_json(match: Match, offices: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    return {
        **offices[match.office.slug],
        "how": match.how.value if match.how else None,
        "distanceKm": round(match.distance_km, 1),
        "matches": match.matches,
        "servedMunicipalities": match.municipalities,
        "servedPart": ({"served": match.part[0], "asked": match.part[1]} if match.part else None),
    }


def _choice_json(choice: Choice) -> dict[str, Any]:
    return {
        "place": choice.place or None,
        "postcode": choice.postcode or None,
        "municipality": _municipality_json(choice.municipality),
        "province": province_json(choice.municipality.province),
        "chosen": choice.chosen,
    }


def _municipality_json(area: Area) -> dict[str, str]:
    return {"code": area.code, "name": area.name}
