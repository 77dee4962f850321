"""What the scripts of a page with a map are told: one JSON block, made here."""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.templatetags.static import static
from django.utils.translation import gettext

from layers.models.district import DistrictLevel
from layers.published.pages import MunicipalityRow
from layers.web import addresses
from layers.web.icons import kinds
from layers.web.languages import PageLanguage

WHOLE = DistrictLevel.MUNICIPALITY.value
MIDDLE = DistrictLevel.MUNICIPAL_COMMUNITY.value

LATIN = ["U+0000-00FF", "U+2000-206F", "U+20AC", "U+2122", "U+2191-2193", "U+2212"]
LATIN_EXT = ["U+0100-02FF", "U+1E00-1EFF"]
GREEK = ["U+0370-03FF"]
ARABIC = ["U+0600-06FF", "U+0750-077F", "U+08A0-08FF", "U+FB50-FDFF", "U+FE70-FEFF"]


def map_page(
    language: PageLanguage, shown: MunicipalityRow | None, *, level: str, **more: Any
) -> dict[str, Any]:
    """Return the page data: addresses, fonts, words, and `more` of the page's own.

    Parameters
    ----------
    language : PageLanguage
        Of the page; district names come in it.
    shown : MunicipalityRow or None
        What the map begins with.
    level : str
        District level whose borders the map shows.
    """
    return {
        "lang": language.code,
        "bounds": shown.bounds if shown else None,
        "source": "; ".join(shown.boundary_sources) if shown else "",
        "mapStyles": static("vendor/maplibre-gl.css"),
        "fonts": {"regular": font_faces(400), "bold": font_faces(700)},
        "basemap": basemap(),
        "context": context_layers(),
        "kinds": kinds(),
        "icons": static("web/icons.svg"),
        "districts": districts_address(language, level, "boundary"),
        "districtNames": districts_address(language, level, "label"),
        "outline": districts_address(language, WHOLE, "boundary"),
        "above": districts_address(language, MIDDLE, "boundary")
        if level not in (WHOLE, MIDDLE)
        else None,
        "texts": texts(),
        "mapTexts": map_texts(),
        **more,
    }


def districts_address(language: PageLanguage, level: str, geometry: str) -> str:
    """Return the address of the districts of a level, as borders or as points."""
    asked = {
        "municipality": settings.DEFAULT_MUNICIPALITY,
        "level": level,
        "geometry": geometry,
        "lang": language.code,
        "limit": "1000",
    }
    return f"{addresses.DISTRICTS}?{urlencode(asked)}"


def basemap() -> dict[str, str] | None:
    """Return the base map of the deployment; none by default, so no other host is asked."""
    chosen = {
        "raster": settings.BASEMAP_TILES,
        "style": settings.BASEMAP_STYLE,
        "pmtiles": settings.BASEMAP_PMTILES,
    }
    for kind, url in chosen.items():
        if url:
            attribution = settings.BASEMAP_ATTRIBUTION
            return {"kind": kind, "url": url, "attribution": attribution}
    return None


def context_layers() -> list[dict[str, str]]:
    """Return the published layers that maps show below the districts, and what they are."""
    pairs = (each.partition("=") for each in settings.MAP_CONTEXT)
    return [{"layer": layer, "kind": kind} for layer, _, kind in pairs]


def font_faces(weight: int) -> list[dict[str, Any]]:
    """Return the font files of a weight; each is loaded only where its letters are drawn."""
    files = (
        (f"noto-sans-latin-{weight}", LATIN),
        (f"noto-sans-latin-ext-{weight}", LATIN_EXT),
        (f"noto-sans-greek-{weight}", GREEK),
        (f"noto-sans-arabic-{weight}", ARABIC),
    )
    return [
        {"url": static(f"vendor/fonts/{name}.woff2"), "unicodeRange": ranges}
        for name, ranges in files
    ]


def texts() -> dict[str, str]:
    """Return the words that scripts put on the page."""
    return {
        "mapFailed": gettext(
            "The map cannot be drawn in this browser. The list holds everything it shows."
        ),
        "here": gettext("{n} services at this spot"),
        "close": gettext("Close"),
        "moreAt": gettext("and {n} more"),
        "locating": gettext("Asking your browser where you are …"),
        "nearFound": gettext("{n} services near you, the nearest first."),
        "nearNone": gettext("Nothing near you matches all of this."),
        "nearDenied": gettext(
            "Your browser did not say where you are. Choose a district instead."
        ),
        "nearUnknown": gettext(
            "Your position could not be found. Choose a district instead."
        ),
        "nearFailed": gettext("That did not work. Try again, or choose a district."),
        "loading": gettext("Looking …"),
        "distance": gettext("{far}, about {min} min on foot"),
        "verified": gettext("Verified on {date}"),
        "open": gettext("Open now"),
        "closed": gettext("Closed now"),
        "unknown": gettext("Hours not known"),
        "byAppointment": gettext("By appointment"),
    }


def map_texts() -> dict[str, str]:
    """Return the words of the map's own controls, by MapLibre's keys."""
    return {
        "Map.Title": gettext("Map"),
        "NavigationControl.ZoomIn": gettext("Zoom in"),
        "NavigationControl.ZoomOut": gettext("Zoom out"),
        "AttributionControl.ToggleAttribution": gettext("Show or hide sources"),
        "AttributionControl.MapFeedback": gettext("Report a fault of the map"),
        "ScaleControl.Meters": gettext("m"),
        "ScaleControl.Kilometers": gettext("km"),
    }
