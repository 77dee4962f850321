"""What the finder's form asks: the API's filters by their own names, and a place in the list."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest

from layers.errors import InvalidParameter
from layers.params.kinds import Choice
from layers.params.paging import cursor, cursor_text
from layers.params.reading import Parameter, Parameters
from layers.params.service_points import SERVICE_POINT_FILTERS, filters_of
from layers.published.facets import FACETS
from layers.published.filters import ServicePointFilters
from layers.published.finder import After
from layers.web.query import read_form

PLACED, PLACELESS = "places", "without_place"

# A page shows one municipality.
FILTERS = SERVICE_POINT_FILTERS.without("municipality")
PAGING = Parameters(
    Parameter("list", Choice((PLACED, PLACELESS)), "Which list.", default=PLACED),
    cursor(2),
)
IN_SIGHT = frozenset({"q", "category", "district", "open_at", "bbox"})
"""Fields of the form that are not folded away."""

IN_FORM = IN_SIGHT - {"bbox"} | {
    "committee",
    "language",
    "group",
    "audience",
    "verified_within_days",
    "step_free",
}


CHECKED = {"open_at": "now", "step_free": "yes"}
"""The value that the box of a filter stands for; any other is carried along."""


@dataclass(frozen=True, slots=True)
class FinderQuestion:
    """What was asked.

    Attributes
    ----------
    filters : ServicePointFilters
        Within the municipality of this deployment.
    given : Mapping
        Filter name -> texts as they were given.
    which : str
        The list that is paged: `places` or `without_place`.
    after : After or None
        The entry after which it goes on.
    """

    filters: ServicePointFilters
    given: Mapping[str, tuple[str, ...]]
    which: str
    after: After | None

    @property
    def chosen(self) -> dict[str, tuple[str, ...]]:
        """The values chosen in each facet."""
        return {name: self.given.get(name, ()) for name in FACETS}

    @property
    def q(self) -> str:
        """The words searched for."""
        return self.filters.q or ""

    @property
    def is_open_now(self) -> bool:
        """Whether only what is open now is asked for."""
        return self.given.get("open_at") == ("now",)

    @property
    def is_step_free(self) -> bool:
        """Whether only what can be entered without a step is asked for."""
        return self.filters.step_free == ("yes",)

    @property
    def box(self) -> tuple[float, float, float, float] | None:
        """The part of the map asked for: west, south, east, north; None for all of it."""
        box = self.filters.bbox
        return (box.west, box.south, box.east, box.north) if box else None

    @property
    def names_a_need(self) -> bool:
        """Whether it says already what is looked for."""
        return bool({"q", "category", "committee"} & set(self.given))

    @property
    def verified_within_days(self) -> str:
        """The age of verification asked for, as text."""
        return "".join(self.given.get("verified_within_days", ()))

    @property
    def has_folded(self) -> bool:
        """Whether something is asked for in the part of the form that is folded away."""
        return bool(set(self.given) - IN_SIGHT)

    @property
    def is_filtered(self) -> bool:
        """Whether anything is asked for at all."""
        return bool(self.given)

    def outside_form(self) -> list[tuple[str, str]]:
        """Return filters that the form has no field for; it carries them along."""
        return [
            (name, value)
            for name, value in self.pairs()
            if name not in IN_FORM or CHECKED.get(name, value) != value
        ]

    def query(self, **more: str) -> str:
        """Return the query string that asks this again, with more of paging."""
        return urlencode([*self.pairs(), *more.items()])

    def without(self, name: str, value: str = "") -> str:
        """Return the query string that asks this but for one value, or a whole filter."""
        kept = [
            (each, text)
            for each, text in self.pairs()
            if each != name or (value and text != value)
        ]
        return urlencode(kept)

    def api_query(self, **more: str) -> str:
        """Return the query string that asks the API the same."""
        where = ("municipality", settings.DEFAULT_MUNICIPALITY)
        return urlencode([where, *self.pairs(), *more.items()])

    def pairs(self) -> list[tuple[str, str]]:
        """Return names and values as they were given."""
        return [
            (name, value) for name, values in self.given.items() for value in values
        ]


def question_of(request: HttpRequest) -> FinderQuestion:
    """Return what a request asks.

    Raises
    ------
    UnknownParameter, InvalidParameter, InvalidParameters
        As the page's 400 says.
    """
    values = read_form(request, FILTERS + PAGING)
    here = {"municipality": (settings.DEFAULT_MUNICIPALITY,)}
    filters = filters_of({**values, **here})
    given = {
        name: texts_given(request.GET.getlist(name), many=FILTERS.by_name[name].many)
        for name in request.GET
        if name in FILTERS.by_name
    }
    return FinderQuestion(
        filters=filters,
        given={name: texts for name, texts in given.items() if texts},
        which=values["list"],
        after=after_of(values["cursor"]),
    )


def texts_given(raws: list[str], *, many: bool) -> tuple[str, ...]:
    """Return the values of a filter as they were given, each once.

    Examples
    --------
    >>> texts_given(["health,legal-aid", " ", "health"], many=True)
    ('health', 'legal-aid')
    >>> texts_given([" a, b "], many=False)
    ('a, b',)
    """
    parts = [part for raw in raws for part in (raw.split(",") if many else [raw])]
    return tuple(dict.fromkeys(part.strip() for part in parts if part.strip()))


def after_of(key: tuple[str, ...] | None) -> After | None:
    """Return the entry that a cursor names."""
    if key is None:
        return None
    try:
        return After(key[0], UUID(key[1]))
    except ValueError:
        raise InvalidParameter("cursor", key[1], "what a `next` link holds") from None


def cursor_after(after: After) -> str:
    """Return the cursor that names an entry."""
    return cursor_text((after.name, after.id))


def as_json(question: FinderQuestion) -> dict[str, Any]:
    """Return the filters as the JSON body of a question to the API takes them.

    The part of the map is left out: who asks what is near does not mean it.
    """
    body: dict[str, Any] = {"municipality": [settings.DEFAULT_MUNICIPALITY]}
    for name, texts in question.given.items():
        if name == "bbox":
            continue
        if FILTERS.by_name[name].many:
            body[name] = list(texts)
        elif name in ("age", "verified_within_days"):
            body[name] = float(texts[0]) if name == "age" else int(texts[0])
        else:
            body[name] = texts[0]
    return body
