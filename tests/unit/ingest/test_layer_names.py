"""Names of layers and columns: kept where PostgreSQL can hold them, changed visibly."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.errors import InvalidParameter
from layers.ingest.layer_names import (
    MAX_NAME_BYTES,
    SYSTEM_COLUMNS,
    checked_collection_id,
    collection_id,
    column_names,
    free_name,
)

TEXTS = st.text(st.characters(exclude_characters="\x00", codec="utf-8"), max_size=80)


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Σχολεία Αθήνας 2024", "scholeia-athinas-2024"),
        ("ΟΥΖΕΡΙ", "ouzeri"),
        ("Ψυχή & Θάλασσα", "psychi-thalassa"),
        ("schools", "schools"),
        ("Écoles_d'Athènes (v2)", "ecoles-d-athenes-v2"),
        ("--a--", "a"),
        ("a" * 80, "a" * 50),
        ("a" * 49 + " b", "a" * 49),
        ("مدارس 12", "12"),
    ],
)
def test_a_collection_id_is_made_of_a_name(title: str, slug: str) -> None:
    assert collection_id(title) == slug
    assert checked_collection_id(slug) == slug


@pytest.mark.parametrize("title", ["مدارس", "", "…", "学校", "___"])
def test_a_name_of_which_nothing_is_left_asks_for_an_id(title: str) -> None:
    with pytest.raises(InvalidParameter, match="give --collection"):
        collection_id(title)


@pytest.mark.parametrize(
    "given_id",
    [
        *("", "A", "a_b", "a b", "-a", "a-", "a/b", "../a", "a.b", "ά", "a%20b"),
        *("a" * 51, "a\n", 'a"b', "a;drop table x", "service_point"),
    ],
)
def test_an_id_that_cannot_stand_in_a_url_is_refused(given_id: str) -> None:
    with pytest.raises(InvalidParameter, match="collection"):
        checked_collection_id(given_id)


@given(TEXTS)
def test_whatever_the_name_an_id_made_of_it_is_one(title: str) -> None:
    try:
        made = collection_id(title)
    except InvalidParameter:
        return
    assert checked_collection_id(made) == made


def test_names_are_kept_in_any_script_case_and_punctuation() -> None:
    originals = (
        *("Όνομα", "اسم", "Name", "name", "NAME", "geom", "id", "select", "a b"),
        *(
            'with "quotes"',
            "100%",
            "%s",
            "%(x)s",
            "a;b",
            "a'b",
            "line\nbreak",
            "_feature",
        ),
    )
    names = column_names(originals)
    assert [n.name for n in names] == list(originals)
    assert all(n.is_kept for n in names)


def test_the_limit_is_counted_in_bytes() -> None:
    fits, too_long = "α" * 31, "α" * 32  # 62 and 64 bytes
    first, second = column_names([fits, too_long])
    assert first.is_kept
    assert second.name == "α" * 30 + "…"  # 60 bytes and the 3 of the mark
    assert second.original == too_long
    assert "63 bytes" in second.reason


def test_long_names_that_begin_alike_stay_different() -> None:
    long = ["α" * 40 + end for end in "abc"]
    names = [n.name for n in column_names(long)]
    assert len(set(names)) == 3
    assert all(len(n.encode()) <= MAX_NAME_BYTES for n in names)


def test_a_shortened_name_makes_room_for_one_that_fits() -> None:
    taken = "α" * 30 + "…"
    shortened, kept = column_names(["α" * 40, taken])
    assert kept.is_kept
    assert shortened.name != taken


@pytest.mark.parametrize("name", sorted(SYSTEM_COLUMNS))
def test_names_that_every_table_uses_itself_get_an_underscore(name: str) -> None:
    (column,) = column_names([name])
    assert column.name == f"{name}_"
    assert "every PostgreSQL table" in column.reason
    assert column_names([name.upper()])[0].is_kept


def test_a_name_given_twice_is_numbered_and_an_empty_one_gets_one() -> None:
    names = column_names(["a", "a", "", "a_2", ""])
    assert [n.name for n in names] == ["a", "a_3", "column", "a_2", "column_2"]
    assert [n.is_kept for n in names] == [True, False, False, True, False]


@given(st.lists(TEXTS, max_size=8))
def test_whatever_the_names_all_columns_can_be_made(originals: list[str]) -> None:
    names = column_names(originals)
    assert [n.original for n in names] == originals
    assert len({n.name for n in names}) == len(originals)
    assert all(0 < len(n.name.encode()) <= MAX_NAME_BYTES for n in names)
    assert not {n.name for n in names} & SYSTEM_COLUMNS


def test_a_free_name_is_free_in_every_case_where_asked() -> None:
    assert free_name("fid", ["FID"]) == "fid"
    assert free_name("fid", ["FID"], any_case=True) == "fid_2"
    assert free_name("fid", ["FID", "Fid_2"], any_case=True) == "fid_3"
    assert free_name("α" * 31, ["α" * 31]).endswith("_2")
    assert len(free_name("α" * 31, ["α" * 31]).encode()) <= MAX_NAME_BYTES
