"""The fixture files, read for the tests that look at them."""

import csv
import json
from pathlib import Path
from typing import Any

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
SIX = ["el", "en", "fr", "ar", "fa", "ur"]


def read_taxonomy(name: str) -> dict[str, Any]:
    return json.loads(
        (FIXTURES / "taxonomy" / f"{name}.json").read_text(encoding="utf-8")
    )


def read_table(path: str) -> list[dict[str, str]]:
    with (FIXTURES / path).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, strict=True))


def read_terms(name: str) -> dict[str, dict[str, Any]]:
    rows = read_taxonomy(name)["terms"]
    found = {row["slug"]: row for row in rows}
    assert len(found) == len(rows), f"{name}: a slug appears twice"
    return found


def leaf_slugs() -> set[str]:
    return {slug for slug, term in read_terms("categories").items() if term["parent"]}
