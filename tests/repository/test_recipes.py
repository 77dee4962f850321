"""The data recipes are commands that exist, with options that exist, on columns that do."""

import re
import shlex
from pathlib import Path

import pytest
from django.core.management import load_command_class

from layers.ingest.mapping import read_mapping

REPOSITORY = Path(__file__).resolve().parents[2]
PAGE = (REPOSITORY / "docs/how-to/load-official-data.md").read_text(encoding="utf-8")


def _blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.M | re.S)


def _commands() -> list[str]:
    lines = "\n".join(_blocks("sh")).replace("\\\n", " ").splitlines()
    return [line for line in lines if line.startswith("manage.py ")]


@pytest.mark.parametrize("command", _commands())
def test_a_recipe_is_a_command_with_its_options(command: str) -> None:
    _, name, *arguments = shlex.split(command, comments=True)

    load_command_class("layers", name).create_parser("manage.py", name).parse_args(
        arguments
    )


def test_every_source_of_the_design_has_a_recipe() -> None:
    for source in (
        "Inside Airbnb",
        "geodata.gov.gr",
        "Overpass",
        "ELSTAT",
        "GEOSTAT",
        "Geofabrik",
    ):
        assert (
            re.search(rf"^###? .*{re.escape(source)}", PAGE, re.M) or source in PAGE
        ), source
    assert len(_commands()) >= 10


def test_the_mapping_of_the_recipe_can_be_read(tmp_path: Path) -> None:
    (block,) = _blocks("toml")
    path = tmp_path / "pois.toml"
    path.write_text(block, encoding="utf-8")

    mapping = read_mapping(path)

    assert mapping.columns["fclass"] == "categories"
    assert mapping.value("categories", "clinic") == "primary-care"
