"""How GDAL is to open a file that is published: which part of it, and as which text."""

import codecs
import tempfile
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from layers.errors import InvalidParameter, UnreadableFile, shown
from layers.ingest.gdal import gdal_path, plain_path
from layers.ingest.layer_dbf import dbf_encoding
from layers.ingest.layer_geojson import FeatureIds, feature_ids, sequence_length
from layers.ingest.layer_options import LayerOptions
from layers.ingest.limits import checked_file, head, is_zip
from layers.ingest.tables import TABLE_SUFFIXES, text_encoding

PARQUET_MAGIC = b"PAR1"

_TEXT_SUFFIXES = (
    *TABLE_SUFFIXES,
    *(".geojson", ".json", ".geojsonl", ".geojsons", ".ndjson", ".topojson"),
)
_SEQUENCES = (".geojsonl", ".geojsons", ".ndjson")
_GEOJSON = (".geojson", *_SEQUENCES)

_PACKED = (".kmz", ".xlsx", ".xlsm", ".ods")
"""ZIP archives that a driver of GDAL reads as one file."""

_MEMBERS = (
    *(".shp", ".gpkg", ".geojson", ".json", ".geojsonl", ".ndjson", ".fgb", ".gml"),
    *(".kml", ".gpx", ".csv", ".tsv", ".tab", ".mif", ".sqlite", ".gdb", ".dxf"),
)
"""What is looked for in an archive, the file geodatabase's folder among them."""

_CHUNK = 1 << 20

NO_REMARKS: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerFile:
    """A file that may be read.

    Attributes
    ----------
    real : Path
        Where it lies; never shown.
    name : str
        For messages.
    opened : str
        How GDAL calls it.
    encoding : str or None
        Of a Shapefile's texts; None where GDAL finds it out.
    open_options : mapping of str to str
        For the driver.
    is_parquet, is_table : bool
        Whether it is GeoParquet, which this GDAL does not read; whether it is a text
        table, whose columns say nothing of their types.
    is_single : bool
        Whether it is of a format that holds one layer.
    announced : int
        How many features it has, where that can be told by looking; else -1.
    feature_ids : FeatureIds
        What a GeoJSON file has as ids.
    layer : str or None
        Layer that is still to be chosen in it.
    remarks : tuple of str
        What was decided on the way.
    """

    real: Path
    name: str
    opened: str
    encoding: str | None = None
    open_options: Mapping[str, str] = field(default_factory=dict)
    is_parquet: bool = False
    is_table: bool = False
    is_single: bool = False
    announced: int = -1
    feature_ids: FeatureIds = FeatureIds.NONE
    layer: str | None = None
    remarks: tuple[str, ...] = ()


@contextmanager
def layer_file(path: Path, options: LayerOptions) -> Iterator[LayerFile]:
    """Check a file, and say how it is to be opened; a text in UTF-8 for as long as needed.

    Raises
    ------
    UnreadableFile
        See `checked_file`; several files in an archive and none was chosen.
    InvalidParameter
        There is no such encoding, or the file has none to choose.
    """
    real = checked_file(path)
    name = shown(path.name)
    if head(real, 4) == PARQUET_MAGIC:
        yield LayerFile(real=real, name=name, opened="", is_parquet=True)
    elif is_zip(real) and real.suffix.lower() not in _PACKED:
        yield _archived(real, name, options)
    elif real.suffix.lower() in (".shp", ".dbf"):
        yield _shapefile(real, name, options)
    elif real.suffix.lower() in _TEXT_SUFFIXES:
        with tempfile.TemporaryDirectory(prefix="layer-") as folder:
            yield _text(real, name, options, Path(folder))
    else:
        if options.encoding is not None:
            raise InvalidParameter(
                "encoding", options.encoding, f"not for {name}, which says its own"
            )
        yield LayerFile(
            real=real,
            name=name,
            opened=_opened(real),
            open_options=_gml_options(real),
            layer=options.layer,
        )


def _opened(real: Path) -> str:
    return plain_path(real) if real.suffix.lower() in _PACKED else gdal_path(real)


def _shapefile(real: Path, name: str, options: LayerOptions) -> LayerFile:
    beside = {p.suffix.lower(): p for p in real.parent.glob(f"{_escaped(real.stem)}.*")}
    encoding, remarks = options.encoding, NO_REMARKS
    if encoding is None and ".cpg" not in beside and ".dbf" in beside:
        with beside[".dbf"].open("rb") as dbf:
            encoding, remarks = dbf_encoding(dbf)
    return LayerFile(
        real=real,
        name=name,
        opened=gdal_path(real),
        encoding=_known(encoding),
        layer=options.layer,
        remarks=remarks,
    )


def _escaped(stem: str) -> str:
    return "".join(f"[{c}]" if c in "[*?" else c for c in stem)


def _known(encoding: str | None) -> str | None:
    """Return the encoding by a name that GDAL's iconv knows."""
    if encoding is None:
        return None
    try:
        return codecs.lookup(encoding).name.upper()
    except LookupError as error:
        raise InvalidParameter(
            "encoding", encoding, "one that Python knows, such as cp1253"
        ) from error


def _archived(real: Path, name: str, options: LayerOptions) -> LayerFile:
    """Return the one file of an archive that holds layers, or the one that was chosen."""
    with zipfile.ZipFile(real) as archive:
        names = archive.namelist()
        member, layer = _chosen_member(_members(names), name, options.layer)
        encoding, remarks = options.encoding, NO_REMARKS
        ids = FeatureIds.NONE
        suffix = PurePosixPath(member).suffix.lower()
        if suffix != ".shp" and encoding is not None:
            raise InvalidParameter(
                "encoding", encoding, f"not for a {suffix} in an archive; unpack it"
            )
        if suffix == ".shp" and encoding is None:
            encoding, remarks = _packed_encoding(archive, names, member)
        if suffix in _TEXT_SUFFIXES:
            with archive.open(member) as file:
                ids = feature_ids(file)
    # How GDAL reads other names depends on the tool that packed them.
    inside = member if member.isascii() else str(PurePosixPath(member).parent)
    return LayerFile(
        real=real,
        name=name,
        opened=f"/vsizip/{{{real}}}/{'' if inside == '.' else inside}",
        encoding=_known(encoding),
        is_table=suffix in TABLE_SUFFIXES,
        feature_ids=ids,
        layer=layer,
        remarks=remarks,
    )


def _chosen_member(
    members: Sequence[str], name: str, layer: str | None
) -> tuple[str, str | None]:
    """Return the file of the archive, and the layer that is still to be chosen in it."""
    if not members:
        raise UnreadableFile(f"{name}: no file in the archive that holds a layer")
    if len(members) == 1:
        return members[0], layer
    stems = [m for m in members if PurePosixPath(m).stem == layer]
    if len(stems) != 1:
        listed = ", ".join(PurePosixPath(m).stem for m in members)
        raise UnreadableFile(
            f"{name}: {len(members)} files in the archive; choose one with --layer: "
            f"{shown(listed, limit=300)}"
        )
    return stems[0], None


def _packed_encoding(
    archive: zipfile.ZipFile, names: Sequence[str], shapefile: str
) -> tuple[str | None, tuple[str, ...]]:
    base = shapefile.rpartition(".")[0].lower()
    beside = {n.lower(): n for n in names}
    if f"{base}.cpg" in beside or f"{base}.dbf" not in beside:
        return None, ()
    with archive.open(beside[f"{base}.dbf"]) as dbf:
        return dbf_encoding(dbf)


def _members(names: Sequence[str]) -> list[str]:
    found: dict[str, None] = {}
    for name in names:
        parts = PurePosixPath(name).parts
        if not parts or parts[0] == "__MACOSX" or parts[-1].startswith("."):
            continue
        for depth, part in enumerate(parts, start=1):
            if part.lower().endswith(".gdb"):
                found["/".join(parts[:depth])] = None
                break
        else:
            if not name.endswith("/") and name.lower().endswith(_MEMBERS):
                found[name] = None
    # What lies beside a Shapefile describes it.
    shapefiles = [name for name in found if name.lower().endswith(".shp")]
    return shapefiles or list(found)


def _text(real: Path, name: str, options: LayerOptions, folder: Path) -> LayerFile:
    """Return a text file, written anew in UTF-8 where it is in something else."""
    is_table = real.suffix.lower() in TABLE_SUFFIXES
    remarks: tuple[str, ...] = ()
    encoding = _known(options.encoding)
    if encoding is None:
        encoding = text_encoding(real, name) if is_table else "utf-8"
        if encoding == "cp1253":
            remarks = ("not UTF-8; read as Windows-1253 (--encoding says otherwise)",)
    opened = gdal_path(real)
    if encoding.lower() not in ("utf-8", "utf-8-sig"):
        opened = str(_in_utf8(real, name, encoding, folder))
    ids, announced = FeatureIds.NONE, -1
    if not is_table:
        with Path(opened).open("rb") as file:
            ids = feature_ids(file)
            if real.suffix.lower() in _SEQUENCES:
                file.seek(0)
                announced = sequence_length(file)
    return LayerFile(
        real=real,
        name=name,
        opened=opened,
        is_table=is_table,
        is_single=is_table or _is_geojson(real),
        announced=announced,
        feature_ids=ids,
        layer=options.layer,
        remarks=remarks,
    )


def _is_geojson(real: Path) -> bool:
    """Tell whether a file is called GeoJSON and is no topology, which has several layers."""
    return real.suffix.lower() in _GEOJSON and b'"Topology"' not in head(real, 4096)


def _in_utf8(real: Path, name: str, encoding: str, folder: Path) -> Path:
    written = folder / f"layer{real.suffix.lower()}"
    try:
        with (
            real.open(encoding=encoding, newline="") as source,
            written.open("w", encoding="utf-8", newline="") as target,
        ):
            while text := source.read(_CHUNK):
                target.write(text)
    except UnicodeError as error:
        raise UnreadableFile(f"{name}: not {encoding} text") from error
    return written


def _gml_options(real: Path) -> dict[str, str]:
    """Return options that keep the GML driver from writing beside the file."""
    if b"gml" not in head(real, 4096).lower():
        return {}
    return {"WRITE_GFS": "NO"}
