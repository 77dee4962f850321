"""Answers as plain files: a table in CSV and a summary in JSON, whole or not at all."""

import csv
import json
import math
import os
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TextIO

from layers.errors import InvalidParameter
from layers.workbench.columns import LAYER_MARK


def check_writable(
    option: str, path: Path | None, inputs: Iterable[Path | None]
) -> None:
    """Refuse a file that could not be written, before the work and not after.

    Raises
    ------
    InvalidParameter
        Its folder does not exist or may not be written; it is a folder; it is one of
        the files that are read.
    """
    if path is None:
        return
    there = path.exists()
    if path.is_dir() or not os.access(path if there else path.parent, os.W_OK):
        raise InvalidParameter(option, str(path), "a file in a folder that exists")
    read = [Path(str(i).partition(LAYER_MARK)[0]) for i in inputs if i is not None]
    if there and any(file.exists() and file.samefile(path) for file in read):
        raise InvalidParameter(
            option, str(path), "another file than those that are read"
        )


Fill = Callable[[TextIO], object]
"""Writes one file's content."""


def write_table(
    path: Path, columns: Sequence[str], rows: Iterable[Sequence[str]]
) -> None:
    """Write a CSV file: UTF-8, commas between cells, line feeds behind rows."""
    write_together({path: table_of(columns, rows)})


def write_summary(path: Path, summary: Mapping[str, object]) -> None:
    """Write a JSON object; what is infinite or undefined is null, never `NaN`."""
    write_together({path: summary_of(summary)})


def table_of(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Fill:
    """Return what writes a table as CSV."""

    def fill(file: TextIO) -> None:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)

    return fill


def summary_of(summary: Mapping[str, object]) -> Fill:
    """Return what writes a summary as JSON."""
    return lambda file: file.write(summary_text(summary) + "\n")


def write_together(files: Mapping[Path, Fill]) -> None:
    """Write files such that all of them are there, whole, or none is touched.

    Raises
    ------
    InvalidParameter
        One cannot be written: the disk is full, the folder may not be changed.
    """
    made: dict[Path, Path] = {}
    try:
        for path, fill in files.items():
            made[path] = _beside(path)
            with made[path].open("w", encoding="utf-8", newline="") as file:
                fill(file)
        for path, whole in made.items():
            whole.replace(path)
    except OSError as error:
        names = ", ".join(path.name for path in files)
        raise InvalidParameter(
            "out", names, f"cannot be written ({error.strerror})"
        ) from error
    finally:
        for whole in made.values():
            whole.unlink(missing_ok=True)


def summary_text(summary: Mapping[str, object]) -> str:
    """Return a summary as JSON text, keys in their order."""
    return json.dumps(finite(summary), ensure_ascii=False, indent=2, allow_nan=False)


def finite(value: object) -> object:
    """Return a value for JSON: numbers that are infinite or NaN become None."""
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [finite(item) for item in value]
    return value


def number_text(value: float) -> str:
    """Return the shortest text that reads back as the same number; empty if infinite.

    Examples
    --------
    >>> number_text(2.0), number_text(0.1), number_text(float("inf"))
    ('2', '0.1', '')
    """
    if not math.isfinite(value):
        return ""
    return repr(float(value)).removesuffix(".0")


def _beside(path: Path) -> Path:
    """Return a new file in the same folder, readable by whom a new file is."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:40]}.")
    os.close(handle)
    made = Path(name)
    made.chmod(0o644)
    return made
