"""Which coding a reader takes, and the body in it.

Time counts more than size here: the quickest levels save most of what the slowest do.
"""

import gzip

import brotli

SMALLEST = 1024
"""Bodies shorter than this stay as they are: the saving is less than a packet."""

GZIP_LEVEL = 1
"""Level 6 costs as much time as making the page and saves a fifth more."""

BROTLI_QUALITY = 1
"""As quick as gzip at level 1 and a little smaller."""

PREFERRED = ("br", "gzip")


def coding(accept_encoding: str) -> str | None:
    """Return the coding that the reader likes best, of those we have; None for none.

    Where the reader likes several as much, brotli is taken. A weight of 0 refuses; a
    malformed weight counts as a refusal, since the plain body is always right.
    """
    weights: dict[str, float] = {}
    for part in accept_encoding.lower().split(","):
        name, _, weight = part.partition(";")
        weights[name.strip()] = _weight(weight)
    rest = weights.get("*", 0.0)
    best = max(PREFERRED, key=lambda name: weights.get(name, rest))
    return best if weights.get(best, rest) > 0 else None


def _weight(text: str) -> float:
    if not text.strip():
        return 1.0
    name, _, value = text.partition("=")
    try:
        weight = float(value)
    except ValueError:
        return 0.0
    return weight if name.strip() == "q" and 0 <= weight <= 1 else 0.0


def compressed(body: bytes, name: str) -> bytes:
    """Return a body in the coding `br` or `gzip`; the same bytes every time."""
    if name == "br":
        packed: bytes = brotli.compress(body, quality=BROTLI_QUALITY)
        return packed
    return gzip.compress(body, compresslevel=GZIP_LEVEL, mtime=0)
