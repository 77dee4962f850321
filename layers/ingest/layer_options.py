"""What the person who publishes a layer may say about it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from layers.errors import InvalidParameter

_LANGUAGE = re.compile(r"[a-z]{2,3}")


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerOptions:
    """How a file becomes a layer; every part has an answer of its own where not given.

    Attributes
    ----------
    layer : str or None
        Layer of the file, needed where there are several.
    collection : str or None
        Id of the collection; made from the file's or layer's name.
    srid : int or None
        EPSG code, where the file says no system or a wrong one.
    encoding : str or None
        Of the texts, where the file does not say it.
    key : str or None
        Column that names the features.
    is_renumbered : bool
        Number the features anew although the file has ids for them.
    instant, interval
        Columns of the features' time; `is_timeless` for none at all.
    x, y, wkt
        Columns of a table that hold the place; `is_placeless` where none does.
    is_repaired : bool
        Mend invalid geometries; without it they stay as they are.
    is_multi : bool
        Make multi-geometries of all, where the file mixes both.
    replace : bool
        Take the place of an earlier import of the same id.
    titles, descriptions : mapping of str to str
        By language.
    licence, attribution, source : str
        Whose data it is and under which terms; `source` is the file's name if not given.
    """

    layer: str | None = None
    collection: str | None = None
    srid: int | None = None
    encoding: str | None = None
    key: str | None = None
    is_renumbered: bool = False
    instant: str | None = None
    interval: tuple[str, str] | None = None
    is_timeless: bool = False
    x: str | None = None
    y: str | None = None
    wkt: str | None = None
    is_placeless: bool = False
    is_repaired: bool = False
    is_multi: bool = False
    replace: bool = False
    titles: Mapping[str, str] = field(default_factory=dict)
    descriptions: Mapping[str, str] = field(default_factory=dict)
    licence: str = ""
    attribution: str = ""
    source: str = ""

    def __post_init__(self) -> None:
        """Refuse what contradicts itself."""
        if self.key is not None and self.is_renumbered:
            raise InvalidParameter("key", self.key, "not together with --renumber")
        if (self.x is None) != (self.y is None):
            raise InvalidParameter("x", self.x or "", "x and y are given together")
        places = (self.wkt is not None, self.x is not None, self.is_placeless)
        if sum(places) > 1:
            raise InvalidParameter(
                "wkt", self.wkt or "", "one of wkt, x with y, and no geometry"
            )
        times = (self.instant is not None, bool(self.interval), self.is_timeless)
        if sum(times) > 1:
            raise InvalidParameter(
                "instant", self.instant or "", "one of instant, interval and no time"
            )


def language_map(texts: list[str], parameter: str) -> dict[str, str]:
    """Return texts given as `el=…` by language.

    Raises
    ------
    InvalidParameter
        A text has no language, or no text.
    """
    found = {}
    for text in texts:
        lang, equals, said = text.partition("=")
        if not (equals and _LANGUAGE.fullmatch(lang) and said.strip()):
            raise InvalidParameter(parameter, text, "language=text, such as el=Σχολεία")
        found[lang] = said.strip()
    return found
