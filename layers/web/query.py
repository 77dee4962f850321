"""The query string of a page is the form that a reader filled in."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest

from layers.params.reading import Parameters, query_pairs

NOTHING = Parameters()
"""For pages that take no parameter."""


def read_form(request: HttpRequest, parameters: Parameters) -> dict[str, Any]:
    """Return the values of a request's query string, by the rules of `Parameters`.

    A field that was left empty counts as not given: browsers send those, too.

    Raises
    ------
    UnknownParameter, InvalidParameter, InvalidParameters
        As `Parameters.read_query`.
    """
    given = query_pairs(request.META.get("QUERY_STRING", ""))
    filled = [
        (name, value)
        for name, value in given
        if value.strip() or name not in parameters.by_name
    ]
    return parameters.read_query(urlencode(filled))
