"""Which part of a layer a file is to hold, and in which form."""

from dataclasses import dataclass
from datetime import datetime

from layers.crs import ReferenceSystem
from layers.published.layers.feature_sql import Shape
from layers.published.layers.filters import LayerFilters


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which part of a layer is wanted, in which form.

    Attributes
    ----------
    filters, shape
        Which features, with which columns and coordinates.
    system : ReferenceSystem
        Of the coordinates; `shape` follows it.
    lang : str
        Language of titles and descriptions, where the layer has it.
    for_spreadsheet : bool
        CSV only: write it so that a spreadsheet opens it without harm.
    made_at : datetime
        When it was asked for.
    """

    filters: LayerFilters
    shape: Shape
    system: ReferenceSystem
    made_at: datetime
    lang: str = "en"
    for_spreadsheet: bool = False
