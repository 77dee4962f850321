"""The routes of `/ogc/`, and what answers for whatever else is below it."""

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from layers.answers.answer import finished
from layers.answers.problems import problem
from layers.errors import NotFound
from layers.ogc.collections import Collection, Collections
from layers.ogc.conformance import Conformance
from layers.ogc.functions import Functions
from layers.ogc.item import Item
from layers.ogc.items import Items
from layers.ogc.landing import Landing
from layers.ogc.openapi import Api
from layers.ogc.schemas import Queryables, Returnables, Sortables


@csrf_exempt
def nothing(request: HttpRequest, rest: str) -> HttpResponse:
    """Answer 404, in the API's own words, for an address below it that is none."""
    said = problem(NotFound("resource", rest), request.path)
    assert said is not None  # noqa: S101 (NotFound has a status)
    return finished(request, said)


_COLLECTION = "collections/<str:id>"

urlpatterns = [
    path(f"{_COLLECTION}/items", Items.as_view()),
    path(f"{_COLLECTION}/items/<path:fid>", Item.as_view()),
    path("", Landing.as_view()),
    path("api", Api.as_view()),
    path("conformance", Conformance.as_view()),
    path("functions", Functions.as_view()),
    path("collections", Collections.as_view()),
    path(_COLLECTION, Collection.as_view()),
    path(f"{_COLLECTION}/schema", Returnables.as_view()),
    path(f"{_COLLECTION}/queryables", Queryables.as_view()),
    path(f"{_COLLECTION}/sortables", Sortables.as_view()),
]
