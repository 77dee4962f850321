"""Where are people not reached? Districts by unserved people, and their profiles."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from layers.analysis.rows import CoverageRow
from layers.analysis.zones import OUTSIDE


def with_ranks(rows: Iterable[CoverageRow]) -> list[CoverageRow]:
    """Return the rows of one term with the rank of each district.

    Rank 1 has the most unserved people; of equally many the lower code comes first, so
    that the order is the same every time. The municipality, the outside, districts
    without people and those whose figures are withheld have no rank.
    """
    listed = list(rows)
    ranked = sorted(
        (row for row in listed if _is_ranked(row)),
        key=lambda row: (-(row.residents_unserved or 0), row.district_code),
    )
    rank_of = {row.district_code: n for n, row in enumerate(ranked, start=1)}
    return [
        replace(row, rank=rank_of[row.district_code]) if _is_ranked(row) else row
        for row in listed
    ]


def _is_ranked(row: CoverageRow) -> bool:
    return (
        not row.is_total
        and row.district_code != OUTSIDE
        and bool(row.residents)
        and row.residents_unserved is not None
    )


@dataclass(frozen=True, slots=True)
class Profile:
    """One district across all terms: never averaged, for that would hide the worst.

    Attributes
    ----------
    district_code : str
        The district.
    worst_class : int or None
        Highest priority class of any term; None where nobody lives.
    worst_terms : tuple of str
        The terms of that class, most unserved people first.
    n_by_class : tuple of int
        How many terms are of class 1, 2, ... 5.
    n_withheld : int
        How many terms say nothing because figures are withheld.
    """

    district_code: str
    worst_class: int | None
    worst_terms: tuple[str, ...]
    n_by_class: tuple[int, int, int, int, int]
    n_withheld: int


def profiles(rows: Iterable[CoverageRow]) -> list[Profile]:
    """Return the profile of each district over the terms of some rows, worst first.

    Districts with the same worst class come by the number of terms in it, then by
    code. Give terms of one depth of the tree, or a parent counts beside its children.
    """
    by_district: dict[str, list[CoverageRow]] = defaultdict(list)
    for row in rows:
        if not row.is_total and row.district_code != OUTSIDE:
            by_district[row.district_code].append(row)
    found = [_profile(code, listed) for code, listed in by_district.items()]
    return sorted(
        found,
        key=lambda p: (-(p.worst_class or 0), -len(p.worst_terms), p.district_code),
    )


def _profile(code: str, rows: list[CoverageRow]) -> Profile:
    classes = [row.priority_class for row in rows if row.priority_class is not None]
    worst = max(classes, default=None)
    in_worst = sorted(
        (row for row in rows if worst is not None and row.priority_class == worst),
        key=lambda row: (-(row.residents_unserved or 0), row.term),
    )
    one, two, three, four, five = (classes.count(n) for n in range(1, 6))
    return Profile(
        district_code=code,
        worst_class=worst,
        worst_terms=tuple(row.term for row in in_worst),
        n_by_class=(one, two, three, four, five),
        n_withheld=sum(row.is_suppressed for row in rows),
    )
