"""Each block of a committee page as a file: its table as CSV, its picture as SVG."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.html import escape
from django.utils.safestring import SafeString

from layers.errors import NotFound
from layers.published.outlines import district_outlines
from layers.web.charts.look import Look
from layers.web.committee.assembling import report_of
from layers.web.committee.need_picture import need_picture
from layers.web.committee.pictures import (
    Drawing,
    coverage_map,
    lorenz_curve,
    profile_bars,
    ranking_bars,
    scenario_maps,
    spread_bars,
)
from layers.web.committee.report import CommitteeReport
from layers.web.committee.scenario import scenario_report
from layers.web.committee.tables import TABLES, as_csv
from layers.web.committee.wording import citation
from layers.web.languages import PageLanguage
from layers.web.pages import page

WIDTH = 800
"""Units across of a picture as a file."""

ON_PAGE = {"lorenz": 400, "spread": 440, "profile": 560}
"""The same on a page, where letters are as large as the units of the picture say."""
MAP_ON_PAGE = 480


@page
def committee_table(
    request: HttpRequest, language: PageLanguage, slug: str, block: str
) -> HttpResponse:
    """Answer `/<lang>/committees/<slug>/<block>.csv`."""
    if block not in TABLES:
        raise NotFound("table", block)
    report = report_of(request, language, slug)
    text = as_csv(TABLES[block](report), report)
    return _file(text, "text/csv; charset=utf-8", f"{slug}-{block}.csv", language)


@page
def committee_picture(
    request: HttpRequest, language: PageLanguage, slug: str, block: str
) -> HttpResponse:
    """Answer `/<lang>/committees/<slug>/<block>.svg`."""
    if block not in PICTURES:
        raise NotFound("picture", block)
    report = report_of(request, language, slug)
    drawn = PICTURES[block](report, drawing_of(report, language))
    if drawn is None:
        raise NotFound("picture", block)
    address = request.build_absolute_uri(f"/{language.code}/committees/{slug}")
    cited = f"{address}?{report.question.query()}".rstrip("?")
    return _file(
        '<?xml version="1.0" encoding="UTF-8"?>\n' + _described(drawn, report, cited),
        "image/svg+xml",
        f"{slug}-{block}.svg",
        language,
    )


def _described(drawn: str, report: CommitteeReport, address: str) -> str:
    """Return a picture that says in itself what it stands on and whom it is owed to."""
    said = "; ".join([citation(report, address), *report.provenance.sources])
    return drawn.replace("</desc>", f"</desc><metadata>{escape(said)}</metadata>", 1)


def drawing_of(
    report: CommitteeReport, language: PageLanguage, *, is_page: bool = False
) -> Drawing:
    """Return how pictures are drawn: in the page, or as files of their own."""
    parameters = report.question.parameters

    def look(id_: str) -> Look:
        return Look(
            f"chart-{id_}",
            language.interface,
            is_rtl=language.direction == "rtl",
            has_values=not is_page,
            width=ON_PAGE.get(id_, MAP_ON_PAGE) if is_page else WIDTH,
        )

    return Drawing(
        district_outlines(parameters.municipality, parameters.level),
        look,
        has_legend=not is_page,
    )


Picture = Callable[[CommitteeReport, Drawing], SafeString | None]


def _scenario_picture(name: str) -> Picture:
    def picture(report: CommitteeReport, drawing: Drawing) -> SafeString | None:
        found = scenario_report(report)
        if found is None or found.total is None:
            return None
        return scenario_maps(found, report, drawing)[name]

    return picture


PICTURES: dict[str, Picture] = {
    "map": coverage_map,
    "ranking": lambda report, drawing: ranking_bars(report, drawing.look),
    "spread": lambda report, drawing: spread_bars(report, drawing.look),
    "lorenz": lambda report, drawing: lorenz_curve(report, drawing.look),
    "profile": lambda report, drawing: profile_bars(
        report.profiles.of(report.question.district), drawing.look
    ),
    "need": need_picture,
    "scenario-before": _scenario_picture("before"),
    "scenario-after": _scenario_picture("after"),
    "scenario-change": _scenario_picture("change"),
}
"""Block of the page -> its picture."""


def _file(text: str, kind: str, name: str, language: PageLanguage) -> HttpResponse:
    response = HttpResponse(text, content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Content-Language"] = language.code
    return response
