"""A layer of a file as it is read: its columns, its system, its rows in batches."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import pyarrow as pa

MAX_FEATURES = 20_000_000
"""Features that one layer may have; memory does not grow with them, the disk does."""

BATCH_ROWS = 10_000
"""Features that are in memory at a time."""


@dataclass(frozen=True, slots=True)
class SourceColumn:
    """A column of the file: its name there, its Arrow type, and what that type hides.

    Attributes
    ----------
    name : str
        As the file has it.
    type : pyarrow.DataType
        Of the values in a batch.
    is_moment : bool
        Text in ISO 8601 that stands for a moment; zones may differ from row to row.
    is_json, is_uuid : bool
        Text that the file declares to be one.
    """

    name: str
    type: pa.DataType
    is_moment: bool = False
    is_json: bool = False
    is_uuid: bool = False


@dataclass(frozen=True, slots=True)
class Batch:
    """Some rows: one array per column, the file's own ids, geometries as WKB."""

    columns: Sequence[pa.Array]
    ids: pa.Array | None
    geometries: pa.Array | None
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One layer of a file, opened.

    Attributes
    ----------
    name : str
        Of the layer, or of the file where it has only one.
    columns : sequence of SourceColumn
        In the file's order, without geometry and ids.
    batches : iterator of Batch
        May be read once, while the file is open.
    has_geometry : bool
        False for a table.
    geometry_name : str
        Empty where the file has no name for it.
    geometry_type : str
        As declared, such as `Point`; `Unknown` where it is not said or mixed.
    crs : str or None
        The reference system as the file says it.
    id_name : str or None
        What the file calls the ids that it gives its features; None where it has none
        but the order of its rows.
    id_column : str or None
        Column that holds those ids, where they are texts.
    announced : int
        How many features the file says it has; negative where it does not say.
    title, description : str
        As the file has them.
    remarks : list of str
        What the reader should know; may grow while batches are read.
    """

    name: str
    columns: Sequence[SourceColumn]
    batches: Iterator[Batch]
    has_geometry: bool
    geometry_name: str = ""
    geometry_type: str = "Unknown"
    crs: str | None = None
    id_name: str | None = None
    id_column: str | None = None
    announced: int = -1
    title: str = ""
    description: str = ""
    remarks: list[str] = field(default_factory=list)
