"""Codes of districts whose source has none: made once, kept by name ever after."""

from collections.abc import Mapping, Sequence

from layers.directory.names import name_key
from layers.models.district import DistrictLevel

LETTERS = {
    DistrictLevel.MUNICIPALITY: "M",
    DistrictLevel.MUNICIPAL_COMMUNITY: "C",
    DistrictLevel.NEIGHBOURHOOD: "N",
}


def made_codes(
    names: Sequence[str], *, slug: str, level: str, stored: Mapping[str, str]
) -> list[str]:
    """Return a code for each name: that of the stored district of the same name, else new.

    A new code is the municipality's three letters, the level's letter and the rank of
    the name in sorted order, as in `ATH-N07`. Where codes are stored already new names
    get the numbers that follow, so that no district ever changes its code because
    another one was added.

    Parameters
    ----------
    names : sequence of str, (n,)
        Different from each other under `name_key`.
    slug, level : str
        Of the municipality, and the district level.
    stored : mapping of name key to code
        The districts of the level in force.

    Examples
    --------
    >>> made_codes(
    ...     ["Κυψέλη", "Αβέρωφ"], slug="athens", level="neighbourhood", stored={}
    ... )
    ['ATH-N02', 'ATH-N01']
    """
    prefix = f"{slug[:3].upper()}-{LETTERS[DistrictLevel(level)]}"
    new = sorted((n for n in names if name_key(n) not in stored), key=_rank)
    start = max((_number(code, prefix) for code in stored.values()), default=0)
    width = max(2, len(str(start + len(new))))
    codes = {
        name: f"{prefix}{start + position:0{width}d}"
        for position, name in enumerate(new, start=1)
    }
    return [stored.get(name_key(n)) or codes[n] for n in names]


def _rank(name: str) -> tuple[str, str]:
    return name_key(name), name


def _number(code: str, prefix: str) -> int:
    digits = code.removeprefix(prefix)
    return int(digits) if code.startswith(prefix) and digits.isdecimal() else 0
