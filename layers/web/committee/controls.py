"""What the forms of a committee page offer, and what they pass on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext

from layers.analysis.city_defaults import walk_kmh_of
from layers.analysis.parameters import STRAIGHT_LINE, STREET_NETWORK
from layers.measures.walking import SLOW_KMH, WALK_KMH
from layers.selectors.streets import street_network
from layers.web.committee.question import LEVELS, CommitteeQuestion
from layers.web.template_tags import number

THRESHOLDS_MIN = (5.0, 10.0, 15.0, 20.0, 30.0)
GROUP_THRESHOLDS_MIN = (10.0, 15.0, 20.0, 30.0)
SPEEDS_KMH = (SLOW_KMH, WALK_KMH)
HOURS = ("09:00", "13:00", "18:00", "22:00")

SWITCHES = (
    "category",
    "group",
    "level",
    "threshold_min",
    "engine",
    "walk_kmh",
    "at",
    "as_of",
)
"""Fields of the form above the map."""

SCENARIO = ("close", "open", "open_category", "open_district")
"""Fields of the form that builds a scenario."""


@dataclass(frozen=True, slots=True)
class Option:
    """One option of a select."""

    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class OptionGroup:
    """Options under a heading; an empty one has none."""

    label: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Switches:
    """The selects above the map, and the fields that the form passes on unseen."""

    levels: tuple[Option, ...]
    thresholds: tuple[Option, ...]
    engines: tuple[Option, ...]
    speeds: tuple[Option, ...]
    times: tuple[OptionGroup, ...]
    kept: tuple[tuple[str, str], ...]


def switches(question: CommitteeQuestion) -> Switches:
    """Return the switches as they stand."""
    parameters = question.parameters
    usual = GROUP_THRESHOLDS_MIN if parameters.group else THRESHOLDS_MIN
    return Switches(
        levels=_options(
            zip(
                LEVELS,
                (gettext("Neighbourhoods"), gettext("Municipal communities")),
                strict=True,
            ),
            parameters.level,
        ),
        thresholds=_options(
            (
                (f"{n:g}", gettext("%(n)s minutes") % {"n": number(n)})
                for n in sorted({*usual, parameters.threshold_min})
            ),
            f"{parameters.threshold_min:g}",
        ),
        engines=_engines(question),
        speeds=_speeds(question),
        times=_times(parameters.eligibility.at),
        kept=tuple(kept_fields(question, SWITCHES)),
    )


def kept_fields(
    question: CommitteeQuestion, without: Sequence[str]
) -> Iterable[tuple[str, str]]:
    """Return what a form passes on: all that was asked but for its own fields."""
    return ((name, value) for name, value in question.pairs() if name not in without)


def _options(
    offered: Iterable[tuple[str, str]], chosen: str | None
) -> tuple[Option, ...]:
    return tuple(Option(value, label, value == chosen) for value, label in offered)


def _engines(question: CommitteeQuestion) -> tuple[Option, ...]:
    """Return the ways to measure walks; without streets there is no choice."""
    parameters = question.parameters
    if street_network(parameters.municipality) is None:
        return ()
    return _options(
        (
            (STREET_NETWORK, gettext("Along the streets")),
            (STRAIGHT_LINE, gettext("Straight lines with a detour")),
        ),
        parameters.engine,
    )


def _speeds(question: CommitteeQuestion) -> tuple[Option, ...]:
    asked = question.asked["walk_kmh"]
    usual = gettext("As usual (%(n)s km/h)") % {
        "n": number(walk_kmh_of(question.parameters.group))
    }
    numbers = sorted({*SPEEDS_KMH, *(() if asked is None else (asked,))})
    return (
        Option("", usual, asked is None),
        *_options(
            ((f"{n:g}", _speed(n)) for n in numbers),
            None if asked is None else f"{asked:g}",
        ),
    )


def _speed(kmh: float) -> str:
    said = gettext("%(n)s km/h") % {"n": number(kmh)}
    who = {
        WALK_KMH: gettext("adults"),
        SLOW_KMH: gettext("older people, small children, disabilities"),
    }.get(kmh)
    return f"{said} ({who})" if who else said


def _times(chosen: str | None) -> tuple[OptionGroup, ...]:
    days = {
        "mon": gettext("Monday"),
        "tue": gettext("Tuesday"),
        "wed": gettext("Wednesday"),
        "thu": gettext("Thursday"),
        "fri": gettext("Friday"),
        "sat": gettext("Saturday"),
        "sun": gettext("Sunday"),
    }
    return tuple(
        OptionGroup(
            name,
            _options(
                (
                    (f"{day} {hour}", f"{name} {hour}")
                    for hour in sorted({*HOURS, *_asked(chosen, day)})
                ),
                chosen,
            ),
        )
        for day, name in days.items()
    )


def _asked(chosen: str | None, day: str) -> set[str]:
    if chosen is None or not chosen.startswith(day):
        return set()
    return {chosen.split(" ")[1]}
