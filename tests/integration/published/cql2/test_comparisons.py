"""Comparisons, LIKE, BETWEEN, IN, IS NULL and logic, on eight rows counted by hand."""

import pytest

from layers.published.layers.layer import Layer
from tests.integration.published.cql2.conftest import Found

ALL = [1, 2, 3, 4, 5, 6, 7, 8]

GOLDEN = {
    # numbers: 643452, 10, 0, -5, null, 602481, 100, 7
    "population = 10": [2],
    "population <> 10": [1, 3, 4, 6, 7, 8],
    "population != 10": [1, 3, 4, 6, 7, 8],
    "population < 7": [3, 4],
    "population <= 7": [3, 4, 8],
    "population > 100": [1, 6],
    "population >= 100": [1, 6, 7],
    "population > 7.5 AND population < 10.5": [2],
    "population = 1e300": [],
    "population < 1e300": [1, 2, 3, 4, 6, 7, 8],
    # double precision 38.96, numeric 10.10, real 0.1: each is the number that is shown
    "area = 38.96": [1],
    "price = 10.1": [1],
    "price = 0.1": [2],
    "ratio = 0.1": [1, 8],
    "ratio < 0.2": [1, 4, 7, 8],
    "ratio = area / 10": [2],
    # texts by code point: Latin before Greek, upper case before lower
    "name = 'Straße'": [3],
    "name = 'strasse'": [],
    "name > 'Z'": [1, 2, 8],
    "name >= 'a'": [1, 2],
    "name < 'S'": [6, 7],
    "name < 'Straße'": [4, 6, 7],
    "name <= name": [1, 2, 3, 4, 6, 7, 8],
    "code = 'ab'": [1],
    "\"50 % \"\"a\"\" \" = 'it''s'": [3],
    # truth values
    "is_open = true": [1, 3, 6, 8],
    "is_open": [1, 3, 6, 8],
    "NOT is_open": [2, 7],
    "is_open <> TRUE": [2, 7],
    "is_open > false": [1, 3, 6, 8],
    "(population > 50) = is_open": [1, 2, 6],
    # dates and timestamps
    "founded = DATE('2001-01-01')": [2, 8],
    "founded > DATE('2001-01-01')": [3, 7],
    "founded <= DATE('1834-09-18')": [1, 6],
    "seen = TIMESTAMP('2026-03-01T10:00:00Z')": [1, 7],
    "seen = TIMESTAMP('2026-03-01T12:00:00+02:00')": [1, 7],
    "seen > TIMESTAMP('2026-03-01T10:00:00.000001Z')": [2, 3, 8],
    "noted = TIMESTAMP('2026-03-01T10:00:00Z')": [1, 7],
    # a timestamp beside a date is the day in UTC
    "seen = DATE('2026-03-01')": [1, 2, 7],
    "seen > DATE('2026-03-01')": [3, 8],
    "seen >= DATE('2026-03-02')": [3, 8],
    "noted = DATE('2026-03-01')": [1, 2, 7],
    # a text literal beside a date or timestamp is what it says (Annex A.4.3, IN)
    "seen = '2026-03-01T10:00:00Z'": [1, 7],
    "'2001-01-01' = founded": [2, 8],
    "seen IN ('2026-03-02', '2025-12-31T23:59:59Z')": [3, 6],
    "founded BETWEEN '2001-01-01' AND '2020-12-31'": [2, 3, 8],
    "founded < TIMESTAMP('2001-01-01T23:00:00Z')": [1, 6],
    "founded = TIMESTAMP('2001-01-01T23:00:00Z')": [2, 8],
    # UUIDs
    "ref = '00000000-0000-0000-0000-000000000001'": [1],
    "ref <> '00000000-0000-0000-0000-000000000001'": [2],
    "ref IN ('00000000-0000-0000-0000-000000000002')": [2],
    "ref LIKE '%-%2'": [2],
    "ref > '00000000-0000-0000-0000-000000000001'": [2],
    # literals on either side, properties on either side
    "10 = population": [2],
    "'a' = 'a'": ALL,
    "1 = 2": [],
    "ratio < area": [1, 2, 4, 6, 7, 8],
    "founded < seen": [1, 2, 3, 6, 8],
    # BETWEEN with both ends
    "population BETWEEN 0 AND 100": [2, 3, 7, 8],
    "population NOT BETWEEN 0 AND 100": [1, 4, 6],
    "population BETWEEN 100 AND 0": [],
    "name BETWEEN 'S' AND 'Sz'": [3, 4],
    "founded BETWEEN DATE('2001-01-01') AND DATE('2020-12-31')": [2, 3, 8],
    "population BETWEEN 5 + 2 AND 5 * 2": [2, 8],
    # IN
    "population IN (10, 7, 8)": [2, 8],
    "population NOT IN (10, 7)": [1, 3, 4, 6, 7],
    "population IN (10.5, 7)": [8],
    "price IN (10.1, 0.1)": [1, 2],
    "area IN (38.96, 2)": [1, 2],
    "ratio IN (0.1)": [1, 8],
    "name IN ('Zürich', 'Straße', 'x')": [3, 8],
    "name IN (name, 'x')": [1, 2, 3, 4, 6, 7, 8],
    "founded IN (DATE('2001-01-01'), DATE('2026-11-22'))": [2, 7, 8],
    "is_open IN (false)": [2, 7],
    "population IN (5 + 5, area - 18)": [2],
    # IS NULL
    "name IS NULL": [5],
    "name IS NOT NULL": [1, 2, 3, 4, 6, 7, 8],
    "geom IS NULL": [4],
    "tags IS NULL": [5],
    "note IS NULL": [3, 4, 5, 6, 7, 8],
    "population + 1 IS NULL": [5],
    # three-valued logic: NOT of unknown is unknown
    "NOT population = 10": [1, 3, 4, 6, 7, 8],
    "NOT (population = 10 OR is_open = true)": [7],
    "population = 10 OR is_open IS NULL": [2, 4, 5],
    "population = -5 AND is_open = true": [],
    "NOT (population = -5 AND is_open = true)": [1, 2, 3, 6, 7, 8],
    "true": ALL,
    "false": [],
    "NOT false": ALL,
    "population = 10 AND price = 0.1 AND ratio = 0.2 OR id = 5": [2, 5],
    # Annex A of the standard: (NOT p1 AND p2) OR (p3 AND NOT p4) OR NOT (p1 AND p4)
    "((NOT (id > 2) AND id < 7) OR (id = 8 AND NOT (id = 7)) OR NOT (id > 2 AND id < 9))": [
        1, 2, 8,
    ],
}  # fmt: skip


@pytest.mark.parametrize("text", GOLDEN)
def test_a_comparison_finds_the_rows_counted_by_hand(
    places: Layer, found: Found, text: str
) -> None:
    assert found(places, text) == GOLDEN[text]


LIKE = {
    "name LIKE 'S%'": [3, 4],
    "name NOT LIKE 'S%'": [1, 2, 6, 7, 8],
    "name LIKE 's%'": [],
    "name LIKE '______'": [3, 8],
    "name LIKE '%'": [1, 2, 3, 4, 6, 7, 8],
    "name LIKE ''": [],
    r"name LIKE '%\%\_%'": [7],
    r"name LIKE '50\%%'": [7],
    r"name LIKE '%\\\\x'": [7],
    r"name LIKE '%\\\\\\\\x'": [],
    r"name = '50%_off\\x'": [7],
    r"name = '50%_off\x'": [7],
    r"name = 'S\'x' OR name LIKE 'Straß\e'": [3],
    "name LIKE 'København'": [6],
    "name LIKE 'K_benhavn'": [6],
    "lower(name) LIKE 'str%'": [3, 4],
}


@pytest.mark.parametrize("text", LIKE)
def test_a_pattern_finds_the_rows_counted_by_hand(
    places: Layer, found: Found, text: str
) -> None:
    assert found(places, text) == LIKE[text]


FOLDED = {
    "CASEI(name) = casei('strasse')": [3, 4],
    "CASEI(name) = casei('STRAẞE')": [3, 4],
    "CASEI(name) = casei('αθήνα')": [1],
    "CASEI(name) <> casei('STRASSE')": [1, 2, 6, 7, 8],
    "CASEI(name) IN (casei('zÜrich'), casei('KØBENHAVN'))": [6, 8],
    "CASEI(name) LIKE casei('STR%')": [3, 4],
    r"CASEI(name) LIKE casei('50\%\_OFF%')": [7],
    "ACCENTI(name) = accenti('Kobenhavn')": [6],
    "ACCENTI(name) = accenti('Αθηνα')": [1],
    "ACCENTI(name) = accenti('ΑΘΗΝΆ')": [2],
    "ACCENTI(name) LIKE accenti('Zu%')": [8],
    "ACCENTI(name) LIKE accenti('Zü%')": [8],
    "ACCENTI(CASEI(name)) = accenti(casei('ΑΘΗΝΑ'))": [1, 2],
    "CASEI(ACCENTI(name)) LIKE casei(accenti('ΆΘ%'))": [1, 2],
    "ACCENTI(CASEI(name)) IN (accenti(casei('ZURICH')), accenti(casei('københavn')))": [6, 8],
    # folding makes a percent sign of a fullwidth one: it stays a character
    "ACCENTI(name) LIKE accenti('５０％%')": [7],
    "ACCENTI(name) LIKE accenti('％')": [],
    "CASEI(name) IS NULL": [5],
}  # fmt: skip


@pytest.mark.parametrize("text", FOLDED)
def test_folded_texts_meet_whatever_their_case_or_accents(
    places: Layer, found: Found, text: str
) -> None:
    assert found(places, text) == FOLDED[text]


JSON = {
    '{"op": "=", "args": [{"property": "population"}, 10]}': [2],
    '{"op": "and", "args": [{"op": ">", "args": [{"property": "population"}, 1]}, '
    '{"op": "like", "args": [{"property": "name"}, "%h"]}]}': [8],
    '{"op": "not", "args": [{"op": "isNull", "args": [{"property": "geom"}]}]}': [
        1, 2, 3, 5, 6, 7, 8,
    ],
    '{"op": "in", "args": [{"op": "casei", "args": [{"property": "name"}]}, '
    '[{"op": "casei", "args": ["STRASSE"]}]]}': [3, 4],
    '{"op": "between", "args": [{"property": "founded"}, {"date": "2001-01-01"}, '
    '{"date": "2020-02-29"}]}': [2, 3, 8],
    '{"op": "s_intersects", "args": [{"property": "geom"}, {"bbox": [179, -20, -179, -10]}]}':
        [7, 8],
    '{"op": "a_contains", "args": [{"property": "tags"}, ["red", "blue"]]}': [1, 7, 8],
    '{"op": "a_equals", "args": [{"property": "tags"}, ["red"]]}': [3],
    "true": [1, 2, 3, 4, 5, 6, 7, 8],
}  # fmt: skip


@pytest.mark.parametrize("text", JSON)
def test_json_finds_the_same_as_text(places: Layer, found: Found, text: str) -> None:
    assert found(places, text, "cql2-json") == JSON[text]


def test_json_keeps_whole_numbers_that_doubles_round(
    places: Layer, found: Found
) -> None:
    node = {"op": "<", "args": [{"property": "population"}, 9007199254740993]}
    assert found(places, node, "cql2-json") == [1, 2, 3, 4, 6, 7, 8]
