"""The page that says how the numbers are made."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from layers.analysis.city_defaults import detour_of
from layers.analysis.parameters import STRAIGHT_LINE
from layers.measures.priority import PRIORITY_CUTS
from layers.measures.suppression import SMALL_COUNT
from layers.measures.walking import WALK_KMH
from layers.web.committee.classes import UNCERTAIN_CLASSES
from layers.web.committee.flags import WORDS
from layers.web.languages import PageLanguage
from layers.web.pages import page, render
from layers.web.query import NOTHING, read_form


@page
def method_page(request: HttpRequest, language: PageLanguage) -> HttpResponse:
    """Answer `/<lang>/method`; its figures are those that the analysis uses."""
    read_form(request, NOTHING)
    return render(
        request,
        language,
        "committee/method.html",
        {
            "walk_kmh": WALK_KMH,
            "detour": detour_of(settings.DEFAULT_MUNICIPALITY, STRAIGHT_LINE),
            "small_count": SMALL_COUNT,
            "cuts": [f"{cut:.0%}" for cut in PRIORITY_CUTS],
            "uncertain_classes": UNCERTAIN_CLASSES,
            "flags": WORDS.items(),
        },
        section="method",
    )
