"""Small files of tiles, as hosts of base maps have them."""

import struct
import zlib
from typing import Any

import mapbox_vector_tile

PNG, MVT = 2, 1
"""Kinds of tiles in the header of a PMTiles file (its specification, version 3)."""


def png(red: int, green: int, blue: int, size: int = 256) -> bytes:
    """Return a picture of one colour."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        sealed = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + sealed

    header = struct.pack(">IIBBBBB", size, size, 8, 2, 0, 0, 0)
    rows = (b"\0" + bytes((red, green, blue)) * size) * size
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def vector_tile() -> bytes:
    """Return a tile in the Protomaps schema: land everywhere, and a park."""
    square = "POLYGON ((0 0, 0 4096, 4096 4096, 4096 0, 0 0))"
    layers: list[dict[str, Any]] = [
        {"name": "earth", "features": [{"geometry": square, "properties": {}}]},
        {
            "name": "landuse",
            "features": [{"geometry": square, "properties": {"kind": "park"}}],
        },
    ]
    return bytes(mapbox_vector_tile.encode(layers))


def pmtiles(tile: bytes, kind: int) -> bytes:
    """Return a PMTiles file that holds one tile, that of the whole world."""
    directory = b"".join(map(_varint, (1, 0, 1, len(tile), 1)))
    metadata = b"{}"
    root, meta = 127, 127 + len(directory)
    data = meta + len(metadata)
    offsets = (root, len(directory), meta, len(metadata), data, 0, data, len(tile))
    counts = (1, 1, 1)
    uncompressed = 1
    header = struct.pack(
        "<7sB11Q6B4iB2i",
        *(b"PMTiles", 3, *offsets, *counts),
        *(1, uncompressed, uncompressed, kind, 0, 0),
        *(-1_800_000_000, -850_000_000, 1_800_000_000, 850_000_000),
        *(0, 0, 0),
    )
    assert len(header) == root
    return header + directory + metadata + tile


def _varint(number: int) -> bytes:
    parts = bytearray()
    while number > 127:
        parts.append(number & 127 | 128)
        number >>= 7
    parts.append(number)
    return bytes(parts)
