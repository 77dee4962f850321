"""JSON that PostgreSQL writes, one row for a whole page, handed on as the bytes it is.

A page of 1,000 features is 2 MB: read as text it would be decoded, searched and encoded
again, which takes as long as the statement itself.
"""

SEPARATOR = b",\n"
"""Between the texts; PostgreSQL's JSON holds no line break of its own."""


def joined(item: str, order: str = "") -> str:
    """Return the select item that joins JSON texts of rows, in UTF-8, null for no row.

    Parameters
    ----------
    item : str
        SQL of one row's text.
    order : str
        SQL to sort by; without it rows come as the subquery gives them.
    """
    by = f" ORDER BY {order}" if order else ""
    return f"convert_to(string_agg({item}, E',\\n'{by}), 'UTF8')"


def without_last(texts: bytes) -> bytes:
    """Return the texts less the last one, which was fetched to see whether more follow."""
    return texts[: texts.rindex(SEPARATOR)]
