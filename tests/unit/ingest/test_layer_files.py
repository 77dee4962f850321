"""What is found out about a file before GDAL opens it: ids, encodings, lengths."""

import io
import json
from typing import Any

import pytest

from layers.checks import _may_publish
from layers.errors import InvalidParameter
from layers.ingest.layer_dbf import dbf_encoding
from layers.ingest.layer_geojson import FeatureIds, feature_ids, sequence_length
from layers.ingest.layer_options import LayerOptions
from layers.ingest.layer_place import place_options


def collection(**feature: Any) -> bytes:
    whole = {"type": "Feature", "geometry": None, "properties": {}, **feature}
    return json.dumps({"type": "FeatureCollection", "features": [whole]}).encode()


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (collection(), FeatureIds.NONE),
        (collection(id=None), FeatureIds.NONE),
        (collection(id=True), FeatureIds.NONE),
        (collection(id=1.5), FeatureIds.NONE),
        (collection(id=7), FeatureIds.NUMBERS),
        (collection(id="a"), FeatureIds.TEXTS),
        (collection(id="a", properties={"id": "a"}), FeatureIds.TEXTS),
        (collection(id="a", properties={"id": "b"}), FeatureIds.COVERED),
        (collection(id=7, properties=None), FeatureIds.NUMBERS),
        (b"\xef\xbb\xbf" + collection(id=7), FeatureIds.NUMBERS),
        (b'{"type": "Feature", "id": 3, "properties": {}}\n{"id"', FeatureIds.NUMBERS),
        (b'\x1e{"type": "Feature", "id": "x"}\n', FeatureIds.TEXTS),
        (b'{"type": "FeatureCollection", "features": []}', FeatureIds.NONE),
        (b'{"type": "FeatureCollection", "features": [{"id": 1', FeatureIds.NONE),
        (b"", FeatureIds.NONE),
        (b"\xff\xfe\x00", FeatureIds.NONE),
        (b'{"features": [' + b"[" * 100_000, FeatureIds.NONE),
        (b"[1, 2]", FeatureIds.NONE),
    ],
    ids=range(18),
)
def test_the_first_feature_says_what_ids_there_are(
    content: bytes, found: FeatureIds
) -> None:
    assert feature_ids(io.BytesIO(content)) == found


@pytest.mark.parametrize(
    ("content", "n"),
    [(b"{}\n{}\n", 2), (b"{}\n\n{}", 2), (b"", 0), (b"\x1e{\n}\n\x1e{}\n", -1)],
)
def test_a_sequence_is_as_long_as_its_lines(content: bytes, n: int) -> None:
    assert sequence_length(io.BytesIO(content)) == n


def table(text: bytes, *, name: bytes = b"NAME", code_page: int = 0) -> io.BytesIO:
    """Return a dBASE table of one column and one row, as far as it is looked at."""
    header = bytearray(32)
    header[0] = 3
    header[8:10] = (32 + 32 + 1).to_bytes(2, "little")
    header[29] = code_page
    column = name.ljust(11, b"\x00") + b"C" + b"\x00" * 20
    return io.BytesIO(bytes(header) + column + b"\r" + b" " + text + b"\x1a")


@pytest.mark.parametrize(
    ("dbf", "encoding"),
    [
        (table(b"plain"), None),
        (table("Σχολείο".encode("cp1253"), code_page=0xCB), None),
        (table("Σχολείο".encode()), "UTF-8"),
        (table("Σχολείο".encode("cp1253")), "cp1253"),
        (table(b"plain", name="ΟΔΟΣ".encode("cp1253")), "cp1253"),
        (io.BytesIO(b"\x03"), None),
        (io.BytesIO(b""), None),
    ],
    ids=["ascii", "says", "utf-8", "greek", "greek name", "cut", "empty"],
)
def test_a_table_without_a_word_on_its_encoding_is_looked_at(
    dbf: io.BytesIO, encoding: str | None
) -> None:
    found, remarks = dbf_encoding(dbf)
    assert found == encoding
    assert bool(remarks) == (encoding == "cp1253")


@pytest.mark.parametrize(
    ("columns", "found"),
    [
        (["WKT", "lon", "lat"], {"GEOM_POSSIBLE_NAMES": "WKT"}),
        (["Lon", "LAT"], {"X_POSSIBLE_NAMES": "Lon", "Y_POSSIBLE_NAMES": "LAT"}),
        (
            ["x", "lon", "y", "lat"],
            {"X_POSSIBLE_NAMES": "lon", "Y_POSSIBLE_NAMES": "lat"},
        ),
        (["lon", "name"], {"GEOM_POSSIBLE_NAMES": " "}),
        (["name"], {"GEOM_POSSIBLE_NAMES": " "}),
    ],
)
def test_columns_of_places_are_found_by_their_names(
    columns: list[str], found: dict[str, str]
) -> None:
    assert found.items() <= place_options(columns, LayerOptions()).items()


def test_columns_that_are_named_go_before_those_that_are_found() -> None:
    columns = ["WKT", "a", "b", "lon", "lat"]
    asked = place_options(columns, LayerOptions(x="a", y="b"))
    assert (asked["X_POSSIBLE_NAMES"], asked["Y_POSSIBLE_NAMES"]) == ("a", "b")
    assert asked["GEOM_POSSIBLE_NAMES"] == " "
    assert "X_POSSIBLE_NAMES" not in place_options(
        columns, LayerOptions(is_placeless=True)
    )
    with pytest.raises(InvalidParameter, match="one of the columns WKT, a, b"):
        place_options(columns, LayerOptions(wkt="wkt"))


class Cursor:
    def __init__(self, row: tuple[Any, ...] | None) -> None:
        self.row = row

    def execute(self, _statement: str) -> None:
        pass

    def fetchone(self) -> tuple[Any, ...] | None:
        return self.row


def test_a_user_who_may_not_publish_is_told_what_to_run() -> None:
    assert _may_publish(Cursor(None)) == []
    assert _may_publish(Cursor(("app", True))) == []
    (warning,) = _may_publish(Cursor(("app", False)))
    assert warning.id == "layers.W002"
    assert 'GRANT CREATE ON SCHEMA published TO "app"' in str(warning.hint)
