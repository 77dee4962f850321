"""What was asked for, as chips: each says a filter in words and leads to the list without it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext, ngettext

from layers.published.pages import Text
from layers.web.finder.form import Select
from layers.web.finder.query import FinderQuestion
from layers.web.languages import PageLanguage


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that was asked for; `href` asks for everything else."""

    label: Text
    href: str


def chips(
    question: FinderQuestion, selects: Mapping[str, Select], language: PageLanguage
) -> list[Chip]:
    """Return the chips of a question, in the order in which it was asked."""
    made = []
    for name, values in question.given.items():
        for value in values:
            label = _label(name, value, selects, language)
            made.append(Chip(label, "?" + question.without(name, value)))
    return made


def _label(
    name: str, value: str, selects: Mapping[str, Select], language: PageLanguage
) -> Text:
    if name in selects:
        for option in _options(selects[name]):
            if option[0] == value:
                return option[1]
    return Text(_words(name, value), language.interface)


def _options(select: Select) -> Iterator[tuple[str, Text]]:
    for group in select.groups:
        for option in group.options:
            yield option.value, option.label


def _words(name: str, value: str) -> str:
    """Return in words a filter that has no option of its own."""
    if name == "verified_within_days" and value.isdecimal():
        days = int(value)
        return ngettext(
            "Verified in the last day", "Verified in the last %(n)s days", days
        ) % {"n": days}
    words = {
        "q": gettext("“%(words)s”") % {"words": value},
        "bbox": gettext("This part of the map"),
        "open_at": gettext("Open now") if value == "now" else value,
        "step_free": gettext("Step-free way in") if value == "yes" else value,
    }
    return words.get(name, value)
