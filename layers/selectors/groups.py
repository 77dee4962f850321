"""Where a population group stands in the tree of groups."""

from layers.models import TaxonomyTerm
from layers.models.taxonomy import TaxonomyKind


def group_path(group: str | None) -> tuple[str, ...]:
    """Return the slugs from the top of the tree down to a group; one query.

    Empty for everybody, and for a group that does not exist.
    """
    if group is None:
        return ()
    rows = TaxonomyTerm.objects.filter(
        taxonomy__slug=TaxonomyKind.POPULATION_GROUP, slug=group
    )
    return tuple(rows.values_list("path", flat=True).first() or ())
