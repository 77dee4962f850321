"""What a committee page is about: the committee, its categories, groups of people."""

from dataclasses import dataclass

from layers.errors import InvalidParameter, NotFound
from layers.published.pages import TermRow, terms
from layers.web.committee.question import CommitteeQuestion


@dataclass(frozen=True, slots=True)
class Subject:
    """A committee with what can be chosen on its page.

    Attributes
    ----------
    committee : TermRow
        The committee.
    categories : tuple of TermRow
        Its categories, in the order of the tree.
    category : TermRow or None
        The one chosen.
    groups : tuple of TermRow
        Population groups, parents before their children.
    group : TermRow or None
        The one chosen.
    """

    committee: TermRow
    categories: tuple[TermRow, ...]
    category: TermRow | None
    groups: tuple[TermRow, ...]
    group: TermRow | None


def subject_of(question: CommitteeQuestion, lang: str) -> Subject:
    """Return what a question is about; one statement.

    Raises
    ------
    NotFound
        No such committee.
    InvalidParameter
        A category of another committee, or a group that does not exist.
    """
    known = terms(("committee", "category", "population_group"), lang)
    slug = question.committee
    categories = tuple(one for one in known["category"] if slug in one.committees)
    groups = tuple(known["population_group"])
    return Subject(
        committee=named(known["committee"], slug),
        categories=categories,
        category=_chosen("category", categories, question.category),
        groups=groups,
        group=_chosen("group", groups, question.parameters.group),
    )


def named(found: list[TermRow], slug: str) -> TermRow:
    """Return the term of a slug, or raise NotFound."""
    for term in found:
        if term.slug == slug:
            return term
    raise NotFound("committee", slug)


def _chosen(
    name: str, offered: tuple[TermRow, ...], slug: str | None
) -> TermRow | None:
    if slug is None:
        return None
    for term in offered:
        if term.slug == slug:
            return term
    allowed = f"one of {', '.join(term.slug for term in offered)}"
    raise InvalidParameter(name, slug, allowed)
