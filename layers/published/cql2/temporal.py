"""The fifteen temporal functions, on instants and intervals closed at both ends.

Each is a relation of begins and ends as OWL-Time defines it. An end written `..` is open.
An end that is null is open, too, where the other end is known; where neither is, nothing
is known of the interval. Where one side has timestamps and the other dates, days of UTC
are compared.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from layers.published.cql2.comparisons import instant, truth
from layers.published.cql2.expressions import (
    INSTANTS,
    Compiler,
    Expression,
    Operator,
    Type,
    count_arguments,
)
from layers.published.cql2.moments import instant_literal
from layers.published.cql2.refusals import refused

_BOTH: Mapping[str, str] = {
    "t_after": "{b1} > {e2}",
    "t_before": "{e1} < {b2}",
    "t_disjoint": "{e1} < {b2} OR {b1} > {e2}",
    "t_equals": "{b1} = {b2} AND {e1} = {e2}",
    "t_intersects": "{b1} <= {e2} AND {e1} >= {b2}",
}
"""Of instants and intervals; b1, e1 and b2, e2 are begin and end of either side."""

_INTERVALS: Mapping[str, str] = {
    "t_contains": "{b1} < {b2} AND {e1} > {e2}",
    "t_during": "{b1} > {b2} AND {e1} < {e2}",
    "t_finishedby": "{b1} < {b2} AND {e1} = {e2}",
    "t_finishes": "{b1} > {b2} AND {e1} = {e2}",
    "t_meets": "{e1} = {b2}",
    "t_metby": "{b1} = {e2}",
    "t_overlappedby": "{b1} > {b2} AND {b1} < {e2} AND {e1} > {e2}",
    "t_overlaps": "{b1} < {b2} AND {e1} > {b2} AND {e1} < {e2}",
    "t_startedby": "{b1} = {b2} AND {e1} > {e2}",
    "t_starts": "{b1} = {b2} AND {e1} < {e2}",
}


def _related(compiler: Compiler, name: str, arguments: Sequence[Any]) -> Expression:
    count_arguments(name, arguments, 2)
    sides = [_side(compiler, name, node) for node in arguments]
    by_day = any(_has_days(side) for side in sides)
    (b1, e1), (b2, e2) = (_ends(compiler, side, by_day=by_day) for side in sides)
    relation = _BOTH.get(name) or _INTERVALS[name]
    return truth(relation.format(b1=b1, e1=e1, b2=b2, e2=e2))


def _side(compiler: Compiler, name: str, node: Any) -> Expression:
    found = compiler.expression(node)
    if found.type is Type.INTERVAL:
        return found
    if found.type is Type.STRING and found.is_literal:
        found = instant_literal(found.value)
    if found.type not in INSTANTS:
        raise refused(node, f"{name} compares dates, timestamps and intervals")
    if name in _INTERVALS:
        raise refused(
            node, f"{name} compares intervals; instants have {', '.join(_BOTH)}"
        )
    return found


def _has_days(side: Expression) -> bool:
    ends = side.ends if side.ends is not None else (side,)
    return any(end is not None and end.type is Type.DATE for end in ends)


def _ends(compiler: Compiler, side: Expression, *, by_day: bool) -> tuple[str, str]:
    """Return the SQL of begin and end."""
    if side.ends is None:
        at = instant(compiler, side, by_day=by_day)
        return at, at
    known = [
        None if end is None else instant(compiler, end, by_day=by_day)
        for end in side.ends
    ]
    sql_type = "date" if by_day else "timestamptz"
    begin = _end(
        side.ends[0], known[0], side.ends[1], known[1], f"'-infinity'::{sql_type}"
    )
    end = _end(
        side.ends[1], known[1], side.ends[0], known[0], f"'infinity'::{sql_type}"
    )
    return begin, end


def _end(
    end: Expression | None,
    sql: str | None,
    other: Expression | None,
    other_sql: str | None,
    never: str,
) -> str:
    """Return the SQL of one end: `never` where it is open, null where nothing is known."""
    if end is not None and end.is_literal and sql is not None:
        return sql
    is_known = other is not None and other.is_literal
    if sql is None:
        if other is None or is_known:
            return never
        return f"CASE WHEN {other_sql} IS NOT NULL THEN {never} END"
    if other is None:
        return sql
    if is_known:
        return f"coalesce({sql}, {never})"
    return f"coalesce({sql}, CASE WHEN {other_sql} IS NOT NULL THEN {never} END)"


OPERATORS: Mapping[str, Operator] = dict.fromkeys((*_BOTH, *_INTERVALS), _related)
