"""The finder's form: what it offers, with counts, and what was chosen in it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext

from layers.published.finder import FACETS_SHOWN
from layers.published.pages import DistrictRow, TermRow, Text, districts, terms
from layers.web.language_names import language_name, own_name
from layers.web.languages import PageLanguage

Counted = Mapping[str, Mapping[str, int]]
NO_HEADING = Text("", "")


@dataclass(frozen=True, slots=True)
class Option:
    """A value of a select, with the number of services that choosing it would find."""

    value: str
    label: Text
    n: int
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class OptionGroup:
    """Options under a heading; without one they stand free."""

    heading: Text
    options: list[Option]


@dataclass(frozen=True, slots=True)
class Select:
    """One select of the form, by the name of its parameter."""

    name: str
    label: str
    anything: str
    groups: list[OptionGroup]
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Chosen:
    """The counts of every facet and the values chosen in it."""

    counted: Counted
    values: Mapping[str, tuple[str, ...]]
    interface: str

    def options(self, facet: str, labels: Iterable[tuple[str, Text]]) -> list[Option]:
        """Return the options that find something or are chosen already."""
        counts, chosen = self.counted[facet], self.values.get(facet, ())
        return [
            Option(value, label, counts.get(value, 0), value in chosen)
            for value, label in labels
            if counts.get(value) or value in chosen
        ]


def selects(
    language: PageLanguage,
    municipality: str,
    counted: Counted,
    values: Mapping[str, tuple[str, ...]],
) -> dict[str, Select]:
    """Return the selects of the form by name.

    Parameters
    ----------
    language : PageLanguage
        Of the page.
    municipality : str
        Whose districts are offered.
    counted : Mapping
        By facet: value -> how many it would find.
    values : Mapping
        By facet: what was chosen.
    """
    chosen = Chosen(counted, values, language.interface)
    known = terms(("category", "committee", "population_group"), language.code)
    groups = {
        "category": tree_groups(chosen, "category", known["category"]),
        "committee": flat_group(chosen, "committee", known["committee"]),
        "district": district_groups(chosen, districts(municipality, language.code)),
        "language": language_groups(chosen, language.code),
        "group": tree_groups(chosen, "group", known["population_group"]),
        "audience": [
            OptionGroup(NO_HEADING, chosen.options("audience", audiences(language)))
        ],
    }
    words = {
        "category": (gettext("Kind of service"), gettext("Every kind")),
        "committee": (gettext("Committee"), gettext("Every committee")),
        "district": (gettext("District"), gettext("The whole city")),
        "language": (gettext("Language spoken there"), gettext("Any language")),
        "group": (gettext("For whom"), gettext("Everybody")),
        "audience": (gettext("Who is asking"), gettext("Anybody")),
    }
    return {
        name: Select(name, *words[name], groups[name], bool(values.get(name)))
        for name in FACETS_SHOWN
    }


def tree_groups(chosen: Chosen, facet: str, rows: list[TermRow]) -> list[OptionGroup]:
    """Return a tree of two levels: each top term heads its leaves and can be chosen."""
    groups = []
    for top in rows:
        if top.parent is None:
            family = [top, *(row for row in rows if row.parent == top.slug)]
            found = chosen.options(facet, [(row.slug, row.name) for row in family])
            if found:
                groups.append(OptionGroup(top.name, found))
    return groups


@dataclass(frozen=True, slots=True)
class Tile:
    """A kind of service to begin with: what it is called, its sign, how many there are."""

    label: Text
    icon: str
    href: str
    n: int


def tiles(select: Select, question_without: str) -> list[Tile]:
    """Return one tile for each top category that has services.

    Parameters
    ----------
    select : Select
        Of the categories.
    question_without : str
        Query string of what else is asked for.
    """
    rest = f"&{question_without}" if question_without else ""
    return [
        Tile(group.heading, top.value, f"?category={top.value}{rest}", top.n)
        for group in select.groups
        for top in group.options[:1]
    ]


def flat_group(chosen: Chosen, facet: str, rows: list[TermRow]) -> list[OptionGroup]:
    """Return the terms of a taxonomy without levels."""
    found = chosen.options(facet, [(row.slug, row.name) for row in rows])
    return [OptionGroup(NO_HEADING, found)]


def district_groups(chosen: Chosen, rows: list[DistrictRow]) -> list[OptionGroup]:
    """Return the districts under their level; the whole municipality is no choice."""
    headings = {
        "municipal_community": gettext("Municipal communities"),
        "neighbourhood": gettext("Neighbourhoods"),
    }
    groups = []
    for level, heading in headings.items():
        labels = [(row.code, row.name) for row in rows if row.level == level]
        found = chosen.options("district", labels)
        if found:
            groups.append(OptionGroup(Text(heading, chosen.interface), found))
    return groups


def language_groups(chosen: Chosen, lang: str) -> list[OptionGroup]:
    """Return the languages spoken somewhere, by their names in the page's language."""
    codes = {*chosen.counted["language"], *chosen.values.get("language", ())}
    labels = []
    for code in codes:
        name, own = language_name(code, lang), own_name(code)
        same = name.value.casefold() == own.value.casefold()
        shown = name if same else Text(f"{name} – {own}", name.lang)
        labels.append((code, shown))
    labels.sort(key=lambda pair: pair[1].value)
    return [OptionGroup(NO_HEADING, chosen.options("language", labels))]


def audiences(language: PageLanguage) -> list[tuple[str, Text]]:
    """Return who may ask; what is for both is found by either."""
    words = {
        "beneficiaries": gettext("A person looking for help"),
        "professionals": gettext("A professional who refers"),
    }
    return [(code, Text(said, language.interface)) for code, said in words.items()]
