"""The parameters of a collection's items and of one item; each layer has its own."""

import re
from collections.abc import Callable

from layers.errors import InvalidParameter
from layers.ogc.cursors import Cursor
from layers.ogc.resource import COMMON
from layers.params.collections import filter_parameters, form_parameters, sort_parameter
from layers.params.kinds import Flag, Kind, Whole
from layers.params.reading import Parameter, Parameters
from layers.published.layers.layer import Layer

DEFAULT_LIMIT = 1000
"""QGIS pages by the larger of this and 1000."""

MOST = 10_000
FARTHEST = 1_000_000_000


class Limit(Kind):
    """How many features a page may have; more than the most is taken as the most.

    OGC API - Features 7.15.2 forbids an error where the limit is too large.
    """

    def __init__(self) -> None:
        """Describe the number."""
        super().__init__(
            f"a whole number from 1; more than {MOST} is taken as that",
            {"type": "integer", "minimum": 1, "maximum": MOST},
        )

    def from_text(self, name: str, raw: str) -> int:
        """Return the number, at most MOST."""
        if not re.fullmatch(r"\+?[0-9]{1,100}", raw) or int(raw) < 1:
            raise InvalidParameter(name, raw, self.allowed)
        return min(int(raw), MOST)


LIMIT = Parameter(
    "limit",
    Limit(),
    f"Features of a page; more than {MOST} is taken as {MOST}.",
    default=DEFAULT_LIMIT,
)
_PAGING = Parameters(
    LIMIT,
    Parameter("cursor", Cursor(), "Where the page begins; from a `next` link."),
    Parameter(
        "offset",
        Whole(0, FARTHEST),
        "Features to leave out first, for clients that cannot follow `next` links, which "
        "are quicker and do not shift when data is written.",
        default=0,
    ),
    Parameter(
        "count",
        Flag(),
        "Count what a filter leaves, as `numberMatched`; on a large collection that costs "
        "more than the page. Without a filter it is always there.",
        default=False,
    ),
)

_held: dict[tuple[str, str], tuple[Layer, Parameters]] = {}


def items_parameters(layer: Layer) -> Parameters:
    """Return what may be asked of a collection's items."""
    return _kept(
        "items",
        layer,
        lambda: (
            filter_parameters(layer)
            + form_parameters(layer)
            + Parameters(sort_parameter(layer))
            + _PAGING
            + COMMON
        ),
    )


def item_parameters(layer: Layer) -> Parameters:
    """Return what may be asked of one feature."""
    return _kept("item", layer, lambda: form_parameters(layer) + COMMON)


def _kept(kind: str, layer: Layer, make: Callable[[], Parameters]) -> Parameters:
    """Return parameters from memory where they were made for this very description."""
    held = _held.get((kind, layer.id))
    if held is None or held[0] is not layer:
        held = _held[kind, layer.id] = (layer, make())
    return held[1]
