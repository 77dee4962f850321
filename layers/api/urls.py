"""The routes of `/api/v1/`; whatever else is under it is a 404 in the API's own words."""

from django.http import HttpRequest, HttpResponse
from django.urls import path, re_path, register_converter
from django.urls.converters import StringConverter
from django.views.decorators.csrf import csrf_exempt

from layers.answers.answer import finished
from layers.answers.problems import problem
from layers.api import (
    coverage,
    districts,
    events,
    exports,
    jobs,
    nearest,
    profiles,
    records,
    reports,
    runs,
    service_points,
    taxonomies,
)
from layers.api.deferred import Deferred
from layers.api.docs import Docs
from layers.api.root import Root
from layers.api.schema import SchemaResource
from layers.errors import NotFound


@csrf_exempt
def nothing(request: HttpRequest, rest: str) -> HttpResponse:
    """Answer 404 for an address under the API that is none."""
    said = problem(NotFound("resource", rest), request.path)
    assert said is not None  # noqa: S101 (NotFound has a status)
    return finished(request, said)


class _LayerId(StringConverter):
    """An id without a dot: what comes behind the first one is the format."""

    regex = "[^/.]+"


register_converter(_LayerId, "layer")

_V1 = "api/v1/"

_SCENARIOS = Deferred("layers.api.scenarios", "Scenarios")
_SCENARIO = Deferred("layers.api.scenarios", "Scenario")
_SCENARIO_RESULT = Deferred("layers.api.scenarios", "ScenarioResult")
_COMPARED_SCENARIOS = Deferred("layers.api.scenarios", "ComparedScenarios")
_CRITICAL_SERVICES = Deferred("layers.api.critical_services", "CriticalServices")
_SITING = Deferred("layers.api.siting", "Siting")

urlpatterns = [
    path(_V1, Root.as_view()),
    path(f"{_V1}schema", SchemaResource.as_view()),
    path(f"{_V1}docs", Docs.as_view()),
    path(f"{_V1}service-points", service_points.ServicePoints.as_view()),
    path(f"{_V1}service-points/<str:id>", service_points.ServicePoint.as_view()),
    path(f"{_V1}nearest", nearest.Nearest.as_view()),
    path(f"{_V1}districts", districts.Districts.as_view()),
    path(f"{_V1}districts/<str:id>", districts.District.as_view()),
    path(f"{_V1}districts/<str:level>/<str:code>", districts.DistrictByCode.as_view()),
    path(f"{_V1}organizations", records.Organizations.as_view()),
    path(f"{_V1}organizations/<str:id>", records.Organization.as_view()),
    path(f"{_V1}services", records.Services.as_view()),
    path(f"{_V1}services/<str:id>", records.Service.as_view()),
    path(f"{_V1}locations", records.Locations.as_view()),
    path(f"{_V1}locations/<str:id>", records.Location.as_view()),
    path(f"{_V1}taxonomies", taxonomies.Taxonomies.as_view()),
    path(f"{_V1}taxonomies/<str:slug>", taxonomies.Taxonomy.as_view()),
    path(f"{_V1}committees", taxonomies.Committees.as_view()),
    path(f"{_V1}committees/<str:slug>", taxonomies.Committee.as_view()),
    path(f"{_V1}activities", events.Activities.as_view()),
    path(f"{_V1}open-calls", events.OpenCalls.as_view()),
    path(f"{_V1}coverage", coverage.Coverage.as_view()),
    path(f"{_V1}gaps", coverage.Gaps.as_view()),
    path(f"{_V1}profiles", profiles.Profiles.as_view()),
    path(f"{_V1}runs", runs.Runs.as_view()),
    path(f"{_V1}runs/<str:id>", runs.Run.as_view()),
    path(f"{_V1}runs/<str:id>/change", runs.RunChange.as_view()),
    path(f"{_V1}jobs", jobs.Jobs.as_view()),
    path(f"{_V1}jobs/<str:id>", jobs.Job.as_view()),
    path(f"{_V1}scenarios", _SCENARIOS),
    path(f"{_V1}scenarios/compare", _COMPARED_SCENARIOS),
    path(f"{_V1}scenarios/<str:id>", _SCENARIO),
    path(f"{_V1}scenarios/<str:id>/result", _SCENARIO_RESULT),
    path(f"{_V1}critical-services", _CRITICAL_SERVICES),
    path(f"{_V1}siting", _SITING),
    path(f"{_V1}feedback", reports.FeedbackReports.as_view()),
    path(f"{_V1}service-requests", reports.ServiceRequests.as_view()),
    path(f"{_V1}exports", exports.Exports.as_view()),
    path(f"{_V1}exports/<layer:layer>.<str:file_format>", exports.Export.as_view()),
    re_path(rf"^{_V1}(?P<rest>(?s:.*))$", nothing),
]
