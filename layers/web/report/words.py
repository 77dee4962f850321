"""What the report says of the question and of its answer, in words."""

from dataclasses import dataclass

from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext, ngettext

from layers.analysis.parameters import STRAIGHT_LINE
from layers.analysis.run_changes import Verdict
from layers.models.district import DistrictLevel
from layers.published.pages import Text
from layers.selectors.eligibility import DAYS
from layers.web.committee.changes import Changes
from layers.web.committee.report import CommitteeReport
from layers.web.committee.wording import VERDICTS, signed
from layers.web.template_tags import day, number, people, percent


@dataclass(frozen=True, slots=True)
class Asked:
    """One part of the question: what it is, and what was chosen."""

    name: str
    value: Text


def asked_of(report: CommitteeReport) -> list[Asked]:
    """Return the question, part by part."""
    parameters, group = report.question.parameters, report.subject.group
    walks = gettext("along streets")
    if parameters.engine == STRAIGHT_LINE:
        walks = gettext("straight lines, lengthened by %(n)s") % {
            "n": number(parameters.detour)
        }
    minutes = gettext("%(n)s minutes") % {"n": number(parameters.threshold_min)}
    speed = f"{number(parameters.walk_kmh)} {gettext('km/h')}"
    found = [
        Asked(gettext("Service"), report.chosen.name),
        Asked(
            gettext("People"), group.name if group else ours(gettext("All residents"))
        ),
        Asked(gettext("Areas"), ours(level_name(parameters.level))),
        Asked(gettext("Longest walk"), ours(minutes)),
        Asked(gettext("Walking speed"), ours(speed)),
        Asked(gettext("Walks"), ours(walks)),
    ]
    if parameters.eligibility.at:
        at = week_time(parameters.eligibility.at)
        found.append(Asked(gettext("Open at"), ours(at)))
    return found


def ours(words: str) -> Text:
    """Return words of ours as a text; they need no mark of a language."""
    return Text(words, "")


def level_name(level: str) -> str:
    """Return what the areas of a level are called."""
    if level == DistrictLevel.NEIGHBOURHOOD.value:
        return gettext("Neighbourhoods")
    return gettext("Municipal communities")


def week_time(at: str) -> str:
    """Return a time of an ordinary week, `tue 18:30`, in words."""
    code, _blank, clock = at.partition(" ")
    return f"{WEEKDAYS[DAYS.index(code)]} {clock}"


def in_short(report: CommitteeReport, changes: Changes) -> list[str]:
    """Return what a member should know who reads nothing else; one sentence each."""
    found = [_most(report), _half(report), change_sentence(changes), _quality(report)]
    return [sentence for sentence in found if sentence]


def _most(report: CommitteeReport) -> str:
    known = [area for area in report.areas if area.row.unserved]
    known.sort(key=lambda area: (-(area.row.unserved or 0.0), area.code))
    named = ", ".join(
        f"{isolated(str(area.name))} ({people(area.row.unserved)})"
        for area in known[:3]
    )
    if not named:
        return ""
    return gettext("Most people who are not reached live in: %(areas)s.") % {
        "areas": named
    }


def isolated(name: str) -> str:
    """Return a name that keeps its own direction inside a sentence of another one."""
    return f"\u2068{name}\u2069"


def _half(report: CommitteeReport) -> str:
    spread = report.distribution
    if spread.n_half is None:
        return ""
    return ngettext(
        "Half of the people not reached live in one area, where %(share)s of the "
        "residents live.",
        "Half of the people not reached live in %(n)s areas, where %(share)s of the "
        "residents live.",
        spread.n_half,
    ) % {"n": spread.n_half, "share": percent(spread.half_residents_share)}


def _quality(report: CommitteeReport) -> str:
    counts = report.quality.counts
    n_operating = counts.n_points - counts.n_not_operating
    if not n_operating:
        return gettext("No service of this committee is on record.")
    return gettext(
        "Not verified since %(day)s: %(n)s of %(all)s offers that operate."
    ) % {
        "n": people(counts.n_unverified),
        "all": people(n_operating),
        "day": day(report.quality.since),
    }


def change_sentence(changes: Changes) -> str:
    """Return in one sentence what changed in the municipality since the last meeting."""
    since = {"day": day(changes.day)}
    total = changes.total
    if not changes.is_known or total is None:
        return gettext("No figures are kept from %(day)s to compare with.") % since
    if changes.is_same_run or total.verdict == Verdict.SAME:
        return gettext("Since %(day)s nothing that is shown here has changed.") % since
    verdict = str(VERDICTS[total.verdict])
    if total.difference is None:
        return gettext("Since %(day)s: %(verdict)s") % {**since, "verdict": verdict}
    return gettext("Since %(day)s, people not reached: %(difference)s. %(verdict)s") % {
        **since,
        "difference": signed(total.difference),
        "verdict": verdict,
    }
