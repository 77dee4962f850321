"""What is in an exported file, as text: a search for secrets has to see coordinates."""

import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pyogrio
import shapely
from pyarrow import parquet

from layers.exports.formats import FORMATS


def as_text(content: bytes, file_name: str) -> str:
    """Return a file's bytes as text and, of a format that is none, its values, too."""
    code = next((c for c in FORMATS if file_name.endswith(f".{c}")), "")
    said = content.decode(errors="replace")
    if not code or FORMATS[code].is_text:
        return said
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"file.{code}"
        path.write_bytes(content)
        return "\n".join([said, *_values(path, code)])


def _values(path: Path, code: str) -> Iterator[str]:
    read = {"parquet": _parquet, "xlsx": _workbook, "shp.zip": _zip}
    return read.get(code, _features)(path)


def _parquet(path: Path) -> Iterator[str]:
    file = parquet.ParquetFile(path)
    yield str(file.metadata.metadata)
    for row in file.read().to_pylist():
        yield " ".join(map(_shown, row.values()))


def _workbook(path: Path) -> Iterator[str]:
    for sheet in openpyxl.load_workbook(path):
        for values in sheet.values:
            yield " ".join(map(str, values))


def _zip(path: Path) -> Iterator[str]:
    with zipfile.ZipFile(path) as whole:
        for name in whole.namelist():
            yield name
            if name.endswith((".txt", ".csv")):
                yield whole.read(name).decode()
            elif name.endswith((".shp", ".dbf")):
                yield from _features(f"/vsizip/{{{path}}}/{name}")


def _features(path: Path | str) -> Iterator[str]:
    yield str(pyogrio.read_info(path))
    _, _, shapes, columns = pyogrio.raw.read(path, datetime_as_string=True)
    for column in columns:
        yield " ".join(map(str, column))
    for shape in () if shapes is None else shapes:
        yield _shown(shape)


def _shown(value: object) -> str:
    if isinstance(value, bytes):
        return shapely.to_wkt(shapely.from_wkb(value), rounding_precision=-1)
    return str(value)
