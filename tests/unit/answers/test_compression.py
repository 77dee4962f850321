"""Which coding a reader is given."""

import gzip

import brotli
import pytest

from layers.answers.compression import coding, compressed


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("gzip", "gzip"),
        ("br, GZIP;q=0.5", "br"),
        ("br;q=0.5, gzip", "gzip"),
        ("gzip, deflate, br, zstd", "br"),
        ("deflate, gzip ; q=1", "gzip"),
        ("*", "br"),
        ("*, br;q=0", "gzip"),
        ("", None),
        ("gzip;q=0", None),
        ("gzip; q=0.000", None),
        ("gzip;q=much", None),
        ("gzip;q=2", None),
        ("gzip;q=nan", None),
        ("gzip;level=1", None),
        ("x-gzip", None),
    ],
)
def test_the_reader_gets_the_coding_it_likes_best(
    header: str, name: str | None
) -> None:
    assert coding(header) == name


def test_both_codings_give_the_body_back() -> None:
    body = "Κυψέλη ".encode() * 1000
    assert gzip.decompress(compressed(body, "gzip")) == body
    assert brotli.decompress(compressed(body, "br")) == body
