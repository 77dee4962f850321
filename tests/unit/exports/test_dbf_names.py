"""Column names that fit a DBF file."""

import pytest

from layers.exports.dbf_names import dbf_names


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("status", "status"),
        ("ten_letter", "ten_letter"),
        ("description", "descriptio"),
        ("Ψυχική υγεία", "Psychiki_y"),
        ("ΑΘΗΝΑ", "AThINA"),
        ("ΐ", "i"),
        ("a b-c.d", "a_b_c_d"),
        ("اسم", "field"),
        ("%", "field"),
        ("École", "Ecole"),
    ],
)
def test_a_name_fits_and_stays_legible(name: str, short: str) -> None:
    assert dbf_names([name]) == {name: short}


def test_no_two_names_are_alike_whatever_their_case() -> None:
    names = ["description_el", "description_en", "DESCRIPTIO", "اسم", "نام", "field"]
    assert list(dbf_names(names).values()) == [
        "descriptio",
        "descript_2",
        "DESCRIPT_3",
        "field",
        "field_2",
        "field_3",
    ]


def test_many_names_that_are_alike_all_fit() -> None:
    short = dbf_names(f"the same beginning {n}" for n in range(1500))
    assert len({name.lower() for name in short.values()}) == 1500
    assert max(map(len, short.values())) == 10
    assert all(name.isascii() for name in short.values())
