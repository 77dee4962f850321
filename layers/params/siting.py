"""What may be asked of siting."""

from typing import Any

from layers.analysis.siting_parameters import (
    CELL_M,
    MAX_NEW,
    MODELS,
    SitingParameters,
)
from layers.measures.location_models.partial_lscp import TARGET
from layers.params.kinds import Choice, Number, Whole
from layers.params.reading import Parameter, Parameters
from layers.params.scenarios import ONE_TERM, WALKS, critical_question

MAX_SEARCH_S = 20.0
"""Longest search that the public may ask for: one is made at a time."""

SITING = (
    ONE_TERM
    + Parameters(
        Parameter(
            "model",
            Choice(MODELS),
            "`mclp` reaches most people with `n_new` places, `lscp` everybody who can be "
            "reached with fewest, `partial_lscp` a share of them; `p_median` makes walks "
            "shortest together, `p_center` the longest one.",
            default="mclp",
        ),
        Parameter("n_new", Whole(1, MAX_NEW), "How many new places.", default=3),
        Parameter(
            "target",
            Number(0.01, 1),
            "Share of residents that `partial_lscp` reaches.",
            default=TARGET,
        ),
        Parameter(
            "cell_m", Whole(100, 2000), "Side of the proposed areas.", default=CELL_M
        ),
        Parameter(
            "time_limit_s",
            Number(0.1, MAX_SEARCH_S),
            "Seconds to search; then the best that was found, and how good it is.",
            default=10.0,
        ),
    )
    + WALKS
)


def siting_question(values: dict[str, Any]) -> SitingParameters:
    """Return what a request's values ask; errors as `critical_question`."""
    return SitingParameters(
        critical_question(values),
        model=values["model"],
        n_new=values["n_new"],
        target=values["target"],
        cell_m=values["cell_m"],
        time_limit_s=values["time_limit_s"],
    )
