"""Ranks and profiles of districts."""

from layers.analysis.gaps import profiles, with_ranks
from layers.analysis.rows import CoverageRow


def row(code, unserved, *, residents=1000, priority_class=1, term="clinic", **changed):
    values = {
        "term": term,
        "district_code": code,
        "is_total": False,
        "residents": residents,
        "residents_served": None if unserved is None else residents - unserved,
        "residents_unserved": unserved,
        "share_served": None,
        "mean_walk_m": None,
        "median_walk_m": None,
        "n_located": 0,
        "n_serving": 0,
        "priority_class": priority_class,
        **changed,
    }
    return CoverageRow(**values)


def ranks(*rows):
    return {r.district_code: r.rank for r in with_ranks(rows)}


def test_the_most_unserved_people_come_first():
    assert ranks(row("A", 10), row("B", 300), row("C", 20)) == {"A": 3, "B": 1, "C": 2}


def test_of_equally_many_the_lower_code_comes_first_in_any_order_of_rows():
    assert ranks(row("B", 50), row("A", 50)) == {"A": 1, "B": 2}


def test_districts_where_everybody_is_served_come_last():
    assert ranks(row("A", 0), row("B", 5)) == {"A": 2, "B": 1}


def test_neither_the_municipality_nor_the_outside_has_a_rank():
    found = with_ranks([row("A", 10), row("", 500), row("", 510, is_total=True)])

    assert [r.rank for r in found] == [1, None, None]


def test_districts_without_people_and_withheld_ones_have_no_rank():
    found = ranks(
        row("A", 10), row("B", 0, residents=0), row("C", None, is_suppressed=True)
    )

    assert found == {"A": 1, "B": None, "C": None}


def test_rows_keep_their_order():
    found = with_ranks([row("A", 1), row("B", 2)])

    assert [r.district_code for r in found] == ["A", "B"]


def test_a_profile_shows_the_worst_and_never_an_average():
    (found,) = profiles(
        [
            row("A", 0, term="clinic", priority_class=1),
            row("A", 900, term="legal-aid", priority_class=5),
            row("A", 950, term="shelter", priority_class=5),
        ]
    )

    assert found.worst_class == 5
    assert found.worst_terms == ("shelter", "legal-aid")
    assert found.n_by_class == (1, 0, 0, 0, 2)


def test_profiles_come_worst_first_then_by_how_many_terms_then_by_code():
    found = profiles(
        [
            row("A", 1, priority_class=3),
            row("B", 1, priority_class=4),
            row("C", 1, priority_class=4),
            row("C", 1, priority_class=4, term="legal-aid"),
        ]
    )

    assert [p.district_code for p in found] == ["C", "B", "A"]


def test_a_district_where_nobody_lives_has_a_profile_without_a_class():
    (found,) = profiles([row("A", 0, residents=0, priority_class=None)])

    assert (found.worst_class, found.worst_terms) == (None, ())


def test_withheld_terms_are_counted_as_such():
    (found,) = profiles(
        [row("A", None, priority_class=None, is_suppressed=True), row("A", 1, term="b")]
    )

    assert found.n_withheld == 1


def test_the_municipality_and_the_outside_have_no_profile():
    assert profiles([row("", 1), row("", 1, is_total=True)]) == []
