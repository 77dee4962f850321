"""Addresses about single services, below a language."""

from django.urls import URLPattern, path

from layers.web.service.detail import service_page, service_qr
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
]
