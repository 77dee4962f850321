"""Addresses of the pages: `/` leads to a language, everything else stands below one."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path, register_converter

from layers.web.committee.files import committee_picture, committee_table
from layers.web.committee.method import method_page
from layers.web.committee.pages import committee_page, committees_page
from layers.web.finder.page import finder_page, front_door
from layers.web.icon import icon
from layers.web.report.pages import committee_pdf
from layers.web.runs.pages import run_page
from layers.web.safety import safety_page
from layers.web.service.urls import urlpatterns as service_urls

app_name = "web"


class LanguageConverter:
    """A language that pages exist in, as the first part of an address."""

    regex = "|".join(code for code, _ in settings.LANGUAGES)

    def to_python(self, value: str) -> str:
        """Return the code."""
        return value

    def to_url(self, value: str) -> str:
        """Return the code."""
        return value


register_converter(LanguageConverter, "language")

urlpatterns: list[URLPattern | URLResolver] = [
    path("", front_door, name="front_door"),
    path("favicon.ico", icon, name="icon"),
    path("<language:lang>/", finder_page, name="finder"),
    path("<language:lang>/safety", safety_page, name="safety"),
    path("<language:lang>/", include(service_urls)),
    path("<language:lang>/committees/", committees_page, name="committees"),
    path("<language:lang>/committees/<slug:slug>", committee_page, name="committee"),
    path(
        "<language:lang>/committees/<slug:slug>.pdf",
        committee_pdf,
        name="committee_pdf",
    ),
    path(
        "<language:lang>/committees/<slug:slug>/<slug:block>.csv",
        committee_table,
        name="committee_table",
    ),
    path(
        "<language:lang>/committees/<slug:slug>/<slug:block>.svg",
        committee_picture,
        name="committee_picture",
    ),
    path("<language:lang>/method", method_page, name="method"),
    path("<language:lang>/runs/<uuid:job_id>", run_page, name="run"),
]
