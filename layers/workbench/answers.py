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
    if there and any(i is not None and i.exists() and i.samefile(path) for i in inputs):
        raise InvalidParameter(
            option, str(path), "another file than those that are read"
        )


def write_table(
    path: Path, columns: Sequence[str], rows: Iterable[Sequence[str]]
) -> None:
    """Write a CSV file: UTF-8, commas between cells, line feeds behind rows."""

    def fill(file: TextIO) -> None:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)

    _write(path, fill)


def write_summary(path: Path, summary: Mapping[str, object]) -> None:
    """Write a JSON object; what is infinite or undefined is null, never `NaN`."""
    text = summary_text(summary)
    _write(path, lambda file: file.write(text + "\n"))


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


def _write(path: Path, fill: Callable[[TextIO], object]) -> None:
    """Fill a file beside the one asked for, then put it in its place."""
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:40]}.")
    except OSError as error:
        raise InvalidParameter(
            "out", str(path), f"cannot be written ({error.strerror})"
        ) from error
    made = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            fill(file)
        made.chmod(0o644)
        made.replace(path)
    except BaseException:
        made.unlink(missing_ok=True)
        raise
