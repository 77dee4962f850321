"""When two names are one: of organizations, of districts, of services."""

import unicodedata
from functools import lru_cache


@lru_cache(maxsize=50_000)
def name_key(name: str) -> str:
    """Return a name for comparing: small letters, no accents, words and digits only.

    Examples
    --------
    >>> name_key("ΆΓΙΟΣ  Παντελεήμονας-Αχαρνών") == name_key(
    ...     "Άγιος Παντελεήμονας – Αχαρνών"
    ... )
    True
    """
    plain = unicodedata.normalize("NFD", name.casefold())
    kept = (c if c.isalnum() else " " for c in plain if not unicodedata.combining(c))
    return " ".join("".join(kept).split())
