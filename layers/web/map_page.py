"""What the scripts of a page with a map are told: one JSON block, made here."""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.templatetags.static import static
from django.utils.translation import gettext

from layers.published.pages import MunicipalityRow
from layers.web import addresses
from layers.web.languages import PageLanguage

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
        "districts": districts_address(language, level, "boundary"),
        "districtNames": districts_address(language, level, "label"),
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
    if not settings.BASEMAP_TILES:
        return None
    return {
        "tiles": settings.BASEMAP_TILES,
        "attribution": settings.BASEMAP_ATTRIBUTION,
    }


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
        "chosen": gettext("Chosen on the map"),
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
        "distance": gettext("{far}, about {min} min on foot"),
        "open": gettext("Open now"),
        "closed": gettext("Closed now"),
        "unknown": gettext("Hours not known"),
    }


def map_texts() -> dict[str, str]:
    """Return the words of the map's own controls, by MapLibre's keys."""
    return {
        "Map.Title": gettext("Map"),
        "NavigationControl.ZoomIn": gettext("Zoom in"),
        "NavigationControl.ZoomOut": gettext("Zoom out"),
        "AttributionControl.ToggleAttribution": gettext("Show or hide sources"),
        "ScaleControl.Meters": gettext("m"),
        "ScaleControl.Kilometers": gettext("km"),
    }
