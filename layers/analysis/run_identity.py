"""What tells one run from another: what came out, bit for bit, and by which code."""

import hashlib
from collections.abc import Iterable
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import orjson

if TYPE_CHECKING:
    from layers.analysis.rows import CoverageRow

_ROOMS = ("measures", "selectors", "analysis")


def rows_hash(rows: "Iterable[CoverageRow]") -> str:
    """Return the hash of rows as they came out, bit for bit, 64 hex digits.

    Their order counts, and the last digit of every figure.
    """
    digest = hashlib.sha256()
    for row in rows:
        digest.update(
            orjson.dumps(row, option=orjson.OPT_SORT_KEYS | orjson.OPT_SERIALIZE_NUMPY)
        )
    return digest.hexdigest()


@cache
def software() -> dict[str, str]:
    """Return what computed: versions of the libraries, and a hash of our own sources.

    `code` changes with every edit of the rooms that compute, whether it moves figures or
    not; the version of the method (`parameters.METHOD`) is raised where it does.
    """
    digest = hashlib.sha256()
    layers = Path(__file__).resolve().parents[1]
    for room in _ROOMS:
        for source in sorted((layers / room).rglob("*.py")):
            digest.update(source.relative_to(layers).as_posix().encode())
            digest.update(source.read_bytes())
    libraries = {name: version(name) for name in ("numpy", "scipy")}
    return {"code": digest.hexdigest()[:12], **libraries}
