"""`manage.py export_layer`: the same files without a server."""

import json
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from layers.exports.formats import FORMATS
from layers.published.layers import catalogue
from tests.integration.exports.test_files import features


@pytest.fixture(autouse=True)
def fresh_catalogue() -> Iterator[None]:
    catalogue.forget()
    yield
    catalogue.forget()


def run(*args: object, **options: Any) -> None:
    call_command("export_layer", *map(str, args), stdout=StringIO(), **options)


@pytest.mark.parametrize("code", list(FORMATS))
def test_the_name_of_the_file_says_the_format(
    odd: str, tmp_path: Path, code: str
) -> None:
    run(odd, tmp_path / f"made.{code}")
    assert [path.name for path in tmp_path.iterdir()] == [f"made.{code}"]
    assert (tmp_path / f"made.{code}").stat().st_size > 100


def test_options_mean_what_parameters_mean(squares: str, tmp_path: Path) -> None:
    path = tmp_path / "some.gpkg"
    run(
        squares,
        path,
        "--bbox=476011,4203001,476052,4203002",
        "--bbox-crs=EPSG:2100",
        "--where=name=Square 3",
        "--properties=id,geom",
        "--crs=EPSG:2100",
    )
    (row,) = features(path)
    assert row["id"] == 3
    assert set(row) == {"id", "at"}


def test_a_cql2_filter_chooses(squares: str, tmp_path: Path) -> None:
    run(squares, tmp_path / "some.gpkg", "--filter", "id BETWEEN 5 AND 7 AND id <> 6")
    assert [row["id"] for row in features(tmp_path / "some.gpkg")] == [5, 7]


def test_a_dash_is_the_standard_output(
    odd: str, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    run(odd, "-", "--format", "geojson", "--where", "id=1")
    said = json.loads(capfdbinary.readouterr().out)
    assert [feature["id"] for feature in said["features"]] == [1]


def test_a_file_is_replaced_when_all_is_written(odd: str, tmp_path: Path) -> None:
    path = tmp_path / "made.csv"
    path.write_text("old")
    with pytest.raises(CommandError, match="'x' is not a parameter"):
        run(odd, path, "--where", "x=1")
    assert path.read_text() == "old"
    run(odd, path)
    assert path.read_text(encoding="utf-8").startswith("id,Όνομα")
    assert [left.name for left in tmp_path.iterdir()] == ["made.csv"]


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["odd", "made.dwg"], "a name that ends with one of .geojson"),
        (["odd", "-"], "a name that ends with one of"),
        (["nothing", "made.csv"], "there is no layer 'nothing'"),
        (["odd", "no/such/folder/made.csv"], "No such file or directory"),
        (["odd", "made.csv", "--where", "id"], "COLUMN=VALUE"),
        (["odd", "made.csv", "--bbox=1,2"], "four numbers"),
        (["odd", "made.gpkg", "--spreadsheet"], "'spreadsheet' is not a parameter"),
        (["odd", "made.csv", "--filter", "1="], "filter"),
    ],
)
def test_what_cannot_be_is_one_line_and_no_file(
    odd: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    args: list[str],
    words: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CommandError, match=words) as refused:
        run(*args)
    assert "\n" not in str(refused.value)
    assert list(tmp_path.iterdir()) == []
