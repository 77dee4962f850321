"""Priority class of a district: how large a share of its people is not served.

Fixed cut-offs, the same everywhere and every year. Quantiles would always find a
worst fifth, also in a city where everybody is served. The class is GeoACCMR's own
and is not a severity phase of JIAF or IPC, which need household data.
"""

import math
from bisect import bisect_left

from layers.errors import InvalidParameter

PRIORITY_CUTS = (0.10, 0.25, 0.50, 0.75)
"""Shares unserved that still belong to classes 1 to 4; above the last is class 5."""

PRIORITY_CLASSES = ("minimal", "stress", "severe", "extreme", "critical")
"""Names of classes 1 to 5."""


def priority_class(share_unserved: float | None) -> int | None:
    """Return the class from 1 (minimal) to 5 (critical), None where nobody lives.

    Parameters
    ----------
    share_unserved : float or None
        0 to 1; None or NaN where there is no population.

    Raises
    ------
    InvalidParameter
        A share outside 0 to 1.

    Examples
    --------
    >>> [priority_class(s) for s in (0.0, 0.10, 0.11, 0.75, 1.0, None)]
    [1, 1, 2, 4, 5, None]
    """
    if share_unserved is None or math.isnan(share_unserved):
        return None
    if not 0 <= share_unserved <= 1:
        raise InvalidParameter("share_unserved", share_unserved, "a share from 0 to 1")
    return 1 + bisect_left(PRIORITY_CUTS, share_unserved)
