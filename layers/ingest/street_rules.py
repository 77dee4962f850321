"""Which streets anybody may walk: the one rule for every kind of file.

Tags are those of OpenStreetMap. The rule follows its wiki ("Key:foot", "Key:access",
"OSM tags for routing/Access restrictions") and is conservative where countries differ:
a cycleway or a trunk road counts only where it says that people walk there.
"""

from collections.abc import Mapping

ALLOWED = frozenset({"yes", "designated", "permissive", "official", "destination"})
"""Values of `foot` that open a street whatever else is said of it."""

FORBIDDEN = frozenset({"no", "private", "use_sidepath"})
"""Values of `foot` that close it. `use_sidepath`: the pavement is drawn apart."""

CLOSED = frozenset(
    {"no", "private", "military", "permit", "agricultural", "forestry", "delivery"}
)
"""Values of `access` that close a street to those who walk, unless `foot` opens it."""

NEVER = frozenset(
    {"motorway", "motorway_link", "raceway", "bus_guideway", "busway", "escape"}
)
"""Roads on which nobody walks, whatever their tags say."""

NOT_THERE = frozenset(
    {
        *("construction", "proposed", "planned", "abandoned", "razed", "disused"),
        *("demolished", "removed", "no", "rest_area", "services", "platform"),
        *("emergency_bay", "elevator", "corridor", "via_ferrata"),
    }
)
"""No street, not any more, not yet, or inside a building with its own hours."""

ONLY_IF_SAID = frozenset({"trunk", "trunk_link", "cycleway", "bridleway"})
"""Walked only where `foot` says so, or where there is a pavement."""

PAVEMENTS = frozenset({"both", "left", "right", "yes"})

RULE_TAGS = ("highway", "foot", "access", "motorroad", "sidewalk", "sidewalk:both")
"""The tags that the rule looks at."""


def why_not_walked(tags: Mapping[str, str]) -> str:
    """Return why nobody may walk a street, empty where everybody may.

    Parameters
    ----------
    tags : mapping of str to str
        As in OpenStreetMap; `highway` may hold several kinds between semicolons, of a
        stretch that was joined from several, and is walked only if all of them are.

    Examples
    --------
    >>> why_not_walked({"highway": "residential", "oneway": "yes"})
    ''
    >>> why_not_walked({"highway": "motorway", "foot": "yes"})
    'motorways and the like'
    >>> why_not_walked({"highway": "service", "access": "private"})
    'private or closed'
    """
    kinds = [kind.strip() for kind in tags.get("highway", "").split(";")]
    return next((reason for kind in kinds if (reason := _why_not(kind, tags))), "")


def _why_not(highway: str, tags: Mapping[str, str]) -> str:
    foot = tags.get("foot", "")
    opens = foot in ALLOWED
    if highway in NEVER or (tags.get("motorroad") == "yes" and not opens):
        return "motorways and the like"
    if highway in NOT_THERE:
        return "no street, or not yet"
    if foot in FORBIDDEN:
        return "closed to people on foot"
    if tags.get("access", "") in CLOSED and not opens:
        return "private or closed"
    if highway in ONLY_IF_SAID and not opens and not _has_pavement(tags):
        return "cycleways and trunk roads without a word of people on foot"
    return ""


def _has_pavement(tags: Mapping[str, str]) -> bool:
    return (
        tags.get("sidewalk", "") in PAVEMENTS or tags.get("sidewalk:both", "") == "yes"
    )
