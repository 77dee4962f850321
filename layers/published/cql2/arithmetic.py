"""+, -, *, /, %, div and ^, in double precision; null where there is no finite result."""

from collections.abc import Mapping, Sequence
from typing import Any

from layers.published.cql2.expressions import (
    Compiler,
    Expression,
    Operator,
    Type,
    count_arguments,
)

_SIGNS: Mapping[str, str] = {
    "+": "+",
    "-": "-",
    "*": "*",
    "/": "/",
    "^": "^",
    "%": "%%",  # a literal % of a statement that binds values
    "div": "div",
}


def _computed(compiler: Compiler, sign: str, arguments: Sequence[Any]) -> Expression:
    count_arguments(sign, arguments, 2)
    left, right = (
        compiler.number(compiler.typed(node, Type.NUMBER)) for node in arguments
    )
    sql = f"layers_computed('{_SIGNS[sign]}', {left}, {right})"
    return Expression(Type.NUMBER, sql, "float8")


OPERATORS: Mapping[str, Operator] = dict.fromkeys(_SIGNS, _computed)
