"""Layers of every format that GDAL reads, as Arrow batches."""

import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from typing import Any

import pyarrow as pa
import pyogrio
from pyogrio.errors import DataLayerError

from layers.errors import InvalidParameter, UnreadableFile, shown
from layers.ingest.gdal import FAULTS, close_the_doors, reason
from layers.ingest.layer_files import LayerFile
from layers.ingest.layer_geojson import FeatureIds
from layers.ingest.layer_options import LayerOptions
from layers.ingest.layer_place import place_options
from layers.ingest.layer_source import BATCH_ROWS, Batch, Source, SourceColumn

OWN_TABLES = frozenset(("layer_styles", "qgis_projects"))
"""Tables that QGIS keeps beside the data; never meant where others are."""

MAX_LAYERS = 1_000
"""Layers of a file that are looked at to find the one that is meant."""

_FAULTS = (*FAULTS, pa.ArrowException, OSError, IndexError)
_UNNAMED = "wkb_geometry"
"""What GDAL calls a geometry column in Arrow that has no name."""

_GEOMETRY = (b"geoarrow.wkb", b"ogc.wkb")

_CONFIG = {
    # FlatGeobuf's own way to Arrow loses its place after a feature without geometry
    # (GDAL 3.12).
    "OGR_FLATGEOBUF_STREAM_BASE_IMPL": "YES",
    # GeoPackage has one, too, that crashes when it is not read to the end.
    "OGR_GPKG_STREAM_BASE_IMPL": "YES",
    # Bytes after which a batch ends before its last row: boundaries can be large.
    "OGR_ARROW_MEM_LIMIT": "4194304",
}

# Every question to GDAL reads a text file from end to end, so such a file is asked once.
_ASKED_NOTHING = {"features": -1, "fid_column": "", "layer_metadata": None}


@contextmanager
def gdal_source(file: LayerFile, options: LayerOptions) -> Iterator[Source]:
    """Open a layer of a file with GDAL; closed when the context ends.

    Parameters
    ----------
    file : LayerFile
        What `layer_file` made of the path: checked, and how GDAL is to open it.
    options : LayerOptions
        Which columns of a table hold the place.

    Raises
    ------
    UnreadableFile
        GDAL does not know the format or finds it broken, now or while batches are read;
        or there are several layers and none was chosen.
    InvalidParameter
        The layer or a column does not exist.
    """
    close_the_doors()
    pyogrio.set_gdal_config_options(_CONFIG)
    with ExitStack() as opened, warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        with _explained(file):
            is_known = file.is_single and file.layer is None
            layer, is_only = (None, True) if is_known else _chosen_layer(file)
            how = {"layer": layer, "encoding": file.encoding, **_opening(file, options)}
            info = {} if is_known else pyogrio.read_info(file.opened, **how)
            meta, reader = opened.enter_context(
                pyogrio.raw.open_arrow(
                    file.opened,
                    **how,
                    return_fids=True,
                    batch_size=BATCH_ROWS,
                    use_pyarrow=True,
                    datetime_as_string=True,
                )
            )
        described = {**meta, **(info or _ASKED_NOTHING)}
        name = layer if layer and not is_only else ""
        yield _source(file, name, described, reader, caught)


@contextmanager
def _explained(file: LayerFile) -> Iterator[None]:
    try:
        yield
    except _FAULTS as error:
        raise UnreadableFile(f"{file.name}: {reason(error, file.real)}") from error


def _chosen_layer(file: LayerFile) -> tuple[str, bool]:
    """Return the layer's name, and whether there is no other."""
    found = _layer_names(file)
    if not found:
        raise UnreadableFile(f"{file.name}: no layers in it")
    if file.layer is not None:
        if file.layer not in found:
            listed = shown(", ".join(found), limit=300)
            raise InvalidParameter("layer", file.layer, f"one of {listed}")
        return file.layer, len(found) == 1
    meant = [name for name in found if name not in OWN_TABLES] or found
    if len(meant) > 1:
        raise UnreadableFile(
            f"{file.name}: {len(meant)} layers; choose one with --layer: "
            f"{shown(', '.join(meant), limit=300)}"
        )
    return meant[0], True


def _layer_names(file: LayerFile) -> list[str]:
    if not file.open_options:
        return [str(row[0]) for row in pyogrio.list_layers(file.opened)]
    # Listing knows no options, and here they keep GDAL from writing.
    found: list[str] = []
    with suppress(DataLayerError):
        while len(found) < MAX_LAYERS:
            info = pyogrio.read_info(file.opened, layer=len(found), **file.open_options)
            found.append(str(info["layer_name"]))
    return found


def _opening(file: LayerFile, options: LayerOptions) -> Mapping[str, str]:
    if not file.is_table:
        return file.open_options
    columns = [str(name) for name in pyogrio.read_info(file.opened)["fields"]]
    return place_options(columns, options)


def _source(
    file: LayerFile,
    layer: str,
    info: Mapping[str, Any],
    reader: pa.RecordBatchReader,
    caught: Sequence[warnings.WarningMessage],
) -> Source:
    schema = reader.schema
    geometries = [n for n, field in enumerate(schema) if _is_geometry(field)]
    at_geometry = geometries[0] if geometries else None
    # The ids are the first column, whatever the file's own columns are called.
    at = [n for n in range(1, len(schema)) if n not in geometries]
    columns = tuple(
        _column(schema.field(n), name, subtype)
        for n, name, subtype in zip(
            at, info["fields"], info["ogr_subtypes"], strict=True
        )
    )
    remarks = [
        *file.remarks,
        *(f"geometry {shown(schema.names[n])!r} is left out" for n in geometries[1:]),
    ]
    id_name, id_column = _ids(file, info, remarks)
    metadata = info.get("layer_metadata") or {}
    return Source(
        name=layer or file.real.name.split(".")[0] or file.real.name,
        columns=columns,
        batches=_batches(file, reader, at, at_geometry, caught, remarks),
        has_geometry=at_geometry is not None,
        geometry_name=info["geometry_name"].removeprefix(_UNNAMED),
        geometry_type=info["geometry_type"] or "Unknown",
        crs=info["crs"],
        id_name=id_name,
        id_column=id_column,
        announced=file.announced if file.announced >= 0 else info["features"],
        title=str(metadata.get("IDENTIFIER", "")),
        description=str(metadata.get("DESCRIPTION", "")),
        remarks=remarks,
    )


def _is_geometry(column: pa.Field) -> bool:
    return (column.metadata or {}).get(b"ARROW:extension:name") in _GEOMETRY


def _column(column: pa.Field, name: str, subtype: str) -> SourceColumn:
    is_json = isinstance(column.type, pa.JsonType)
    return SourceColumn(
        name=str(name),
        type=column.type.storage_type if is_json else column.type,
        is_moment=(column.metadata or {}).get(b"GDAL:OGR:type") == b"DateTime",
        is_json=is_json or subtype == "OFSTJSON",
        is_uuid=subtype == "OFSTUUID",
    )


def _ids(
    file: LayerFile, info: Mapping[str, Any], remarks: list[str]
) -> tuple[str | None, str | None]:
    """Return what the file calls its features' ids, or the column that holds them."""
    if info["fid_column"]:
        return str(info["fid_column"]), None
    if file.feature_ids == FeatureIds.NUMBERS:
        return "id", None
    if file.feature_ids == FeatureIds.TEXTS and "id" in info["fields"]:
        return None, "id"
    if file.feature_ids == FeatureIds.COVERED:
        remarks.append(
            "the features' ids cannot be read beside a property that is called id, too"
        )
    return None, None


def _batches(
    file: LayerFile,
    reader: pa.RecordBatchReader,
    at: Sequence[int],
    at_geometry: int | None,
    caught: Sequence[warnings.WarningMessage],
    remarks: list[str],
) -> Iterator[Batch]:
    with _explained(file):
        for batch in reader:
            batch.validate()  # a driver's mistake must not be read as data
            if at_geometry is not None:
                batch.column(at_geometry).validate(full=True)
            columns = [batch.column(n) for n in at]
            yield Batch(
                columns=[getattr(c, "storage", c) for c in columns],
                ids=batch.column(0),
                geometries=None if at_geometry is None else batch.column(at_geometry),
                rows=batch.num_rows,
            )
    said = (shown(str(w.message), limit=200) for w in caught)
    remarks.extend(dict.fromkeys(said))
