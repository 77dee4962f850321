"""What a reader has to know about a figure; stored with each row, in this order."""

from collections.abc import Collection
from enum import StrEnum


class Flag(StrEnum):
    """A reason for care. A flag is set only where it is true of that very row."""

    NO_NETWORK = "NO_NETWORK"
    """Straight lines times a detour, not streets."""

    NO_SLOPE = "NO_SLOPE"
    """Streets as if all were level: heights are not loaded for every street."""

    SNAP = "SNAP"
    """Some residents live more than 50 m from any street that is loaded; beyond 250 m
    they count as not reached."""

    LOCAL_DETOUR = "LOCAL_DETOUR"
    """Some residents live where walks are more than 1.6 times the straight line: a
    railway, a motorway or a hill is in the way."""

    POP_MODELLED = "POP_MODELLED"
    """Some residents come from a model, not from a count."""

    POP_AGE = "POP_AGE"
    """Some residents were counted or modelled more than five years ago."""

    GROUP_POP_UNKNOWN = "GROUP_POP_UNKNOWN"
    """Nobody knows where people of the group live: all residents stand for them."""

    HOURS_UNKNOWN = "HOURS_UNKNOWN"
    """For some residents the nearest place has no opening hours on record."""

    UNVERIFIED = "UNVERIFIED"
    """For some residents the nearest place was not verified for a year, or ever."""

    GEOCODE_APPROX = "GEOCODE_APPROX"
    """For some residents the position of the nearest place is only roughly known."""

    ELIGIBILITY_UNKNOWN = "ELIGIBILITY_UNKNOWN"
    """For some residents a place is nearer of which it is not known whether they may use
    it, or whether it is open then; it does not count."""

    EDGE = "EDGE"
    """Some residents who count as not served live within reach of the border, beyond
    which no places are loaded: one of those might serve them."""

    NO_STANDARD = "NO_STANDARD"
    """Nobody set how many places are enough, so nobody can say who goes without one."""

    CAPACITY_UNKNOWN = "CAPACITY_UNKNOWN"
    """Too few services say how many they take: services are counted, not places."""

    CAPACITY_IMPUTED = "CAPACITY_IMPUTED"
    """Some residents reach a place whose capacity is taken to be the middle one of the
    others."""

    CAPACITY_SHARED = "CAPACITY_SHARED"
    """Places are shared with people of other groups; who of them gets one is not known."""

    NEED_UNKNOWN = "NEED_UNKNOWN"
    """An indicator of the need index is missing here, or there is none at all."""

    WITHOUT_PLACE = "WITHOUT_PLACE"
    """Services without a place to walk to serve here, too; distances do not know them."""

    PROTECTED_EXCLUDED = "PROTECTED_EXCLUDED"
    """Places of which only the district is public are counted, but in no distance."""

    SMALL_N = "SMALL_N"
    """Few people: a share moves much with a few of them."""

    PART_SUPPRESSED = "PART_SUPPRESSED"
    """Some figures of the row are withheld, because they would show a very small number
    of people."""

    SUPPRESSED = "SUPPRESSED"
    """Figures are withheld because they would show a very small number of people."""


def flag_if(flag: Flag, *, condition: bool) -> frozenset[Flag]:
    """Return the set of just this flag where the condition holds, else none."""
    return frozenset({flag}) if condition else frozenset()


def ordered(flags: Collection[Flag]) -> list[str]:
    """Return flags as text in the order of their definition."""
    return [flag.value for flag in Flag if flag in flags]
