"""How many people of a group are few: the one place that says so."""

from collections.abc import Sequence

from django.conf import settings

from layers.analysis.parameters import CoverageParameters
from layers.measures.suppression import SMALL_COUNT


def small_count(group_path: Sequence[str]) -> int:
    """Return the smallest count of people that may be published.

    Parameters
    ----------
    group_path : sequence of str
        Slugs from the top of the tree of groups down to the one asked about; empty for
        everybody. What holds of a group holds of those below it.
    """
    is_sensitive = not set(settings.SENSITIVE_GROUPS).isdisjoint(group_path)
    return settings.SENSITIVE_SMALL_COUNT if is_sensitive else SMALL_COUNT


def rule_of(parameters: CoverageParameters) -> list[object]:
    """Return what of the settings a stored answer depends on, for its hash."""
    if parameters.group is None:
        return []
    return [sorted(settings.SENSITIVE_GROUPS), settings.SENSITIVE_SMALL_COUNT]
