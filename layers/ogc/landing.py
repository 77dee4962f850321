"""`/ogc/`: where every client begins."""

from layers.answers.answer import JSON
from layers.answers.extensions import Link, extensions
from layers.answers.resource import Asked
from layers.ogc.links import FUNCTIONS_REL, HTML_TYPE, OPENAPI_JSON, root
from layers.ogc.resource import Content, OgcResource
from layers.published.layers.texts import text_in
from layers.published.versions import data_state
from layers.published.vocabulary import vocabulary

TITLE = {
    "en": "GeoACCMR: layers of the city's services and districts",
    "el": "GeoACCMR: επίπεδα υπηρεσιών και συνοικιών της πόλης",
}
DESCRIPTION = {
    "en": "Services for migrants and refugees, districts, coverage and gaps, and files that "
    "analysts publish; open to any client of OGC API - Features.",
    "el": "Υπηρεσίες για μετανάστες και πρόσφυγες, συνοικίες, κάλυψη και κενά, και αρχεία "
    "που δημοσιεύουν αναλυτές· για κάθε πελάτη του OGC API - Features.",
}


class Landing(OgcResource):
    """The landing page."""

    template = "ogc/landing.html"

    def content(self, asked: Asked) -> Content:
        """Return what there is."""
        title = text_in(TITLE, asked.lang)
        return Content(
            {
                "title": title,
                "description": text_in(DESCRIPTION, asked.lang),
                "attribution": vocabulary().attribution,
            },
            [*self.own_links(asked), *landing_links(root(asked.request))],
            data_state(),
            {"title": title},
        )


def landing_links(base: str) -> list[Link]:
    """Return the links to everything else."""
    links = [
        Link("service-desc", f"{base}/api", OPENAPI_JSON, "The API as OpenAPI 3.0"),
        Link("service-doc", f"{base}/api?f=html", HTML_TYPE, "The API as a page"),
        Link("conformance", f"{base}/conformance", JSON, "What the API conforms to"),
        Link("data", f"{base}/collections", JSON, "The collections"),
        Link(FUNCTIONS_REL, f"{base}/functions", JSON, "Functions in filters"),
    ]
    return links + [
        link for extension in extensions() for link in extension.landing_links(base)
    ]
