"""Rows of a small CSV file of ours, read whole or refused whole."""

import csv
from collections.abc import Collection
from pathlib import Path

from layers.errors import UnreadableFile, shown


def csv_records(
    path: Path, headings: Collection[tuple[str, ...]], *, max_bytes: int
) -> list[dict[str, str]]:
    """Return the rows by heading, their texts without blanks around them.

    Parameters
    ----------
    path : Path
        A file in UTF-8, with or without a byte order mark.
    headings : collection of tuple of str
        The first lines that are allowed; the last one is named in the error.
    max_bytes : int
        The largest file that is read.

    Raises
    ------
    UnreadableFile
        Not there, too large, not CSV in UTF-8, other columns, or a row with more fields
        than columns.
    """
    try:
        if path.stat().st_size > max_bytes:
            raise UnreadableFile(f"{path.name}: larger than {max_bytes:,} bytes")
        with path.open(encoding="utf-8-sig", newline="") as lines:
            reader = csv.DictReader(lines, strict=True, restkey="", restval="")
            columns = tuple(reader.fieldnames or ())
            records = list(reader)
    except OSError as error:
        raise UnreadableFile(
            f"{path.name}: cannot be read ({error.strerror})"
        ) from error
    except (ValueError, csv.Error) as error:
        raise UnreadableFile(f"{path.name}: not CSV in UTF-8 ({error})") from error
    if columns not in headings or any("" in record for record in records):
        wanted = ",".join(list(headings)[-1])
        raise UnreadableFile(
            f"{path.name}: columns {shown(','.join(columns))!r} are not {wanted!r}"
        )
    return [{name: text.strip() for name, text in record.items()} for record in records]
