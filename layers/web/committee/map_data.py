"""What the scripts of a committee page draw: classes and words, made here."""

from typing import Any

from layers.web.committee.report import CommitteeReport


def map_data(report: CommitteeReport) -> dict[str, Any]:
    """Return what the page's map draws: classes, and each area's class and words."""
    return {
        "level": report.question.parameters.level,
        "classes": [
            {"colour": one.colour, "label": one.label} for one in report.scale.classes
        ],
        "areas": {
            area.code: {
                "class": area.drawn.map_class and area.drawn.map_class - 1,
                "state": area.drawn.state,
                "uncertain": area.drawn.is_uncertain,
                "text": area.words,
            }
            for area in report.areas
        },
    }
