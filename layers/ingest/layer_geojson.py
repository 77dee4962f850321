"""Whether the features of a GeoJSON file have ids of their own, which GDAL does not say."""

import json
import re
from enum import StrEnum
from typing import IO

_ENOUGH = 1 << 22
"""Bytes within which the first feature must end to be looked at."""

_SEPARATOR = b"\x1e"

_FEATURES = re.compile(r'"features"\s*:\s*\[\s*')


class FeatureIds(StrEnum):
    """What the first feature has as its id."""

    NONE = "none"
    NUMBERS = "numbers"
    TEXTS = "texts"
    COVERED = "covered"
    """GDAL reads a property called `id` in its place."""


def feature_ids(file: IO[bytes]) -> FeatureIds:
    """Return what kind of ids a GeoJSON file (or sequence) gives its features.

    Read from the first feature: a file whose later features differ is caught when the
    ids turn out not to be unique. NONE also where the first feature is huge.
    """
    text = file.read(_ENOUGH).decode("utf-8-sig", errors="replace")
    first = _first_feature(text)
    given = first.get("id")
    properties = first.get("properties")
    inner = properties.get("id") if isinstance(properties, dict) else None
    if isinstance(given, bool) or given is None:
        return FeatureIds.NONE
    if isinstance(given, int):
        return FeatureIds.NUMBERS
    if isinstance(given, str) and inner is not None and inner != given:
        return FeatureIds.COVERED
    return FeatureIds.TEXTS if isinstance(given, str) else FeatureIds.NONE


def sequence_length(file: IO[bytes]) -> int:
    """Return how many features a sequence of one line each has, or -1 for another kind.

    GDAL passes over a line that it cannot read, and a file that was cut off ends in one.
    Features between record separators (RFC 8142) may take several lines.
    """
    if file.read(1) == _SEPARATOR:
        return -1
    file.seek(0)
    return sum(1 for line in file if line.strip())


def _first_feature(text: str) -> dict[str, object]:
    found = _FEATURES.search(text)
    start = found.end() if found else max(0, text.find("{"))
    try:
        feature, _ = json.JSONDecoder().raw_decode(text, start)
    except (ValueError, RecursionError):
        return {}
    return feature if isinstance(feature, dict) else {}
