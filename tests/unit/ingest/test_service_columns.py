"""The reference lists the columns that the import reads, and no other."""

import re
from pathlib import Path

from layers.ingest.service_columns import COLUMNS, LISTS, NAMES, PLACE_COLUMNS
from layers.ingest.service_rows import GIVEN_BY

PAGE = Path(__file__).resolve().parents[3] / "docs/reference/service-columns.md"


def test_the_reference_has_every_column_as_it_is() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (.+) \| (.+) \|$", PAGE.read_text("utf-8"), re.M)
    assert rows == [(c.name, c.holds, c.empty) for c in COLUMNS]


def test_columns_are_named_once_and_groups_of_them_exist() -> None:
    assert len(set(NAMES)) == len(NAMES)
    for group in (LISTS, PLACE_COLUMNS, *GIVEN_BY.values()):
        assert set(group) <= set(NAMES)
