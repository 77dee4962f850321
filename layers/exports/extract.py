"""What of a layer goes into a file: its rows, columns, coordinates, and how they are told."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from layers.published.layers.field_sql import geometry_sql
from layers.published.layers.filters import condition
from layers.published.layers.layer import Column, Condition, Geometry, Layer
from layers.published.layers.streams import LayerReading
from layers.published.layers.texts import text_in
from layers.published.layers.wanted import Wanted


@dataclass(frozen=True, slots=True)
class Extract:
    """A layer that is open for reading, and the part of it that is wanted."""

    reading: LayerReading
    wanted: Wanted

    @property
    def layer(self) -> Layer:
        """The layer's description."""
        return self.reading.layer

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns that go into the file, in the layer's order."""
        names = self.wanted.shape.properties
        return tuple(c for c in self.layer.columns if names is None or c.name in names)

    @property
    def geometry(self) -> Geometry | None:
        """The geometry column, None where there is none or none is wanted."""
        return self.layer.geometry if self.wanted.shape.has_geometry else None

    @property
    def condition(self) -> Condition:
        """Which rows."""
        return condition(self.layer, self.wanted.filters)

    @property
    def shape_sql(self) -> str | None:
        """The SQL of the geometry, x before y; None where none is wanted."""
        if self.geometry is None:
            return None
        return geometry_sql(self.geometry, self.wanted.system.srid)

    @property
    def about(self) -> Mapping[str, str]:
        """What the file says of itself; only what is known, and no hour of its making.

        The same data makes the same file.
        """
        layer, lang = self.layer, self.wanted.lang
        system = self.wanted.system
        said = {
            "name": layer.id,
            "title": text_in(layer.titles, lang),
            "description": text_in(layer.descriptions, lang),
            "licence": layer.licence,
            "attribution": layer.attribution,
            "source": layer.source,
            "reference_system": f"{system.title} ({system.uri})"
            if self.geometry
            else "",
            "data_version": self.reading.state.version,
            "data_changed_at": stamp(self.reading.state.changed_at),
            "publisher": "GeoACCMR",
        }
        return {name: value for name, value in said.items() if value}

    def told(self, column: Column) -> tuple[str, str, str]:
        """Return title, description and unit of a column; empty where nobody said."""
        lang = self.wanted.lang
        title, description = (
            text_in(column.titles, lang),
            text_in(column.descriptions, lang),
        )
        return title, description, column.unit


def stamp(moment: datetime | None) -> str:
    """Return a moment as text, to the second; empty for none."""
    return moment.isoformat(timespec="seconds") if moment else ""
