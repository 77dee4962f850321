"""Answers that are sent while they are made.

Before the status is sent the first piece is there, so that a fault until then is a
problem like any other. A fault after it breaks the connection off: the server ends a
transfer properly only when the last piece was handed over.
"""

import zlib
from collections.abc import Callable, Generator
from contextlib import closing
from typing import Self

import brotli

from layers.answers.compression import BROTLI_QUALITY, GZIP_LEVEL

Pieces = Generator[bytes, None, None]

_GZIP = 16 + zlib.MAX_WBITS


class Begun:
    """Pieces of which the first is already there; `close` ends their making.

    A server closes what it has been given when the reader is served or gone. A generator
    that was never begun would not notice; this one was.
    """

    def __init__(self, pieces: Pieces) -> None:
        """Fetch the first piece; whatever goes wrong with it is raised here."""
        self._pieces = pieces
        self._first: bytes | None = next(pieces, b"")

    def __iter__(self) -> Self:
        """Return itself."""
        return self

    def __next__(self) -> bytes:
        """Return the next piece."""
        if self._first is not None:
            first, self._first = self._first, None
            return first
        return next(self._pieces)

    def close(self) -> None:
        """End the making, wherever it stands."""
        self._pieces.close()


def compressed_pieces(pieces: Pieces, name: str) -> Pieces:
    """Yield the pieces in the coding `br` or `gzip`; the first is sent on at once."""
    process, flush, finish = _coder(name)
    with closing(pieces):
        is_first = True
        for piece in pieces:
            packed = process(piece)
            if is_first:
                packed += flush()
                is_first = False
            if packed:
                yield packed
        yield finish()


def _coder(
    name: str,
) -> tuple[Callable[[bytes], bytes], Callable[[], bytes], Callable[[], bytes]]:
    if name == "br":
        coder = brotli.Compressor(quality=BROTLI_QUALITY)
        return coder.process, coder.flush, coder.finish
    packer = zlib.compressobj(GZIP_LEVEL, zlib.DEFLATED, _GZIP)
    return (
        packer.compress,
        lambda: packer.flush(zlib.Z_SYNC_FLUSH),
        packer.flush,
    )
