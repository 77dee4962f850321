"""What may be asked of an export: the filters of the layer, its form, and the language."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from layers.params.collections import (
    BBOX,
    BBOX_CRS,
    CRS,
    DATETIME,
    FILTER,
    FILTER_CRS,
    FILTER_LANG,
    Q,
    filter_parameters,
    filters_of,
    form_parameters,
    shape_of,
    system_of,
)
from layers.params.columns import Text
from layers.params.kinds import Flag
from layers.params.languages import LANG
from layers.params.reading import Parameter, Parameters
from layers.published.layers.layer import Layer
from layers.published.layers.wanted import Wanted

SPREADSHEET = Parameter(
    "spreadsheet",
    Flag(),
    "CSV only: for a spreadsheet, which knows UTF-8 by a mark at the beginning and would "
    "run a text that begins with = + - or @; such texts get an apostrophe before them.",
    default=False,
)

EXPORT_PARAMETERS = Parameters(
    BBOX,
    BBOX_CRS,
    DATETIME,
    Q,
    FILTER,
    FILTER_LANG,
    FILTER_CRS,
    CRS,
    Parameter(
        "properties",
        Text(),
        "Only these columns; the geometry is one of them and left out where it is not "
        "named.",
        many=True,
    ),
    SPREADSHEET,
    LANG,
)
"""What an export of any layer takes, for a description; columns come to it."""


def export_parameters(layer: Layer, format_code: str) -> Parameters:
    """Return what may be asked of an export of a layer in a format."""
    own = [SPREADSHEET] if format_code == "csv" else []
    return filter_parameters(layer) + form_parameters(layer) + Parameters(*own, LANG)


def wanted_of(layer: Layer, values: Mapping[str, Any], lang: str) -> Wanted:
    """Return what is asked for, from the values of `export_parameters`.

    Raises
    ------
    InvalidParameter
        The box is none of its system, or the filter is none of the layer.
    """
    return Wanted(
        filters=filters_of(layer, values),
        shape=shape_of(layer, values),
        system=system_of(layer, values),
        lang=lang,
        for_spreadsheet=values.get("spreadsheet", False),
        made_at=datetime.now(UTC),
    )
