"""Answers that are sent while they are made."""

import gzip
from collections.abc import Iterator

import brotli
import pytest

from layers.answers.streaming import Begun, Pieces, compressed_pieces


class Source:
    """Pieces that note how far they got and whether they were ended."""

    def __init__(self, *pieces: bytes, fault: Exception | None = None) -> None:
        self.pieces, self.fault = pieces, fault
        self.made, self.is_ended = 0, False

    def __call__(self) -> Pieces:
        try:
            for piece in self.pieces:
                self.made += 1
                yield piece
            if self.fault is not None:
                raise self.fault
        finally:
            self.is_ended = True


def test_the_first_piece_is_there_before_anything_is_sent() -> None:
    source = Source(b"a", b"b", b"c")
    begun = Begun(source())
    assert source.made == 1
    assert list(begun) == [b"a", b"b", b"c"]
    assert source.is_ended


def test_a_fault_before_the_first_piece_is_raised_at_once() -> None:
    with pytest.raises(LookupError):
        Begun(Source(fault=LookupError())())


def test_a_fault_in_between_is_no_end() -> None:
    begun = Begun(Source(b"a", fault=LookupError())())
    assert next(begun) == b"a"
    with pytest.raises(LookupError):
        next(begun)


def test_nothing_at_all_is_one_empty_piece() -> None:
    assert list(Begun(Source()())) == [b""]


def test_closing_ends_the_making_also_before_a_piece_was_taken() -> None:
    source = Source(b"a", b"b")
    Begun(source()).close()
    assert source.is_ended
    assert source.made == 1


@pytest.mark.parametrize(
    ("name", "unpacked"), [("gzip", gzip.decompress), ("br", brotli.decompress)]
)
def test_compressed_pieces_are_one_text(name: str, unpacked: object) -> None:
    source = Source(b"first" * 100, b"second", b"")
    packed = list(compressed_pieces(source(), name))
    assert callable(unpacked)
    assert unpacked(b"".join(packed)) == b"first" * 100 + b"second"


@pytest.mark.parametrize("name", ["gzip", "br"])
def test_the_first_compressed_piece_does_not_wait_for_more(name: str) -> None:
    source = Source(b"first", b"second")
    packed: Iterator[bytes] = compressed_pieces(source(), name)
    assert len(next(packed)) > 5
    assert source.made == 1


@pytest.mark.parametrize("name", ["gzip", "br"])
def test_a_fault_leaves_a_compressed_text_without_its_end(name: str) -> None:
    packed = compressed_pieces(Source(b"first", fault=LookupError())(), name)
    sent = next(packed)
    with pytest.raises(LookupError):
        next(packed)
    with pytest.raises((EOFError, brotli.error)):
        {"gzip": gzip.decompress, "br": brotli.decompress}[name](sent)


def test_closing_compressed_pieces_ends_the_making() -> None:
    source = Source(b"first", b"second")
    packed = compressed_pieces(source(), "gzip")
    next(packed)
    packed.close()
    assert source.is_ended
