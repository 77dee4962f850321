"""Safety of people who read the pages: whom to call, how to leave, what is kept."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext

from layers.web.languages import PageLanguage
from layers.web.pages import page, render
from layers.web.query import NOTHING, read_form
from layers.web.security import basemap_hosts


def emergency_numbers() -> list[tuple[str, str]]:
    """Return whom to call in Greece, free and at any hour: (number, what for)."""
    return [
        ("112", gettext("Every emergency, in several languages")),
        ("166", gettext("Ambulance")),
        ("100", gettext("Police")),
        ("15900", gettext("Violence against women")),
        ("197", gettext("Social emergency, shelter for the night")),
        ("116111", gettext("Children and young people")),
    ]


@page
def safety_page(request: HttpRequest, language: PageLanguage) -> HttpResponse:
    """Answer `/<lang>/safety`."""
    read_form(request, NOTHING)
    hosts = ", ".join(host.partition("://")[2] for host in basemap_hosts(settings))
    return render(request, language, "safety.html", {"basemap": hosts}, section="")
