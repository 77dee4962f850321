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

# A page shows one municipality, and its map can be moved without asking again.
FILTERS = SERVICE_POINT_FILTERS.without("municipality", "bbox")
PAGING = Parameters(
    Parameter("list", Choice((PLACED, PLACELESS)), "Which list.", default=PLACED),
    cursor(2),
)
IN_SIGHT = frozenset({"q", "category", "district"})
"""Fields of the form that are not folded away."""

IN_FORM = IN_SIGHT | {
    "committee",
    "language",
    "group",
    "audience",
    "open_at",
    "verified_within_days",
}


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
        """Whether only what is open is asked for."""
        return self.filters.open_at is not None

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
        return [(name, value) for name, value in self.pairs() if name not in IN_FORM]

    def query(self, **more: str) -> str:
        """Return the query string that asks this again, with more of paging."""
        return urlencode([*self.pairs(), *more.items()])

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
    here = {"municipality": (settings.DEFAULT_MUNICIPALITY,), "bbox": None}
    filters = filters_of({**values, **here})
    given = {
        name: tuple(text.strip() for text in request.GET.getlist(name) if text.strip())
        for name in request.GET
        if name in FILTERS.by_name
    }
    return FinderQuestion(
        filters=filters,
        given={name: texts for name, texts in given.items() if texts},
        which=values["list"],
        after=after_of(values["cursor"]),
    )


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
    """Return the filters as the JSON body of a question to the API takes them."""
    body: dict[str, Any] = {"municipality": [settings.DEFAULT_MUNICIPALITY]}
    for name, texts in question.given.items():
        if FILTERS.by_name[name].many:
            body[name] = [part for text in texts for part in text.split(",")]
        elif name in ("age", "verified_within_days"):
            body[name] = float(texts[0]) if name == "age" else int(texts[0])
        else:
            body[name] = texts[0]
    return body
