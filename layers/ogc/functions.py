"""`/ogc/functions`: what a filter may call (Part 3, `/req/filter/get-functions-op`)."""

from layers.answers.resource import Asked
from layers.ogc.resource import Content, OgcResource
from layers.published.cql2.functions import described
from layers.published.versions import data_state


class Functions(OgcResource):
    """The functions of filters."""

    template = "ogc/functions.html"
    has_links_member = False
    is_english = True

    def content(self, asked: Asked) -> Content:
        """Return the functions with their arguments."""
        return Content(
            {"functions": described()},
            self.own_links(asked),
            data_state(),
            {"title": "Functions"},
        )
