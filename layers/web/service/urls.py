"""Addresses about single services, below a language."""

from django.urls import URLPattern, path

from layers.web.service.detail import service_page, service_qr
from layers.web.service.embed import embed_code_page, embed_page
from layers.web.service.events import (
    activities_feed,
    activities_page,
    activity_feed,
    activity_page,
    call_page,
    calls_feed,
    calls_page,
)
from layers.web.service.offline import offline_page, offline_worker, one_page_list
from layers.web.service.reports import (
    report_page,
    report_thanks,
    request_page,
    request_thanks,
)

urlpatterns: list[URLPattern] = [
    path("service/<uuid:service_id>", service_page, name="service"),
    path("service/<uuid:service_id>/qr.svg", service_qr, name="service_qr"),
    path("service/<uuid:service_id>/report", report_page, name="report"),
    path(
        "service/<uuid:service_id>/report/thanks", report_thanks, name="report_thanks"
    ),
    path("request", request_page, name="request"),
    path("request/thanks", request_thanks, name="request_thanks"),
    path("activities", activities_page, name="activities"),
    path("activities.ics", activities_feed, name="activities_feed"),
    path("activities/<uuid:activity_id>", activity_page, name="activity"),
    path("activities/<uuid:activity_id>.ics", activity_feed, name="activity_feed"),
    path("open-calls", calls_page, name="calls"),
    path("open-calls.ics", calls_feed, name="calls_feed"),
    path("open-calls/<uuid:call_id>", call_page, name="call"),
    path("embed/", embed_page, name="embed"),
    path("embed/code", embed_code_page, name="embed_code"),
    path("list", one_page_list, name="one_page"),
    path("offline", offline_page, name="offline"),
    path("offline-worker.js", offline_worker, name="offline_worker"),
]
