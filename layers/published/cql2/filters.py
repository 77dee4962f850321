"""A CQL2 filter -> one SQL condition with bound values (OGC 21-065r2, all classes).

The text is parsed, and its tree compiled by tables of what is allowed: what is in none of
them is refused. Of the filter itself nothing reaches the statement but values that are
bound; names of columns are the layer's own.
"""

from collections.abc import Mapping
from typing import Any

from layers.geo import WGS84
from layers.published.cql2 import (
    arithmetic,
    arrays,
    comparisons,
    functions,
    spatial,
    temporal,
    texts,
)
from layers.published.cql2.expressions import Compiler, Operator
from layers.published.cql2.operands import operand
from layers.published.cql2.parsing import tree
from layers.published.layers.layer import Condition, Layer

OPERATORS: Mapping[str, Operator] = {
    **comparisons.OPERATORS,
    **texts.OPERATORS,
    **arithmetic.OPERATORS,
    **spatial.OPERATORS,
    **temporal.OPERATORS,
    **arrays.OPERATORS,
    **functions.OPERATORS,
}


def compiled(
    given: str | bytes | Mapping[str, Any],
    language: str,
    layer: Layer,
    *,
    filter_srid: int = WGS84,
    flip: bool = False,
) -> Condition:
    """Return the condition of a filter on a row `r` of a layer.

    Parameters
    ----------
    given : str, bytes or mapping
        The filter: text, or JSON as text or as read already.
    language : str
        `cql2-text` or `cql2-json`.
    layer : Layer
        Whose columns are the properties.
    filter_srid : int
        EPSG code of geometry literals.
    flip : bool
        Whether these put y (north, lat) first, as the authority of their system does.

    Returns
    -------
    Condition
        True, false, or null where a property that decides is null: such a row does not
        pass. Values are bound as `cql_0`, `cql_1`, ...

    Raises
    ------
    InvalidParameter
        `filter`, `filter-lang` or `filter-crs`; says which part is wrong and what is
        allowed.
    """
    compiler = Compiler(
        layer=layer,
        filter_srid=filter_srid,
        flip=flip,
        operators=OPERATORS,
        literal=operand,
    )
    sql = compiler.predicate(tree(given, language))
    return Condition(sql, compiler.values)
