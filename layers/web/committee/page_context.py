"""What the templates of a committee page are given, block by block."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext

from layers.errors import InvalidParameter
from layers.published.committee_rows import PublicPoint
from layers.web.committee.api_links import api_links
from layers.web.committee.builder import not_walked_to, scenario_builder
from layers.web.committee.changes import changes_since, last_meeting
from layers.web.committee.controls import kept_fields, switches
from layers.web.committee.files import drawing_of
from layers.web.committee.map_data import coverage_view, need_view, scenario_views
from layers.web.committee.missed import missed_services
from layers.web.committee.need import need_map
from layers.web.committee.need_picture import need_picture
from layers.web.committee.page_rows import (
    change_rows,
    gain_rows,
    missed_rows,
    moves,
    proposal_rows,
    ranking_rows,
    square_lines,
    then_pictures,
)
from layers.web.committee.pictures import (
    Drawing,
    coverage_map,
    lorenz_curve,
    profile_bars,
    scenario_maps,
    spread_bars,
)
from layers.web.committee.proposals import Proposals, proposals
from layers.web.committee.question import CRITICAL, SITING
from layers.web.committee.report import CommitteeReport
from layers.web.committee.scenario import scenario_report
from layers.web.committee.wording import (
    VERDICTS,
    causes_in_words,
    citation,
    signed,
)
from layers.web.languages import PageLanguage
from layers.web.map_page import map_page
from layers.web.pages import current_municipality

Context = dict[str, Any]


def page_context(
    report: CommitteeReport, request: HttpRequest, language: PageLanguage
) -> Context:
    """Return everything that the page shows."""
    drawing = drawing_of(report, language, is_page=True)
    origin = f"{request.scheme}://{request.get_host()}"
    permalink = f"{request.path}?{report.question.query()}".rstrip("?")
    context = _head(report) | _today(report, drawing) | _profile(report)
    context |= _scenario(report, drawing) | _missed(report) | _siting(report)
    context |= _changes(report)
    context |= {
        "api": api_links(report, origin),
        "permalink": permalink,
        "citation": citation(report, origin + permalink),
        "titles": titles(),
    }
    views = coverage_view(report) | need_view(report) | scenario_views(context["then"])
    context["page_data"] = map_page(
        language,
        current_municipality(request),
        level=report.question.parameters.level,
        committee={
            "views": views,
            "chosen": report.question.district,
            "proposals": _rings(context["proposals"]),
            "texts": script_texts(),
        },
    )
    return context


def _head(report: CommitteeReport) -> Context:
    return {
        "report": report,
        "question": report.question,
        "chosen": report.area(report.question.district),
        "switches": switches(report.question),
    }


def _today(report: CommitteeReport, drawing: Drawing) -> Context:
    need = need_map(report.areas)
    return {
        "rows": ranking_rows(report),
        "need": need,
        "need_square": square_lines(need),
        "pictures": {
            "map": coverage_map(report, drawing),
            "spread": spread_bars(report, drawing.look),
            "lorenz": lorenz_curve(report, drawing.look),
            "profile": profile_bars(
                report.profiles.of(report.question.district), drawing.look
            ),
            "need": need_picture(report, drawing),
        },
    }


def _profile(report: CommitteeReport) -> Context:
    profile = report.profiles.of(report.question.district)
    worst = profile.worst[0].drawn if profile.worst else None
    labels = {one.number: one.label for one in report.scale.classes}
    return {
        "profile": profile,
        "profile_worst_label": labels.get((worst and worst.map_class) or 0, ""),
        "kept_for_profile": list(kept_fields(report.question, ("district",))),
    }


def _scenario(report: CommitteeReport, drawing: Drawing) -> Context:
    builder = scenario_builder(report)
    not_walked: tuple[PublicPoint, ...] = ()
    then = None
    try:
        then = scenario_report(report) if builder else None
    except InvalidParameter as fault:
        not_walked = not_walked_to(builder, report) if fault.name == "close" else ()
        if not not_walked:
            raise
    found: Context = {
        "builder": builder,
        "not_walked": not_walked,
        "then": then,
        "without_scenario": f"?{report.question.query(close=(), open=())}#what-if",
    }
    if then is None or then.total is None:
        return found
    interval = then.total.interval
    unmoved = [a for a in then.areas if not a.row.is_suppressed and not moves(a)]
    return found | {
        "then_pictures": then_pictures(scenario_maps(then, report, drawing)),
        "then_rows": gain_rows(then),
        "then_same": len(unmoved),
        "then_difference": signed(then.total.difference),
        "then_between": [signed(n) for n in interval or ()],
    }


def _missed(report: CommitteeReport) -> Context:
    question = report.question
    found = missed_services(report) if question.shows(CRITICAL) else None
    shown = tuple({*question.asked["show"], CRITICAL})
    return {
        "missed": found,
        "missed_rows": missed_rows(found, report),
        "show_missed": f"?{question.query(show=shown)}#missed",
    }


def _siting(report: CommitteeReport) -> Context:
    question = report.question
    found = proposals(report) if question.shows(SITING) else None
    rows = proposal_rows(found, report)
    kept = [
        (name, value)
        for name, value in kept_fields(question, ("n_new",))
        if (name, value) != ("show", SITING)
    ]
    return {
        "proposals": found,
        "proposal_rows": rows,
        "proposal_links": any(row.href for row in rows),
        "kept_for_siting": kept,
    }


def _changes(report: CommitteeReport) -> Context:
    question = report.question
    changes = changes_since(report, last_meeting(report))
    total = changes.total
    is_told = total is not None and total.difference is not None
    return {
        "changes": changes,
        "changes_rows": change_rows(changes),
        "changes_difference": signed(total.difference) if total and is_told else "",
        "changes_verdict": str(VERDICTS[total.verdict]) if total else "",
        "changes_causes": causes_in_words(changes.causes),
        "kept_for_changes": list(kept_fields(question, ("since",))),
    }


def _rings(found: Proposals | None) -> list[Context]:
    """Return the proposed areas as the map draws them."""
    if found is None:
        return []
    return [{"number": str(one.number), "ring": one.ring} for one in found.areas]


def titles() -> dict[str, str]:
    """Return what each file is of, for those who hear the links."""
    return {
        "map": gettext("map of the share not reached"),
        "ranking": gettext("ranking of the areas"),
        "spread": gettext("residents by class of their area"),
        "lorenz": gettext("Lorenz curve"),
        "profile": gettext("all categories by area"),
        "need": gettext("need and access"),
        "scenario": gettext("who gains, who loses"),
        "missed": gettext("places that would be missed"),
        "siting": gettext("proposed areas"),
        "quality": gettext("services to verify"),
    }


def script_texts() -> dict[str, str]:
    """Return the words that the page's scripts put on it."""
    return {
        "copied": gettext("Copied."),
        "notCopied": gettext("Your browser did not copy it."),
        "working": gettext("Working it out …"),
        "failed": gettext("That did not work. Follow the link instead."),
        "noPicture": gettext("The picture could not be made."),
        "placed": gettext("The place was added to the scenario."),
    }
