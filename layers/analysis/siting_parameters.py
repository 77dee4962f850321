"""What is asked of a siting: where would new places help most, and by which rule."""

import math
from dataclasses import dataclass
from typing import Any

from layers.analysis.parameters import CoverageParameters
from layers.errors import InvalidParameter
from layers.measures.location_models.partial_lscp import TARGET

MODELS = ("mclp", "lscp", "partial_lscp", "p_median", "p_center")
COUNTED = ("mclp", "p_median", "p_center")

CELL_M = 250
MAX_NEW = 50
MAX_TIME_LIMIT_S = 600.0


@dataclass(frozen=True, slots=True)
class SitingParameters:
    """The question "where would new places help most?", complete.

    Attributes
    ----------
    coverage : CoverageParameters
        Whose walk to what; exactly one code. Its threshold is the radius.
    model : str
        One of `MODELS`.
    n_new : int
        New places, 1 to 50, for the models that are told how many.
    target : float
        Share of residents that `partial_lscp` must reach.
    cell_m : int
        Side of the cells that are suggested, 100 to 2000 m.
    time_limit_s : float
        Seconds that the search may take, up to 600.

    Raises
    ------
    InvalidParameter
        Any value out of its range, by name.
    """

    coverage: CoverageParameters
    model: str = "mclp"
    n_new: int = 3
    target: float = TARGET
    cell_m: int = CELL_M
    time_limit_s: float = 30.0

    def __post_init__(self) -> None:
        """Refuse what cannot be computed."""
        if len(self.coverage.codes) != 1:
            raise InvalidParameter(
                "codes", list(self.coverage.codes), "exactly one category or committee"
            )
        if self.model not in MODELS:
            raise InvalidParameter("model", self.model, f"one of {', '.join(MODELS)}")
        _check_whole("n_new", self.n_new, 1, MAX_NEW)
        _check_whole("cell_m", self.cell_m, 100, 2000)
        _check_share("target", self.target)
        _check_seconds("time_limit_s", self.time_limit_s)

    @property
    def code(self) -> str:
        """Slug of the category or committee."""
        return self.coverage.codes[0]

    def as_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON; what the model does not use is left out."""
        used: dict[str, Any] = {**self.coverage.as_dict(), "model": self.model}
        if self.model in COUNTED:
            used["n_new"] = self.n_new
        if self.model == "partial_lscp":
            used["target"] = self.target
        return {**used, "cell_m": self.cell_m, "time_limit_s": self.time_limit_s}


def _check_whole(name: str, value: object, low: int, high: int) -> None:
    is_whole = isinstance(value, int) and not isinstance(value, bool)
    if not is_whole or not low <= value <= high:  # type: ignore[operator]
        raise InvalidParameter(name, value, f"a whole number from {low} to {high}")


def _check_share(name: str, value: object) -> None:
    if not isinstance(value, int | float) or not 0 < value <= 1:
        raise InvalidParameter(name, value, "a share above 0, up to 1")


def _check_seconds(name: str, value: object) -> None:
    fits = isinstance(value, int | float) and math.isfinite(value)
    if not fits or not 0 < value <= MAX_TIME_LIMIT_S:  # type: ignore[operator]
        allowed = f"seconds above 0, up to {MAX_TIME_LIMIT_S:g}"
        raise InvalidParameter(name, value, allowed)
