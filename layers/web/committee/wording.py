"""Numbers and verdicts of a committee page in words."""

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from layers.analysis.run_changes import Cause, Verdict
from layers.web.committee.report import CommitteeReport
from layers.web.template_tags import day, people

VERDICTS: dict[str, Promise] = {
    Verdict.BETTER: _("Better: the intervals do not overlap."),
    Verdict.WORSE: _("Worse: the intervals do not overlap."),
    Verdict.SAME: _("The same."),
    Verdict.UNCLEAR: _("Unclear: the intervals overlap."),
    Verdict.WITHHELD: _("Withheld: too few people."),
    Verdict.NOT_COMPARABLE: _("Not to be compared: more than services changed."),
}
CAUSES: dict[str, Promise] = {
    Cause.SERVICES: _("services were changed"),
    Cause.RESIDENTS: _("other residents are loaded"),
    Cause.DISTRICTS: _("borders are others"),
    Cause.STREETS: _("streets are others"),
    Cause.TAXONOMY: _("categories are others"),
    Cause.STANDARDS: _("standards are others"),
    Cause.WALKS: _("walks are measured in another way"),
    Cause.METHOD: _("the method is another"),
    Cause.MONTH: _("verifications are older"),
}


def signed(difference: float | None) -> str:
    """Return a difference of people with its sign; nobody is 0, unknown a dash.

    Examples
    --------
    >>> from django.utils import translation
    >>> with translation.override("en"):
    ...     signed(1240.0), signed(-30.0), signed(0.0), signed(None)
    ('+1,240', '−30', '0', '–')
    """
    if difference is None or round(difference) == 0:
        return "–" if difference is None else "0"
    sign = "+" if difference > 0 else "\N{MINUS SIGN}"
    return sign + people(abs(difference))


def between(interval: tuple[float, float] | None) -> str:
    """Return an interval of differences; empty where there is none."""
    if interval is None:
        return ""
    return gettext("%(low)s to %(high)s") % {
        "low": signed(interval[0]),
        "high": signed(interval[1]),
    }


def causes_in_words(causes: Iterable[Cause]) -> list[str]:
    """Return what is not the same on two dates."""
    return [str(CAUSES[cause]) for cause in causes]


def citation(report: CommitteeReport, address: str) -> str:
    """Return how to cite the page: who, what, of when, by which method, where."""
    stands_on = report.provenance
    names = report.municipality.names
    place = names.get(report.lang) or names.get("en") or report.municipality.slug
    return gettext(
        "GeoACCMR, %(place)s: %(what)s – people who do not reach a service on foot. "
        "Computed on %(day)s by method %(method)s, run %(run)s. %(address)s"
    ) % {
        "place": place,
        "what": report.chosen.name,
        "day": day(stands_on.finished_at),
        "method": stands_on.method,
        "run": stands_on.run_hash[:16],
        "address": address,
    }
