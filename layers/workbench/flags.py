"""What a reader of a summary has to know; each is set only where it is true."""

from enum import StrEnum


class FileFlag(StrEnum):
    """A reason for care with figures made from plain files."""

    NO_NETWORK = "NO_NETWORK"
    """Straight lines (times a detour), not streets."""

    AREA_AS_POINT = "AREA_AS_POINT"
    """Polygons were measured from their centroids."""

    COUNTED_AS_ONE = "COUNTED_AS_ONE"
    """No value column was named: points or sites count 1 each."""

    COST_IDS_UNKNOWN = "COST_IDS_UNKNOWN"
    """Costs name ids that are in neither file; those rows were left out."""

    NO_DEMAND = "NO_DEMAND"
    """The demand adds up to 0: weighted figures are null."""

    NO_SUPPLY = "NO_SUPPLY"
    """The supply adds up to 0."""

    UNREACHABLE = "UNREACHABLE"
    """Somebody reaches no site: their value is 0, or empty where it is a cost."""

    SUPPLY_OUT_OF_REACH = "SUPPLY_OUT_OF_REACH"
    """Some places are reached by nobody, and are in nobody's figure."""

    UNSETTLED = "UNSETTLED"
    """RAAM stopped more than 1 % of the whole cost away from an equilibrium."""


def ordered(flags: set[FileFlag]) -> list[str]:
    """Return flags as text in the order of their definition."""
    return [flag.value for flag in FileFlag if flag in flags]
