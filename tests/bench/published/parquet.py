"""A table to GeoParquet by pyarrow: `python -m tests.bench.published.parquet URL LAYER FILE`.

What a script does that knows both libraries: rows in batches from a server-side cursor,
binary, geometry as WKB, one row group a batch.
"""

import json
import sys

import psycopg
import pyarrow as pa
import pyarrow.parquet as pq

from tests.bench.published.attributes import ATTRIBUTES
from tests.bench.published.worlds import PEER_SCHEMA

BATCH = 50_000
GEO = {
    "version": "1.0.0",
    "primary_column": "geometry",
    "columns": {"geometry": {"encoding": "WKB", "geometry_types": ["Point"]}},
}
TYPES = {
    "id": pa.int64(),
    **dict.fromkeys(ATTRIBUTES, pa.string()),
    "capacity": pa.int32(),
    "area_m2": pa.float64(),
    "step_free": pa.bool_(),
    "opened_on": pa.date32(),
    "checked_at": pa.timestamp("us", "UTC"),
    "geometry": pa.binary(),
}


def write(url: str, layer: str, target: str) -> None:
    """Write the peers' table of a layer to a file."""
    schema = pa.schema(TYPES.items(), metadata={"geo": json.dumps(GEO)})
    columns = ", ".join(("id", *ATTRIBUTES, "ST_AsBinary(geom)"))
    with (
        psycopg.connect(url) as connection,
        connection.cursor("rows", binary=True) as cursor,
        pq.ParquetWriter(target, schema, compression="zstd") as writer,
    ):
        cursor.execute(f"SELECT {columns} FROM {PEER_SCHEMA}.{layer}")  # noqa: S608
        while rows := cursor.fetchmany(BATCH):
            arrays = [
                pa.array(values, type_)
                for values, type_ in zip(
                    zip(*rows, strict=True), schema.types, strict=True
                )
            ]
            writer.write_batch(pa.record_batch(arrays, schema=schema))


if __name__ == "__main__":
    write(*sys.argv[1:4])
