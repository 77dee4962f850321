"""Taxonomies from a folder: committees, 4W sectors, population groups, categories."""

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.db import transaction

from layers.directory import read_model
from layers.ingest.report import Report
from layers.ingest.term_file import LINKS, Term, TermFile, check_links, read_terms
from layers.models import Taxonomy, TaxonomyTerm, TermLink
from layers.models.taxonomy import TaxonomyKind, TermRelation

FILES = {
    "committees.json": TaxonomyKind.COMMITTEE,
    "sectors_4w.json": TaxonomyKind.SECTOR_4W,
    "population_groups.json": TaxonomyKind.POPULATION_GROUP,
    "categories.json": TaxonomyKind.CATEGORY,
}
"""The files of a folder of taxonomies; categories come last, they link to the others."""

LinkedTo = tuple[TermRelation, str]
"""A relation and the slug of the term that it leads to."""


def import_taxonomies(folder: Path) -> list[Report]:
    """Load the taxonomies of a folder and return one report per file, all or nothing.

    Terms are recognised by their slug. Those of the files are created or brought up to
    date, in the order of the file; those that a file no longer has stay, because
    services may carry them, and are counted as absent. After a change the read model
    is written anew.

    Raises
    ------
    UnreadableFile
        A file is missing, too large, not UTF-8 or not JSON of the documented shape.
    ImportRefused
        A term is refused (docs/reference/fixtures.md); nothing was written.
    """
    started = time.monotonic()
    files = {kind: read_terms(folder / name, kind) for name, kind in FILES.items()}
    for found in files.values():
        check_links(found, files)
        found.report.checked()
    reports = [found.report for found in files.values()]
    with transaction.atomic():
        for found in files.values():
            _write(found)
        if any(report.created or report.updated for report in reports):
            read_model.bump("taxonomy")
            read_model.rebuild()
    for report in reports:
        report.written = True
        report.seconds = time.monotonic() - started
    return reports


def _write(found: TermFile) -> None:
    """Bring the stored terms and links of one taxonomy to those of the file."""
    taxonomy, _ = Taxonomy.objects.update_or_create(
        slug=found.kind, defaults={"names": dict(found.names)}
    )
    stored = {row.slug: row for row in taxonomy.terms.select_related("parent")}
    links = _stored_links(taxonomy)
    found.report.absent = len(set(stored) - set(found.terms))
    for position, term in enumerate(found.terms.values()):
        values = _values(term, position, stored)
        row = stored.get(term.slug)
        if row is None:
            row = TaxonomyTerm.objects.create(
                taxonomy=taxonomy, slug=term.slug, **values
            )
            stored[term.slug] = row
            _link(row, term, set())
            found.report.created += 1
            continue
        changed = _update(row, values)
        changed |= _link(row, term, links.get(term.slug, set()))
        found.report.updated += changed
        found.report.unchanged += not changed


def _values(
    term: Term, position: int, stored: Mapping[str, TaxonomyTerm]
) -> dict[str, Any]:
    return {
        "names": dict(term.names),
        "descriptions": dict(term.descriptions),
        "parent": stored[term.path[-2]] if len(term.path) > 1 else None,
        "path": list(term.path),
        "position": position,
        "icon": term.icon,
    }


def _update(row: TaxonomyTerm, values: Mapping[str, Any]) -> bool:
    """Give the row the values, save it if any is new, and tell whether one was."""
    changed = any(getattr(row, name) != value for name, value in values.items())
    if changed:
        for name, value in values.items():
            setattr(row, name, value)
        row.save()
    return changed


def _stored_links(taxonomy: Taxonomy) -> dict[str, set[LinkedTo]]:
    links: dict[str, set[LinkedTo]] = {}
    rows = TermLink.objects.filter(term__taxonomy=taxonomy)
    for slug, relation, other in rows.values_list(
        "term__slug", "relation", "other__slug"
    ):
        links.setdefault(slug, set()).add((TermRelation(relation), other))
    return links


def _link(row: TaxonomyTerm, term: Term, stored: set[LinkedTo]) -> bool:
    """Bring the row's links to the term's, and tell whether they were different."""
    wanted = {
        (relation, slug) for relation, slugs in term.links.items() for slug in slugs
    }
    if wanted == stored:
        return False
    row.links.all().delete()
    kinds = dict(LINKS.values())
    TermLink.objects.bulk_create(
        TermLink(
            relation=relation,
            term=row,
            other=TaxonomyTerm.objects.get(taxonomy__slug=kinds[relation], slug=slug),
        )
        for relation, slug in sorted(wanted)
    )
    return True
